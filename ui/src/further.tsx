// A list of pages: the first is held open, the others come when they are asked for.

import { useRef, useState } from 'react'
import type { DoorName } from '@deskbell/core/api.ts'
import type { Problem } from '@deskbell/core/live.ts'
import { call, useLive } from './server.ts'
import { t } from './text.ts'
import type { Page } from './types.ts'

export interface Pages<T> {
  /** Every row that is known, each once; nothing before the first page is there. */
  rows: T[] | undefined
  first: T[]
  /** The rows after the first page. */
  rest: T[]
  problem: Problem | undefined
  /** Asks for the next page, where there is one. */
  further: (() => void) | undefined
}

export function usePages<T extends { id: string }>(door: DoorName, filter: object, by = 'cursor'): Pages<T> {
  const { value, problem } = useLive<Page<T>>(door, filter)
  const [more, setMore] = useState<Page<T> & { of: string }>()
  const busy = useRef('')
  const of = door + JSON.stringify(filter)
  const later = more?.of === of ? more : undefined
  const first = value?.items ?? []
  const known = new Set(first.map((x) => x.id))
  const rest = (later?.items ?? []).filter((x) => !known.has(x.id))
  const next = later ? later.nextCursor : value?.nextCursor
  const ask = async (): Promise<void> => {
    if (busy.current === of + next) return
    busy.current = of + next
    try {
      const p = await call<Page<T>>(door, { ...filter, [by]: next })
      setMore((m) => ({ of, items: [...(m?.of === of ? m.items : []), ...p.items], nextCursor: p.nextCursor }))
    } catch {
      busy.current = '' // the button is still there
    }
  }
  return {
    rows: value && [...first, ...rest],
    first,
    rest,
    problem,
    further: next
      ? () => {
          void ask()
        }
      : undefined,
  }
}

/** The way to the next page. */
export function Further({ list }: { list: { further: (() => void) | undefined } }) {
  return list.further ? (
    <button className="btn further" onClick={list.further}>
      {t('more')}
    </button>
  ) : null
}
