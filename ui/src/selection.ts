// Which conversations of the list are chosen, to do the same with all of them.

import { useSyncExternalStore } from 'react'

/** How many can be changed at once: as many as the server takes. */
export const mostChosen = 100

let now: ReadonlySet<string> = new Set()
let from = '' // where a range begins
const listeners = new Set<() => void>()

function set(to: Iterable<string>): void {
  now = new Set([...to].slice(0, mostChosen))
  for (const fn of listeners) fn()
}

export const chosen = (): ReadonlySet<string> => now

export const useChosen = (): ReadonlySet<string> =>
  useSyncExternalStore((fn) => {
    listeners.add(fn)
    return () => {
      listeners.delete(fn)
    }
  }, chosen)

/** Chooses one, or lets it go; a range begins here. */
export function toggle(id: string): void {
  from = id
  set(now.has(id) ? [...now].filter((x) => x !== id) : [...now, id])
}

/** Chooses everything between where the last was chosen and here, in the order of the list. */
export function extend(id: string, order: string[]): void {
  const [a, b] = [order.indexOf(from), order.indexOf(id)]
  if (a < 0 || b < 0) toggle(id)
  else set([...now, ...order.slice(Math.min(a, b), Math.max(a, b) + 1)])
}

export function choose(ids: string[]): void {
  from = ids[0] ?? ''
  set(ids)
}
