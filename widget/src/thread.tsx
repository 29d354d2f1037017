// One conversation: what was said, what waits to be sent, and the line to write in.

import { Fragment } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { DoorName } from '../sdk/core/src/api.ts'
import type { Letter } from '../sdk/core/src/outbox.ts'
import type { Page } from '../sdk/core/src/pages.ts'
import { telling } from '../sdk/core/src/reads.ts'
import { Helped } from './bot.tsx'
import { Bubble, date, day, type Message } from './bubble.tsx'
import { Composer } from './composer.tsx'
import { Email } from './email.tsx'
import { Face } from './face.tsx'
import { live, looking, onLook, post, session } from './frame.ts'
import { Guard } from './guard.tsx'
import { Back, Close } from './icons.tsx'
import { lettersOf, outbox } from './outbox.ts'
import { useReading } from './reading.ts'
import type { About } from './suggest.tsx'
import { sentence, t } from './text.ts'

interface Present {
  typing: Array<{ name: string; kind: string; html?: string }>
}

export function useView<T>(name: DoorName, args: unknown, on: boolean): T | undefined {
  const [v, set] = useState<T>()
  useEffect(() => {
    set(undefined)
    return on ? live.open<T>(name, args, set) : undefined
  }, [name, JSON.stringify(args), on])
  return v
}

export function Thread({
  id,
  text,
  about,
  title,
  onBack,
  onBegan,
  onMoved,
  onArticle,
}: {
  id: string
  text: string
  about?: About
  title: string
  onArticle: (article: string) => void
  onBack: () => void
  onBegan: (client: string) => void
  onMoved: (id: string) => void
}) {
  const real = !id.startsWith('new')
  const page = useView<Page<Message>>('messages.list', { conversationId: id }, real)
  const conversation = useView<{ status: string; aiState: string; mergedInto: string | null }>(
    'conversations.get',
    { conversationId: id },
    real,
  )
  const present = useView<Present>('conversations.presence', { conversationId: id }, real)
  const [, setLetters] = useState<Letter[]>([])
  const [online, setOnline] = useState(true)
  const box = useRef<HTMLDivElement>(null)
  const { items, from, to, more, low, older, toEnd, onScroll } = useReading(page, box, (before) =>
    session.call<Page<Message>>('messages.list', { conversationId: id, before }),
  )
  useEffect(() => outbox.on(setLetters), [])
  useEffect(() => live.onStatus((s) => setOnline(s === 'open' || s === 'connecting')), [])
  useEffect(() => {
    if (conversation?.mergedInto) onMoved(conversation.mergedInto)
  }, [conversation?.mergedInto])

  const waiting = lettersOf(id, new Set(items.map((m) => m.clientId)))
  const lastId = items.at(-1)?.id
  const bot = items.at(-1)?.senderType === 'visitor' ? present?.typing.find((p) => p.kind === 'bot') : undefined
  const typing = present?.typing.find((p) => p.kind === 'agent') ?? bot

  const end = to === items.length
  useLayoutEffect(() => {
    if (waiting.length) toEnd() // what one wrote is looked at
  }, [waiting.length])
  useLayoutEffect(() => {
    if (box.current && low.current) box.current.scrollTop = box.current.scrollHeight
  }, [lastId, waiting.length, typing?.name, bot?.html, page === undefined, end, from])
  useEffect(() => {
    if (!real || !lastId) return
    const read = telling(() => session.call('conversations.markAsRead', { conversationId: id }), live, looking)
    const off = onLook(read.now)
    return () => {
      off()
      read.stop()
    }
  }, [lastId, real])

  return (
    <div class="app">
      <header class="head">
        <button class="ib" onClick={onBack} aria-label={t('back')}>
          <Back />
        </button>
        <h1>
          {title}
          {session.booted?.settings.replyTime && <small>{session.booted.settings.replyTime}</small>}
        </h1>
        <button class="ib" onClick={() => post({ is: 'close' })} aria-label={t('close')}>
          <Close />
        </button>
      </header>
      <div class="thread" ref={box} tabIndex={0} aria-label={title} onScroll={onScroll}>
        {more && (
          <button class="note" onClick={older}>
            {t('older')}
          </button>
        )}
        {!real && !waiting.length && session.booted && (
          <div class="m">
            <div class="by">{session.booted.settings.name}</div>
            <div class="bubble" dir="auto">
              {session.booted.settings.welcomeMessage}
            </div>
          </div>
        )}
        {items.slice(from, to).map((m, i) => {
          const before = items[from + i - 1] as Message | undefined
          const next = !before || date(before.createdAt) !== date(m.createdAt)
          return (
            <Fragment key={m.id}>
              {next && <p class="note day">{day(m.createdAt)}</p>}
              <Guard>
                <Bubble
                  m={m}
                  first={next || before?.senderType !== m.senderType || before?.sender?.id !== m.sender?.id}
                  last={m.id === lastId}
                  open={onArticle}
                />
              </Guard>
            </Fragment>
          )
        })}
        {end && (
          <>
            {items.at(-1)?.senderType === 'bot' && (items.at(-1)?.sources?.length ?? 0) > 0 && (
              <Helped key={lastId} conversation={id} message={lastId!} open={conversation?.aiState === 'ai_handled'} />
            )}
            {waiting.map((l) => (
              <div class="m me" key={l.clientId}>
                <div class="bubble wait" style={{ whiteSpace: 'pre-wrap' }}>
                  {l.content || t('file')}
                </div>
                {l.failed ? (
                  <div class="bad">
                    {t('failed', { why: sentence(l.failed) })}
                    <button onClick={() => outbox.retry(l.clientId)}>{t('again')}</button>
                    <button onClick={() => outbox.drop(l.clientId)}>{t('discard')}</button>
                  </div>
                ) : (
                  <div class="meta">{online ? t('sending') : t('queued')}</div>
                )}
              </div>
            ))}
            {bot?.html && (
              <div class="m growing">
                <div class="by">
                  <Face name={bot.name} bot />
                  <span class="line">
                    <b>{bot.name}</b> · {t('ai')}
                  </span>
                </div>
                <div class="bubble" dangerouslySetInnerHTML={{ __html: bot.html }} />
              </div>
            )}
            {typing && !bot?.html && <div class="note dots">{t('typing', { name: typing.name || t('us') })}</div>}
            {items.some((m) => m.senderType === 'visitor') && <Email />}
            {conversation?.status === 'closed' && <p class="note">{t('ended')}</p>}
            {!online && (
              <p class="note" role="status">
                {t('offline')}
              </p>
            )}
          </>
        )}
      </div>
      <p class="sr" role="log" aria-live="polite">
        {items.length && items.at(-1)?.senderType !== 'visitor' ? t('newMessage', { text: items.at(-1)!.content.slice(0, 200) }) : ''}
      </p>
      <Composer id={id} text={text} about={about} onBegan={onBegan} onArticle={onArticle} />
    </div>
  )
}
