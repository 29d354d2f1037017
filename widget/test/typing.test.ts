import { expect, it } from 'vitest'
import { seldom } from '../sdk/core/src/typing.ts'

it('tells that somebody writes at once, and then at most every three seconds, whether or not it is heard', async () => {
  let now = 0
  let told = 0
  const typing = seldom(() => now)
  const tell = async (): Promise<void> => {
    told++
    throw new Error('no connection')
  }
  for (const at of [0, 1, 2999, 3000, 4000, 6001]) {
    now = at
    typing(tell)
  }
  await Promise.resolve()
  expect(told).toBe(3)
})
