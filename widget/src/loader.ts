// What a customer's page loads: a launcher in a shadow root and the messenger's frame. It takes the page's commands,
// touches nothing else of it, and never breaks it.

import { textOn } from '../sdk/core/src/colour.ts'
import { chat, cross, css, down } from './drawn.ts'
import type { Words } from './launcher.ts'
import { follow, person, text, type Options } from './page.ts'

type Command = (command: string, ...args: unknown[]) => void
interface Host {
  deskbellSettings?: Options
  intercomSettings?: Options
  Deskbell?: Command & { q?: unknown[][] }
  Intercom?: unknown
  OpencomWidget?: unknown
}
interface Look {
  accent: string
  position: 'left' | 'right'
  side: number
  bottom: number
  show: boolean
  mobile: boolean
  words: Words
}

/** What came in while the messenger was shut. */
interface Hint {
  id: string
  mark: string
  name: string
  text: string
}

const script = document.currentScript as HTMLScriptElement | null
const base = new URL(script?.src ?? location.href).origin
const host = window as unknown as Host

const hooks: Record<string, Array<(...a: unknown[]) => void>> = {}
let root: HTMLElement | undefined
let button: HTMLButtonElement
let frame: HTMLIFrameElement
let card: HTMLElement
let hint: Hint | undefined
let looks: Look | undefined
let options: Options = {}
let left = false // whoever the page named has signed out in another tab
let open = false
let ready = false
let unread: number | undefined // until it is told
let visitorId: string | undefined
let waiting: unknown[] = []
let live: Promise<void> | undefined // once the visitor is known
let watch: ReturnType<typeof setTimeout> | undefined

const say = (text: string): void => console.warn('[Deskbell] ' + text)
const tell = (name: string, ...a: unknown[]): void => {
  for (const f of hooks[name] ?? [])
    try {
      f(...a)
    } catch (e) {
      console.error(e)
    }
}

/** Sends to the frame, exactly to our origin; before it is ready, messages wait. */
function send(m: Record<string, unknown>): void {
  if (ready) frame.contentWindow?.postMessage({ deskbell: 1, ...m }, base)
  else waiting.push(m)
}

function boot(o: Options): void {
  if (root) {
    update(o)
    return
  }
  options = { ...options, ...o, workspaceId: text(o.workspaceId ?? o.app_id) }
  if (!options.workspaceId) {
    say('no workspaceId: set window.deskbellSettings = {workspaceId: "…"} before the script.')
    return
  }
  if (!document.body) {
    document.addEventListener('DOMContentLoaded', () => boot(o))
    return
  }
  root = document.createElement('div')
  root.id = 'deskbell'
  const shadow = root.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  shadow.adoptedStyleSheets = [sheet]
  const box = document.createElement('div')
  button = document.createElement('button')
  button.className = 'b'
  button.type = 'button'
  button.onclick = () => (open ? hide() : show())
  frame = document.createElement('iframe')
  frame.title = 'Messenger'
  frame.allow = 'clipboard-write'
  frame.src = base + '/widget/messenger.html?workspace=' + encodeURIComponent(options.workspaceId)
  card = document.createElement('div')
  card.className = 'h'
  card.setAttribute('role', 'status')
  box.append(frame, card, button)
  shadow.append(box)
  document.body.append(root)
  paint()
  watch = setTimeout(
    () => say(`the messenger did not start. Is ${location.origin} among the workspace's allowed origins, and is workspaceId right?`),
    15000,
  )
}

function page(): Record<string, unknown> {
  return {
    url: location.href,
    title: text(options.page_title) || document.title,
    referrer: document.referrer,
    language: document.documentElement.lang,
  }
}

/** What the frame is told of the page's wishes. */
const wishes = (): Record<string, unknown> => ({
  user: left ? undefined : person(options),
  page: page(),
  language: text(options.language ?? options.language_override),
  duration: options.session_duration,
  look: { accent: options.action_color ?? options.background_color, theme: options.theme_mode },
})

function paint(): void {
  button.innerHTML = open ? down : chat
  if (looks) {
    const w = looks.words
    button.title = open ? w.shut : unread ? w.unread.replace('{n}', String(unread)) : w.open
    button.setAttribute('aria-label', button.title)
  }
  button.setAttribute('aria-expanded', String(open))
  if (unread && !open) {
    const n = document.createElement('span')
    n.className = 'n'
    n.textContent = unread > 9 ? '9+' : String(unread)
    button.append(n)
  }
  frame.className = open ? 'o' : ''
  frame.tabIndex = open ? 0 : -1
  frame.setAttribute('aria-hidden', String(!open))
  button.parentElement!.className = open ? 'open' : ''
}

/** Shows what came in beside the launcher, until it is read or waved away. */
function peek(): void {
  card.replaceChildren()
  if (!hint || !looks || options.hide_notifications || open) return
  const { id, mark, name, text } = hint
  const part = (tag: string, words: string): HTMLElement => {
    const e = document.createElement(tag)
    e.textContent = words
    e.dir = 'auto'
    return e
  }
  const read = document.createElement('button')
  read.className = 't'
  read.append(part('b', name), part('span', text))
  read.onclick = () => run('showConversation', id)
  const away = document.createElement('button')
  away.className = 'x'
  away.innerHTML = cross
  away.setAttribute('aria-label', looks.words.dismiss)
  away.onclick = () => {
    hint = undefined
    peek()
    send({ do: 'dismiss', id: mark })
    button.focus()
  }
  card.append(read, away)
}

// A frame without storage of its own has its values kept here, per workspace.
const shelf = (): string => 'deskbell.' + options.workspaceId
function keep(kept: Record<string, string>): void {
  try {
    localStorage.setItem(shelf(), JSON.stringify(kept))
  } catch {
    /* blocked too */
  }
}
function recall(): unknown {
  try {
    return JSON.parse(localStorage.getItem(shelf()) ?? '{}')
  } catch {
    return {}
  }
}

function dress(l: Look): void {
  looks = l
  const style = button.parentElement!.style
  if (/^#[0-9a-f]{6}$/i.test(l.accent)) {
    style.setProperty('--a', l.accent)
    style.setProperty('--on', textOn(l.accent))
  }
  const asked = options.alignment ?? l.position
  const side = asked === 'left' ? 'left' : 'right'
  const wide = innerWidth > 480
  const pad = (own: unknown, set: number): number => (wide && Number(own) >= 20 ? Number(own) : set)
  const bottom = pad(options.vertical_padding, l.bottom)
  for (const e of [button, frame, card]) {
    e.style.left = e.style.right = 'auto'
    e.style[side] = pad(options.horizontal_padding, l.side) + 'px'
    e.style.zIndex = Number(options.z_index) > 0 ? String(Number(options.z_index)) : ''
  }
  button.style.bottom = bottom + 'px'
  frame.style.bottom = card.style.bottom = bottom + 72 + 'px'
  const hidden = options.hideLauncher ?? options.hide_default_launcher ?? !l.show
  button.style.display = !hidden && (l.mobile || wide) ? 'grid' : 'none'
  paint()
  peek()
}

function show(): void {
  if (!root || open) return
  open = true
  hint = undefined
  paint()
  peek()
  send({ do: 'open' })
  frame.focus()
  tell('onShow')
}

function hide(): void {
  if (!root || !open) return
  open = false
  paint()
  send({ do: 'shut' })
  button.focus()
  tell('onHide')
}

function update(o: Options): void {
  options = { ...options, ...o }
  if (o.user ?? o.email ?? o.user_id) left = false
  if (!root) return
  if (looks) dress(looks)
  send({ do: 'update', ...wishes() })
}

function shutdown(): void {
  if (!root) return
  send({ do: 'end' })
  try {
    localStorage.removeItem(shelf())
  } catch {
    /* blocked too */
  }
  const old = root
  root = undefined
  open = ready = left = false
  unread = undefined
  options = {}
  visitorId = undefined // whoever comes next is not told who was here
  hint = looks = live = undefined
  delete hooks.ready
  waiting = []
  clearTimeout(watch)
  setTimeout(() => old.remove(), 300)
}

/** Leads somewhere, and shows it then: what was open before is not looked at on the way. */
function lead(m: Record<string, unknown>): void {
  send(m)
  show()
}

/** Once the visitor is known: calls the function, and keeps the promise. */
function whenReady(fn?: () => void): Promise<void> {
  if (visitorId) live ??= Promise.resolve()
  live ??= new Promise((ok) => (hooks.ready ??= []).push(ok as () => void))
  if (fn && visitorId) fn()
  else if (fn) (hooks.ready ??= []).push(fn)
  return live
}

const commands: Record<string, (...a: never[]) => unknown> = {
  boot: (o?: Options) => {
    boot({ ...(host.deskbellSettings ?? host.intercomSettings), ...o })
    return whenReady()
  },
  shutdown,
  update: (o?: Options) => update(o ?? {}),
  show,
  hide,
  toggle: () => (open ? hide() : show()),
  showSpace: (space: string) => lead({ do: 'space', space: text(space) }),
  showArticle: (id: string) => lead({ do: 'article', id: text(id) }),
  showMessages: () => lead({ do: 'space', space: 'messages' }),
  showNewMessage: (words?: unknown) => lead({ do: 'compose', text: text(words) }),
  startConversation: (words?: unknown) => lead({ do: 'compose', text: text(words), send: true }),
  showConversation: (id: string) => lead({ do: 'conversation', id: text(id) }),
  hideNotifications: (off: boolean) => {
    options.hide_notifications = Boolean(off)
    if (root) peek()
  },
  getVisitorId: () => visitorId,
  ready: whenReady,
}
for (const name of ['onShow', 'onHide', 'onUnreadCountChange', 'onUserEmailSupplied'])
  commands[name] = (fn: (...a: unknown[]) => void) => {
    ;(hooks[name] ??= []).push(fn)
    if (name === 'onUnreadCountChange' && unread !== undefined) fn(unread)
  }

function run(command: string, ...args: unknown[]): unknown {
  const c = Object.hasOwn(commands, command) ? commands[command] : undefined
  if (!c) {
    say(`"${String(command)}" is not a command of this version.`)
    return undefined
  }
  return (c as (...a: unknown[]) => unknown)(...args)
}

addEventListener('message', (e: MessageEvent) => {
  if (!root || e.origin !== base || e.source !== frame.contentWindow || e.data?.deskbell !== 1) return
  const m = e.data as Record<string, never>
  switch (m.is as string) {
    case 'ready':
      ready = true
      settled()
      clearTimeout(watch)
      send({ do: 'start', ...wishes(), kept: recall() })
      for (const w of waiting.splice(0)) send(w as Record<string, unknown>)
      break
    case 'left':
      left = true
      ready = false
      visitorId = unread = hint = undefined
      hide()
      paint()
      peek()
      break
    case 'keep':
      keep(m.kept as Record<string, string>)
      break
    case 'look':
      dress(m.look as Look)
      break
    case 'visitor':
      visitorId = String(m.id)
      tell('ready')
      delete hooks.ready
      break
    case 'unread':
      if (unread !== m.n) {
        unread = Number(m.n)
        paint()
        tell('onUnreadCountChange', unread)
      }
      if (!unread && hint) {
        hint = undefined
        peek()
      }
      break
    case 'hint':
      hint = m.hint as Hint
      peek()
      break
    case 'email':
      tell('onUserEmailSupplied', m.email)
      break
    case 'close':
      hide()
      break
    case 'refused':
      clearTimeout(watch)
      say(String(m.why))
      break
  }
})

document.addEventListener('click', (e) => {
  const selector = text(options.custom_launcher_selector)
  if (!selector || !root || !(e.target instanceof Element)) return
  try {
    if (!e.target.closest(selector)) return
  } catch {
    return // what the page wrote is no selector
  }
  e.preventDefault()
  show()
})

const settled = follow(
  () => root !== undefined && ready,
  () => send({ do: 'page', page: page() }),
)

const queued = host.Deskbell?.q ?? []
host.Deskbell = run
if (host.deskbellSettings?.intercomCompat) host.Intercom = run
host.OpencomWidget = {
  init: (o: Options) => boot(o),
  identify: (u: Options) => update({ user: u }),
  trackEvent: (...a: unknown[]) => run('trackEvent', ...a), // says that there is none, and breaks nobody's page
  startTour: (...a: unknown[]) => run('startTour', ...a),
  getAvailableTours: () => [],
  destroy: shutdown,
}
if (host.deskbellSettings?.workspaceId) boot(host.deskbellSettings)
for (const q of queued) run(...(q as [string]))
