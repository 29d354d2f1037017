// One conversation as the team sees it, and the place to answer.

import { AlarmClock, ArrowLeft, Bold, Check, Italic, Lock, Paperclip, Reply as ReplyIcon, RotateCcw } from 'lucide-react'
import { Fragment, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { secret, upload, type Attachment } from '@deskbell/core/api.ts'
import { marked } from './list.ts'
import { Empty, Face, said, Skeleton } from './parts.tsx'
import { call, CallError, useLive, workspace } from './server.ts'
import { clock, day, exact, t } from './text.ts'
import { nameOf, type Conversation, type Me, type Member, type Membership, type Message, type Page } from './types.ts'

interface Present { typing: Array<{ id: string; name: string; kind: string }>; looking: Array<{ id: string; name: string }> }

export function Thread({ id, me, here, onBack }: { id: string; me: Me; here: Membership; onBack: () => void }) {
  const { value: c, problem } = useLive<Conversation>('conversations.get', { conversationId: id })
  const { value: page } = useLive<Page<Message>>('messages.list', { conversationId: id })
  const { value: present } = useLive<Present>('conversations.presence', { conversationId: id })
  const { value: members } = useLive<Page<Member>>('workspaceMembers.list')
  const [older, setOlder] = useState<Page<Message>>()
  const [since] = useState(() => ({ id: '' as string | null }))
  const box = useRef<HTMLDivElement>(null)
  const fresh = page?.items ?? []
  const items = [...(older?.items ?? []).filter((m) => !fresh.length || m.id < fresh[0].id), ...fresh]
  const lastId = items.at(-1)?.id
  if (c && since.id === '') since.id = c.unread ? items.findLast((m) => m.senderType !== 'visitor' && m.kind === 'message')?.id ?? null : null
  const can = (p: string): boolean => here.permissions.includes(p)

  useLayoutEffect(() => { const b = box.current; if (b && (b.scrollHeight - b.scrollTop - b.clientHeight < 260)) b.scrollTop = b.scrollHeight }, [lastId, present?.typing.length])
  useLayoutEffect(() => { if (box.current) box.current.scrollTop = box.current.scrollHeight }, [page === undefined])
  useEffect(() => { if (lastId && document.visibilityState === 'visible') void call('conversations.markAsRead', { conversationId: id }).catch(() => undefined) }, [lastId])
  useEffect(() => {
    const look = (): void => { void call('conversations.look', { conversationId: id }).catch(() => undefined) }
    look()
    const timer = setInterval(look, 30000)
    return () => { clearInterval(timer); void call('conversations.look', { conversationId: id, left: true }).catch(() => undefined) }
  }, [id])
  useEffect(() => {
    const press = (e: KeyboardEvent): void => {
      if (e.ctrlKey || e.metaKey || /INPUT|TEXTAREA|SELECT/.test((e.target as HTMLElement).tagName)) return
      if (e.key === 'e' && c && can('conversations.close')) void close()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
  if (problem) return <section className="thread-pane"><Empty title={t('gone')} hint="" /></section>

  const close = (): Promise<unknown> => call('conversations.setStatus', { conversationId: id, status: c?.status === 'open' ? 'closed' : 'open' })
  async function load(): Promise<void> {
    const p = await call<Page<Message>>('messages.list', { conversationId: id, before: items[0].id })
    const from = box.current!.scrollHeight - box.current!.scrollTop
    setOlder((o) => ({ items: [...p.items, ...(o?.items ?? fresh)], nextCursor: p.nextCursor }))
    requestAnimationFrame(() => { if (box.current) box.current.scrollTop = box.current.scrollHeight - from })
  }
  const more = older ? older.nextCursor : page?.nextCursor
  const typing = present?.typing.filter((p) => p.id !== me.user.id) ?? []
  return (
    <section className="thread-pane" aria-label={c ? nameOf(c.visitor) : ''}>
      <header className="bar">
        <button className="icon narrow-only" onClick={onBack} aria-label={t('back')}><ArrowLeft size={16} /></button>
        <h2>{c ? nameOf(c.visitor) : ''}<small>{c?.status === 'snoozed' ? t('snoozeUntil', { at: exact(c.snoozedUntil ?? 0) }) : c?.channel}</small></h2>
        {present?.looking.map((p) => <span key={p.id} title={t('looking', { name: p.name })}><Face id={p.id} name={p.name} size={20} /></span>)}
        {c && can('conversations.assign') && <select aria-label={t('assignee')} value={c.assignee?.id ?? ''} onChange={(e) => { void call('conversations.assign', { conversationId: id, assigneeId: e.target.value || null }) }}><option value="">{t('nobody')}</option>{members?.items.map((m) => <option key={m.userId} value={m.userId}>{m.name}</option>)}</select>}
        {c && can('conversations.close') && <Snooze id={id} />}
        {c && can('conversations.close') && <button className="btn" onClick={() => { void close() }}>{c.status === 'open' ? <><Check size={14} />{t('close')}</> : <><RotateCcw size={14} />{t('open')}</>}</button>}
      </header>
      <div className="scroll messages" ref={box} tabIndex={0} aria-label={t('details')}>
        {more && <button className="older" onClick={() => { void load() }}>{t('older')}</button>}
        {!page && <Skeleton />}
        {items.map((m, i) => <Fragment key={m.id}>
          {(i === 0 || day(items[i - 1].createdAt) !== day(m.createdAt)) && <div className="sep"><span>{day(m.createdAt)}</span></div>}
          {since.id && items[i - 1]?.id === since.id && m.senderType === 'visitor' && <div className="sep new"><span>{t('newLine')}</span></div>}
          <Bubble m={m} first={items[i - 1]?.sender?.id !== m.sender?.id || items[i - 1]?.kind !== m.kind} />
        </Fragment>)}
        {typing.map((p) => <p className="typing" key={p.id}>{t('typing', { name: p.name || (c ? nameOf(c.visitor) : '') })}</p>)}
      </div>
      {c && can('conversations.reply') && <Composer id={id} last={lastId} onClose={close} />}
    </section>
  )
}

function Snooze({ id }: { id: string }) {
  const at = (days: number): number => { const d = new Date(); d.setDate(d.getDate() + days); d.setHours(9, 0, 0, 0); return d.getTime() }
  const monday = (8 - new Date().getDay()) % 7 || 7
  return <span className="icon pick"><AlarmClock size={16} aria-hidden="true" /><select aria-label={t('snooze')} value="" onChange={(e) => { void call('conversations.snooze', { conversationId: id, until: Number(e.target.value) }) }}><option value="" disabled>{t('snooze')}</option><option value={Date.now() + 3 * 3600e3}>{t('laterToday')}</option><option value={at(1)}>{t('tomorrow')}</option><option value={at(monday)}>{t('nextWeek')}</option></select></span>
}

function Bubble({ m, first }: { m: Message; first: boolean }) {
  if (m.kind === 'event') {
    const e = m.event
    const who = e?.actor?.name ?? ''
    const text = e?.type === 'closed' ? t('e_closed', { who }) : e?.type === 'opened' ? (who ? t('e_opened', { who }) : t('e_opened_auto')) : e?.type === 'snoozed' ? t('e_snoozed', { who, at: exact(e.until ?? 0) }) : e?.type === 'assigned' ? t('e_assigned', { who, target: e.target?.name ?? '' }) : t('e_unassigned', { who })
    return <p className="event" title={exact(m.createdAt)}>{text}</p>
  }
  const ours = m.senderType !== 'visitor'
  return (
    <div className={'m' + (ours ? ' ours' : '') + (m.kind === 'note' ? ' note' : '')}>
      {first && <div className="by">{m.kind === 'note' && <><Lock size={12} />{t('onlyTeam')} · </>}{m.sender?.name} <time title={exact(m.createdAt)}>{clock(m.createdAt)}</time>{ours && m.seenAt && <span> · {t('read')}</span>}</div>}
      {m.contentHtml && <div className="bubble" dangerouslySetInnerHTML={{ __html: m.contentHtml }} />}
      {m.attachments.length > 0 && <div className="files">{m.attachments.map((a) => <a key={a.id} href={a.url} target="_blank" rel="noopener noreferrer" className={a.thumbnailUrl ? '' : 'file'}>{a.thumbnailUrl ? <img src={a.thumbnailUrl} alt={a.filename} /> : <>{a.filename}<small>{Math.ceil(a.size / 1024)} kB</small></>}</a>)}</div>}
    </div>
  )
}

function Composer({ id, last, onClose }: { id: string; last: string | undefined; onClose: () => Promise<unknown> }) {
  const key = `deskbell.draft.${workspace()}.${id}`
  const [text, setText] = useState(localStorage.getItem(key) ?? '')
  const [note, setNote] = useState(false)
  const [files, setFiles] = useState<Attachment[]>([])
  const [state, set] = useState<{ busy?: boolean; bad?: string }>({})
  const [part, setPart] = useState<number>()
  const area = useRef<HTMLTextAreaElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const again = useRef('')
  const typed = useRef(0)
  const seen = useRef(last)
  useEffect(() => { if (!seen.current) seen.current = last }, [last])
  useEffect(() => {
    const press = (e: KeyboardEvent): void => {
      if (e.ctrlKey || e.metaKey || /INPUT|TEXTAREA|SELECT/.test((e.target as HTMLElement).tagName) || (e.key !== 'r' && e.key !== 'n')) return
      e.preventDefault()
      setNote(e.key === 'n')
      area.current?.focus()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
  function write(v: string): void {
    setText(v)
    again.current = ''
    if (v) localStorage.setItem(key, v)
    else localStorage.removeItem(key)
    if (!note && v && Date.now() - typed.current > 3000) { typed.current = Date.now(); void call('messages.typing', { conversationId: id }).catch(() => undefined) }
  }
  async function add(list: Iterable<File>): Promise<void> {
    for (const f of list) {
      try { const a = await upload('', f, undefined, workspace(), setPart); setFiles((all) => [...all, a]) } catch (e) { set({ bad: said(e) }) }
      setPart(undefined)
    }
  }
  async function send(close: boolean): Promise<void> {
    if ((!text.trim() && !files.length) || state.busy) return
    set({ busy: true })
    again.current ||= secret(12)
    try {
      await call('messages.send', { conversationId: id, content: text, internal: note || undefined, clientId: again.current, attachmentIds: files.map((f) => f.id), lastSeenMessageId: note ? undefined : last })
      write('')
      setFiles([])
      set({})
      if (close) await onClose()
    } catch (e) {
      set({ bad: e instanceof CallError && e.problem.missed ? t('missed') : t('notSent', { why: said(e) }) })
    }
    area.current?.focus()
  }
  const mark = (m: string): void => {
    const a = area.current!
    const r = marked(text, a.selectionStart, a.selectionEnd, m)
    write(r.text)
    requestAnimationFrame(() => { a.focus(); a.setSelectionRange(r.from, r.to) })
  }
  return (
    <form className={'composer' + (note ? ' note' : '')} onSubmit={(e) => { e.preventDefault(); void send(false) }} onDragOver={(e) => e.preventDefault()} onDrop={(e) => { e.preventDefault(); void add(e.dataTransfer.files) }}>
      <div className="tabs"><button type="button" aria-pressed={!note} onClick={() => setNote(false)}><ReplyIcon size={14} />{t('reply')}</button><button type="button" aria-pressed={note} onClick={() => setNote(true)}><Lock size={14} />{t('note')}</button>{text && <small>{t('draft')}</small>}</div>
      <textarea ref={area} value={text} rows={Math.min(10, Math.max(2, text.split('\n').length))} maxLength={20000} aria-label={note ? t('note') : t('reply')} placeholder={note ? t('writeNote') : t('writeReply')} onChange={(e) => write(e.target.value)}
        onPaste={(e) => { if (e.clipboardData.files.length) { e.preventDefault(); void add(e.clipboardData.files) } }}
        onKeyDown={(e) => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); void send(e.shiftKey) } }} />
      {(files.length > 0 || part !== undefined) && <div className="badges">{files.map((f) => <button type="button" className="badge" key={f.id} onClick={() => setFiles(files.filter((x) => x !== f))} title={t('remove')}>{f.filename} ×</button>)}{part !== undefined && <span className="badge">{Math.round(part * 100)} %</span>}</div>}
      {state.bad && <p className="bad" role="alert">{state.bad}</p>}
      <div className="tools">
        <button type="button" className="icon" aria-label={t('bold')} onClick={() => mark('**')}><Bold size={14} /></button><button type="button" className="icon" aria-label={t('italic')} onClick={() => mark('*')}><Italic size={14} /></button>
        <button type="button" className="icon" aria-label={t('attach')} onClick={() => picker.current?.click()}><Paperclip size={14} /></button><input ref={picker} type="file" multiple hidden onChange={(e) => { if (e.target.files) void add(e.target.files).then(() => { if (picker.current) picker.current.value = '' }) }} />
        <span className="fill" />
        {!note && <button type="button" className="btn" disabled={state.busy} onClick={() => { void send(true) }}>{t('sendClose')}</button>}
        <button className="btn primary" disabled={state.busy}>{state.busy ? t('sending') : t('send')}</button>
      </div>
    </form>
  )
}
