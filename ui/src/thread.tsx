// One conversation as the team sees it, and the place to answer.

import {
  AlarmClock,
  ArrowLeft,
  BookOpen,
  Bot,
  CalendarClock,
  Check,
  CheckCheck,
  ChevronDown,
  CircleDashed,
  FileText,
  GitMerge,
  Lock,
  PanelRight,
  RotateCcw,
  Sparkles,
} from 'lucide-react'
import { Fragment, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useActions } from './actions.ts'
import { Composer, takeBack } from './composer.tsx'
import { Foreign, inTranslation, Translation, useReader, type Reader } from './copilot/translated.tsx'
import { Guard } from './guard.tsx'
import { again, takeBackWaiting, useWaiting, type Answer } from './outbox.ts'
import { Empty, Face, Pick, Skeleton } from './parts.tsx'
import { go, inboxPath } from './route.ts'
import { call, useLive } from './server.ts'
import { clock, day, exact, t } from './text.ts'
import { done } from './toast.tsx'
import { nine, toMonday } from './when.ts'
import { nameOf, type Conversation, type Me, type Member, type Membership, type Message, type Page, type Person } from './types.ts'

interface Present {
  typing: Array<{ id: string; name: string; kind: string; html?: string }>
  looking: Array<{ id: string; name: string }>
}

export function Thread({
  id,
  me,
  here,
  onBack,
  onDetails,
}: {
  id: string
  me: Me
  here: Membership
  onBack: () => void
  onDetails: () => void
}) {
  const { value: c, problem } = useLive<Conversation>('conversations.get', { conversationId: id })
  const { value: page } = useLive<Page<Message>>('messages.list', { conversationId: id })
  const { value: waiting } = useLive<Page<Message>>('messages.scheduled', { conversationId: id })
  const { value: present } = useLive<Present>('conversations.presence', { conversationId: id })
  const { value: members } = useLive<Page<Member>>('workspaceMembers.list')
  const reader = useReader(id)
  const [older, setOlder] = useState<Page<Message>>()
  const [since] = useState(() => ({ id: '' as string | null }))
  const box = useRef<HTMLDivElement>(null)
  const loading = useRef(false)
  const below = useRef(0) // how far the end was away before older messages came: what is read stays where it is
  const low = useRef(true) // whether the newest is on the screen: then what comes is followed
  const fresh = page?.items ?? []
  const items = [...(older?.items ?? []).filter((m) => !fresh.length || m.id < fresh[0].id), ...fresh]
  const lastId = items.at(-1)?.id
  const readTo = items.findLast((m) => m.kind === 'message' && m.senderType !== 'visitor' && m.seenAt)
  const unsent = useWaiting(
    id,
    [...items, ...(waiting?.items ?? [])].map((m) => m.clientId),
  )
  if (c && since.id === '')
    since.id = c.unread ? (items.findLast((m) => m.senderType !== 'visitor' && m.kind === 'message')?.id ?? null) : null
  const can = (p: string): boolean => here.permissions.includes(p)

  useLayoutEffect(() => {
    const b = box.current
    if (b && low.current) b.scrollTop = b.scrollHeight
  }, [lastId, present?.typing.length, present?.typing.find((p) => p.html)?.html, waiting?.items.length, unsent.length])
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight
  }, [page === undefined])
  useLayoutEffect(() => {
    if (box.current && below.current) box.current.scrollTop = box.current.scrollHeight - below.current
    below.current = 0
  }, [older])
  useEffect(() => {
    if (!lastId) return
    const read = (): void => {
      if (document.visibilityState === 'visible') void call('conversations.markAsRead', { conversationId: id }).catch(() => undefined)
    }
    read()
    document.addEventListener('visibilitychange', read)
    return () => document.removeEventListener('visibilitychange', read)
  }, [lastId])
  useEffect(() => {
    const look = (): void => {
      void call('conversations.look', { conversationId: id }).catch(() => undefined)
    }
    look()
    const timer = setInterval(look, 30000)
    return () => {
      clearInterval(timer)
      void call('conversations.look', { conversationId: id, left: true }).catch(() => undefined)
    }
  }, [id])
  useEffect(() => {
    const press = (e: KeyboardEvent): void => {
      if (
        e.ctrlKey ||
        e.metaKey ||
        e.altKey ||
        /INPUT|TEXTAREA|SELECT/.test((e.target as HTMLElement).tagName) ||
        document.querySelector('dialog[open]')
      )
        return
      if (e.key === 'e' && c && can('conversations.close')) void close()
      const field = { a: 'assignee', s: 'snooze', t: 'add-tag' }[e.key]
      const box = field && document.getElementById(field)
      if (!box) return
      e.preventDefault()
      box.focus()
      if (box instanceof HTMLSelectElement) box.showPicker?.()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
  const stands = c?.mergedInto === null
  const back =
    stands && c.aiState === 'handoff' && can('conversations.reply')
      ? (): void => {
          void call('aiAgent.handBack', { conversationId: id })
        }
      : undefined
  useActions(
    'thread',
    !c || !stands
      ? []
      : [
          ...(can('conversations.close')
            ? [
                {
                  key: 'close',
                  label: c.status === 'open' ? t('a_close') : t('open'),
                  hint: 'E',
                  run: () => {
                    void close()
                  },
                },
              ]
            : []),
          ...(can('conversations.close')
            ? [
                {
                  key: 'snooze',
                  label: t('a_snooze'),
                  hint: 'S',
                  run: () => {
                    void snooze(nine(1))
                  },
                },
              ]
            : []),
          ...(back ? [{ key: 'back', label: t('handBack'), run: back }] : []),
          ...(can('conversations.assign') && c.assignee?.id !== me.user.id
            ? [
                {
                  key: 'mine',
                  label: t('a_mine'),
                  run: () => {
                    void call('conversations.assign', { conversationId: id, assigneeId: me.user.id })
                  },
                },
              ]
            : []),
          ...(can('conversations.reply') && can('conversations.close')
            ? [{ key: 'merge', label: t('a_merge'), run: () => go(inboxPath({ view: 'all', id }) + '?do=merge', true) }]
            : []),
        ],
  )
  if (problem)
    return (
      <section className="thread-pane">
        <Empty title={t('gone')} hint="" />
      </section>
    )

  const name = c ? nameOf(c.visitor) : ''
  const again = (): Promise<unknown> => call('conversations.setStatus', { conversationId: id, status: 'open' })
  async function close(): Promise<void> {
    const was = c?.status
    await call('conversations.setStatus', { conversationId: id, status: was === 'open' ? 'closed' : 'open' })
    if (was === 'open') done(t('didClose', { name }), again)
  }
  async function snooze(until: number): Promise<void> {
    await call('conversations.snooze', { conversationId: id, until })
    done(t('snoozeUntil', { at: exact(until) }), again)
  }
  async function load(): Promise<void> {
    if (loading.current) return
    loading.current = true
    try {
      const p = await call<Page<Message>>('messages.list', { conversationId: id, before: items[0].id })
      if (box.current) below.current = box.current.scrollHeight - box.current.scrollTop
      setOlder((o) => ({ items: [...p.items, ...(o?.items ?? fresh)], nextCursor: p.nextCursor }))
    } catch {
      /* the button is still there */
    } finally {
      loading.current = false
    }
  }
  const more = older ? older.nextCursor : page?.nextCursor
  const typing = present?.typing.filter((p) => p.id !== me.user.id && (p.kind !== 'bot' || items.at(-1)?.senderType === 'visitor')) ?? []
  const grown = typing.find((p) => p.html)?.html
  return (
    <section className="thread-pane" aria-label={c ? nameOf(c.visitor) : ''}>
      <header className="bar">
        <button className="icon narrow-only" onClick={onBack} aria-label={t('back')}>
          <ArrowLeft size={16} />
        </button>
        <h2>
          <span className="clip" dir="auto">
            {(c?.subject || name) ?? ''}
          </span>
          <small dir="auto">
            {!c
              ? ''
              : c.status === 'snoozed'
                ? t('snoozeUntil', { at: exact(c.snoozedUntil ?? 0) })
                : [c.subject && name, t(c.channel === 'email' ? 'email' : 'chat'), c.status === 'closed' && t('closed')]
                    .filter(Boolean)
                    .join(' · ')}
          </small>
        </h2>
        {present?.looking.map((p) => (
          <span key={p.id} title={t('looking', { name: p.name })}>
            <Face id={p.id} name={p.name} size={20} />
          </span>
        ))}
        {stands && can('conversations.assign') && (
          <Pick
            id="assignee"
            label={t('assignee')}
            value={c?.assignee?.id ?? ''}
            onChange={(e) => {
              void call('conversations.assign', { conversationId: id, assigneeId: e.target.value || null })
            }}
            shown={
              <>
                {c?.assignee ? (
                  <Face id={c.assignee.id} name={c.assignee.name} size={22} />
                ) : (
                  <CircleDashed size={18} strokeWidth={1.75} aria-hidden="true" />
                )}
                <span className="clip not-phone">{c?.assignee ? c.assignee.name.split(' ')[0] : t('nobody')}</span>
                <ChevronDown size={14} aria-hidden="true" />
              </>
            }
          >
            <option value="">{t('nobody')}</option>
            {members?.items.map((m) => (
              <option key={m.userId} value={m.userId}>
                {m.name}
              </option>
            ))}
          </Pick>
        )}
        {back && (
          <button className="icon" onClick={back} title={t('handBack')} aria-label={t('handBack')}>
            <Bot size={16} />
          </button>
        )}
        {stands && can('conversations.close') && (
          <Snooze
            onPick={(until) => {
              void snooze(until)
            }}
          />
        )}
        {stands && can('conversations.close') && (
          <button
            className="btn"
            onClick={() => {
              void close()
            }}
          >
            {c?.status === 'open' ? (
              <>
                <Check size={14} />
                {t('close')}
              </>
            ) : (
              <>
                <RotateCcw size={14} />
                {t('open')}
              </>
            )}
          </button>
        )}
        <button className="icon details-only" onClick={onDetails} aria-label={t('details')}>
          <PanelRight size={16} />
        </button>
      </header>
      <div
        className="scroll messages"
        ref={box}
        tabIndex={0}
        aria-label={t('details')}
        onScroll={(e) => {
          const b = e.currentTarget
          low.current = b.scrollHeight - b.scrollTop - b.clientHeight < 80
          if (more && b.scrollTop < 200) void load()
        }}
      >
        {more && (
          <button
            className="older"
            onClick={() => {
              void load()
            }}
          >
            {t('older')}
          </button>
        )}
        {!page && <Skeleton as="talk" rows={5} />}
        {items.map((m, i) => (
          <Fragment key={m.id}>
            {(i === 0 || day(items[i - 1].createdAt) !== day(m.createdAt)) && (
              <div className="sep">
                <span>{day(m.createdAt)}</span>
              </div>
            )}
            {since.id && items[i - 1]?.id === since.id && m.senderType === 'visitor' && (
              <div className="sep new">
                <span>{t('newLine')}</span>
              </div>
            )}
            <Guard>
              <Bubble
                m={m}
                first={!follows(items[i - 1], m)}
                last={!follows(m, items[i + 1])}
                visitor={c?.visitor}
                reader={can('conversations.reply') ? reader : undefined}
                read={m.id === readTo?.id ? readTo.seenAt : null}
              />
            </Guard>
          </Fragment>
        ))}
        {waiting?.items.map((m) => (
          <Waiting key={m.id} m={m} id={id} can={can('conversations.reply')} />
        ))}
        {unsent.map((a) => (
          <Unsent key={a.clientId} a={a} last={lastId} />
        ))}
        {grown && (
          <div className="m ours growing">
            <div className="bubble" dangerouslySetInnerHTML={{ __html: grown }} />
          </div>
        )}
        {typing.map((p) => (
          <p className="typing" key={p.kind + p.id}>
            {t('typing', { name: p.name || (c ? nameOf(c.visitor) : '') })}
          </p>
        ))}
      </div>
      {c?.mergedInto && (
        <div className="merged">
          <GitMerge size={16} aria-hidden="true" />
          <span>{t('wasMerged')}</span>
          <button className="btn" onClick={() => go(inboxPath({ view: 'all', id: c.mergedInto ?? '' }))}>
            {t('openIt')}
          </button>
        </div>
      )}
      {stands && can('conversations.reply') && (
        <>
          <Foreign r={reader} name={name} canSet={can('settings.integrations')} />
          <Composer
            id={id}
            last={lastId}
            queue={unsent.length > 0}
            visitor={reader.visitor}
            canClose={can('conversations.close')}
            canSet={can('settings.integrations')}
          />
        </>
      )}
    </section>
  )
}

function Snooze({ onPick }: { onPick: (until: number) => void }) {
  return (
    <Pick
      id="snooze"
      label={t('snooze')}
      value=""
      onChange={(e) => onPick(Number(e.target.value))}
      shown={<AlarmClock size={16} aria-hidden="true" />}
    >
      <option value="" disabled>
        {t('snooze')}
      </option>
      <option value={Date.now() + 3 * 3600e3}>{t('laterToday')}</option>
      <option value={nine(1)}>{t('tomorrow')}</option>
      <option value={nine(toMonday())}>{t('nextWeek')}</option>
    </Pick>
  )
}

/** An answer that waits for its time. Only the team sees it. */
function Waiting({ m, id, can }: { m: Message; id: string; can: boolean }) {
  const soon = (m.sendAt ?? 0) - Date.now() < 90000
  return (
    <div className="m ours waits">
      <div className="by">
        <CalendarClock size={12} />
        {soon ? t('sendsSoon') : t('sendsAt', { at: exact(m.sendAt ?? 0) })} · {m.sender?.name}
      </div>
      {m.contentHtml && <div className="bubble" dangerouslySetInnerHTML={{ __html: m.contentHtml }} />}
      {m.attachments.length > 0 && (
        <div className="badges">
          {m.attachments.map((a) => (
            <span className="badge" key={a.id}>
              {a.filename}
            </span>
          ))}
        </div>
      )}
      {can && (
        <div className="row">
          <button
            className="link"
            onClick={() => {
              void takeBack(id, m.id).catch(() => undefined)
            }}
          >
            {t('takeBack')}
          </button>
          <button
            className="link"
            onClick={() => {
              void call('messages.sendScheduled', { messageId: m.id }).catch(() => undefined)
            }}
          >
            {t('sendNow')}
          </button>
        </div>
      )}
    </div>
  )
}

/** Whether a message goes on where the one before it stopped: the same author, the same kind, the same day. */
function follows(before: Message | undefined, m: Message | undefined): boolean {
  return (
    !!before &&
    !!m &&
    before.kind === m.kind &&
    before.senderType === m.senderType &&
    before.sender?.id === m.sender?.id &&
    day(before.createdAt) === day(m.createdAt)
  )
}

/** An answer that waits for the connection, or was refused when it was back. */
function Unsent({ a, last }: { a: Answer; last: string | undefined }) {
  return (
    <div className="m ours waits">
      <div className="bubble pre">{a.content || a.files.map((f) => f.filename).join(', ')}</div>
      {a.failed ? (
        <p className="bad" role="alert">
          {a.failed}
        </p>
      ) : (
        <div className="by" role="status">
          {t('waitsForLine')}
        </div>
      )}
      <div className="row">
        <button className="link" onClick={() => takeBackWaiting(a)}>
          {t('takeBack')}
        </button>
        {a.failed && (
          <button className="link" onClick={() => again(a, last)}>
            {t('again')}
          </button>
        )}
      </div>
    </div>
  )
}

function Bubble({
  m,
  first,
  last,
  visitor,
  reader,
  read,
}: {
  m: Message
  first: boolean
  last: boolean
  visitor: Person | undefined
  reader: Reader | undefined
  read: number | null
}) {
  if (m.kind === 'event') {
    const e = m.event
    const who = e?.actor?.name ?? ''
    const said: Partial<Record<string, () => string>> = {
      closed: () => t('e_closed', { who }),
      opened: () => (who ? t('e_opened', { who }) : t('e_opened_auto')),
      snoozed: () => t('e_snoozed', { who, at: exact(e?.until ?? 0) }),
      assigned: () => (who && who === e?.target?.name ? t('e_took', { who }) : t('e_assigned', { who, target: e?.target?.name ?? '' })),
      unassigned: () => t('e_unassigned', { who }),
      handed_over: () => t('e_handed_over'),
      handed_back: () => t('e_handed_back', { who }),
      merged: () => t('e_merged', { who }),
      merged_in: () => t('e_merged_in', { who, target: e?.target?.name ?? '' }),
    }
    const text = said[e?.type ?? '']?.() ?? m.content
    return (
      <p className="event" title={exact(m.createdAt)}>
        {text}
      </p>
    )
  }
  const ours = m.senderType !== 'visitor'
  const bot = m.senderType === 'bot'
  const name = m.sender?.name || (ours ? '' : visitor ? nameOf(visitor) : '')
  return (
    <div className={'m' + (ours ? ' ours' : '') + (bot ? ' bot' : '') + (m.kind === 'note' ? ' note' : '')}>
      {first && (
        <div className="by">
          {m.kind === 'note' && (
            <>
              <Lock size={12} aria-hidden="true" />
              <span className="clip">{t('onlyTeam')}</span>
            </>
          )}
          <b dir="auto">{name}</b>
          {bot && <span>{t('ai')}</span>}
          <time title={exact(m.createdAt)}>{clock(m.createdAt)}</time>
        </div>
      )}
      {last &&
        (bot ? (
          <span className="face agent" aria-hidden="true">
            <Sparkles size={14} strokeWidth={1.75} />
          </span>
        ) : (
          <Face id={(ours ? m.sender?.id : visitor?.id) ?? ''} name={name} size={24} />
        ))}
      {m.contentHtml && (
        <div className="bubble" dir="auto" dangerouslySetInnerHTML={{ __html: (reader && inTranslation(reader, m.id)) ?? m.contentHtml }} />
      )}
      {reader && <Translation r={reader} message={m.id} />}
      {m.sources && m.sources.length > 0 && (
        <div className="badges rests">
          <small>{t('sources')}</small>
          {m.sources.map((s) => (
            <a
              className="badge"
              key={s.articleId}
              href={'/app/help/' + s.articleId}
              onClick={(e) => {
                e.preventDefault()
                go('/app/help/' + s.articleId)
              }}
            >
              <BookOpen size={12} aria-hidden="true" />
              <span className="clip">{s.title}</span>
            </a>
          ))}
        </div>
      )}
      {m.attachments.length > 0 && (
        <div className="files">
          {m.attachments.map((a) => (
            <a key={a.id} href={a.url} target="_blank" rel="noopener noreferrer" className={a.thumbnailUrl ? '' : 'file'}>
              {a.thumbnailUrl ? (
                <img src={a.thumbnailUrl} alt={a.filename} />
              ) : (
                <>
                  <FileText size={18} strokeWidth={1.75} aria-hidden="true" />
                  <span>
                    {a.filename}
                    <small>{Math.ceil(a.size / 1024)} kB</small>
                  </span>
                </>
              )}
            </a>
          ))}
        </div>
      )}
      {read && (
        <div className="seen" title={exact(read)}>
          <CheckCheck size={14} aria-hidden="true" />
          {t('read')}
        </div>
      )}
    </div>
  )
}
