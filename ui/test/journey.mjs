// The main job in real browsers: set-up link → wizard → the snippet on a page of another site → message → inbox →
// answer → visitor; then reloads on both sides, a kill -9 in mid-conversation with both sides open, and what both write
// while nothing can be reached. Nothing is lost, nothing comes twice, the order stays, and the numbers are right.
// Usage: node journey.mjs BINARY CHROMIUM [SCREENSHOTS]

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { post, stage, until } from './stage.mjs'

let snippet = ''
const shop = createServer((_, w) => {
  w.setHeader('Content-Type', 'text/html')
  w.end(`<!doctype html><html lang="en"><title>Shop</title><h1>Lamps</h1>${snippet}`)
})
await new Promise((ok) => shop.listen(0, '127.0.0.1', ok))
const shopHost = `shop.example:${shop.address().port}`
const otherHost = `other.example:${shop.address().port}`
const s = await stage('journey', process.argv.slice(2), { flags: [], site: 'desk.test', hosts: [shopHost, otherHost] })
const exactly = (where, name) => where.getByRole('button', { name, exact: true })

try {
  const agent = await s.open('agent')
  await agent.goto(s.url + '/setup?token=none')
  await agent.getByText('This set-up link is not valid (any longer)').waitFor()
  const link = await until('the server says where to begin', () => /http\S+\s/.exec(s.said())?.[0].trim())
  await agent.goto(link)
  await s.shot(agent, 'setup-1')
  await agent.getByLabel('Name').fill('   ')
  await agent.getByLabel('E-mail').fill('ann@shop')
  await agent.getByLabel('Password').fill('correct horse')
  await agent.getByRole('button', { name: 'Continue' }).click()
  assert.equal(await agent.evaluate(() => document.activeElement.validationMessage), 'Fill in this field.', 'spaces are no name')
  await agent.getByLabel('Name').fill('Ann Berg')
  await agent.getByRole('button', { name: 'Continue' }).click()
  await agent.getByLabel('Name of your business').fill('Nordlicht')
  await agent.getByRole('button', { name: 'Create workspace' }).click()
  await agent.getByRole('alert').getByText('This is not an e-mail address.').waitFor()
  await agent.getByLabel('E-mail').fill('ann@shop.example')
  await agent.getByRole('button', { name: 'Continue' }).click()
  assert.equal(await agent.getByLabel('Name of your business').inputValue(), 'Nordlicht', 'nothing has to be written twice')
  await agent.goBack()
  await agent.getByRole('button', { name: 'Continue' }).click()
  const where = agent.getByLabel('Where will the messenger live?')
  await where.fill('our shop')
  await agent.getByRole('button', { name: 'Create workspace' }).click()
  await agent.getByRole('alert').getByText('Write the address of your site').waitFor()
  await where.fill(`http://${shopHost}`)
  await agent.getByRole('button', { name: 'Create workspace' }).click()
  snippet = await agent.locator('pre code').textContent()
  assert.match(snippet, /workspaceId: "[0-9A-Z]{13}"/)
  await agent.getByRole('button', { name: 'Copy' }).click() // on a page without TLS, where browsers do it only in the old way
  await agent.getByRole('button', { name: 'Copied' }).waitFor()
  await agent.getByText('Waiting for the first visit').waitFor()
  assert.equal(await agent.getByText('Connected').count(), 0, 'nobody has visited yet')
  for (const site of [`http://${shopHost}`, `http://*.${shopHost}`]) await agent.getByText(site, { exact: true }).waitFor()
  await agent.getByRole('button', { name: 'Allow localhost too' }).click()
  await agent.getByText('http://localhost:*', { exact: true }).waitFor()

  // A site that was not named gets no messenger, and connects nothing.
  const stranger = await s.open('stranger')
  const told = []
  stranger.on('console', (m) => told.push(m.text()))
  await stranger.goto(`http://${otherHost}/`)
  await until('the developer of the other site is told', () => told.some((x) => x.includes('allowed origins')))
  assert.equal(await stranger.getByRole('button', { name: 'Open messenger' }).count(), 0)
  assert.equal(await agent.getByText('Connected').count(), 0, 'nor has anybody where it may live')
  await stranger.context().close()

  const visitor = await s.open('visitor', { viewport: { width: 1280, height: 800 } })
  const noise = []
  visitor.on('console', (m) => noise.push(m.text()))
  await visitor.goto(`http://${shopHost}/`)
  await agent.getByText('Connected').waitFor()
  await s.look(agent, 'setup-3', [1440, 390])

  // The messenger beside it is the real one; whoever reloads now goes on inside, and finds what was written.
  const tried = agent.frameLocator('iframe')
  await tried.getByText('Hello Ann').waitFor()
  await agent.getByRole('button', { name: 'Write one' }).click()
  const asking = tried.locator('.compose textarea')
  await until('the words stand there', async () => (await asking.inputValue()) === 'Is anybody there?')
  await asking.press('Enter')
  await tried.locator('.m.me', { hasText: 'Is anybody there?' }).waitFor()
  await agent.reload()
  await agent.getByRole('heading', { name: /Make it yours/ }).waitFor()
  await agent.getByRole('link', { name: 'Inbox' }).click()
  await agent.getByRole('link', { name: /All open/ }).click()
  const test = agent.locator('.conv', { hasText: 'Is anybody there?' })
  await test.click()
  await test.locator('.count').waitFor({ state: 'detached' })
  const used = await fetch(link.replace('desk.test', '127.0.0.1').replace('/setup', '/api/auth.setup'), { method: 'POST' })
  assert.notEqual(used.status, 200, 'the set-up link works once')

  await visitor.getByRole('button', { name: 'Open messenger' }).click()
  const messenger = visitor.frameLocator('iframe[title="Messenger"]')
  await exactly(messenger, 'Close').waitFor()
  await messenger.getByRole('button', { name: 'Send us a message' }).waitFor()
  await s.lookInside(visitor, 'home')
  const line = messenger.getByLabel('Write a message')
  const say = async (text) => {
    await line.fill(text)
    await exactly(messenger, 'Send').click()
  }
  await messenger.getByRole('button', { name: 'Send us a message' }).first().click()
  await say('Does the Polar lamp run on 110 V?')

  // An answer is held for a moment, as it is at first; the visitor sees nothing of it before, and of a note nothing ever.
  await exactly(agent, '1 new').click() // what comes while one reads waits to be shown
  await agent.getByRole('button', { name: /Does the Polar lamp/ }).click()
  const reply = agent.getByRole('textbox', { name: 'Reply' })
  await reply.fill('It does, with the **US plug**.')
  await messenger.getByText('is typing').waitFor()
  await exactly(agent, 'Send').click()
  await agent.locator('.waits').waitFor()
  assert.equal(await messenger.locator('.bubble', { hasText: 'US plug' }).count(), 0, 'what is held has not gone out')
  await messenger.locator('strong', { hasText: 'US plug' }).waitFor()
  await agent.getByText('Read', { exact: true }).waitFor()
  await agent.evaluate(() => localStorage.setItem('deskbell.hold', '0'))
  await exactly(agent, 'Note').click()
  await agent.getByRole('textbox', { name: 'Note' }).fill('Ask the workshop.')
  await exactly(agent, 'Send').click()
  await agent.getByText('Ask the workshop.').first().waitFor()
  await exactly(agent, 'Reply').click()
  await s.shot(agent, 'inbox')
  await s.lookInside(visitor, 'chat')
  assert.deepEqual(noise, [], 'the page’s console stays quiet')
  assert.deepEqual(await visitor.context().cookies(`http://${shopHost}/`), [], 'the shop gets no cookies')

  const conversationId = agent.url().split('/').pop()
  const workspaceId = /workspaceId: "(\w+)"/.exec(snippet)[1]
  const kept = async () =>
    (await post(agent, 'messages.list', { workspaceId, conversationId, limit: 100 })).items
      .filter((m) => m.kind !== 'event')
      .map((m) => m.content)
  /** What both see and what the server keeps is the same, in the same order, and nothing else. */
  const agree = async (all, note = 'Ask the workshop.') => {
    const enough = async (read, n) => {
      const list = await read()
      return list.length >= n && list
    }
    assert.deepEqual(await until('the server keeps ' + all.length, () => enough(kept, all.length)), all)
    const plain = all.map((x) => x.replaceAll('**', ''))
    const seen = (where) => async () => (await where.locator('.m:not(.waits) .bubble:not(.wait)').allInnerTexts()).map((x) => x.trim())
    for (const [who, where, want] of [
      ['agent', agent, plain],
      ['visitor', messenger, plain.filter((x) => x !== note)],
    ]) {
      assert.deepEqual(await until(who + ' sees ' + want.length, () => enough(seen(where), want.length)), want, who)
      await until('nothing waits for ' + who, async () => (await where.locator('.waits, .wait').count()) === 0)
    }
  }
  const talk = ['Does the Polar lamp run on 110 V?', 'It does, with the **US plug**.', 'Ask the workshop.']
  await agree(talk)

  // Reloads on both sides.
  const reopen = async (text) => {
    await visitor.reload()
    await visitor.getByRole('button', { name: 'Open messenger' }).click()
    await messenger.locator('.card', { hasText: text }).click()
  }
  await agent.reload()
  await reopen('US plug')
  await agree(talk)

  // Unread, on the visitor's side: nothing is read behind a closed messenger, and what one wrote oneself is not unread.
  const badge = (name) => visitor.getByRole('button', { name, exact: true })
  await exactly(messenger, 'Close').click()
  await badge('Open messenger').waitFor()
  for (const text of ['We have it in stock.', 'Shall I keep one for you?']) {
    await reply.fill(text)
    await exactly(agent, 'Send').click()
    talk.push(text)
    await agent.locator('.bubble', { hasText: text }).waitFor()
  }
  await badge('Open messenger, 2 unread').waitFor()

  // What came in shows beside the launcher; the page may keep it away, and whoever waves it away does not see it again.
  const peek = visitor.getByRole('status')
  await peek.getByText('Shall I keep one for you?').waitFor()
  await peek.getByText('Ann', { exact: true }).waitFor()
  await s.shot(visitor, 'peek')
  await visitor.evaluate(() => window.Deskbell('hideNotifications', true))
  await peek.getByText('Shall I keep').waitFor({ state: 'detached' })
  await badge('Open messenger, 2 unread').waitFor()
  await visitor.evaluate(() => window.Deskbell('hideNotifications', false))
  await peek.getByRole('button', { name: 'Dismiss' }).click()
  await until('it is waved away', async () => (await peek.getByRole('button').count()) === 0)
  assert.equal(
    await agent.locator('.m', { hasText: 'Shall I keep one' }).getByText('Read', { exact: true }).count(),
    0,
    'nobody has read it',
  )
  await visitor.reload()
  await badge('Open messenger, 2 unread').click()
  await messenger.getByLabel('2 unread').waitFor()
  await messenger.locator('.card', { hasText: 'Shall I keep one' }).click()
  await agent.locator('.m', { hasText: 'Shall I keep one' }).getByText('Read', { exact: true }).waitFor()
  await exactly(messenger, 'Close').click()
  await badge('Open messenger').waitFor()
  await reply.fill('It is the large one.')
  await exactly(agent, 'Send').click()
  talk.push('It is the large one.')
  await peek.getByText('It is the large one.').waitFor()
  await badge('Open messenger, 1 unread').waitFor()
  await peek.getByRole('button', { name: /It is the large one/ }).click()
  await messenger.locator('.bubble', { hasText: 'It is the large one.' }).waitFor()
  await agent.locator('.m', { hasText: 'It is the large one.' }).getByText('Read', { exact: true }).waitFor()
  await until('what is read is told no more', async () => (await peek.getByRole('button').count()) === 0)
  await agree(talk)

  // Unread, on the agent's: elsewhere it counts, and looking at the conversation reads it.
  await agent.getByRole('link', { name: 'People' }).click()
  for (const text of ['Yes, please.', 'The large one.']) {
    await say(text)
    talk.push(text)
  }
  await agent.waitForFunction(() => document.title.startsWith('(1)'))
  assert.equal(await messenger.getByText('Seen').count(), 0, 'nobody has seen it')
  await agent.getByRole('link', { name: /Inbox/ }).click()
  await agent.getByRole('link', { name: /All open/ }).click()
  const row = agent.locator('.conv', { hasText: 'The large one.' })
  await row.locator('.count').getByText('2', { exact: true }).waitFor()
  await row.click()
  await agent.waitForFunction(() => !document.title.startsWith('('))
  await row.locator('.count').waitFor({ state: 'detached' })
  await messenger.getByText('Seen').waitFor()
  await agree(talk)

  // kill -9 with both sides open: both write meanwhile, see that it waits, and go on when the server is back.
  await s.kill('SIGKILL')
  await messenger.getByText('No connection. What you write').waitFor()
  await agent.getByRole('status').getByText('Offline').waitFor()
  for (const n of [1, 2]) {
    await say(`Visitor in the dark ${n}`)
    await messenger.locator('.wait', { hasText: `Visitor in the dark ${n}` }).waitFor()
    await reply.fill(`Agent in the dark ${n}`)
    await exactly(agent, 'Send').click()
    await agent.locator('.waits', { hasText: `Agent in the dark ${n}` }).waitFor()
  }
  await agent.getByText('Waiting for the connection').first().waitFor()
  await until('nothing is left to send', async () => (await reply.inputValue()) === '')
  await s.shot(agent, 'dark')
  await s.lookInside(visitor, 'dark')
  await s.start()
  const settled = async (mine) => {
    await until('the visitor’s are there', async () => (await kept()).filter((x) => x.startsWith('Visitor') && mine.test(x)).length === 2)
    // Where the visitor's came first, the agent is asked to read them before their answers go out: the first of them, then the next.
    const held = agent.locator('.waits').first()
    await until('all is there', async () => {
      if ((await kept()).filter((x) => mine.test(x)).length === 4) return true
      const asked = held.filter({ hasText: 'Somebody wrote meanwhile' }).getByRole('button', { name: 'Try again', exact: true })
      if (await asked.count()) await asked.click({ timeout: 1000 }).catch(() => {}) // it went out by itself
      return false
    })
    const all = await kept()
    assert.deepEqual(all.slice(0, talk.length), talk, 'what was there is still there')
    for (const who of ['Visitor', 'Agent'])
      assert.deepEqual(
        all
          .slice(talk.length)
          .filter((x) => x.startsWith(who))
          .map((x) => x.at(-1)),
        ['1', '2'],
        who + ' in their order',
      )
    talk.push(...all.slice(talk.length))
    await agree(talk)
  }
  await settled(/in the dark/)
  await agent.getByRole('status').getByText('Live').waitFor()

  // The same with the line cut on both sides, and reloads before what waits has gone out.
  await s.kill('SIGKILL')
  for (const n of [1, 2]) {
    await say(`Visitor cut off ${n}`)
    await messenger.locator('.wait', { hasText: `Visitor cut off ${n}` }).waitFor()
    await reply.fill(`Agent cut off ${n}`)
    await exactly(agent, 'Send').click()
    await agent.locator('.waits', { hasText: `Agent cut off ${n}` }).waitFor()
  }
  await reply.fill('A draft is no answer')
  await s.start()
  await Promise.all([agent.reload(), visitor.reload()])
  await until(
    'what waited goes out of a closed messenger',
    async () => (await kept()).filter((x) => x.startsWith('Visitor cut off')).length === 2,
  )
  await visitor.getByRole('button', { name: /Open messenger/ }).click()
  await messenger
    .locator('.card')
    .filter({ hasText: /cut off/ })
    .click()
  await settled(/cut off/)
  await until('it is not sent', async () => (await reply.inputValue()) === 'A draft is no answer')

  // The browsers themselves are offline.
  const contexts = [visitor.context(), agent.context()]
  for (const c of contexts) await c.setOffline(true)
  await say('Visitor offline 1')
  await say('Visitor offline 2')
  for (const n of [1, 2]) {
    await reply.fill(`Agent offline ${n}`)
    await exactly(agent, 'Send').click()
    await agent.locator('.waits', { hasText: `Agent offline ${n}` }).waitFor()
  }
  await messenger.locator('.wait', { hasText: 'Visitor offline 2' }).waitFor()
  for (const c of contexts) await c.setOffline(false)
  await settled(/offline/)

  await reply.fill('We are back.')
  await exactly(agent, 'Send and close').click()
  talk.push('We are back.')
  await messenger.getByText('This conversation was closed').waitFor()
  await agree(talk)
  assert.equal(await messenger.getByText('Ask the workshop.').count(), 0, 'notes never reach visitors')

  for (const width of [1440, 1024, 390])
    for (const theme of ['light', 'dark']) {
      const size = { width, height: width < 500 ? 844 : 900 }
      await visitor.setViewportSize(size)
      await visitor.emulateMedia({ colorScheme: theme })
      await s.shot(visitor, `visitor-${width}-${theme}`)
    }
  await s.look(agent, 'thread', [1440, 1024, 390])
  s.check()
  console.log('journey: ok')
} catch (e) {
  await s.failed()
  throw e
} finally {
  await s.end()
  shop.close()
}
