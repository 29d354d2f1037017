// A conversation of 1,500 messages, on both sides: only what is near the eye stands in the page, one reads back to the first
// message without what one reads ever moving, what comes meanwhile moves nothing either, and a link leads to a message.
// Usage: node long.mjs BINARY CHROMIUM [SCREENSHOTS]

import assert from 'node:assert/strict'
import { stage, until } from './stage.mjs'

const many = 1500
const s = await stage('long', process.argv.slice(2))
const ask = async (door, args, headers) => {
  const r = await fetch(s.url + '/api/' + door, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(args),
  })
  assert.equal(r.status, 200, door + ': ' + r.status)
  return r.json()
}
const wrapped = (n) => 'and more words '.repeat((n * 7) % 40) + '\n\nnew line'.repeat(n % 3)

/** Holds back the answers that carry older messages, until what stands there has been measured. */
async function held(page) {
  const waiting = []
  let open = false
  await page.route('**/api/messages.list', async (route) => {
    if (open) return route.continue()
    await new Promise((ok) => waiting.push(ok))
    return route.continue()
  })
  return {
    waits: () => until('older messages are asked for', () => waiting.length > 0),
    release: () => waiting.splice(0).forEach((ok) => ok()),
    through() {
      open = true
      this.release()
    },
  }
}
/** The live sockets of pages, which can be cut and mended. */
function cables() {
  const open = new Set()
  let cut = false
  return {
    join: (page) =>
      page.routeWebSocket(/\/live$/, (socket) => {
        if (cut) return socket.close({ code: 1012 })
        socket.connectToServer()
        open.add(socket)
      }),
    cut() {
      cut = true
      for (const socket of open) socket.close({ code: 1012 })
      open.clear()
    },
    mend() {
      cut = false
    },
  }
}
/** Where the rows stand that can be seen, when two frames have passed. */
const shown = (where, box, row) =>
  where.evaluate(
    ([box, row]) =>
      new Promise((ok) =>
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            const edge = document.querySelector(box).getBoundingClientRect()
            ok(
              Object.fromEntries(
                [...document.querySelectorAll(`${box} ${row}`)]
                  .map((e) => [e.dataset.id, e.querySelector('.bubble')?.getBoundingClientRect()])
                  .filter(([, r]) => r && r.bottom > edge.top && r.top < edge.bottom)
                  .map(([id, r]) => [id, Math.round(r.top)]),
              ),
            )
          }),
        ),
      ),
    [box, row],
  )
/** Where the rows stand that can be seen, once they are measured and rest there. */
async function seen(where, box, row) {
  let last = ''
  return until('the rows rest', async () => {
    const rows = await shown(where, box, row)
    const rest = last === JSON.stringify(rows)
    last = JSON.stringify(rows)
    return rest && rows
  })
}
/** What can be seen in both stands where it stood. */
function still(before, after, what) {
  const both = Object.keys(before).filter((id) => id in after)
  assert(both.length > 0, what + ': nothing of it is left')
  for (const id of both) assert(Math.abs(before[id] - after[id]) <= 1, `${what}: moved by ${after[id] - before[id]}`)
}

try {
  const lines = cables()
  const agent = await s.open('agent')
  await lines.join(agent)
  const door = await s.signIn(agent)
  await door('aiAgent.updateSettings', { enabled: false })
  const { id: workspaceId } = await door('workspaces.get')
  const secret = 'l'.repeat(43)
  const { sessionToken } = await ask('widgetSessions.boot', { workspaceId, sessionId: secret, user: { name: 'Longin Lang' } })
  const visitor = { Authorization: 'Bearer ' + sessionToken }
  const { conversation } = await ask('conversations.start', { content: 'The very first' }, visitor)
  const conversationId = conversation.id
  await Promise.all(
    [0, 1, 2, 3].map(async (k) => {
      const { token } = await ask('auth.signIn', { email: 'owner@demo.test', password: 'demo-password-1', token: true })
      for (let n = k + 1; n < many; n += 4)
        await ask(
          'messages.send',
          { workspaceId, conversationId, content: `Message ${n} ${wrapped(n)}` },
          { Authorization: 'Bearer ' + token },
        )
    }),
  )
  await ask('messages.send', { conversationId, content: 'The newest' }, visitor)

  // The dashboard begins at the end.
  const rows = agent.locator('.roll')
  const bounded = async () => {
    const { n, order } = await agent.evaluate(() => ({
      n: document.querySelectorAll('.messages *').length,
      order: [...document.querySelectorAll('.roll')].map((e) => Number(e.dataset.index)),
    }))
    assert(order.length <= 120, order.length + ' messages stand in the page')
    assert(n <= 2400, n + ' elements stand in the page')
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
      'a screen reader hears them in their order',
    )
  }
  const hold = await held(agent)
  await agent.goto(`${s.url}/app/inbox/all/${conversationId}`)
  const newest = rows.filter({ hasText: 'The newest' })
  await newest.waitFor()
  await until('the newest is on the screen', async () => (await newest.boundingBox())?.y < 800)
  await bounded()
  const box = agent.getByRole('region', { name: 'Messages' })

  // Older messages come above what is read; it stays where it is, and so does the focus.
  await box.evaluate((e) => e.scrollTo(0, 300))
  await hold.waits()
  const link = rows.nth(5).locator('.bubble')
  await link.evaluate((e) => {
    e.tabIndex = -1
    e.focus()
    e.scrollIntoView()
  })
  const words = await link.textContent()
  let before = await seen(agent, '.messages', '.roll')
  const place = () => rows.first().getAttribute('aria-posinset')
  const size = () => box.evaluate((e) => e.scrollHeight)
  let was = await size()
  hold.release()
  await until('older messages stand above', async () => (await size()) > was + 1000)
  still(before, await seen(agent, '.messages', '.roll'), 'older messages came')
  hold.through()
  await box.evaluate((e) => e.scrollTo(0, e.scrollHeight))
  await newest.waitFor()
  assert.equal(await agent.evaluate(() => document.activeElement.textContent), words, 'what has the focus stays in the page')
  await agent.evaluate(() => document.activeElement.blur())

  // Up to the first, by the keyboard.
  await box.focus()
  const first = rows.filter({ hasText: 'The very first' })
  for (let i = 0; !(await first.count()); i++) {
    assert(i < 80, 'the first message is never reached')
    was = await size()
    await agent.keyboard.press('Home')
    await until('older messages, or the first', async () => (await first.count()) || (await size()) > was)
    await bounded()
  }
  await agent.keyboard.press('Home')
  await until('the first is on the screen', () => first.isVisible())
  await until('nothing is older', async () => (await agent.getByRole('button', { name: 'Load older messages' }).count()) === 0)
  assert.equal(await first.getAttribute('aria-setsize'), String(many + 1))
  await bounded()
  await s.shot(agent, 'first')

  // What comes meanwhile moves nothing; at the end it is there.
  before = await seen(agent, '.messages', '.roll')
  await ask('messages.send', { conversationId, content: 'Meanwhile' }, visitor)
  await agent.locator('.conv', { hasText: 'Meanwhile' }).waitFor()
  const pill = agent.locator('.messages').getByRole('button', { name: '1 new', exact: true })
  await pill.waitFor()
  still(before, await seen(agent, '.messages', '.roll'), 'a message came')
  await s.shot(agent, 'meanwhile')
  await pill.click()
  const meanwhile = rows.filter({ hasText: 'Meanwhile' })
  await meanwhile.waitFor()
  await until('what is far above is let go', async () => Number(await place()) < 400)
  await box.focus()
  await agent.keyboard.press('PageUp')
  await agent.keyboard.press('PageUp')
  await agent.keyboard.press('PageUp')
  await agent.getByRole('button', { name: 'To the newest' }).waitFor()
  await agent.keyboard.press('End')
  await agent.getByRole('button', { name: 'To the newest' }).waitFor({ state: 'detached' })
  await ask('messages.send', { conversationId, content: 'Followed' }, visitor)
  const followed = rows.filter({ hasText: 'Followed' })
  await followed.waitFor()
  await until('the end is followed', async () => (await followed.boundingBox())?.y < 800)
  await bounded()

  // A link leads to a message far above.
  const middle = await ask('messages.list', { conversationId, limit: 100, before: await newest.getAttribute('data-id') }, visitor)
  let aim = middle
  for (let i = 0; i < 10; i++) aim = await ask('messages.list', { conversationId, limit: 100, before: aim.items[0].id }, visitor)
  const target = aim.items[50]
  await agent.goto(`${s.url}/app/inbox/all/${conversationId}?m=${target.id}`)
  const aimed = agent.locator('.roll.aimed')
  await aimed.waitFor()
  await until('it is in the middle', async () => {
    const b = await aimed.boundingBox()
    return b && b.y > 100 && b.y < 700
  })
  assert.equal(await aimed.getAttribute('data-id'), target.id)
  await s.look(agent, 'link', [1440, 390])

  // The messenger: a hundred messages in the page at most, back to the first, and to the newest again.
  const shop = await s.open('visitor', { viewport: { width: 1024, height: 800 } })
  await lines.join(shop)
  await shop.addInitScript(([of, secret]) => localStorage.setItem('deskbell.secret.' + of, secret), [workspaceId, secret])
  const shelf = await held(shop)
  await shop.goto(s.url + '/demo')
  await shop.getByRole('button', { name: /^Open messenger/ }).click()
  const messenger = shop.frameLocator('iframe[title="Messenger"]')
  await messenger.locator('.card', { hasText: 'Followed' }).click()
  const said = messenger.locator('.m')
  await said.filter({ hasText: 'Followed' }).waitFor()
  const frame = shop.frames().find((f) => f.url().includes('/widget/messenger'))
  const few = async () => assert((await said.count()) <= 101, (await said.count()) + ' messages stand in the messenger')
  const scroll = (to) => frame.evaluate((to) => document.querySelector('.thread').scrollTo(0, to), to)
  const begins = () => said.first().getAttribute('data-id')
  await until('the newest is looked at', () =>
    frame.evaluate(() => {
      const b = document.querySelector('.thread')
      return b.scrollTop > 0 && b.scrollHeight - b.scrollTop - b.clientHeight < 2
    }),
  )
  await scroll(200)
  await shelf.waits()
  before = await seen(frame, '.thread', '.m')
  let top = await begins()
  shelf.release()
  await until('older messages stand above', async () => (await begins()) !== top)
  still(before, await seen(frame, '.thread', '.m'), 'older messages came in the messenger')
  shelf.through()
  for (let i = 0; !(await said.filter({ hasText: 'The very first' }).count()); i++) {
    assert(i < 160, 'the first message is never reached in the messenger')
    top = await begins()
    await scroll(1)
    await scroll(0)
    await until('older messages in the messenger', async () => (await begins()) !== top)
    await few()
  }
  await until('nothing is older in the messenger', async () => (await messenger.getByText('Load older messages').count()) === 0)
  before = await seen(frame, '.thread', '.m')
  await ask('messages.send', { conversationId, content: 'While reading back' }, visitor)
  await agent.locator('.conv', { hasText: 'While reading back' }).waitFor()
  still(before, await seen(frame, '.thread', '.m'), 'a message came in the messenger')
  for (let i = 0; !(await said.filter({ hasText: 'While reading back' }).count()); i++) {
    assert(i < 160, 'the newest message is never reached in the messenger')
    const end = await said.last().getAttribute('data-id')
    await scroll(1e7)
    await until('newer messages in the messenger', async () => (await said.last().getAttribute('data-id')) !== end)
    await few()
  }
  await s.lookInside(shop, 'newest')

  // Somebody is away while more comes than a page holds: what was read and what came stand together, nothing between is missing.
  await agent.goto(`${s.url}/app/inbox/all/${conversationId}`)
  await rows.filter({ hasText: 'While reading back' }).waitFor()
  const last = said.filter({ hasText: 'While reading back' })
  await last.waitFor()
  lines.cut()
  await agent.getByText('Offline').first().waitFor()
  const { token } = await ask('auth.signIn', { email: 'owner@demo.test', password: 'demo-password-1', token: true })
  const missed = 130
  for (let n = 1; n <= missed; n++)
    await ask('messages.send', { workspaceId, conversationId, content: `Missed ${n}.` }, { Authorization: 'Bearer ' + token })
  lines.mend()
  const whole = async (what, list, up) => {
    const texts = new Map()
    await until(what + ': what was read before is reached', async () => {
      for (const [id, text] of await list.evaluateAll((all) =>
        all.map((e) => [e.dataset.id, e.querySelector('.bubble')?.textContent ?? '']),
      ))
        texts.set(/Missed \d+\.|While reading back/.exec(text)?.[0] ?? text, id)
      await up()
      return texts.has('While reading back')
    })
    for (let n = 1; n <= missed; n++) assert(texts.has(`Missed ${n}.`), `${what}: number ${n} is missing`)
  }
  await rows.filter({ hasText: `Missed ${missed}.` }).waitFor()
  await said.filter({ hasText: `Missed ${missed}.` }).waitFor()
  await box.focus()
  await whole('dashboard', rows, async () => {
    await agent.keyboard.press('PageUp')
    await shown(agent, '.messages', '.roll') // or three pages go by between two looks
  })
  await whole('messenger', said, async () => {
    await frame.evaluate(() => document.querySelector('.thread').scrollBy(0, -300))
    await shown(frame, '.thread', '.m')
  })
  s.check()
  console.log('long: read back to the first of ' + many + ' on both sides, nothing moved, and nothing is missing after an absence')
} catch (e) {
  await s.failed()
  throw e
} finally {
  await s.end()
}
