// One draft per person and conversation. Its words are kept here at once and at the server a moment later, so that they are
// wherever one signs in; its files stay for the moment. Whoever writes last has it.

import { useEffect, useReducer, useSyncExternalStore } from 'react'
import type { Attachment } from '@deskbell/core/api.ts'
import { call, CallError, live, useLive } from './server.ts'
import type { Begun, Page, SavedDraft } from './types.ts'

/** other is the same in other words, to go back to. */
export interface Draft {
  text: string
  /** It will be a note of the team, and must not become an answer unnoticed. */
  note?: boolean
  files: Attachment[]
  other?: { text: string; label: string; original: boolean }
}

/** What this browser keeps of a draft; new is what the server does not have yet. */
interface Kept {
  text: string
  note: boolean
  new: boolean
}

const empty: Draft = { text: '', files: [] }
const held = new Map<string, Draft>()
const listeners = new Set<() => void>()
const sending = new Set<string>()
const timers = new Map<string, ReturnType<typeof setTimeout>>()
const known = new Map<string, SavedDraft>() // what the server said last
const saved = new Map<string, string>() // the revision that was saved last from here: a view may be late
let writer = ''
let whose = ''

const keyOf = (id: string): string => whose + id
const tell = (): void => {
  for (const fn of listeners) fn()
}

function keptOf(id: string): Kept {
  try {
    const v = JSON.parse(localStorage.getItem(keyOf(id)) ?? '{}') as Partial<Kept>
    return { text: typeof v.text === 'string' ? v.text : '', note: v.note === true, new: v.new === true }
  } catch {
    return { text: '', note: false, new: false }
  }
}
function put(id: string, k: Kept): void {
  try {
    if (k.text || k.new) localStorage.setItem(keyOf(id), JSON.stringify(k))
    else localStorage.removeItem(keyOf(id))
  } catch {
    /* full: the server has it */
  }
}

/** The conversations that this browser keeps something for. */
const keptIds = (): string[] => Object.keys(localStorage).flatMap((k) => (k.startsWith(whose) ? k.slice(whose.length) : []))

/** Opens what this person left in this workspace. What the server does not have yet is sent. */
export function openDrafts(user: string, workspace: string): void {
  const mine = `deskbell.draft.${user}.${workspace}.`
  if (mine === whose) return
  closeDrafts()
  whose = mine
  writer = user
  for (const id of keptIds()) if (keptOf(id).new) soon(id)
}

/** Whoever was signed in is not any more. What the server does not have yet waits here for them. */
export function closeDrafts(): void {
  for (const t of timers.values()) clearTimeout(t)
  timers.clear()
  held.clear()
  known.clear()
  saved.clear()
  whose = writer = ''
}

/** Leaves nothing of this person's here that the server has; it is given two seconds for what it has not. */
export async function leaveDrafts(): Promise<void> {
  const late = new Promise((done) => setTimeout(done, 2000))
  await Promise.race([late, Promise.all([...timers.keys()].map(save))])
  for (const id of keptIds()) if (!keptOf(id).new) localStorage.removeItem(keyOf(id))
  closeDrafts()
}

export function draft(id: string): Draft {
  const here = held.get(id)
  if (here) return here
  const { text, note } = keptOf(id)
  const d = text ? { text, note, files: [] } : empty
  held.set(id, d)
  return d
}

export function keep(id: string, change: Partial<Draft>): void {
  const before = draft(id)
  const d = { ...before, ...change }
  held.set(id, d)
  if (d.text !== before.text || (d.text && !d.note !== !before.note)) {
    put(id, { text: d.text, note: !!d.note, new: true })
    soon(id, d.text ? 1500 : 0)
  }
  tell()
}

/** Saves at the server in a moment, however much is written until then. */
function soon(id: string, ms = 0): void {
  if (timers.has(id) && ms) return
  clearTimeout(timers.get(id))
  timers.set(
    id,
    setTimeout(() => void save(id), ms),
  )
}

async function save(id: string): Promise<void> {
  clearTimeout(timers.get(id))
  timers.delete(id)
  if (sending.has(id)) return // what is on its way looks again when it is there
  sending.add(id)
  const [key, { text: content, note = false }] = [whose, draft(id)]
  const same = (): boolean => draft(id).text === content && !draft(id).note === !note
  let again = 0
  try {
    const { revision } = await call<SavedDraft>('drafts.save', { conversationId: id, content, internal: note, userId: writer })
    if (key === whose && revision) saved.set(id, revision)
    if (key === whose && same()) put(id, { text: content, note, new: false })
  } catch (e) {
    // Refused for good, it stays in this browser alone.
    if (!(e instanceof CallError) || e.status === 0 || e.status >= 500 || e.status === 429)
      again = Math.max(5000, (e as CallError).waitMs ?? 0)
  } finally {
    sending.delete(id)
  }
  if (key !== whose) return
  if (again) soon(id, again)
  else if (!same()) soon(id, 1500)
  else {
    const v = known.get(id)
    if (v?.revision && v.revision > (saved.get(id) ?? '')) heard(id, v)
  }
}

/** What the server has. What is written here and not saved yet is newer, and follows what one could not have seen yet. */
function heard(id: string, v: SavedDraft): void {
  if (v.userId !== writer) return
  const first = !known.has(id)
  known.set(id, v)
  const { text, note = false } = draft(id)
  if ((text === v.content && (!text || note === v.internal)) || (v.revision && v.revision <= (saved.get(id) ?? ''))) return
  if (sending.has(id) || timers.has(id) || keptOf(id).new) {
    if (first && text.trim() && !text.includes(v.content.trim())) keep(id, { text: v.content + '\n\n' + text, note: note || v.internal })
    return
  }
  put(id, { text: v.content, note: v.internal, new: false })
  held.set(id, { ...draft(id), text: v.content, note: v.internal, other: undefined })
  tell()
}

// Another tab wrote on, or sent it.
addEventListener('storage', (e) => {
  if (!whose || (e.key !== null && !e.key.startsWith(whose))) return
  for (const [id, d] of held) {
    const { text, note } = keptOf(id)
    if (text !== d.text || (text && note !== !!d.note)) held.set(id, text ? { ...d, text, note } : empty)
  }
  tell()
})
live.onStatus((s) => {
  if (s === 'open') for (const id of timers.keys()) soon(id)
})
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') for (const id of timers.keys()) void save(id)
})

/** Puts what was taken back before what has been written since. */
export function giveBack(id: string, text: string, files: Attachment[]): void {
  const d = draft(id)
  keep(id, { text: d.text ? text + '\n\n' + d.text : text, files: [...files, ...d.files] })
}

export function useDraft(id: string): Draft {
  const { value } = useLive<SavedDraft>('drafts.get', { conversationId: id })
  useEffect(() => {
    if (value) heard(id, value)
  }, [id, value])
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

/** The conversations in which one has begun to write, and whether it will be a note; what is written here is newer. */
export function useBegun(can: boolean): ReadonlyMap<string, boolean> {
  const { value } = useLive<Page<Begun>>(can ? 'drafts.list' : null)
  const [, tick] = useReducer((n: number) => n + 1, 0)
  useEffect(() => {
    listeners.add(tick)
    return () => {
      listeners.delete(tick)
    }
  }, [])
  const all = new Map((value?.items ?? []).map((d) => [d.id, d.internal]))
  for (const id of new Set([...held.keys(), ...keptIds()])) {
    const d = draft(id)
    if (d.text.trim() || d.files.length) all.set(id, !!d.note)
    else if (known.has(id) || saved.has(id)) all.delete(id)
  }
  return all
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
