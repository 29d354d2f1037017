// What was said, from the newest upwards. Only what is near the eye stands in the page, however long the conversation is.

import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { Guard } from './guard.tsx'
import type { Messages } from './messages.ts'
import { Skeleton } from './parts.tsx'
import { day, t } from './text.ts'
import type { Message } from './types.ts'

const near = 80 // pixels from the end that still count as looking at the newest

/** How high a message will be, roughly, before it was seen; it may be one that cannot be shown. */
const guess = (m: Partial<Message>): number =>
  m.kind === 'event' ? 34 : 36 + 22 * Math.ceil(((m.content?.length ?? 0) + 1) / 70) + (m.attachments?.length ? 120 : 0)

export function Talk({
  messages,
  since,
  aim,
  tail,
  children,
  grown,
}: {
  messages: Messages
  /** The last message before those that are new to whoever looks. */
  since: string | null
  /** The message that the address names. */
  aim: string
  /** What stands below the messages; the end is followed whenever that changes. */
  tail: ReactNode
  grown: string
  children: (m: Message, before: Message | undefined, after: Message | undefined) => ReactNode
}) {
  const { items, more } = messages
  const box = useRef<HTMLDivElement>(null)
  const rolls = useRef<HTMLDivElement>(null)
  const low = useRef(true) // whether the newest is on the screen: then what comes is followed
  const top = useRef(0)
  const [left, setLeft] = useState<string>() // the newest message when one turned away from it
  const all = useRef(items)
  all.current = items
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: (i) => guess(items[i]),
    getItemKey: (i) => items[i].id,
    overscan: 20,
    gap: 3,
    rangeExtractor: (r) => held(r, all.current, box.current),
  })
  // At the end the end is followed; two that move the page would take each other for somebody who turns away.
  virtual.shouldAdjustScrollPositionOnItemSizeChange = (item) => !low.current && item.start < (box.current?.scrollTop ?? 0)
  const total = virtual.getTotalSize()
  const last = items.at(-1)?.id

  const follow = (): void => {
    const b = box.current
    if (b && low.current) b.scrollTop = b.scrollHeight
  }
  useLayoutEffect(follow, [total, last, grown])
  useEffect(() => {
    const o = new ResizeObserver(follow)
    if (box.current) o.observe(box.current)
    return () => o.disconnect()
  }, [])

  const toNewest = (): void => {
    low.current = true
    follow()
  }
  const leftAt = left ? items.findLastIndex((m) => m.id === left) : -1
  const came = leftAt < 0 ? 0 : items.length - 1 - leftAt

  /** Shows older messages; what is being read stays where it is. */
  async function load(): Promise<boolean> {
    const show = await messages.older()
    const b = box.current
    const from = rolls.current
    if (!show || !b || !from) return false
    const at = virtual.getVirtualItemForOffset(b.scrollTop - from.offsetTop)
    const y = at ? from.offsetTop + at.start - b.scrollTop : 0
    flushSync(show)
    const i = at ? all.current.findIndex((m) => m.id === at.key) : -1
    virtual.getTotalSize()
    if (i >= 0 && !low.current) b.scrollTop = from.offsetTop + virtual.measurementsCache[i].start - y
    return true
  }
  useEffect(() => {
    if (!aim || !messages.known) return
    let on = true
    const find = async (): Promise<void> => {
      low.current = false
      const at = (): number => all.current.findIndex((m) => m.id === aim)
      while (on && at() < 0) if (!(await load())) break
      if (on && at() >= 0) virtual.scrollToIndex(at(), { align: 'center' })
      else low.current = true
    }
    void find()
    return () => {
      on = false
    }
  }, [aim, messages.known])

  return (
    <div
      className="scroll messages"
      ref={box}
      tabIndex={0}
      role="region"
      aria-label={t('talk')}
      onKeyDown={(e) => {
        if (e.key !== 'End' || e.target !== e.currentTarget) return
        e.preventDefault() // the way there is long, and grows while it is walked
        toNewest()
      }}
      onScroll={(e) => {
        const b = e.currentTarget
        // Whoever turns upwards wants to stay there, however near the end still is. That the end has moved on is not turning away.
        const up = b.scrollTop < top.current
        const end = b.scrollHeight - b.scrollTop - b.clientHeight < (up ? 4 : near)
        if (up || end) low.current = end
        top.current = b.scrollTop
        const away = b.scrollHeight - b.scrollTop - b.clientHeight > b.clientHeight
        if (away !== !!left) setLeft(away ? last : undefined)
        if (low.current) messages.trim()
        else if (more && b.scrollTop < 600) void load()
      }}
    >
      {more && (
        <button
          className="older"
          onClick={() => {
            low.current = false
            void load()
          }}
        >
          {t('older')}
        </button>
      )}
      {!messages.known && <Skeleton as="talk" rows={5} />}
      <div className="rolls" ref={rolls} role="feed" aria-label={t('talk')} style={{ height: total }}>
        {virtual.getVirtualItems().map((v) => {
          const m = items[v.index]
          const before = items[v.index - 1] as Message | undefined
          return (
            <div
              key={v.key}
              ref={virtual.measureElement}
              className={'roll' + (m.id === aim ? ' aimed' : '')}
              role="article"
              aria-posinset={v.index + 1}
              aria-setsize={more ? -1 : items.length}
              data-index={v.index}
              data-id={m.id}
              style={{ transform: `translateY(${v.start}px)` }}
            >
              {(!before || day(before.createdAt) !== day(m.createdAt)) && (
                <div className="sep">
                  <span>{day(m.createdAt)}</span>
                </div>
              )}
              {since && before?.id === since && m.senderType === 'visitor' && (
                <div className="sep new">
                  <span>{t('newLine')}</span>
                </div>
              )}
              <Guard>{children(m, before, items[v.index + 1])}</Guard>
            </div>
          )
        })}
      </div>
      {tail}
      {left && (
        <button className="pill newest" onClick={toNewest}>
          <ArrowDown size={14} aria-hidden="true" />
          {came > 0 ? t('newMany', { n: came }) : t('toNewest')}
        </button>
      )}
    </div>
  )
}

/** What stands in the page: what is near the eye, where the focus is, and what somebody marks to copy it. */
function held(r: Range, items: Message[], box: HTMLElement | null): number[] {
  const near = defaultRangeExtractor(r)
  const at = (n: Node | null | undefined): number => {
    const id = (n instanceof Element ? n : n?.parentElement)?.closest<HTMLElement>('.roll')?.dataset.id
    return id && box?.contains(n!) ? items.findIndex((m) => m.id === id) : -1
  }
  const keep = new Set(near)
  const s = getSelection()
  const marked = s && !s.isCollapsed ? [at(s.anchorNode), at(s.focusNode)].filter((i) => i >= 0) : []
  for (const i of [at(document.activeElement), ...marked]) if (i >= 0) keep.add(i)
  const [from, to] = [Math.min(...marked), Math.max(...marked)]
  for (let i = from; i <= to && to - from < 300; i++) keep.add(i)
  return [...keep].sort((a, b) => a - b)
}
