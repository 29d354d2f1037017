import { afterEach, describe, expect, it, vi } from 'vitest'
import { backoff } from '../sdk/core/src/api.ts'
import { Live, patched, type Status } from '../sdk/core/src/live.ts'
import { turn, World } from './fake.ts'

afterEach(() => vi.unstubAllGlobals())

async function started(
  o: { eager?: boolean; token?: (refused: boolean) => Promise<string> } = {},
): Promise<{ live: Live; world: World; said: Status[] }> {
  const world = new World()
  const live = new Live('ws://x', o.token ?? (() => Promise.resolve('wst_1')), o.eager ?? true, world)
  const said: Status[] = []
  live.onStatus((s) => said.push(s))
  live.start()
  await turn()
  return { live, world, said }
}

/** A page with an eye on it or not, which can go online. */
function page(): { show(on: boolean): void; online(): void } {
  const heard = new Map<string, () => void>()
  const doc = { visibilityState: 'visible' }
  vi.stubGlobal('document', doc)
  vi.stubGlobal('addEventListener', (name: string, fn: () => void) => heard.set(name, fn))
  vi.stubGlobal('removeEventListener', (name: string) => heard.delete(name))
  return {
    show(on) {
      doc.visibilityState = on ? 'visible' : 'hidden'
      heard.get('visibilitychange')?.()
    },
    online: () => heard.get('online')?.(),
  }
}

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
    const { live, world } = await started()
    const heard: unknown[] = []
    live.open('list', { a: 1 }, (v) => heard.push(v))
    const first = world.last
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
    await world.pass(750)
    world.last.open()
    expect(world.last.sent[1]).toMatchObject({ id, view: 'list' })
    first.say({ id, seq: 99, value: { items: [] } })
    expect(heard, 'a socket that was left says nothing any more').toHaveLength(2)
    live.stop()
  })

  it('comes back with full jitter: 0 to 30 s doubling to 5 minutes, and within seconds where somebody looks', async () => {
    for (const [eager, bounds] of [
      [false, [30, 60, 120, 240, 300, 300, 300]],
      [true, [0.75, 1.25, 2.25, 4.25, 8.25, 16.25, 30.25, 30.25]],
    ] as const)
      for (const chance of [0, 0.5, 0.999999]) {
        const { live, world } = await started({ eager })
        world.chance = chance
        for (const most of bounds) {
          world.last.drop(1006)
          const least = eager ? 250 : 0
          const { ms } = world.waits.at(-1)!
          expect(ms).toBeCloseTo(least + chance * (most * 1000 - least), 0)
          const n = world.sockets.length
          await world.pass(Math.max(ms - 1, 0))
          if (ms > 1) expect(world.sockets, 'not before its time').toHaveLength(n)
          await world.pass(2)
          expect(world.sockets, 'one socket at a time').toHaveLength(n + 1)
        }
        live.stop()
      }
    expect([0, 1, 2, 50, 5000].map((n) => backoff(n, 30_000, 300_000, 1))).toEqual([30_000, 60_000, 120_000, 300_000, 300_000])
    const spread = Array.from({ length: 1000 }, () => backoff(0, 30_000, 300_000))
    expect(spread.filter((ms) => ms < 15_000).length, 'half of a thousand come in the first half').toBeGreaterThan(400)
    expect(spread.filter((ms) => ms < 15_000).length).toBeLessThan(600)
  })

  it('begins with short waits again only once the server answered, not when it is let in to be sent away', async () => {
    const { live, world } = await started()
    for (let i = 0; i < 5; i++) {
      world.last.open()
      world.last.drop(1013)
      await world.pass(world.waits.at(-1)!.ms)
    }
    world.last.open()
    world.last.drop(1013)
    expect(world.waits.at(-1)!.ms).toBe(250 + 500 * 2 ** 5)
    await world.pass(30_000)
    world.last.open()
    world.last.say({ fence: 1 })
    world.last.drop(1006)
    expect(world.waits.at(-1)!.ms).toBe(750)
    live.stop()
  })

  it('asks for another token when its own was refused, and only then', async () => {
    const asked: boolean[] = []
    const { live, world, said } = await started({
      token: (refused) => {
        asked.push(refused)
        return Promise.resolve('wst_' + asked.length)
      },
    })
    world.last.open()
    world.last.drop(1006)
    await world.pass(1000)
    world.last.open()
    world.last.drop(1008)
    expect(said.at(-1)).toBe('refused')
    await world.pass(3000)
    world.last.open()
    expect(world.last.sent[0]).toEqual({ auth: 'wst_3' })
    expect(asked).toEqual([false, false, true])
    live.stop()
  })

  it('goes on trying where no token is to be had', async () => {
    let down = true
    const { live, world } = await started({ token: () => (down ? Promise.reject(new Error('offline')) : Promise.resolve('wst_1')) })
    expect(world.sockets).toHaveLength(0)
    expect(live.status).toBe('offline')
    await world.pass(750)
    down = false
    await world.pass(1250)
    world.last.open()
    expect(live.status).toBe('open')
    live.stop()
  })

  it('is not opened for a page that nobody sees, and at once when one comes back to it', async () => {
    const p = page()
    const { live, world } = await started({ eager: false })
    world.last.open()
    world.last.drop(1006)
    p.show(false)
    p.online()
    await turn()
    expect(world.sockets).toHaveLength(1)
    p.show(true)
    await turn()
    expect(world.sockets).toHaveLength(2)
    p.online()
    p.online()
    await turn()
    expect(world.sockets, 'one at a time').toHaveLength(2)
    live.stop()
    p.online()
    await turn()
    expect(world.sockets, 'a stopped one stays away').toHaveLength(2)
    expect(world.waits).toEqual([])
  })

  it('that slept does not trust its socket: it asks for a sign, and leaves a dead one', async () => {
    for (const eager of [true, false]) {
      page()
      const { live, world } = await started({ eager })
      const old = world.last
      old.open()
      old.say({ fence: 1 })
      await world.sleep(8 * 3600_000)
      expect(old.sent.at(-1)).toEqual({ ping: 1 })
      await world.pass(10_000)
      expect(old.readyState, 'nothing came').toBe(3)
      expect(world.sockets).toHaveLength(2)
      world.last.open()
      expect(live.status).toBe('open')
      await world.sleep(3600_000)
      world.last.say({ pong: 1 })
      await world.pass(11_000)
      expect(world.sockets, 'a socket that answers is kept').toHaveLength(2)
      live.stop()
      expect(world.waits).toEqual([])
    }
  })

  it('asks for a sign when the network or the eye comes back, and when it was quiet for long while somebody looks', async () => {
    const p = page()
    const { live, world } = await started({ eager: false })
    world.last.open()
    await world.pass(110_000)
    expect(world.last.sent, 'an idle page costs the server nothing').toHaveLength(1)
    p.online()
    expect(world.last.sent.at(-1)).toEqual({ ping: 1 })
    world.last.say({ pong: 1 })
    live.hurry(true)
    world.last.say({ pong: 1 })
    const socket = world.last
    const n = socket.sent.length
    await world.pass(40_000)
    expect(socket.sent).toHaveLength(n)
    await world.pass(30_000)
    expect(socket.sent).toHaveLength(n + 1)
    live.stop()
  })

  it('hurries when somebody opens the messenger', async () => {
    page()
    const { live, world } = await started({ eager: false })
    world.last.drop(1006)
    expect(world.waits.at(-1)!.ms).toBe(30_000)
    live.hurry(true)
    await turn()
    expect(world.sockets).toHaveLength(2)
    world.last.drop(1006)
    expect(world.waits.at(-1)!.ms).toBeLessThanOrEqual(1250)
    live.stop()
  })

  it('gives up a view that nobody holds, and asks once for one that two hold', async () => {
    const { live, world } = await started()
    world.last.open()
    const off = [live.open('v', {}, () => {}), live.open('v', {}, () => {})]
    expect(world.last.sent.filter((f) => f.view === 'v')).toHaveLength(1)
    off[0]()
    expect(world.last.sent.at(-1)).toMatchObject({ view: 'v' })
    off[1]()
    expect(world.last.sent.at(-1)).toEqual({ id: 1 })
    live.stop()
  })
})
