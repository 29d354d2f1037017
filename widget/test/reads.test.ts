import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { CallError } from '../sdk/core/src/api.ts'
import type { Status } from '../sdk/core/src/live.ts'
import { telling } from '../sdk/core/src/reads.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const status = (n: number, waitMs = 0): CallError => new CallError({ type: '', title: '', status: n, detail: 'no' } as never, n, waitMs)

/** A connection, somebody who looks, and a server that answers as it is told to. */
function stage() {
  let watcher: ((s: Status) => void) | undefined
  const s = {
    answers: [] as Array<unknown>,
    asked: 0,
    looks: true,
    live: {
      onStatus(fn: (s: Status) => void): () => void {
        watcher = fn
        return () => {
          watcher = undefined
        }
      },
    },
    become: (now: Status): void => watcher?.(now),
    watched: () => watcher !== undefined,
    tell: async (): Promise<void> => {
      s.asked++
      const answer = s.answers.shift()
      if (answer) throw answer
    },
  }
  return s
}
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0)

it('tells once, whoever asks for it meanwhile', async () => {
  const s = stage()
  const read = telling(s.tell, s.live, () => s.looks)
  read.now()
  s.become('open')
  read.now()
  await settle()
  s.become('open')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(s.asked).toBe(1)
})

it('tells again after a while, or when the connection is back, where the server said nothing', async () => {
  const s = stage()
  s.answers = [new TypeError('fetch'), status(503, 9000), status(0)]
  const read = telling(s.tell, s.live, () => s.looks)
  read.now()
  await settle()
  await vi.advanceTimersByTimeAsync(4999)
  expect(s.asked).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(s.asked).toBe(2)
  await vi.advanceTimersByTimeAsync(8999) // as long as the server asks for
  expect(s.asked).toBe(2)
  await vi.advanceTimersByTimeAsync(1)
  expect(s.asked).toBe(3)
  s.become('open')
  await settle()
  expect(s.asked).toBe(4)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(s.asked).toBe(4)
})

it('does not insist on what is refused', async () => {
  const s = stage()
  s.answers = [status(404)]
  const read = telling(s.tell, s.live, () => s.looks)
  read.now()
  await settle()
  s.become('open')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(s.asked).toBe(1)
})

it('says nothing while nobody looks, nor afterwards', async () => {
  const s = stage()
  s.looks = false
  s.answers = [status(500)]
  const read = telling(s.tell, s.live, () => s.looks)
  read.now()
  s.become('open')
  expect(s.asked).toBe(0)
  s.looks = true
  read.now()
  await settle()
  read.stop()
  await vi.advanceTimersByTimeAsync(60_000)
  s.become('open')
  read.now()
  expect([s.asked, s.watched()]).toEqual([1, false])
})
