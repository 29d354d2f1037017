// One draft per conversation: its words survive a reload, its files the moment.

import { useSyncExternalStore } from 'react'
import type { Attachment } from '@deskbell/core/api.ts'
import { workspace } from './server.ts'

/** other is the same in other words, to go back to. */
export interface Draft {
  text: string
  files: Attachment[]
  other?: { text: string; label: string; original: boolean }
}

const empty: Draft = { text: '', files: [] }
const held = new Map<string, Draft>()
const listeners = new Set<() => void>()
const keyOf = (id: string): string => `deskbell.draft.${workspace()}.${id}`

export function draft(id: string): Draft {
  const known = held.get(id)
  if (known) return known
  const text = localStorage.getItem(keyOf(id))
  const d = text ? { text, files: [] } : empty
  held.set(id, d)
  return d
}

export function keep(id: string, change: Partial<Draft>): void {
  const d = { ...draft(id), ...change }
  held.set(id, d)
  if (d.text) localStorage.setItem(keyOf(id), d.text)
  else localStorage.removeItem(keyOf(id))
  for (const fn of listeners) fn()
}

// Another tab wrote on, or sent it.
addEventListener('storage', (e) => {
  if (e.key !== null && !e.key.startsWith(keyOf(''))) return
  for (const [id, d] of held) {
    const text = localStorage.getItem(keyOf(id)) ?? ''
    if (text !== d.text) held.set(id, text ? { ...d, text } : empty)
  }
  for (const fn of listeners) fn()
})

/** Puts what was taken back before what has been written since. */
export function giveBack(id: string, text: string, files: Attachment[]): void {
  const d = draft(id)
  keep(id, { text: d.text ? text + '\n\n' + d.text : text, files: [...files, ...d.files] })
}

export function useDraft(id: string): Draft {
  return useSyncExternalStore(
    (fn) => {
      listeners.add(fn)
      return () => {
        listeners.delete(fn)
      }
    },
    () => draft(id),
  )
}

const wait = 'deskbell.hold'
/** How long an answer waits, in milliseconds, so that one can take it back. */
export function holdMs(): number {
  const v = Number(localStorage.getItem(wait) ?? 10000)
  return Number.isFinite(v) ? Math.min(Math.max(v, 0), 60000) : 10000
}
export function setHoldMs(ms: number): void {
  localStorage.setItem(wait, String(ms))
}
