import { afterEach, describe, expect, it, vi } from 'vitest'
import { call, CallError } from '../sdk/core/src/api.ts'
import { Session } from '../sdk/core/src/session.ts'
import { memory, problem, refusing, server, turn, type Asked } from './fake.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const hour = 3600_000
let time = 0
const visitor = (store = memory()): Session =>
  new Session(
    '',
    'W',
    store,
    () => ({}),
    () => time,
  )

/** A server that gives each boot and refresh a new token of one hour; its clock is not ours. */
function giving(other: (a: Asked, n: number) => object | Response | 'nothing' = () => ({})): Asked[] {
  let n = 0
  return server((a, i) => {
    const said = other(a, i)
    if (said === 'nothing' || said instanceof Response) return said
    if (a.door === 'widgetSessions.boot' || a.door === 'widgetSessions.refresh')
      return { sessionToken: 'wst_' + ++n, expiresAt: 1e15, lifetimeMs: hour, visitor: { id: 'V' } }
    return said
  })
}
const doors = (asked: Asked[]): string[] => asked.map((a) => a.door.replace('widgetSessions.', ''))

describe("a visitor's session", () => {
  it('is refreshed below a quarter of its life, once for all who ask, and not before', async () => {
    time = 0
    const asked = giving()
    const s = visitor()
    expect(await s.fresh()).toBe('wst_1')
    time = hour * 0.75
    expect(await s.fresh()).toBe('wst_1')
    time = hour * 0.75 + 1
    expect(await Promise.all([s.fresh(), s.fresh(), s.fresh()])).toEqual(['wst_2', 'wst_2', 'wst_2'])
    expect(doors(asked)).toEqual(['boot', 'refresh'])
    time += hour * 0.75
    expect(await s.fresh()).toBe('wst_2') // a full life again
    expect(asked).toHaveLength(2)
  })

  it('is booted anew after sleep, with the same secret, so that it stays the same visitor', async () => {
    time = 0
    const asked = giving()
    const s = visitor()
    await s.fresh()
    time = 3 * hour
    expect(await Promise.all([s.fresh(), s.fresh()])).toEqual(['wst_2', 'wst_2'])
    expect(doors(asked)).toEqual(['boot', 'boot'])
    expect(asked[0].args.sessionId).toMatch(/^[\w-]{43}$/)
    expect(asked[1].args.sessionId).toBe(asked[0].args.sessionId)
  })

  it("counts its life by this device's clock, however wrong that is", async () => {
    time = 2e15 // long after what the server calls the end
    const asked = giving()
    const s = visitor()
    await s.fresh()
    await s.fresh()
    expect(doors(asked)).toEqual(['boot'])
    time -= hour // somebody sets the clock back
    expect(await s.fresh()).toBe('wst_1')
  })

  it('goes on with what it has while the server cannot be reached', async () => {
    time = 0
    let down = false
    const asked = giving(() => (down ? 'nothing' : {}))
    const s = visitor()
    await s.fresh()
    down = true
    time = hour * 0.9
    expect(await s.fresh()).toBe('wst_1')
    down = false
    expect(await s.fresh()).toBe('wst_2')
    expect(doors(asked)).toEqual(['boot', 'refresh', 'refresh'])
  })

  it('is booted anew where a refresh was done but its answer lost', async () => {
    time = 0
    const asked = giving((a, i) =>
      i === 2 ? 'nothing' : a.door === 'messages.send' && a.token === 'wst_1' ? problem(401, 'unauthenticated') : {},
    )
    const s = visitor()
    await s.fresh()
    time = hour * 0.9
    await s.call('messages.send', { clientId: 'm' })
    expect(asked.at(-1)).toMatchObject({ door: 'messages.send', args: { clientId: 'm' } })
    expect(asked.at(-1)!.token).not.toBe('wst_1')
  })

  it('that is revoked in the middle is booted anew once, and what was asked is asked again', async () => {
    time = 0
    const asked = giving((a) => (a.door === 'messages.send' && a.token === 'wst_1' ? problem(401, 'unauthenticated') : {}))
    const s = visitor()
    await s.fresh()
    await Promise.all([s.call('messages.send', { clientId: 'a' }), s.call('messages.send', { clientId: 'b' })])
    expect(doors(asked).filter((d) => d === 'boot')).toHaveLength(2)
    expect(asked.filter((a) => a.token === 'wst_2').map((a) => a.args.clientId)).toEqual(['a', 'b'])
  })

  it('does not ask for ever where the server refuses every session', async () => {
    time = 0
    const asked = giving((a) => (a.door === 'messages.send' ? problem(401, 'unauthenticated') : {}))
    await expect(visitor().call('messages.send', {})).rejects.toMatchObject({ status: 401 })
    expect(doors(asked)).toEqual(['boot', 'messages.send', 'boot', 'messages.send'])
  })

  it('lives as long as the page where storage is refused', async () => {
    time = 0
    const asked = giving()
    const s = visitor(refusing)
    await s.fresh()
    expect(await s.fresh()).toBe('wst_1')
    await s.end()
    expect(doors(asked)).toEqual(['boot', 'revoke'])
  })

  it('is forgotten at once when it ends, whether or not the server answers', async () => {
    time = 0
    giving((a) => (a.door === 'widgetSessions.revoke' ? 'nothing' : {}))
    const store = memory()
    const s = visitor(store)
    await s.fresh()
    expect(store.getItem('deskbell.secret.W')).toBeTruthy()
    void s.end()
    expect(store.getItem('deskbell.secret.W')).toBeFalsy()
  })

  it('keeps its secret where storage is refused, for as long as the page lives', async () => {
    time = 0
    const asked = giving()
    const s = visitor(refusing)
    await s.fresh()
    time = 3 * hour
    await s.fresh()
    expect(asked[1].args.sessionId).toBe(asked[0].args.sessionId)
  })

  it('does not boot with a secret that is none', async () => {
    time = 0
    for (const kept of ['', 'short', 'x'.repeat(44), ' '.repeat(43)]) {
      const asked = giving()
      const store = memory()
      store.setItem('deskbell.secret.W', kept)
      await visitor(store).fresh()
      expect(asked[0].args.sessionId).toMatch(/^[\w-]{43}$/)
      expect(store.getItem('deskbell.secret.W')).toBe(asked[0].args.sessionId)
    }
  })

  it('of two tabs is of one visitor, each with a token of its own', async () => {
    time = 0
    const asked = giving()
    const store = memory()
    const [a, b] = [visitor(store), visitor(store)]
    expect(await a.fresh()).not.toBe(await b.fresh())
    expect(asked[0].args.sessionId).toBe(asked[1].args.sessionId)
    await a.end()
    await visitor(store).fresh()
    expect(asked.at(-1)!.args.sessionId, 'after the end somebody else comes').not.toBe(asked[0].args.sessionId)
  })

  it('asks the server a second time for a token that the socket had refused', async () => {
    time = 0
    giving()
    const s = visitor()
    await s.fresh()
    expect(await s.fresh(true)).toBe('wst_2')
    expect(await s.fresh()).toBe('wst_2')
  })
})

describe('a call', () => {
  const failure = (p: Promise<unknown>): Promise<CallError> =>
    p.then(
      () => Promise.reject(new Error('it was taken for an answer')),
      (e: CallError) => e,
    )
  it('tells how long the server asks to be left alone, within bounds', async () => {
    for (const [said, ms] of [
      ['7', 7000],
      ['86400', 300_000],
      ['-1', 0],
      ['Wed, 21 Oct 2026 07:28:00 GMT', 0],
      ['', 0],
    ] as const) {
      server(() => problem(429, 'rate_limited', { 'Retry-After': said }))
      expect((await failure(call('', 'messages.send', {}))).waitMs, said).toBe(ms)
    }
  })
  it('does not take the page of a hotel for an answer of the server, whatever its status', async () => {
    for (const status of [200, 302, 403, 404, 511]) {
      server(() => new Response('<html>Please sign in to the Wi-Fi</html>', { status }))
      expect(await failure(call('', 'messages.send', {})), String(status)).toMatchObject({ status: 0, problem: { code: 'offline' } })
    }
  })
  it('that is never answered counts as not answered, after its time', async () => {
    vi.useFakeTimers()
    server(() => 'never')
    const said = failure(call('', 'messages.send', {}, { within: 30_000 }))
    let done = false
    void said.then(() => {
      done = true
    })
    await vi.advanceTimersByTimeAsync(29_999)
    expect(done).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect((await said).problem.code).toBe('offline')
  })
})

it('two who ask at once during a boot wait for one boot', async () => {
  time = 0
  const asked = giving()
  const s = visitor()
  await Promise.all([s.fresh(), s.fresh(true), s.call('messages.list', {})])
  await turn()
  expect(doors(asked)).toEqual(['boot', 'messages.list'])
})
