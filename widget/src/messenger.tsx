// The messenger: home, the list of conversations, and one of them.

import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { luminance, textOn } from '../sdk/core/src/colour.ts'
import type { Settings } from '../sdk/core/src/session.ts'
import { languageFor, live, onHost, post, preview, session, worn } from './frame.ts'
import { Help, Ways } from './help.tsx'
import { Face } from './face.tsx'
import { Book, Chat, Close, Home, Up } from './icons.tsx'
import { began, write } from './outbox.ts'
import './style.css'
import './thread.css'
import './help.css'
import { speak, t } from './text.ts'
import type { About } from './suggest.tsx'
import { Thread, useView } from './thread.tsx'

interface Conversation {
  id: string
  unreadByVisitor: number
  assignee: { name: string } | null
  lastMessage: { preview: string; senderType: string; senderName: string; at: number }
}
type Place =
  | { at: 'home' }
  | { at: 'messages' }
  | { at: 'help'; open: string[]; from?: Place }
  | { at: 'thread'; id: string; text: string; about?: About }

/** Text on the accent is dark where white would be hard to read; the accent as text is darkened or lightened. */
function dress(s: Settings): void {
  const root = document.documentElement
  const mode = s.themeMode === 'system' ? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light') : s.themeMode
  root.dataset.theme = mode
  root.style.setProperty('--accent', s.accentColor)
  root.style.setProperty('--on', textOn(s.accentColor))
  root.style.setProperty(
    '--text-accent',
    mode === 'dark'
      ? `color-mix(in srgb, ${s.accentColor} 55%, #fff)`
      : luminance(s.accentColor) > 0.18
        ? `color-mix(in srgb, ${s.accentColor} 60%, #000)`
        : s.accentColor,
  )
}

const ago = (ms: number): string => {
  const m = Math.round((ms - Date.now()) / 60000)
  const f = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: 'auto', style: 'short' })
  return m > -1
    ? f.format(0, 'second')
    : m > -60
      ? f.format(m, 'minute')
      : m > -1440
        ? f.format(Math.round(m / 60), 'hour')
        : f.format(Math.round(m / 1440), 'day')
}

function Messenger() {
  const [settings, setShown] = useState<Settings | undefined>(session.booted?.settings)
  const [place, setPlace] = useState<Place>({ at: 'home' })
  const [asked, setAsked] = useState(0) // how often the page led into a conversation: each time it is another one
  const [, repaint] = useState(0)
  useEffect(() => (preview ? undefined : live.open<Settings>('messengerSettings.get', {}, setShown)), [])
  const list = useView<{ items: Conversation[] }>('conversations.listForVisitor', {}, !preview)
  useEffect(
    () =>
      onHost((s) => {
        if (s.do === 'space') setPlace(s.space === 'help' ? { at: 'help', open: [] } : { at: s.space === 'messages' ? 'messages' : 'home' })
        if (s.do === 'compose') {
          const client = s.send && s.text?.trim() ? write('new', s.text.trim().slice(0, 20_000)) : undefined
          setPlace(client ? { at: 'thread', id: 'new:' + client, text: '' } : { at: 'thread', id: 'new', text: s.text ?? '' })
        }
        if (s.do === 'conversation') setPlace({ at: 'thread', id: s.id ?? 'new', text: '' })
        if (s.do === 'compose' || s.do === 'conversation') setAsked((n) => n + 1)
        if (s.do === 'update') repaint((n) => n + 1)
        if (s.do === 'article' && s.id) setPlace({ at: 'help', open: ['a:' + s.id] })
        if (s.do === 'settings' && s.settings) setShown(s.settings)
      }),
    [],
  )
  useEffect(() => {
    const fn = (thread: string, id: string): void => setPlace((p) => (p.at === 'thread' && p.id === thread ? { ...p, id } : p))
    began.add(fn)
    return () => {
      began.delete(fn)
    }
  }, [])
  useEffect(() => {
    const esc = (e: KeyboardEvent): void => {
      if (e.key === 'Escape') post({ is: 'close' })
    }
    addEventListener('keydown', esc)
    return () => removeEventListener('keydown', esc)
  }, [])
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const fn = (): void => repaint((n) => n + 1)
    dark.addEventListener('change', fn)
    return () => dark.removeEventListener('change', fn)
  }, [])
  if (!settings) return null
  const shown = worn(settings)
  speak(languageFor(shown))
  dress(shown)
  const items = list?.items ?? []
  if (place.at === 'thread') {
    const c = items.find((x) => x.id === place.id)
    return (
      <Thread
        key={asked}
        id={place.id}
        text={place.text}
        about={place.about}
        onArticle={(article) => setPlace({ at: 'help', open: ['a:' + article], from: { ...place, text: '' } })}
        title={c?.assignee?.name ?? (place.id.startsWith('new') ? t('newTitle') : shown.name)}
        onBack={() => setPlace({ at: items.length ? 'messages' : 'home' })}
        onBegan={(client) => setPlace({ at: 'thread', id: 'new:' + client, text: '' })}
        onMoved={(id) => setPlace({ at: 'thread', id, text: '' })}
      />
    )
  }
  const unread = items.reduce((n, c) => n + c.unreadByVisitor, 0)
  const begin = (): void => setPlace({ at: 'thread', id: 'new', text: '' })
  return (
    <div class="app">
      {place.at === 'home' ? (
        <>
          <div class="hero">
            <div class="top">
              <span>{shown.name}</span>
              <div class="faces">
                {shown.team.slice(0, 3).map((m) => (
                  <Face name={m.name} url={m.avatarUrl} key={m.name} />
                ))}
              </div>
              <button class="ib" onClick={() => post({ is: 'close' })} aria-label={t('close')}>
                <Close />
              </button>
            </div>
            <h1>{session.booted?.visitor.name ? t('helloName', { name: session.booted.visitor.name.split(' ')[0] }) : t('hello')}</h1>
            <p>{shown.welcomeMessage}</p>
          </div>
          <div class="cards">
            <button class="card" onClick={begin}>
              <span class="grow">
                <b>{t('send')}</b>
                <span class="line">{shown.replyTime ?? shown.teamIntroduction ?? t('sendHint')}</span>
              </span>
              <span class="go">
                <Up />
              </span>
            </button>
            {items.slice(0, 3).map((c) => (
              <Line c={c} key={c.id} onOpen={() => setPlace({ at: 'thread', id: c.id, text: '' })} />
            ))}
            <Ways open={(place) => setPlace({ at: 'help', open: place ? [place] : [] })} />
          </div>
        </>
      ) : place.at === 'help' ? (
        <Help
          at={place.open}
          go={(open) => setPlace(open.length || !place.from ? { ...place, open } : place.from)}
          onAsk={(text, about) => setPlace({ at: 'thread', id: 'new', text, about })}
        />
      ) : (
        <>
          <header class="head">
            <h1 class="first">{t('messages')}</h1>
            <button class="ib" onClick={() => post({ is: 'close' })} aria-label={t('close')}>
              <Close />
            </button>
          </header>
          <div class="list">
            {items.length
              ? items.map((c) => <Line c={c} key={c.id} onOpen={() => setPlace({ at: 'thread', id: c.id, text: '' })} />)
              : list && (
                  <div class="empty">
                    <div>
                      <b>{t('none')}</b>
                      <br />
                      {t('noneHint')}
                    </div>
                  </div>
                )}
          </div>
          <div class="compose">
            <button class="btn" style={{ width: '100%' }} onClick={begin}>
              {t('send')}
            </button>
          </div>
        </>
      )}
      <nav class="tabs" aria-label={t('rooms')}>
        <button aria-current={place.at === 'home' ? 'page' : undefined} onClick={() => setPlace({ at: 'home' })}>
          <Home />
          {t('home')}
        </button>
        <button aria-current={place.at === 'help' ? 'page' : undefined} onClick={() => setPlace({ at: 'help', open: [] })}>
          <Book />
          {t('help')}
        </button>
        <button aria-current={place.at === 'messages' ? 'page' : undefined} onClick={() => setPlace({ at: 'messages' })}>
          <span>
            <Chat />
            {unread > 0 && <i class="count">{unread > 99 ? '99+' : unread}</i>}
          </span>
          {t('messages')}
          {unread > 0 && <span class="sr">{t('unread', { n: unread })}</span>}
        </button>
      </nav>
    </div>
  )
}

function Line({ c, onOpen }: { c: Conversation; onOpen: () => void }) {
  const who = c.lastMessage.senderType === 'visitor' ? t('you') : c.lastMessage.senderName || t('us')
  return (
    <button class="card" onClick={onOpen}>
      <Face name={c.assignee?.name ?? (c.lastMessage.senderType === 'visitor' ? t('us') : who)} bot={c.lastMessage.senderType === 'bot'} />
      <span class="grow">
        <span class="top">
          <b dir="auto">{c.assignee?.name ?? who}</b>
          <span class="meta">{ago(c.lastMessage.at)}</span>
        </span>
        <span class="line" dir="auto">
          {c.lastMessage.senderType === 'visitor' ? t('you') + ': ' : ''}
          {c.lastMessage.preview}
        </span>
      </span>
      {c.unreadByVisitor > 0 && (
        <span class="count" aria-label={t('unread', { n: c.unreadByVisitor })}>
          {c.unreadByVisitor}
        </span>
      )}
    </button>
  )
}

export function mount(root: HTMLElement): void {
  render(<Messenger />, root)
}
