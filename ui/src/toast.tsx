// What was just done, and the way back: one toast at a time, at the bottom; z undoes it.

import { Check, Send, TriangleAlert } from 'lucide-react'
import { useEffect, useSyncExternalStore } from 'react'
import { said } from './parts.tsx'
import { t } from './text.ts'

interface Toast {
  id: number
  text: string
  kind: 'done' | 'send' | 'bad'
  ms: number
  undo?: () => Promise<unknown>
}

let now: Toast | undefined
let next = 1
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()
const tell = (): void => {
  for (const fn of listeners) fn()
}

/** Says that something was done; undo takes it back while the toast stands: for ms, and on while somebody points at it, has the
 * focus in it, or looks at another tab. What goes out by itself can be taken back until it does, however long one looks. */
export function done(text: string, undo?: () => Promise<unknown>, kind: Toast['kind'] = 'done', ms = 10000): void {
  now = { id: next++, text, kind, ms, undo }
  tell()
  count()
}

function clear(): void {
  clearTimeout(timer)
  now = undefined
  tell()
}

/** Begins to count the time of what stands. */
function count(): void {
  clearTimeout(timer)
  if (now && (now.kind === 'send' || document.visibilityState === 'visible')) timer = setTimeout(clear, now.ms)
}

/** Whoever is about to use it has the time to. */
function stay(): void {
  if (now?.kind !== 'send') clearTimeout(timer)
}

document.addEventListener('visibilitychange', () => {
  if (now?.kind !== 'send') count()
})

/** From here on it counts anew; what goes out by itself never stopped. */
function resume(): void {
  if (now?.kind !== 'send') count()
}

/** Takes the last thing back that can be. */
export function undo(): void {
  const it = now
  if (!it?.undo) return
  clear()
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
        <div className={'toast ' + it.kind} key={it.id} onPointerEnter={stay} onPointerLeave={resume} onFocus={stay} onBlur={resume}>
          <Icon size={16} aria-hidden="true" />
          <span>{it.text}</span>
          {it.undo && (
            <button onClick={undo}>
              {t('undo')} <kbd>Z</kbd>
            </button>
          )}
          <i style={{ animationDuration: it.ms + 'ms' }} aria-hidden="true" />
        </div>
      )}
    </div>
  )
}
