// The first code in the messenger's frame: it proves who the visitor is, keeps the unread count alive, and loads the
// messenger itself only when it is opened.

import { backoff, CallError } from '../sdk/core/src/api.ts'
import { Live } from '../sdk/core/src/live.ts'
import { Session, type Settings } from '../sdk/core/src/session.ts'
import type { Store } from '../sdk/core/src/outbox.ts'

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

let user: Record<string, unknown> | undefined
let page: Record<string, string> = {}
export let language = ''

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

export function look(s: Settings): void {
  post({
    is: 'look',
    look: {
      accent: s.accentColor,
      position: s.launcherPosition,
      side: s.sideSpacing,
      bottom: s.bottomSpacing,
      show: s.showLauncher,
      mobile: s.mobileEnabled,
      label: '',
    },
  })
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
  store.removeItem(outboxKey)
  for (const k of [...Object.keys(store), ...kept.keys()]) if (/^deskbell\.draft\.(new|[^.]{13}$)/.test(k)) store.removeItem(k)
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
  if (store.getItem(outboxKey)) void messenger() // what waits is sent, whether or not one looks
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
  switch (s.do) {
    case 'start':
      user = s.user
      page = s.page ?? {}
      language = s.language ?? ''
      for (const [k, v] of Object.entries(s.kept ?? {})) if (typeof v === 'string' && !kept.has(k)) kept.set(k, v)
      if (!preview) void start()
      return
    case 'update':
      if (s.user) void session.call('visitors.identify', s.user).catch(() => undefined)
      return
    case 'page':
      page = s.page ?? page
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
