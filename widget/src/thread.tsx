// One conversation: what was said, what waits to be sent, and the line to write in.

import { Fragment } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { secret, upload, type Attachment, type DoorName } from '../sdk/core/src/api.ts'
import { threadOf, type Letter } from '../sdk/core/src/outbox.ts'
import { Helped, Sources, type Source } from './bot.tsx'
import { Face } from './face.tsx'
import { base, live, onLook, post, session, store } from './frame.ts'
import { Guard } from './guard.tsx'
import { Attach, Back, Close, Up } from './icons.tsx'
import { outbox } from './outbox.ts'
import { Suggest, told, type About } from './suggest.tsx'
import { t } from './text.ts'

export interface Message {
  id: string
  senderType: string
  sender: { id: string; name: string } | null
  content: string
  contentHtml: string
  attachments: Attachment[]
  sources?: Source[]
  createdAt: number
  seenAt: number | null
  clientId: string | null
}
interface Page {
  items: Message[]
  nextCursor: string | null
}
interface Present {
  typing: Array<{ name: string; kind: string; html?: string }>
}

function useView<T>(name: DoorName, args: unknown, on: boolean): T | undefined {
  const [v, set] = useState<T>()
  useEffect(() => {
    set(undefined)
    return on ? live.open<T>(name, args, set) : undefined
  }, [name, JSON.stringify(args), on])
  return v
}
export { useView }

const lang = (): string => document.documentElement.lang
const clock = (ms: number): string => new Intl.DateTimeFormat(lang(), { timeStyle: 'short' }).format(ms)
const date = (ms: number): string => new Date(ms).toDateString()

/** Today and yesterday by their names, and else the date. */
function day(ms: number): string {
  for (const n of [0, 1])
    if (date(ms) === date(Date.now() - n * 864e5)) return new Intl.RelativeTimeFormat(lang(), { numeric: 'auto' }).format(-n, 'day')
  return new Intl.DateTimeFormat(lang(), { day: 'numeric', month: 'long', year: 'numeric' }).format(ms)
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
  const page = useView<Page>('messages.list', { conversationId: id }, real)
  const conversation = useView<{ status: string; aiState: string; mergedInto: string | null }>(
    'conversations.get',
    { conversationId: id },
    real,
  )
  const present = useView<Present>('conversations.presence', { conversationId: id }, real)
  const [older, setOlder] = useState<Page>()
  const [letters, setLetters] = useState<Letter[]>([])
  const [online, setOnline] = useState(true)
  const end = useRef<HTMLDivElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const below = useRef(0) // how far the end was away before older messages came
  const low = useRef(true) // whether the newest is on the screen: then what comes is followed
  useEffect(() => outbox.on(setLetters), [])
  useEffect(() => live.onStatus((s) => setOnline(s === 'open' || s === 'connecting')), [])
  useEffect(() => {
    setOlder(undefined)
  }, [id])
  useEffect(() => {
    if (conversation?.mergedInto) onMoved(conversation.mergedInto)
  }, [conversation?.mergedInto])

  const fresh = page?.items ?? []
  const items = [...(older?.items ?? []).filter((m) => !fresh.length || m.id < fresh[0].id), ...fresh]
  const sent = new Set(items.map((m) => m.clientId))
  const waiting = letters.filter((l) => threadOf(l) === id && !sent.has(l.clientId))
  const lastId = items.at(-1)?.id
  const bot = items.at(-1)?.senderType === 'visitor' ? present?.typing.find((p) => p.kind === 'bot') : undefined
  const typing = present?.typing.find((p) => p.kind === 'agent') ?? bot

  useLayoutEffect(() => {
    if (low.current || waiting.length) end.current?.scrollIntoView()
  }, [lastId, waiting.length, typing?.name, bot?.html])
  useLayoutEffect(() => {
    end.current?.scrollIntoView()
  }, [page === undefined])
  useLayoutEffect(() => {
    if (box.current && below.current) box.current.scrollTop = box.current.scrollHeight - below.current
    below.current = 0
  }, [older])
  useEffect(() => {
    if (!real || !lastId) return
    return onLook(() => {
      void session.call('conversations.markAsRead', { conversationId: id }).catch(() => undefined)
    })
  }, [lastId, real])

  const more = older ? older.nextCursor : page?.nextCursor
  async function load(): Promise<void> {
    const p = await session.call<Page>('messages.list', { conversationId: id, before: items[0].id }).catch(() => undefined)
    if (!p || !box.current) return
    below.current = box.current.scrollHeight - box.current.scrollTop
    setOlder((o) => ({ items: [...p.items, ...(o?.items ?? fresh)], nextCursor: p.nextCursor }))
  }

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
      <div
        class="thread"
        ref={box}
        tabIndex={0}
        aria-label={title}
        onScroll={(e) => {
          const b = e.currentTarget
          low.current = b.scrollHeight - b.scrollTop - b.clientHeight < 80
        }}
      >
        {more && (
          <button
            class="note"
            onClick={() => {
              void load()
            }}
          >
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
        {items.map((m, i) => {
          const before = items[i - 1]
          const next = !before || date(before.createdAt) !== date(m.createdAt)
          return (
            <Fragment key={m.id}>
              {next && <p class="note day">{day(m.createdAt)}</p>}
              <Guard>
                <Bubble
                  m={m}
                  first={next || before.senderType !== m.senderType || before.sender?.id !== m.sender?.id}
                  last={m.id === lastId}
                  open={onArticle}
                />
              </Guard>
            </Fragment>
          )
        })}
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
                {t('failed', { why: l.failed })}
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
        <div ref={end} />
      </div>
      <p class="sr" role="log" aria-live="polite">
        {items.length && items.at(-1)?.senderType !== 'visitor' ? t('newMessage', { text: items.at(-1)!.content.slice(0, 200) }) : ''}
      </p>
      <Composer id={id} text={text} about={about} onBegan={onBegan} onArticle={onArticle} />
    </div>
  )
}

function Bubble({ m, open, first, last }: { m: Message; open: (article: string) => void; first: boolean; last: boolean }) {
  const me = m.senderType === 'visitor'
  return (
    <div class={me ? 'm me' : 'm'}>
      {first && !me && (
        <div class="by">
          <Face name={m.sender?.name || t('us')} bot={m.senderType === 'bot'} />
          <span class="line">
            <b>{m.sender?.name || t('us')}</b>
            {m.senderType === 'bot' && <> · {t('ai')}</>} · {clock(m.createdAt)}
          </span>
        </div>
      )}
      {m.contentHtml && <div class="bubble" dir="auto" dangerouslySetInnerHTML={{ __html: m.contentHtml }} />}
      {m.attachments.length > 0 && (
        <div class="files">
          {m.attachments.map((a) =>
            a.thumbnailUrl ? (
              <a href={a.url} target="_blank" rel="noopener" key={a.id}>
                <img src={a.thumbnailUrl} alt={a.filename} width={a.width! * Math.min(1, 200 / a.width!, 160 / a.height!)} />
              </a>
            ) : (
              <a class="file" href={a.url} target="_blank" rel="noopener" key={a.id}>
                {a.filename}
                <span class="meta">{Math.ceil(a.size / 1024)} kB</span>
              </a>
            ),
          )}
        </div>
      )}
      {m.sources && m.sources.length > 0 && <Sources list={m.sources} open={open} />}
      {me && last && m.seenAt && <div class="meta">{t('seen')}</div>}
    </div>
  )
}

/** Asks for an address once, after the first message, where none is known. */
function Email() {
  const key = 'deskbell.email.' + session.booted?.visitor.id
  const [state, set] = useState<'ask' | 'done' | 'no'>(session.booted?.visitor.email || store.getItem(key) ? 'no' : 'ask')
  const [bad, setBad] = useState('')
  if (state === 'no') return null
  if (state === 'done') return <p class="note">{t('emailGood')}</p>
  return (
    <form
      class="ask"
      onSubmit={async (e) => {
        e.preventDefault()
        const email = String(new FormData(e.currentTarget as HTMLFormElement).get('email'))
        try {
          await session.call('visitors.identify', { email })
          store.setItem(key, '1')
          post({ is: 'email', email })
          set('done')
        } catch {
          setBad(t('emailBad'))
        }
      }}
    >
      <label for="email">{t('emailAsk')}</label>
      <div>
        <input id="email" name="email" type="email" autocomplete="email" required aria-describedby="bad" />
        <button class="btn">{t('emailSave')}</button>
      </div>
      {bad && (
        <span class="bad" id="bad" role="alert">
          {bad}
        </span>
      )}
      {session.booted?.settings.privacyPolicyUrl && (
        <a class="meta" href={session.booted.settings.privacyPolicyUrl} target="_blank" rel="noopener">
          {t('privacy')}
        </a>
      )}
    </form>
  )
}

interface Upload {
  key: string
  name: string
  part: number
  done?: Attachment
  bad?: string
}

function Composer({
  id,
  text,
  about,
  onBegan,
  onArticle,
}: {
  id: string
  text: string
  about?: About
  onBegan: (client: string) => void
  onArticle: (article: string) => void
}) {
  const key = 'deskbell.draft.' + id
  const [value, setValue] = useState(text || store.getItem(key) || '')
  const [files, setFiles] = useState<Upload[]>([])
  const [topic, setTopic] = useState(about)
  const [quiet, setQuiet] = useState(false)
  const area = useRef<HTMLTextAreaElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const typed = useRef(0)
  useEffect(() => {
    area.current?.focus()
  }, [id])
  useLayoutEffect(() => {
    const a = area.current
    if (a) {
      a.style.height = 'auto'
      a.style.height = a.scrollHeight + 'px'
    }
  }, [value])

  const ready = files.every((f) => f.done || f.bad)
  const can = ready && (value.trim() !== '' || files.some((f) => f.done))

  function write(v: string): void {
    setValue(v)
    try {
      if (v) store.setItem(key, v)
      else store.removeItem(key)
    } catch {
      /* full */
    }
    if (!id.startsWith('new') && Date.now() - typed.current > 3000) {
      typed.current = Date.now()
      void session.call('messages.typing', { conversationId: id }).catch(() => undefined)
    }
  }
  function add(list: Iterable<File>): void {
    for (const f of [...list].slice(0, 10 - files.length)) {
      const k = secret(8)
      const change = (u: Partial<Upload>): void => setFiles((all) => all.map((x) => (x.key === k ? { ...x, ...u } : x)))
      setFiles((all) => [...all, { key: k, name: f.name, part: 0 }])
      void session
        .fresh()
        .then((token) => upload(base, f, token, undefined, (part) => change({ part })))
        .then(
          (done) => change({ done }),
          (e: Error) => change({ bad: e.message }),
        )
    }
  }
  function send(): void {
    if (!can) return
    const clientId = secret(12)
    const letter: Letter = {
      clientId,
      conversationId: id === 'new' ? null : id,
      content: (topic ? told(topic) : '') + value.trim(),
      attachmentIds: files.flatMap((f) => f.done?.id ?? []),
      at: Date.now(),
    }
    if (!outbox.add(letter)) return
    write('')
    setTopic(undefined)
    setFiles([])
    if (id === 'new') onBegan(clientId)
    area.current?.focus()
  }
  return (
    <form
      class="compose"
      onSubmit={(e) => {
        e.preventDefault()
        send()
      }}
      onDragOver={(e) => e.preventDefault()}
      onDrop={(e) => {
        e.preventDefault()
        if (e.dataTransfer) add(e.dataTransfer.files)
      }}
    >
      {id === 'new' && !quiet && (
        <Suggest
          q={value}
          open={(article) => {
            write(value)
            onArticle(article)
          }}
          close={() => {
            setQuiet(true)
            area.current?.focus()
          }}
        />
      )}
      {topic && (
        <div class="chips">
          <span class="chip">
            {t('aboutArticle', { link: topic.title })}
            <button type="button" aria-label={t('discard')} onClick={() => setTopic(undefined)}>
              ×
            </button>
          </span>
        </div>
      )}
      {files.length > 0 && (
        <div class="chips">
          {files.map((f) => (
            <span class="chip" key={f.key}>
              {f.name} {f.bad ? <span class="bad">{f.bad}</span> : f.done ? '' : Math.round(f.part * 100) + ' %'}
              <button type="button" aria-label={t('discard')} onClick={() => setFiles((all) => all.filter((x) => x.key !== f.key))}>
                ×
              </button>
            </span>
          ))}
        </div>
      )}
      <div class="field">
        <button type="button" class="ib" aria-label={t('attach')} onClick={() => picker.current?.click()}>
          <Attach />
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(e) => {
            const i = e.currentTarget
            if (i.files) add(i.files)
            i.value = ''
          }}
        />
        <textarea
          ref={area}
          rows={1}
          value={value}
          aria-label={t('write')}
          placeholder={t('write')}
          maxLength={20000}
          onInput={(e) => write(e.currentTarget.value)}
          onPaste={(e) => {
            if (e.clipboardData?.files.length) {
              e.preventDefault()
              add(e.clipboardData.files)
            }
          }}
          onKeyDown={(e) => {
            if (e.key === 'Escape' && id === 'new' && !quiet && document.querySelector('.suggest')) {
              e.stopPropagation()
              setQuiet(true)
            } else if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
              e.preventDefault()
              send()
            }
          }}
        />
        <button class="go" disabled={!can} aria-label={t('sendIt')}>
          <Up />
        </button>
      </div>
    </form>
  )
}
