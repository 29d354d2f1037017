// What one has looked at is read, also where the server could not be told at once.

import { CallError, unanswered } from './api.ts'
import type { Live } from './live.ts'

const pause = 5000 // ms before another try, where the server does not say how long

export interface Telling {
  /** Tells it now, if somebody looks. */
  now: () => void
  stop: () => void
}

/** Tells something, and again when the connection is back or after a while, until it was told. What the server refuses is told. */
export function telling(tell: () => Promise<unknown>, live: Pick<Live, 'onStatus'>, looking: () => boolean): Telling {
  let told = false
  let gone = false
  let asking = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const now = (): void => {
    clearTimeout(timer)
    if (gone || asking || !looking()) return
    asking = true
    tell().then(
      () => {
        asking = false
        told = true
      },
      (e: unknown) => {
        asking = false
        if (!unanswered(e)) told = true
        else if (!gone) timer = setTimeout(now, Math.max(pause, e instanceof CallError ? e.waitMs : 0))
      },
    )
  }
  const off = live.onStatus((s) => {
    if (s === 'open' && !told) now()
  })
  return {
    now,
    stop: () => {
      gone = true
      clearTimeout(timer)
      off()
    },
  }
}
