// What can be done right here: screens offer it, the palette lists it.

import { useEffect } from 'react'

interface Action {
  key: string
  label: string
  hint?: string
  run: () => void
}

const offered = new Map<string, Action[]>()

/** Offers actions while the screen stands. */
export function useActions(from: string, list: Action[]): void {
  useEffect(() => {
    offered.set(from, list)
    return () => {
      offered.delete(from)
    }
  })
}

export function actions(): Action[] {
  return [...offered.values()].flat()
}
