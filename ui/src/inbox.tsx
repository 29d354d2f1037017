// The inbox: views, the list, the thread, the details. New conversations wait behind a pill, so that nothing moves
// under the reader.

import { useVirtualizer } from '@tanstack/react-virtual'
import {
  AlarmClock,
  Archive,
  ArrowDownUp,
  ArrowUp,
  CircleDashed,
  CircleDot,
  Hand,
  Layers,
  Sparkles,
  Tag as TagIcon,
  User,
} from 'lucide-react'
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { Bulk } from './bulk.tsx'
import { Details } from './details.tsx'
import { useBegun } from './drafts.ts'
import { told } from './faults.ts'
import { usePages } from './further.tsx'
import { Guard } from './guard.tsx'
import { arrivals } from './list.ts'
import { Empty, Fold, Pick, Skeleton } from './parts.tsx'
import { backTo, filterOf, go, inboxPath, readInbox, useAddress, views, type View } from './route.ts'
import { Row } from './row.tsx'
import { choose, extend, toggle, useChosen } from './selection.ts'
import { useLive } from './server.ts'
import { t, type Key } from './text.ts'
import { Thread } from './thread.tsx'
import type { Conversation, Counts, Me, Membership, Onboarding, Page, Tag, UnreadForMe } from './types.ts'

const icons: Record<View, typeof User> = {
  mine: User,
  unassigned: CircleDashed,
  unread: CircleDot,
  all: Layers,
  snoozed: AlarmClock,
  closed: Archive,
  aiHandled: Sparkles,
  handoff: Hand,
}
const nothing: Record<string, Key | undefined> = { snoozed: 'nothingSnoozed', closed: 'nothingClosed' }
const byAgent: View[] = ['aiHandled', 'handoff']
const byTeam = views.filter((v) => !byAgent.includes(v))

export function Inbox({ me, here }: { me: Me; here: Membership }) {
  const at = readInbox(useAddress())
  const { value: counts } = useLive<Counts>('conversations.counts')
  const { value: unread } = useLive<UnreadForMe>('conversations.unreadForMe')
  const { value: tags } = useLive<Page<Tag>>('tags.list')
  const filter = useMemo(
    () => (at.q ? { q: at.q } : { ...filterOf(at.view), ...(at.tag && { tag: at.tag }), sort: at.sort }),
    [at.view, at.q, at.tag, at.sort],
  )
  const list = usePages<Conversation>('conversations.listForInbox', filter)
  const { first, problem, further } = list
  const [shown, setShown] = useState<string[]>()
  const drawer = useAddress().hash === '#details'
  const aside = location.pathname + location.search
  const words = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (words.current && words.current.value !== at.q) words.current.value = at.q // the way back led to another search
  }, [at.q])
  const begun = useBegun(here.permissions.includes('conversations.reply'))
  const { value: start } = useLive<Onboarding>('onboarding.get')
  const key = JSON.stringify(filter)
  useEffect(() => {
    setShown(undefined)
    return () => choose([]) // what is chosen is chosen among these
  }, [key])
  const box = useRef<HTMLDivElement>(null)

  const top = (box.current?.scrollTop ?? 0) < 40
  const { rows, waiting } = arrivals(first, top && !at.id ? undefined : shown)
  useEffect(() => {
    if (list.rows && (!shown || (top && !at.id))) setShown(first.map((c) => c.id))
  }, [first])
  const seen = new Set(rows.map((c) => c.id))
  const all = [...rows, ...list.rest.filter((c) => !seen.has(c.id))]
  const marks = useChosen()
  const picked = all.filter((c) => marks.has(c.id))
  const virtual = useVirtualizer({
    count: all.length,
    getScrollElement: () => box.current,
    estimateSize: () => 84,
    overscan: 6,
    getItemKey: (i) => all[i].id,
  })
  const last = virtual.getVirtualItems().at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= all.length - 10) further?.()
  }, [last, further])

  useEffect(() => {
    const press = (e: KeyboardEvent): void => {
      const el = e.target as HTMLElement
      if (
        e.ctrlKey ||
        e.metaKey ||
        e.altKey ||
        (/INPUT|TEXTAREA|SELECT/.test(el.tagName) && !el.closest('.choose, .bulk .check')) ||
        document.querySelector('dialog[open]')
      )
        return
      const i = all.findIndex((c) => c.id === at.id)
      const to = (c?: Conversation): void => {
        if (c) {
          e.preventDefault()
          go(inboxPath({ ...at, id: c.id }), true)
        }
      }
      if (e.key === 'j') to(all[Math.min(i + 1, all.length - 1)])
      if (e.key === 'k') to(all[Math.max(i - 1, 0)])
      const order = all.map((c) => c.id)
      const current = i >= 0 ? at.id : (order[0] ?? '')
      if (e.key === 'x' && current) toggle(current)
      if (e.key === 'X' && current) extend(current, order)
      if (e.key === 'Escape' && picked.length > 0) choose([])
      const field = picked.length > 0 && { a: 'many-assignee', t: 'many-tag', s: 'many-snooze', e: 'many-close' }[e.key]
      const what = field && document.getElementById(field)
      if (what) {
        e.preventDefault()
        what.focus()
        if (what instanceof HTMLSelectElement) what.showPicker?.()
        else what.click()
      }
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
  const link = (view: string, label: string, icon: ReactNode, n?: number) => (
    <a
      key={view}
      href={inboxPath({ view })}
      aria-current={at.view === view && !at.q ? 'page' : undefined}
      onClick={(e) => {
        e.preventDefault()
        go(inboxPath({ view }))
      }}
    >
      {icon}
      <span dir="auto">{label}</span>
      {n !== undefined && <small>{n}</small>}
    </a>
  )
  const own = (v: View): ReactNode => {
    const Icon = icons[v]
    return link(v, t(v), <Icon size={16} strokeWidth={1.75} aria-hidden="true" />, count(v))
  }
  const count = (v: string): number | undefined => (v === 'unread' ? unread?.total : counts?.[v as keyof Counts])
  const title = at.q
    ? t('search')
    : at.view.startsWith('tag-')
      ? (tags?.items.find((x) => 'tag-' + x.id === at.view)?.name ?? '')
      : t(at.view as View)
  const n = at.q ? undefined : count(at.view)
  return (
    <div className={'inbox' + (at.id ? ' reading' : '')}>
      <nav className="views" aria-label={t('inbox')}>
        <h2>{t('inbox')}</h2>
        {byTeam.map(own)}
        <h3>{t('ai')}</h3>
        {byAgent.map(own)}
        {tags && tags.items.length > 0 && <h3>{t('tags')}</h3>}
        {tags?.items.map((x) =>
          link(
            'tag-' + x.id,
            x.name,
            <TagIcon size={16} strokeWidth={1.75} aria-hidden="true" style={x.color ? { color: x.color } : undefined} />,
          ),
        )}
      </nav>
      <main>
        <h1 className="sr">{t('inbox')}</h1>
        <section className="lists" aria-label={t('past')}>
          <header className="bar">
            <h2>
              <Fold at="narrow" title={title} label={t('view')} value={at.view} onChange={(e) => go(inboxPath({ view: e.target.value }))}>
                {[...byTeam, ...byAgent].map((v) => (
                  <option key={v} value={v}>
                    {t(v)}
                  </option>
                ))}
                {tags && tags.items.length > 0 && (
                  <optgroup label={t('tags')}>
                    {tags.items.map((x) => (
                      <option key={x.id} value={'tag-' + x.id}>
                        {x.name}
                      </option>
                    ))}
                  </optgroup>
                )}
              </Fold>
              {n !== undefined && <span className="n">{n}</span>}
            </h2>
            {tags && tags.items.length > 0 && !at.view.startsWith('tag-') && (
              <Pick
                label={t('filterTag')}
                on={at.tag !== ''}
                value={at.tag}
                onChange={(e) => go(inboxPath({ ...at, id: '', tag: e.target.value }))}
                shown={
                  <>
                    <TagIcon size={16} strokeWidth={1.75} aria-hidden="true" />
                    {at.tag && <span className="clip">{tags.items.find((x) => x.id === at.tag)?.name}</span>}
                  </>
                }
              >
                <option value="">{t('anyTag')}</option>
                {tags.items.map((x) => (
                  <option key={x.id} value={x.id}>
                    {x.name}
                  </option>
                ))}
              </Pick>
            )}
            <Pick
              label={t('order')}
              value={at.sort}
              onChange={(e) => go(inboxPath({ ...at, sort: e.target.value }))}
              shown={
                <>
                  <ArrowDownUp size={16} strokeWidth={1.75} aria-hidden="true" />
                  <span className="not-narrow">{at.sort === 'oldest' ? t('oldest') : t('newest')}</span>
                </>
              }
            >
              <option value="newest">{t('newest')}</option>
              <option value="oldest">{t('oldest')}</option>
            </Pick>
          </header>
          {picked.length > 0 && <Bulk rows={picked} all={all} me={me} here={here} />}
          <div className="sub" hidden={picked.length > 0}>
            <input
              ref={words}
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
              <Empty title={told(problem)} hint="" />
            ) : !list.rows ? (
              <Skeleton as="faces" rows={8} height={76} />
            ) : all.length === 0 ? (
              <Empty
                title={at.q || at.tag ? t('noneFound') : t('nothing')}
                hint={at.q ? t('noneFoundHint') : at.tag ? t('noneTagged') : t(nothing[at.view] ?? 'nothingHint')}
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
                      <Row
                        c={all[v.index]}
                        open={all[v.index].id === at.id}
                        chosen={marks.has(all[v.index].id)}
                        choosing={picked.length > 0}
                        begun={begun.get(all[v.index].id)}
                        onOpen={() => go(inboxPath({ ...at, id: all[v.index].id }))}
                        onChoose={(range) => {
                          if (range)
                            extend(
                              all[v.index].id,
                              all.map((c) => c.id),
                            )
                          else toggle(all[v.index].id)
                        }}
                      />
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
            onBack={() => backTo(inboxPath({ ...at, id: '' }))}
            onDetails={() => (drawer ? backTo(aside) : go(aside + '#details'))}
          />
        ) : (
          <section className="thread-pane">
            <Empty title={t('choose')} hint={t('chooseHint')} />
          </section>
        )}
      </main>
      {at.id && (
        <Guard key={'d' + at.id}>
          <Details id={at.id} here={here} shown={drawer} onClose={() => backTo(aside)} />
        </Guard>
      )}
    </div>
  )
}
