// The live socket of a Deskbell server (app/live is its other end): views stay open over reconnects, patches are applied
// only on the value they belong to, and whoever was away asks again and is right again.

import { backoff } from './api.ts'

export interface Problem {
  code: string
  detail: string
  errors?: Array<{ field: string; message: string }>
}

interface Item {
  id: string
}
interface Patch {
  upsert: Item[]
  remove: string[]
  order?: string[]
  fields?: Record<string, unknown>
}
interface Answer {
  id: number
  seq?: number
  base?: number
  value?: unknown
  patch?: Patch
  error?: Problem
}
interface Frame extends Partial<Answer> {
  fence?: number
  ping?: number
  pong?: number
}

export type Status = 'connecting' | 'open' | 'offline' | 'refused'

export interface Environment {
  socket(url: string): WebSocket
  wait(ms: number, then: () => void): () => void
  random(): number
  now(): number
}

export const browser: Environment = {
  socket: (url) => new WebSocket(url),
  wait: (ms, then) => {
    const t = setTimeout(then, ms)
    return () => clearTimeout(t)
  },
  random: () => Math.random(),
  now: () => Date.now(),
}

// The server pings every half minute, but a page does not hear of that: it asks itself, where it was quiet for long or the
// machine slept, and does not trust a socket that stays silent.
const quiet = 45_000
const slept = 120_000
const patience = 10_000

interface Hold {
  name: string
  args: unknown
  seq: number
  value: unknown
  listeners: Set<(v: unknown) => void>
  failed: Set<(p: Problem) => void>
  error?: Problem
}

/** Applies a patch to a list value. Rows that are not in `order` are gone. */
export function patched(value: unknown, p: Patch): unknown {
  const old = value as { items: Item[] }
  const rows = new Map(old.items.map((r) => [r.id, r]))
  for (const id of p.remove) rows.delete(id)
  for (const r of p.upsert) rows.set(r.id, r)
  const items = p.order ? p.order.flatMap((id) => rows.get(id) ?? []) : [...rows.values()]
  return { ...old, ...p.fields, items }
}

/** One socket and the views held open on it. */
export class Live {
  private socket: WebSocket | undefined
  private holds = new Map<number, Hold>()
  private keys = new Map<string, number>()
  private next = 1
  private tries = 0
  private stopped = true
  private refused = false
  private connects = 0
  private opening = 0
  private heard = 0
  private ticked = 0
  private cancel: (() => void) | undefined
  private asked: (() => void) | undefined
  private watchers = new Set<(s: Status) => void>()
  status: Status = 'offline'

  /**
   * token is asked for before each connection, and told when the last one was refused. Somebody who looks is eager and comes
   * back within seconds; whoever only has the page open leaves the first half minute to others.
   */
  constructor(
    private url: string,
    private token: ((refused: boolean) => Promise<string | undefined>) | undefined,
    private eager = true,
    private env: Environment = browser,
  ) {}

  /** Says whether somebody looks. */
  hurry(on: boolean): void {
    this.eager = on
    if (on) this.wake()
  }

  start(): void {
    if (!this.stopped) return
    this.stopped = false
    void this.connect()
    if (typeof addEventListener === 'function') {
      addEventListener('online', this.wake)
      addEventListener('visibilitychange', this.wake)
    }
  }

  stop(): void {
    this.stopped = true
    this.drop()
    this.set('offline')
    if (typeof removeEventListener === 'function') {
      removeEventListener('online', this.wake)
      removeEventListener('visibilitychange', this.wake)
    }
  }

  /** Hears of the connection's state, at once and whenever it changes. */
  onStatus(fn: (s: Status) => void): () => void {
    this.watchers.add(fn)
    fn(this.status)
    return () => {
      this.watchers.delete(fn)
    }
  }

  /** Holds a view open. Equal views share one hold; the value comes at once where it is known. */
  open<T>(name: string, args: unknown, on: (value: T) => void, fail: (p: Problem) => void = () => {}): () => void {
    const key = name + JSON.stringify(args)
    let id = this.keys.get(key)
    if (id === undefined) {
      id = this.next++
      this.keys.set(key, id)
      this.holds.set(id, { name, args, seq: 0, value: undefined, listeners: new Set(), failed: new Set() })
      this.ask(id)
    }
    const mine = id
    const hold = this.holds.get(mine)!
    const listener = on as (v: unknown) => void
    hold.listeners.add(listener)
    hold.failed.add(fail)
    if (hold.seq) on(hold.value as T)
    if (hold.error) fail(hold.error)
    return () => {
      hold.listeners.delete(listener)
      hold.failed.delete(fail)
      if (hold.listeners.size || this.holds.get(mine) !== hold) return
      this.holds.delete(mine)
      this.keys.delete(key)
      this.send({ id: mine })
    }
  }

  private wake = (): void => {
    if (this.stopped || (typeof document !== 'undefined' && document.visibilityState === 'hidden')) return
    if (this.socket) {
      this.probe()
      return
    }
    if (this.opening) return
    this.tries = 0
    void this.connect()
  }

  /** Lets the socket go, and whatever is waited for. */
  private drop(): void {
    const ws = this.socket
    this.socket = undefined
    this.opening = 0
    this.cancel?.()
    this.asked?.()
    this.cancel = this.asked = undefined
    ws?.close()
  }

  /** Asks the other end for a sign; without one the socket is dead, however open it looks. */
  private probe(): void {
    if (this.asked || this.socket?.readyState !== 1) return
    this.send({ ping: 1 })
    this.asked = this.env.wait(patience, () => {
      this.drop()
      this.set('offline')
      void this.connect()
    })
  }

  private tick(): void {
    const now = this.env.now()
    if (now - this.ticked > slept || (this.eager && now - this.heard > quiet)) this.probe()
    this.ticked = now
    this.cancel = this.env.wait(quiet / 2, () => this.tick())
  }

  private set(s: Status): void {
    if (this.status === s) return
    this.status = s
    for (const w of this.watchers) w(s)
  }

  private async connect(): Promise<void> {
    this.cancel?.()
    this.set('connecting')
    const mine = ++this.connects
    this.opening = mine
    let token: string | undefined
    try {
      token = await this.token?.(this.refused)
      this.refused = false
    } catch {
      if (this.opening === mine) this.retry()
      return
    }
    if (this.stopped || this.opening !== mine) return
    const ws = this.env.socket(this.url)
    this.socket = ws
    this.opening = 0
    ws.onopen = () => {
      if (this.socket !== ws) return
      ws.send(JSON.stringify(token ? { auth: token } : { pong: 0 }))
      for (const id of this.holds.keys()) this.ask(id)
      this.heard = this.env.now()
      this.ticked = this.heard
      this.cancel = this.env.wait(quiet / 2, () => this.tick())
      this.set('open')
    }
    ws.onmessage = (m) => {
      if (this.socket !== ws) return
      this.tries = 0 // it answers: whoever is only let in to be sent away keeps waiting longer
      this.heard = this.env.now()
      this.asked?.()
      this.asked = undefined
      const said = JSON.parse(String(m.data)) as Frame | Frame[]
      for (const f of Array.isArray(said) ? said : [said]) this.take(f)
    }
    ws.onclose = (e) => {
      if (this.socket !== ws) return
      this.drop()
      this.refused = e.code === 1008
      this.set(this.refused ? 'refused' : 'offline')
      this.retry()
    }
  }

  private retry(): void {
    if (this.stopped) return
    this.opening = 0
    if (this.status === 'connecting') this.set('offline')
    const ms = this.eager
      ? 250 + backoff(this.tries, 500, 30_000, this.env.random())
      : backoff(this.tries, 30_000, 300_000, this.env.random())
    this.tries++
    this.cancel = this.env.wait(ms, () => {
      void this.connect()
    })
  }

  private ask(id: number): void {
    const h = this.holds.get(id)
    if (!h) return
    h.error = undefined
    this.send({ id, view: h.name, args: h.args, patch: true })
  }

  private send(v: unknown): void {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(v))
  }

  private take(f: Frame): void {
    if (f.ping !== undefined) {
      this.send({ pong: f.ping })
      return
    }
    const h = f.id === undefined ? undefined : this.holds.get(f.id)
    if (!h) return
    if (f.error) {
      h.error = f.error
      for (const fail of h.failed) fail(f.error)
      return
    }
    if (f.patch) {
      if (f.base !== h.seq) {
        this.ask(f.id!)
        return
      }
      h.value = patched(h.value, f.patch)
    } else if (f.value !== undefined) h.value = f.value
    else return
    h.seq = f.seq ?? h.seq
    for (const on of h.listeners) on(h.value)
  }
}
