import { describe, expect, it } from 'vitest'
import { placed, tried, wide } from '../src/copilot/types.ts'

describe('a text that is put into a draft', () => {
  it('stands where the cursor was, in the middle of a line', () => {
    expect(placed('Hello there', 6, 6, 'you ')).toEqual({ text: 'Hello you there', from: 6, to: 10 })
    expect(placed('Hello there', 6, 11, 'you')).toEqual({ text: 'Hello you', from: 6, to: 9 })
  })
  it('has an empty line around it where it has several lines', () => {
    expect(placed('Hello there', 5, 5, 'a\nb').text).toBe('Hello\n\na\nb\n\n there')
    expect(placed('', 0, 0, 'a\nb').text).toBe('a\nb')
    expect(placed('Hello\n\n', 7, 7, 'a\nb').text).toBe('Hello\n\na\nb')
  })
})

it('says what another threshold would have meant, and how many of those were judged', () => {
  const o = (least: number, forced = false, right: boolean | null = null) => ({ conversationId: '', least, forced, right })
  const list = [o(0.9, false, true), o(0.7, false, false), o(0.5), o(1, true), o(0.2, true, false)]
  expect(tried(list, 0.6)).toEqual({ answered: 2, person: 1, forced: 2, right: 1, wrong: 1 })
  expect(tried(list, 0.8)).toEqual({ answered: 1, person: 2, forced: 2, right: 1, wrong: 0 })
  expect(tried(list, 0.5).answered).toBe(3)
})

it('is no wider than the whole', () => {
  expect([wide(-1), wide(0.5), wide(2)]).toEqual(['0%', '50%', '100%'])
})
