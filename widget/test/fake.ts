// What stands in for the outside in tests of the client: a socket, a clock, chance, storage, and the server's answers.

import { vi } from 'vitest'
import type { Environment } from '../sdk/core/src/live.ts'
import type { Letter, Store } from '../sdk/core/src/outbox.ts'

export const turn = (): Promise<void> => new Promise((ok) => setTimeout(ok, 0))

export function memory(): Store {
  const m = new Map<string, string>()
  return {
    get length() {
      return m.size
    },
    key: (n) => [...m.keys()][n] ?? null,
    getItem: (k) => m.get(k) ?? null,
    setItem: (k, v) => {
      m.set(k, v)
    },
    removeItem: (k) => {
      m.delete(k)
    },
  }
}

/** Storage as browsers refuse it: every touch throws. */
export const refusing: Store = {
  get length(): number {
    throw new DOMException('denied', 'SecurityError')
  },
  key: () => {
    throw new DOMException('denied', 'SecurityError')
  },
  getItem: () => {
    throw new DOMException('denied', 'SecurityError')
  },
  setItem: () => {
    throw new DOMException('denied', 'SecurityError')
  },
  removeItem: () => {
    throw new DOMException('denied', 'SecurityError')
  },
}

export const letter = (clientId: string, conversationId: string | null = 'C'): Letter => ({
  clientId,
  conversationId,
  content: clientId,
  attachmentIds: [],
  at: 0,
})

export class FakeSocket {
  readyState = 0
  sent: Array<Record<string, unknown>> = []
  onopen?: () => void
  onmessage?: (m: { data: string }) => void
  onclose?: (e: { code: number }) => void
  send(s: string): void {
    this.sent.push(JSON.parse(s) as Record<string, unknown>)
  }
  close(): void {
    this.readyState = 3
  }
  open(): void {
    this.readyState = 1
    this.onopen?.()
  }
  say(v: unknown): void {
    this.onmessage?.({ data: JSON.stringify(v) })
  }
  drop(code: number): void {
    this.readyState = 3
    this.onclose?.({ code })
  }
}

/** An environment whose time passes when it is told to. */
export class World implements Environment {
  sockets: FakeSocket[] = []
  waits: Array<{ ms: number; at: number; then: () => void }> = []
  time = 0
  chance = 1
  socket = (): WebSocket => {
    const s = new FakeSocket()
    this.sockets.push(s)
    return s as unknown as WebSocket
  }
  wait = (ms: number, then: () => void): (() => void) => {
    const w = { ms, at: this.time + ms, then }
    this.waits.push(w)
    return () => {
      this.waits = this.waits.filter((x) => x !== w)
    }
  }
  random = (): number => this.chance
  now = (): number => this.time
  get last(): FakeSocket {
    return this.sockets.at(-1)!
  }
  /** Lets time pass; what was due meanwhile happens, in its order. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms
    for (;;) {
      const next = this.waits.filter((w) => w.at <= end).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      this.time = Math.max(this.time, next.at)
      this.waits = this.waits.filter((w) => w !== next)
      next.then()
      await turn()
    }
    this.time = end
  }
  /** The machine sleeps: time goes on, and what was due comes late, once. */
  async sleep(ms: number): Promise<void> {
    this.time += ms
    await this.pass(0)
  }
}

export interface Asked {
  door: string
  args: Record<string, unknown>
  token: string | undefined
}
type Said = object | Response | 'nothing' | 'never'

/** Answers the doors' calls, and remembers them. */
export function server(say: (a: Asked, n: number) => Said): Asked[] {
  const asked: Asked[] = []
  vi.stubGlobal('fetch', (url: string, o: RequestInit) => {
    const a: Asked = {
      door: url.split('/api/')[1],
      args: JSON.parse(o.body as string) as Record<string, unknown>,
      token: (o.headers as Record<string, string>).Authorization?.slice(7),
    }
    asked.push(a)
    const said = say(a, asked.length)
    if (said === 'nothing') return Promise.reject(new TypeError('Failed to fetch'))
    if (said === 'never')
      return new Promise((_, fail) => {
        o.signal!.addEventListener('abort', () => fail(new DOMException('aborted', 'AbortError')))
      })
    return Promise.resolve(said instanceof Response ? said : Response.json(said))
  })
  return asked
}

export const problem = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  Response.json({ code, detail: code }, { status, headers })
