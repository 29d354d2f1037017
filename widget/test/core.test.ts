import { describe, expect, it } from 'vitest'
import { Live, patched, type Environment } from '../sdk/core/src/live.ts'
import { Outbox, type Letter, type Store } from '../sdk/core/src/outbox.ts'

const memory = (): Store => {
  const m = new Map<string, string>()
  return {
    getItem: (k) => m.get(k) ?? null,
    setItem: (k, v) => {
      m.set(k, v)
    },
    removeItem: (k) => {
      m.delete(k)
    },
  }
}
const letter = (clientId: string): Letter => ({ clientId, conversationId: 'C', content: clientId, attachmentIds: [], at: 0 })

class FakeSocket {
  static all: FakeSocket[] = []
  readyState = 0
  sent: Array<Record<string, unknown>> = []
  onopen?: () => void
  onmessage?: (m: { data: string }) => void
  onclose?: (e: { code: number }) => void
  constructor() {
    FakeSocket.all.push(this)
  }
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
const waits: Array<{ ms: number; then: () => void }> = []
const env: Environment = {
  socket: () => new FakeSocket() as unknown as WebSocket,
  wait: (ms, then) => {
    waits.push({ ms, then })
    return () => {}
  },
  random: () => 1,
}
const turn = (): Promise<void> => new Promise((ok) => setTimeout(ok, 0))

describe('patches', () => {
  it('put in, take out and order', () => {
    const v = {
      items: [
        { id: 'a', n: 1 },
        { id: 'b', n: 1 },
      ],
      nextCursor: null,
    }
    expect(patched(v, { upsert: [{ id: 'c' }, { id: 'b' }], remove: ['a'], order: ['c', 'b'], fields: { nextCursor: 'x' } })).toEqual({
      items: [{ id: 'c' }, { id: 'b' }],
      nextCursor: 'x',
    })
  })
})

describe('the live socket', () => {
  it('signs in first, applies patches only on their base, and asks again after a reconnect', async () => {
    FakeSocket.all = []
    waits.length = 0
    const live = new Live('ws://x', () => Promise.resolve('wst_1'), env)
    const heard: unknown[] = []
    live.open('list', { a: 1 }, (v) => heard.push(v))
    live.start()
    await turn()
    const first = FakeSocket.all[0]
    first.open()
    expect(first.sent[0]).toEqual({ auth: 'wst_1' })
    const id = first.sent[1].id
    first.say({ id, seq: 5, value: { items: [{ id: 'a' }] } })
    first.say([{ id, seq: 6, base: 5, patch: { upsert: [{ id: 'b' }], remove: [], order: ['a', 'b'] } }])
    expect(heard.at(-1)).toEqual({ items: [{ id: 'a' }, { id: 'b' }] })
    first.say({ id, seq: 9, base: 8, patch: { upsert: [], remove: ['a'] } })
    expect(heard).toHaveLength(2)
    expect(first.sent.at(-1)).toMatchObject({ id, view: 'list' })
    first.drop(1006)
    expect(live.status).toBe('offline')
    expect(waits[0].ms).toBeLessThanOrEqual(750)
    waits[0].then()
    await turn()
    FakeSocket.all[1].open()
    expect(FakeSocket.all[1].sent[1]).toMatchObject({ id, view: 'list' })
    live.stop()
  })
})

describe('the outbox', () => {
  it('keeps letters over a failure, sends each once and in order', async () => {
    const store = memory()
    const posted: string[] = []
    let down = true
    const box = new Outbox(store, 'k', (l) => {
      if (down) return Promise.reject(new Error('down'))
      posted.push(l.clientId)
      return Promise.resolve()
    })
    box.add(letter('1'))
    box.add(letter('2'))
    await turn()
    expect(posted).toEqual([])
    const later = new Outbox(store, 'k', (l) => {
      posted.push(l.clientId)
      return Promise.resolve()
    })
    down = false
    await Promise.all([later.flush(), later.flush()])
    expect(posted).toEqual(['1', '2'])
    expect(later.waiting).toEqual([])
    expect(store.getItem('k')).toBeNull()
  })
  it('sets a refused letter aside and goes on', async () => {
    const posted: string[] = []
    const box = new Outbox(memory(), 'k', (l) => {
      if (l.clientId === 'bad') return Promise.reject(Object.assign(new Error('too long'), { final: true }))
      posted.push(l.clientId)
      return Promise.resolve()
    })
    box.add(letter('bad'))
    box.add(letter('good'))
    await turn()
    await box.flush()
    expect(posted).toEqual(['good'])
    expect(box.waiting.map((l) => l.failed)).toEqual(['too long'])
  })
})
