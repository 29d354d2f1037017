// The first code in the messenger's frame: it proves who the visitor is, keeps the unread count alive, and loads the
// messenger itself only when it is opened.

import { backoff, CallError, secret } from '../sdk/core/src/api.ts'
import { Live } from '../sdk/core/src/live.ts'
import { Session, type Settings } from '../sdk/core/src/session.ts'
import { keysOf, type Store } from '../sdk/core/src/outbox.ts'
import { launcher, spokenOf } from './launcher.ts'

export interface Said {
  do: string
  user?: Record<string, unknown>
  page?: Record<string, string>
  space?: string
  text?: string
  id?: string
  language?: string
  settings?: Settings
  kept?: Record<string, unknown>
  send?: boolean
  look?: Record<string, unknown>
  duration?: number
}

// Where the browser gives a foreign frame no storage, the host page keeps our few values for us: better a site that could
// read its own visitor's secret than a visitor who is a stranger after each click.
const kept = new Map<string, string>()

function storage(): Store {
  try {
    localStorage.setItem('deskbell', '1')
    return localStorage
  } catch {
    const changed = (): void => post({ is: 'keep', kept: Object.fromEntries(kept) })
    return {
      get length() {
        return kept.size
      },
      key: (n) => [...kept.keys()][n] ?? null,
      getItem: (k) => kept.get(k) ?? null,
      setItem: (k, v) => {
        kept.set(k, v)
        changed()
      },
      removeItem: (k) => {
        kept.delete(k)
        changed()
      },
    }
  }
}

const query = new URLSearchParams(location.search)
export const workspaceId = query.get('workspace') ?? ''
export const preview = query.get('preview') === '1'
export const store = storage()
export const base = location.origin
export const outboxKey = 'deskbell.outbox.' + workspaceId
/** Which conversation a letter has begun last. */
export const beganKey = 'deskbell.began.' + workspaceId

let user: Record<string, unknown> | undefined
let page: Record<string, string> = {}
let language = '' // what the host page asks for
let pageLanguage = ''
let own: Partial<Settings> = {} // how the host page wants the messenger to look, over what the workspace has set
let known: Settings | undefined

export const session = new Session(base, workspaceId, store, () => ({
  user,
  url: page.url,
  title: page.title,
  referrer: page.referrer,
  clientType: 'web_widget',
  device: { language: navigator.language, timezone: Intl.DateTimeFormat().resolvedOptions().timeZone },
}))
export const live = new Live(base.replace(/^http/, 'ws') + '/live', (refused) => session.fresh(refused), parent === window)

// Whether the visitor has the messenger before their eyes: only then is anything read.
let open = parent === window
const lookers = new Set<() => void>()
export const looking = (): boolean => open && document.visibilityState === 'visible'
/** Runs now and whenever somebody begins to look, if they do. */
export function onLook(fn: () => void): () => void {
  const run = (): void => {
    if (looking()) fn()
  }
  run()
  lookers.add(run)
  return () => {
    lookers.delete(run)
  }
}
function opened(on: boolean): void {
  open = on
  live.hurry(on)
  for (const run of lookers) run()
}
document.addEventListener('visibilitychange', () => {
  for (const run of lookers) run()
})

// The host page's origin is not ours; what it learns is only what it may know (counts, looks), and it is asked to act.
let hostOrigin = ''
export function post(m: Record<string, unknown>): void {
  if (parent !== window) parent.postMessage({ deskbell: 1, ...m }, hostOrigin || '*')
}

type Listener = (s: Said) => void
const listeners = new Set<Listener>()
const missed: Said[] = []
/** Hears what the host page asks for; what came before the messenger was there comes first. */
export function onHost(fn: Listener): () => void {
  listeners.add(fn)
  for (const s of missed.splice(0)) fn(s)
  return () => {
    listeners.delete(fn)
  }
}

/** The settings as they are here: the workspace's, with what the host page wants instead. */
export const worn = (s: Settings): Settings => ({ ...s, ...own })

/** The language to speak here: as the host page asks, as the workspace has set, as the page is written, as the browser is. */
export const languageFor = (s: Settings): string => spokenOf(language, s.language, pageLanguage, navigator.language)

function look(settings: Settings): void {
  known = settings
  const s = worn(settings)
  post({
    is: 'look',
    look: {
      accent: s.accentColor,
      position: s.launcherPosition,
      side: s.sideSpacing,
      bottom: s.bottomSpacing,
      show: s.showLauncher,
      mobile: s.mobileEnabled,
      words: launcher[languageFor(s)],
    },
  })
}

/** What a page asks for of looks; anything else that stands there is not looked at. */
function wear(l: Record<string, unknown>): void {
  own = {}
  if (/^#[0-9a-f]{6}$/i.test(String(l.accent))) own.accentColor = String(l.accent)
  if (/^(light|dark|system)$/.test(String(l.theme))) own.themeMode = l.theme as Settings['themeMode']
}

interface Heard {
  items: Array<{ id: string; unreadByVisitor: number; lastMessage: { preview: string; senderName: string; at: number } }>
}
const dismissed = 'deskbell.dismissed.' + workspaceId
let counted = 0

/** Says how much is unread, and what came in last where nobody looks; what was waved away does not come back. */
async function tell(total: number): Promise<void> {
  post({ is: 'unread', n: total })
  const more = total > counted
  counted = total
  if (!more || open) return
  const list = await session.call<Heard>('conversations.listForVisitor', {}).catch(() => undefined)
  const c = list?.items.find((x) => x.unreadByVisitor > 0)
  const mark = c ? c.id + c.lastMessage.at : ''
  if (c && !open && store.getItem(dismissed) !== mark)
    post({
      is: 'hint',
      hint: { id: c.id, mark, name: c.lastMessage.senderName || session.booted!.settings.name, text: c.lastMessage.preview },
    })
}

/** Leaves nothing of this person to the next one on this machine. */
function forget(): void {
  store.removeItem(beganKey)
  for (const k of keysOf(store, outboxKey + '.')) store.removeItem(k)
  for (const k of keysOf(store, 'deskbell.draft.')) if (/^deskbell\.draft\.(new|[^.]{13}$)/.test(k)) store.removeItem(k)
}

const secretKey = 'deskbell.secret.' + workspaceId
const seenKey = 'deskbell.seen.' + workspaceId
let duration = 0 // how long the page wants somebody who is away to be known, in milliseconds; 0: as long as the browser keeps it

/** Whether whoever comes back was away for longer than they are to be known: then they are forgotten. Notes that somebody is here. */
function expired(): boolean {
  const seen = Number(store.getItem(seenKey) ?? 0)
  const over = duration > 0 && seen > 0 && Date.now() - seen > Math.max(duration, 60_000)
  if (over) {
    forget()
    try {
      store.setItem(secretKey, secret()) // not removed: every tab that begins anew then is the same new visitor
    } catch {
      store.removeItem(secretKey)
    }
  }
  if (duration > 0)
    try {
      store.setItem(seenKey, String(Date.now()))
    } catch {
      /* full */
    }
  return over
}

/** Begins anew, as whoever this browser is now. */
function anew(): void {
  live.stop()
  post({ is: 'left' })
  location.reload()
}

// What another tab does counts here too: a visitor who signed out there is signed out, what was waved away does not stand here.
addEventListener('storage', (e) => {
  if (session.booted && (e.key === null || (e.key === secretKey && e.oldValue))) anew()
  if (e.key === dismissed) post({ is: 'hint' })
})

/** Takes what the host page says of itself. */
function turn(s: Said): void {
  page = s.page ?? page
  pageLanguage = page.language ?? ''
  if (s.do === 'page') return
  language = s.language ?? ''
  duration = Number(s.duration) || 0
  wear(s.look ?? {})
}

let loaded = false
async function messenger(): Promise<void> {
  if (loaded) return
  loaded = true
  const m = await import('./messenger.tsx')
  m.mount(document.getElementById('root')!)
}

async function start(tries = 0): Promise<void> {
  try {
    const b = await session.boot()
    post({ is: 'visitor', id: b.visitor.id })
    look(b.settings)
  } catch (e) {
    const p = e instanceof CallError ? e : undefined
    if (p && p.status >= 400 && p.status < 500 && p.status !== 429) {
      post({ is: 'refused', why: p.status === 404 ? 'there is no workspace with this workspaceId.' : p.message })
      return
    }
    setTimeout(
      () => {
        void start(tries + 1)
      },
      Math.max(p?.waitMs ?? 0, 1000) + backoff(tries, open ? 2000 : 10_000, open ? 30_000 : 300_000),
    )
    return
  }
  if (keysOf(store, outboxKey + '.').length) void messenger() // what waits is sent, whether or not one looks
  live.start()
  live.open<{ total: number }>('conversations.getTotalUnreadForVisitor', {}, (v) => {
    void tell(v.total)
  })
  live.open<Settings>('messengerSettings.get', {}, look)
}

addEventListener('message', (e: MessageEvent) => {
  if (e.source !== parent || e.data?.deskbell !== 1) return
  if (preview && e.origin !== location.origin) return
  if (hostOrigin && e.origin !== hostOrigin) return
  hostOrigin = e.origin === 'null' ? '' : e.origin
  const s = e.data as Said
  for (const k of ['space', 'text', 'id', 'language'] as const) if (typeof s[k] !== 'string') delete s[k]
  if (s.do === 'start' || s.do === 'update' || s.do === 'page') turn(s)
  switch (s.do) {
    case 'start':
      user = s.user
      for (const [k, v] of Object.entries(s.kept ?? {})) if (typeof v === 'string' && !kept.has(k)) kept.set(k, v)
      expired()
      if (!preview) void start()
      return
    case 'update':
      if (s.user) void session.call('visitors.identify', s.user).catch(() => undefined)
      if (known) look(known)
      for (const l of listeners) l(s)
    // and it may call its page something else
    case 'page':
      if (expired()) {
        anew()
        return
      }
      if (session.booted) void session.call('visitors.heartbeat', { url: page.url, title: page.title }).catch(() => undefined)
      return
    case 'end':
      live.stop()
      forget()
      void session.end()
      return
    case 'dismiss':
      if (s.id) store.setItem(dismissed, s.id)
      return
    case 'open':
    case 'shut':
      opened(s.do === 'open')
  }
  void messenger()
  if (listeners.size) for (const l of listeners) l(s)
  else missed.push(s)
})

post({ is: 'ready' })
if (preview || parent === window) void messenger()
