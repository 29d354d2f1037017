// Reading back in a conversation: what comes is followed at its end, older messages come as one scrolls up, and never more
// than a hundred stand in the page. What is being read stays where it is.

import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { ending, preceded, Reached, type Page } from '../sdk/core/src/pages.ts'

const many = 100
const step = 50
const edge = 300 // pixels before an end of what stands there, where the next messages come
const near = 80 // pixels from the newest that still count as looking at it

interface Ref<T> {
  current: T
}
interface Reading<T> {
  items: T[]
  /** Where the messages that stand in the page begin and end. */
  from: number
  to: number
  more: boolean
  low: Ref<boolean>
  older: () => void
  toEnd: () => void
  onScroll: () => void
}

export function useReading<T extends { id: string }>(
  page: Page<T> | undefined,
  box: Ref<HTMLElement | null>,
  ask: (before: string) => Promise<Page<T>>,
): Reading<T> {
  const low = useRef(true) // whether the newest is on the screen: then what comes is followed
  const busy = useRef(false)
  const held = useRef<{ id: string; y: number }>()
  const top = useRef(0)
  const first = useRef<string>() // where the page begins; nothing: it ends with the newest
  const [, redraw] = useState(0)
  const [reached] = useState(
    () =>
      new Reached<T>(
        (before) => asks.current(before),
        () => redraw((n) => n + 1),
      ),
  )
  const asks = useRef(ask)
  asks.current = ask
  reached.take(page)

  const items = reached.kept?.items ?? []
  const at = first.current ? items.findIndex((m) => m.id === first.current) : -1
  const from = at < 0 ? Math.max(0, items.length - many) : at
  const to = at < 0 ? items.length : Math.min(items.length, at + many)
  const more = from > 0 || !!reached.kept?.nextCursor

  useLayoutEffect(() => {
    const h = held.current
    const row = h && box.current?.querySelector(`[data-id="${h.id}"]`)
    if (row) {
      box.current!.scrollTop += row.getBoundingClientRect().top - h.y
      top.current = box.current!.scrollTop // or whoever scrolls up before this is heard of does not scroll up from here
    }
    held.current = undefined
  })

  function begin(id: string | undefined): void {
    first.current = id
    redraw((n) => n + 1)
  }
  /** Begins the page with another message, and holds what one reads where it is. */
  function turn(i: number): void {
    const edge = box.current!.getBoundingClientRect().top
    const [, ...rows] = box.current!.querySelectorAll<HTMLElement>('[data-id]') // the first loses its head when others come before it
    for (const row of rows) {
      const r = row.getBoundingClientRect()
      if (r.bottom < edge) continue
      held.current = { id: row.dataset.id!, y: r.top }
      break
    }
    const all = reached.kept!.items
    begin(i + many < all.length ? all[i].id : undefined)
  }
  async function older(): Promise<void> {
    if (from > 0) {
      turn(Math.max(0, from - step))
      return
    }
    const before = items[0]?.id
    if (!before || busy.current) return
    busy.current = true
    const p = await ask(before).catch(() => undefined)
    busy.current = false
    if (!p || !box.current || reached.kept?.items[0]?.id !== before) return
    reached.kept = preceded(reached.kept, p, before)
    low.current = false
    turn(0)
  }
  return {
    items,
    from,
    to,
    more,
    low,
    older: () => {
      low.current = false
      void older()
    },
    toEnd() {
      low.current = true
      begin(undefined)
    },
    onScroll() {
      const b = box.current!
      if (held.current) return
      const below = b.scrollHeight - b.scrollTop - b.clientHeight
      const up = b.scrollTop < top.current
      top.current = b.scrollTop
      low.current = to === items.length && below < (up ? 4 : near)
      if (low.current) {
        if (reached.kept && items.length > 2 * many) reached.kept = ending(reached.kept, many)
        if (first.current || reached.kept?.items !== items) begin(undefined)
      } else if (up && more && b.scrollTop < edge) void older()
      else if (!up && to < items.length && below < edge) turn(Math.min(from + step, items.length - many))
    },
  }
}
