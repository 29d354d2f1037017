// Forms over what colleagues may change meanwhile.

import { useEffect, useState, type ReactNode } from 'react'
import { t } from './text.ts'

/**
 * Shows a form over the server's values. It follows a colleague's change while one has typed nothing; once one has, it keeps
 * that, says what happened and offers theirs. save takes the promise of one's own change, which gives the values as kept.
 */
export function Following<T>({
  value,
  children,
}: {
  value: T
  children: (value: T, save: <R extends T>(sent: Promise<R>) => Promise<void>) => ReactNode
}) {
  const [s, set] = useState<{ base: T; past?: T; turn: number; typed: boolean; busy: boolean }>({
    base: value,
    turn: 0,
    typed: false,
    busy: false,
  })
  const same = (a: T, b: T): boolean => {
    const told = a as Record<string, unknown>
    return Object.keys(told).every((k) => JSON.stringify(told[k]) === JSON.stringify((b as Record<string, unknown>)[k]))
  }
  const caughtUp = same(value, s.base)
  const moved = !s.busy && !caughtUp && !(s.past && same(value, s.past))
  const follow = (): void => set((x) => ({ ...x, base: value, past: undefined, turn: x.turn + 1, typed: false }))
  useEffect(() => {
    if (moved && !s.typed) follow()
  }, [moved, s.typed])
  useEffect(() => {
    if (caughtUp && s.past && !s.busy) set((x) => ({ ...x, past: undefined }))
  }, [caughtUp, s.past, s.busy])
  const save = async (sent: Promise<T>): Promise<void> => {
    set((x) => ({ ...x, busy: true, past: value })) // until the view has caught up, what it tells is from before
    try {
      const base = await sent
      set((x) => ({ ...x, base, typed: false, busy: false }))
    } catch (e) {
      set((x) => ({ ...x, busy: false, past: undefined }))
      throw e
    }
  }
  return (
    <div
      key={s.turn}
      onChange={() => {
        if (!s.typed) set((x) => ({ ...x, typed: true }))
      }}
    >
      {moved && s.typed && (
        <p className="notice meanwhile" role="status">
          {t('changedMeanwhile')}{' '}
          <button type="button" className="link" onClick={follow}>
            {t('showTheirs')}
          </button>
        </p>
      )}
      {children(s.base, save)}
    </div>
  )
}
