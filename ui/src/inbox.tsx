// The inbox: views, the list, the thread, the details. New conversations wait behind a pill, so that nothing moves
// under the reader.

import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowUp } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Details } from './details.tsx'
import { Guard } from './guard.tsx'
import { arrivals } from './list.ts'
import { Dot, Empty, Face, Skeleton } from './parts.tsx'
import { filterOf, go, inboxPath, readInbox, useAddress, views, type View } from './route.ts'
import { call, useLive } from './server.ts'
import { ago, exact, t } from './text.ts'
import { Thread } from './thread.tsx'
import {
  nameOf,
  type Conversation,
  type Counts,
  type Me,
  type Membership,
  type Onboarding,
  type Page,
  type Tag,
  type UnreadForMe,
} from './types.ts'

export function Inbox({ me, here }: { me: Me; here: Membership }) {
  const at = readInbox(useAddress())
  const { value: counts } = useLive<Counts>('conversations.counts')
  const { value: unread } = useLive<UnreadForMe>('conversations.unreadForMe')
  const { value: tags } = useLive<Page<Tag>>('tags.list')
  const filter = useMemo(
    () => (at.q ? { q: at.q } : { ...filterOf(at.view), ...(at.tag && { tag: at.tag }), sort: at.sort }),
    [at.view, at.q, at.tag, at.sort],
  )
  const { value, problem } = useLive<Page<Conversation>>('conversations.listForInbox', filter)
  const [older, setOlder] = useState<Page<Conversation>>()
  const [shown, setShown] = useState<string[]>()
  const [drawer, setDrawer] = useState(false)
  const { value: start } = useLive<Onboarding>('onboarding.get')
  const key = JSON.stringify(filter)
  useEffect(() => {
    setOlder(undefined)
    setShown(undefined)
  }, [key])
  const box = useRef<HTMLDivElement>(null)

  const first = value?.items ?? []
  const top = (box.current?.scrollTop ?? 0) < 40
  const { rows, waiting } = arrivals(first, top && !at.id ? undefined : shown)
  useEffect(() => {
    if (value && (!shown || (top && !at.id))) setShown(first.map((c) => c.id))
  }, [value])
  const seen = new Set(rows.map((c) => c.id))
  const all = [...rows, ...(older?.items ?? []).filter((c) => !seen.has(c.id) && !first.some((f) => f.id === c.id))]
  const next = older ? older.nextCursor : value?.nextCursor
  const virtual = useVirtualizer({
    count: all.length,
    getScrollElement: () => box.current,
    estimateSize: () => 84,
    overscan: 6,
    getItemKey: (i) => all[i].id,
  })
  const last = virtual.getVirtualItems().at(-1)?.index ?? 0
  const loading = useRef(false)
  useEffect(() => {
    if (!next || last < all.length - 10 || loading.current) return
    loading.current = true
    call<Page<Conversation>>('conversations.listForInbox', { ...filter, cursor: next })
      .then(
        (p) => setOlder((o) => ({ items: [...(o?.items ?? []), ...p.items], nextCursor: p.nextCursor })),
        () => undefined,
      )
      .finally(() => {
        loading.current = false
      })
  }, [last, next])

  useEffect(() => {
    const press = (e: KeyboardEvent): void => {
      const el = e.target as HTMLElement
      if (e.ctrlKey || e.metaKey || e.altKey || /INPUT|TEXTAREA|SELECT/.test(el.tagName) || document.querySelector('dialog[open]')) return
      const i = all.findIndex((c) => c.id === at.id)
      const to = (c?: Conversation): void => {
        if (c) {
          e.preventDefault()
          go(inboxPath({ ...at, id: c.id }), true)
        }
      }
      if (e.key === 'j') to(all[Math.min(i + 1, all.length - 1)])
      if (e.key === 'k') to(all[Math.max(i - 1, 0)])
      if (e.key === '.') reveal()
      if (e.key === '/') {
        e.preventDefault()
        document.getElementById('inbox-search')?.focus()
      }
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })

  const reveal = (): void => {
    setShown(first.map((c) => c.id))
    box.current?.scrollTo(0, 0)
  }
  const link = (view: string, label: string, n?: number, color = '') => (
    <a
      key={view}
      href={inboxPath({ view })}
      aria-current={at.view === view && !at.q ? 'page' : undefined}
      onClick={(e) => {
        e.preventDefault()
        go(inboxPath({ view }))
      }}
    >
      <Dot color={color} />
      <span>{label}</span>
      {n !== undefined && <small>{n}</small>}
    </a>
  )
  return (
    <div className={'inbox' + (at.id ? ' reading' : '')}>
      <nav className="views" aria-label={t('inbox')}>
        <h2>{t('inbox')}</h2>
        {views.map((v) => link(v, t(v), v === 'unread' ? unread?.total : counts?.[v]))}
        {tags && tags.items.length > 0 && <h3>{t('tags')}</h3>}
        {tags?.items.map((x) => link('tag-' + x.id, x.name, undefined, x.color))}
      </nav>
      <main>
        <h1 className="sr">{t('inbox')}</h1>
        <section className="lists" aria-label={t('past')}>
          <header className="bar">
            <select
              className="narrow-only"
              aria-label={t('view')}
              value={at.view}
              onChange={(e) => go(inboxPath({ view: e.target.value }))}
            >
              {views.map((v) => (
                <option key={v} value={v}>
                  {t(v)}
                </option>
              ))}
            </select>
            <h2 className="wide-only">
              {at.view.startsWith('tag-') ? tags?.items.find((x) => 'tag-' + x.id === at.view)?.name : t(at.view as View)}
            </h2>
            {tags && tags.items.length > 0 && !at.view.startsWith('tag-') && (
              <select
                className={'filter' + (at.tag ? ' on' : '')}
                aria-label={t('filterTag')}
                value={at.tag}
                onChange={(e) => go(inboxPath({ ...at, id: '', tag: e.target.value }))}
              >
                <option value="">{t('anyTag')}</option>
                {tags.items.map((x) => (
                  <option key={x.id} value={x.id}>
                    {x.name}
                  </option>
                ))}
              </select>
            )}
            <select aria-label={t('order')} value={at.sort} onChange={(e) => go(inboxPath({ ...at, sort: e.target.value }))}>
              <option value="newest">{t('newest')}</option>
              <option value="oldest">{t('oldest')}</option>
            </select>
          </header>
          <div className="sub">
            <input
              id="inbox-search"
              className="quiet"
              type="search"
              placeholder={t('searchHint')}
              aria-label={t('searchHint')}
              defaultValue={at.q}
              onKeyDown={(e) => {
                if (e.key === 'Enter') go(inboxPath({ ...at, id: '', q: e.currentTarget.value }))
                if (e.key === 'Escape') {
                  e.currentTarget.value = ''
                  go(inboxPath({ ...at, q: '' }))
                }
              }}
            />
            {waiting > 0 && (
              <button className="pill" onClick={reveal}>
                <ArrowUp size={14} />
                {t('newMany', { n: waiting })}
              </button>
            )}
          </div>
          <div className="scroll" ref={box}>
            {problem ? (
              <Empty title={problem.detail} hint="" />
            ) : !value ? (
              <Skeleton rows={7} height={84} />
            ) : all.length === 0 ? (
              <Empty
                title={at.q || at.tag ? t('noneFound') : t('nothing')}
                hint={at.q ? t('noneFoundHint') : at.tag ? t('noneTagged') : t('nothingHint')}
              >
                {at.tag ? (
                  <button className="btn" onClick={() => go(inboxPath({ ...at, tag: '' }))}>
                    {t('showAll')}
                  </button>
                ) : at.view === 'mine' && counts && counts.unassigned > 0 ? (
                  <button className="btn" onClick={() => go(inboxPath({ view: 'unassigned' }))}>
                    {t('takeOne', { n: counts.unassigned })}
                  </button>
                ) : !at.q && start && !start.steps.answer && counts?.all === 0 ? (
                  <button className="btn" onClick={() => go('/app/start')}>
                    {t('firstSteps')}
                  </button>
                ) : null}
              </Empty>
            ) : (
              <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
                {virtual.getVirtualItems().map((v) => (
                  <div
                    key={v.key}
                    ref={virtual.measureElement}
                    data-index={v.index}
                    style={{ position: 'absolute', insetInline: 0, transform: `translateY(${v.start}px)` }}
                  >
                    <Guard>
                      <Row c={all[v.index]} open={all[v.index].id === at.id} onOpen={() => go(inboxPath({ ...at, id: all[v.index].id }))} />
                    </Guard>
                  </div>
                ))}
              </div>
            )}
          </div>
        </section>
        {at.id ? (
          <Thread
            key={at.id}
            id={at.id}
            me={me}
            here={here}
            onBack={() => go(inboxPath({ ...at, id: '' }))}
            onDetails={() => setDrawer(!drawer)}
          />
        ) : (
          <section className="thread-pane">
            <Empty title={t('choose')} hint={t('chooseHint')} />
          </section>
        )}
      </main>
      {at.id && (
        <Guard key={'d' + at.id}>
          <Details id={at.id} here={here} shown={drawer} onClose={() => setDrawer(false)} />
        </Guard>
      )}
    </div>
  )
}

function Row({ c, open, onOpen }: { c: Conversation; open: boolean; onOpen: () => void }) {
  const m = c.lastMessage
  const who = m.senderType === 'visitor' ? '' : (m.internal ? t('note') : m.senderName.split(' ')[0]) + ': '
  return (
    <button
      className={'conv' + (open ? ' on' : '') + (c.unread ? ' unread' : '')}
      aria-current={open ? 'true' : undefined}
      onClick={onOpen}
    >
      <Face id={c.visitor.id} name={nameOf(c.visitor)} online={c.visitor.online} />
      <span className="grow">
        <span className="line">
          <b>{nameOf(c.visitor)}</b>
          <time title={exact(m.at)}>{ago(m.at)}</time>
        </span>
        <span className="what">
          {who}
          {m.preview}
        </span>
        <span className="line">
          <span className="badges">
            {c.tags.slice(0, 2).map((x) => (
              <span className="badge" key={x.id}>
                <Dot color={x.color} />
                {x.name}
              </span>
            ))}
            {c.mergedInto && <span className="badge">{t('mergedBadge')}</span>}
            {c.priority !== 'none' && <span className="badge warn">{t(('p_' + c.priority) as 'p_high')}</span>}
          </span>
          {c.unread && c.unreadByAgent > 0 && <span className="count">{c.unreadByAgent}</span>}
        </span>
      </span>
    </button>
  )
}
