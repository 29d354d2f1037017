// What was just done, and the way back: one toast at a time, at the bottom; z undoes it.

import { Check, Send, TriangleAlert } from 'lucide-react'
import { useEffect, useSyncExternalStore } from 'react'
import { said } from './parts.tsx'
import { t } from './text.ts'

interface Toast {
  id: number
  text: string
  kind: 'done' | 'send' | 'bad'
  until: number
  undo?: () => Promise<unknown>
  counts?: boolean
}

let now: Toast | undefined
let next = 1
const listeners = new Set<() => void>()
const tell = (): void => {
  for (const fn of listeners) fn()
}

/** Says that something was done; undo takes it back while the toast stands. */
export function done(text: string, undo?: () => Promise<unknown>, kind: Toast['kind'] = 'done', ms = 10000): number {
  const id = next++
  now = { id, text, kind, until: Date.now() + ms, undo, counts: kind === 'send' }
  tell()
  setTimeout(() => clear(id), ms)
  return id
}

export function clear(id?: number): void {
  if (!now || (id !== undefined && now.id !== id)) return
  now = undefined
  tell()
}

/** Takes the last thing back that can be. */
export function undo(): void {
  const it = now
  if (!it?.undo) return
  clear(it.id)
  it.undo().catch((e: unknown) => done(said(e), undefined, 'bad'))
}

export function Toasts() {
  const it = useSyncExternalStore(
    (fn) => {
      listeners.add(fn)
      return () => {
        listeners.delete(fn)
      }
    },
    () => now,
  )
  useEffect(() => {
    const press = (e: KeyboardEvent): void => {
      if (e.key !== 'z' || e.ctrlKey || e.metaKey || e.altKey || /INPUT|TEXTAREA|SELECT/.test((e.target as HTMLElement).tagName)) return
      undo()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
  const Icon = it?.kind === 'send' ? Send : it?.kind === 'bad' ? TriangleAlert : Check
  return (
    <div className="toasts" role="status" aria-live="polite">
      {it && (
        <div className={'toast ' + it.kind} key={it.id}>
          <Icon size={16} aria-hidden="true" />
          <span>{it.text}</span>
          {it.undo && (
            <button onClick={undo}>
              {t('undo')} <kbd>Z</kbd>
            </button>
          )}
          <i style={{ animationDuration: it.until - Date.now() + 'ms' }} aria-hidden="true" />
        </div>
      )}
    </div>
  )
}
