import { describe, expect, it } from 'vitest'
import { Outbox, type Letter, type Store } from '../sdk/core/src/outbox.ts'
import { letter, memory, refusing, turn } from './fake.ts'

const lost = (): Error => new Error('no connection')
const refusal = (why: string): Error => Object.assign(new Error(why), { final: true })

/** A server that knows messages by their clientId, and fails as it is told to: before it took one, or after. */
function post(): {
  got: string[]
  tries: string[]
  fail: (l: Letter) => 'before' | 'after' | Error | undefined
  send: (l: Letter) => Promise<void>
} {
  const s = {
    got: [] as string[],
    tries: [] as string[],
    fail: (_: Letter): 'before' | 'after' | Error | undefined => undefined,
    send: async (l: Letter): Promise<void> => {
      s.tries.push(l.clientId)
      const f = s.fail(l)
      await turn()
      if (f instanceof Error) throw f
      if (f !== 'before' && !s.got.includes(l.clientId)) s.got.push(l.clientId)
      if (f) throw lost()
    },
  }
  return s
}
const settle = async (...boxes: Outbox[]): Promise<void> => {
  for (let i = 0; i < 20; i++) {
    await Promise.all(boxes.map((b) => b.flush()))
    await turn()
  }
}

describe('messages that wait', () => {
  it('are kept over a reload, and sent once and in their order', async () => {
    const store = memory()
    const s = post()
    s.fail = () => 'before'
    const before = new Outbox(store, 'k', s.send)
    for (const id of ['1', '2', '3']) before.add(letter(id))
    await settle(before)
    expect(s.got).toEqual([])
    s.fail = () => undefined
    const after = new Outbox(store, 'k', s.send)
    expect(after.waiting.map((l) => l.clientId)).toEqual(['1', '2', '3'])
    await Promise.all([after.flush(), after.flush()])
    expect(s.got).toEqual(['1', '2', '3'])
    expect(after.waiting).toEqual([])
    expect(store.length).toBe(0)
  })

  it('whose answer was lost go again under the same clientId, over a reload too, and never overtake', async () => {
    const store = memory()
    const s = post()
    s.fail = (l) => (l.clientId === '1' ? 'after' : undefined)
    const box = new Outbox(store, 'k', s.send)
    box.add(letter('1'))
    box.add(letter('2'))
    await settle(box)
    expect(s.got).toEqual(['1'])
    expect(s.tries, 'the second does not pass the first').not.toContain('2')
    s.fail = () => undefined
    await settle(new Outbox(store, 'k', s.send))
    expect(s.got).toEqual(['1', '2'])
    expect(s.tries.at(-1)).toBe('2')
  })

  it('that are refused are set aside with the reason; what follows goes on; a try again is a choice', async () => {
    const s = post()
    let strict = true
    s.fail = (l) => (strict && l.clientId === 'bad' ? refusal('too long') : undefined)
    const box = new Outbox(memory(), 'k', s.send)
    box.add(letter('bad'))
    box.add(letter('good'))
    await settle(box)
    expect(s.got).toEqual(['good'])
    expect(box.waiting.map((l) => [l.clientId, l.failed])).toEqual([['bad', 'too long']])
    expect(
      s.tries.filter((t) => t === 'bad'),
      'it is not asked for ever',
    ).toHaveLength(1)
    strict = false
    box.retry('bad')
    await settle(box)
    expect(s.got).toEqual(['good', 'bad'])
  })

  it('keep with the reason what the refusal told of them, until they are tried again', async () => {
    const s = post()
    let missed: string | undefined = '7'
    s.fail = () => (missed ? Object.assign(refusal('somebody wrote'), { change: { missed } }) : undefined)
    const box = new Outbox<Letter & { missed?: string }>(memory(), 'k', s.send)
    box.add(letter('a'))
    await settle(box)
    expect(box.waiting.map((l) => [l.failed, l.missed, l.content])).toEqual([['somebody wrote', '7', letter('a').content]])
    missed = undefined
    box.retry('a', { missed })
    expect(box.waiting.map((l) => [l.failed, l.missed])).toEqual([[undefined, undefined]])
    await settle(box)
    expect(s.got).toEqual(['a'])
  })

  it('leave the server alone for as long as it asked, and not longer', async () => {
    const s = post()
    let now = 0
    s.fail = () => (now < 7000 ? Object.assign(new Error('slow down'), { waitMs: 7000 }) : undefined)
    const box = new Outbox(memory(), 'k', s.send, () => now)
    box.add(letter('1'))
    await settle(box)
    box.add(letter('2'))
    now = 6999
    await settle(box)
    expect(s.tries).toEqual(['1'])
    now = 7000
    await settle(box)
    expect(s.got).toEqual(['1', '2'])
  })

  it('are at most fifty; the one too many is refused and none is pushed out', () => {
    const store = memory()
    const s = post()
    s.fail = () => 'before'
    const box = new Outbox(store, 'k', s.send)
    for (let i = 0; i < 50; i++) expect(box.add(letter(String(i)))).toBe(true)
    expect(box.add(letter('50'))).toBe(false)
    expect(box.waiting).toHaveLength(50)
    expect(new Outbox(store, 'k', s.send).add(letter('51')), 'in another tab too').toBe(false)
    box.drop('7')
    expect(box.add(letter('50'))).toBe(true)
  })

  it('live as long as the page where storage is refused or full, and are still sent once', async () => {
    const full: Store = { ...memory(), setItem: refusing.setItem }
    for (const store of [refusing, full]) {
      const s = post()
      s.fail = () => 'before'
      const box = new Outbox(store, 'k', s.send)
      box.add(letter('1'))
      box.add(letter('2'))
      await settle(box)
      expect(box.waiting.map((l) => l.clientId)).toEqual(['1', '2'])
      s.fail = () => undefined
      await settle(box)
      expect(s.got).toEqual(['1', '2'])
      expect(box.waiting).toEqual([])
    }
  })

  it('of two tabs are shared: none is lost, none is sent twice, each sees the others', async () => {
    const store = memory()
    const s = post()
    s.fail = () => 'before'
    const a = new Outbox(store, 'k', s.send)
    const b = new Outbox(store, 'k', s.send)
    a.add(letter('1'))
    b.add(letter('2'))
    a.add(letter('3'))
    b.heard('k.3') // what the browser's storage event says
    expect(b.waiting.map((l) => l.clientId)).toEqual(['1', '2', '3'])
    s.fail = () => undefined
    await settle(a, b)
    expect(s.got).toEqual(['1', '2', '3'])
    expect(store.length).toBe(0)
    b.add(letter('4'))
    await settle(b)
    expect(s.got).toEqual(['1', '2', '3', '4'])
  })

  it('of two tabs that write at the same moment stay, though neither sees yet what the other wrote', async () => {
    const store = memory()
    const late = new Map<string, string>() // what the other tab's process has not heard of yet
    const behind: Store = {
      get length() {
        return late.size
      },
      key: (n) => [...late.keys()][n] ?? null,
      getItem: (k) => late.get(k) ?? null,
      setItem: (k, v) => {
        late.set(k, v)
        store.setItem(k, v)
      },
      removeItem: (k) => {
        late.delete(k)
        store.removeItem(k)
      },
    }
    const s = post()
    s.fail = () => 'before'
    const a = new Outbox(store, 'k', s.send)
    const b = new Outbox(behind, 'k', s.send)
    a.add(letter('1'))
    b.add(letter('2'))
    b.drop('2')
    b.add(letter('3'))
    a.heard('k.3')
    expect(a.waiting.map((l) => l.clientId)).toEqual(['1', '3'])
  })

  it('that one tab gave up do not come back when another is told that they are refused', async () => {
    const store = memory()
    let refuse = (_: Error): void => {}
    const a = new Outbox(store, 'k', () => new Promise<void>((_, no) => (refuse = no)))
    a.add(letter('1'))
    const b = new Outbox(store, 'k', () => new Promise(() => {}))
    b.drop('1')
    refuse(refusal('no'))
    await settle(a)
    expect([a.waiting, b.waiting, store.length]).toEqual([[], [], 0])
  })

  it('whose tab was closed while it sent go out from the other', async () => {
    const store = memory()
    const s = post()
    s.fail = () => 'before'
    new Outbox(store, 'k', () => new Promise(() => {})).add(letter('1')) // never comes back
    const b = new Outbox(store, 'k', s.send)
    s.fail = () => undefined
    b.add(letter('2'))
    await settle(b)
    expect(s.got).toEqual(['1', '2'])
  })
})

describe('a conversation that begins while offline', () => {
  const starting = (s: ReturnType<typeof post>, store: Store): { box: Outbox; threads: Array<[string, string | null]> } => {
    const threads: Array<[string, string | null]> = []
    const box: Outbox = new Outbox(store, 'k', async (l) => {
      await s.send(l)
      threads.push([l.clientId, l.conversationId])
      if (!l.conversationId || l.conversationId.startsWith('new:')) box.began(l.conversationId ?? 'new:' + l.clientId, 'real')
    })
    return { box, threads }
  }
  it('is begun by its first message; the others wait for its id, over a reload too', async () => {
    const store = memory()
    const s = post()
    s.fail = () => 'before'
    const { box } = starting(s, store)
    box.add(letter('1', null))
    box.add(letter('2', 'new:1'))
    await settle(box)
    expect(s.tries).not.toContain('2')
    s.fail = () => undefined
    const later = starting(s, store)
    await settle(later.box)
    expect(later.threads).toEqual([
      ['1', null],
      ['2', 'real'],
    ])
  })
  it('whose first message is refused is begun by the next once the first is given up', async () => {
    const s = post()
    s.fail = (l) => (l.clientId === '1' ? refusal('no') : undefined)
    const { box, threads } = starting(s, memory())
    box.add(letter('1', null))
    box.add(letter('2', 'new:1'))
    box.add(letter('3', 'new:1'))
    await settle(box)
    expect(s.got).toEqual([])
    box.drop('1')
    await settle(box)
    expect(threads).toEqual([
      ['2', 'new:1'],
      ['3', 'real'],
    ])
  })
})

it('what is kept but no letter is left out, whatever it is', async () => {
  for (const kept of [
    'null',
    '5',
    '"x"',
    '{}',
    '[null,1,"x",{}]',
    '{"clientId":1}',
    '{"length":3}',
    'no json',
    '{"__proto__":{"clientId":"x"}}',
    JSON.stringify({ ...letter('x'), at: 'soon' }),
    JSON.stringify(letter('of another name')),
  ]) {
    const store = memory()
    store.setItem('k.x', kept)
    store.setItem('kin', JSON.stringify(letter('in')))
    const s = post()
    const box = new Outbox(store, 'k', s.send)
    expect(box.waiting, kept).toEqual([])
    box.add(letter('1'))
    await settle(box)
    expect(s.got, kept).toEqual(['1'])
  }
})
