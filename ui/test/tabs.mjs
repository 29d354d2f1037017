// Several tabs of one browser, on both sides: what waits for the connection is shared and sent once, drafts follow, what is
// read in one is read in the other, one of them tells of a message, and whoever signs out or leaves is gone in all of them.
// Usage: node tabs.mjs BINARY CHROMIUM [SCREENSHOTS]

import assert from 'node:assert/strict'
import { post, stage, until } from './stage.mjs'

const s = await stage('tabs', process.argv.slice(2))
const exactly = (where, name) => where.getByRole('button', { name, exact: true })
const messenger = (page) => page.frameLocator('iframe[title="Messenger"]')

/** A browser with two tabs, and in each what it told of by a notification. */
async function two(who) {
  const first = await s.open(who + ' 1')
  const context = first.context()
  await context.addInitScript(() => {
    window.told = []
    window.Notification = class {
      static permission = 'granted'
      constructor(name, { body }) {
        window.told.push(body)
      }
      close() {}
    }
  })
  return [first, await s.tab(who + ' 2', context)]
}

try {
  const [one, other] = await two('agent')
  const ask = await s.signIn(one)
  await ask('aiAgent.updateSettings', { enabled: false })
  await one.evaluate(() => {
    localStorage.setItem('deskbell.hold', '0')
    localStorage.setItem('deskbell.notify', JSON.stringify({ sound: false, browser: true }))
  })
  const me = await post(one, 'users.me', {})
  const owner = me.user.id
  const { workspaceId } = me.memberships[0]
  const { items } = await ask('conversations.listForInbox', { status: 'open' })
  const talk = items[0].id
  const written = async (id) => (await ask('messages.list', { conversationId: id })).items.map((m) => m.content)

  // Drafts follow into the other tab, and are gone from both when one has sent them.
  const reply = (page) => page.getByRole('textbox', { name: 'Reply' })
  for (const page of [one, other]) await page.goto(`${s.url}/app/inbox/all/${talk}`)
  await reply(one).fill('Written in one tab')
  await until('the draft is in the other tab', async () => (await reply(other).inputValue()) === 'Written in one tab')
  await reply(other).fill('Written in one tab, and on in the other')
  await until('it follows back', async () => (await reply(one).inputValue()).endsWith('in the other'))
  await reply(one).press('Control+Enter')
  for (const page of [one, other]) await until('it is empty', async () => !(await reply(page).inputValue()))
  await until('it is sent', async () => (await written(talk)).at(-1).startsWith('Written in one tab'))

  // What both write while nothing can be reached waits in both, and goes out once.
  await s.kill('SIGKILL')
  for (const page of [one, other]) await page.getByText('No connection.').first().waitFor()
  for (const [page, text] of [
    [one, 'Waits from one'],
    [other, 'Waits from the other'],
  ]) {
    await reply(page).fill(text)
    await reply(page).press('Control+Enter')
    for (const tab of [one, other]) await tab.locator('.waits', { hasText: text }).waitFor()
  }
  await s.start()
  for (const text of ['Waits from one', 'Waits from the other'])
    await until('it is sent: ' + text, async () => (await written(talk)).includes(text))
  for (const tab of [one, other]) await until('nothing waits', async () => (await tab.locator('.waits').count()) === 0)
  assert.deepEqual((await written(talk)).slice(-3), ['Written in one tab, and on in the other', 'Waits from one', 'Waits from the other'])

  // One tab tells of what comes, and what is read in one is read in both.
  for (const page of [one, other]) await page.goto(s.url + '/app/inbox/all')
  const unread = async () => (await ask('conversations.unreadForMe')).total
  const counted = async (n) => {
    for (const page of [one, other]) await page.waitForFunction((n) => document.title.startsWith(`(${n})`), n)
  }
  const before = await unread()
  await counted(before) // only then does a tab know what is new
  const call = async (door, args, token) =>
    (
      await fetch(s.url + '/api/' + door, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...(token && { Authorization: 'Bearer ' + token }) },
        body: JSON.stringify(args),
      })
    ).json()
  const { sessionToken } = await call('widgetSessions.boot', { workspaceId, sessionId: 't'.repeat(43), user: { name: 'Tom Tab' } })
  const told = async () => (await Promise.all([one, other].map((page) => page.evaluate(() => window.told)))).flat().sort()
  const { conversation } = await call('conversations.start', { content: 'First of Tom' }, sessionToken)
  await until('one tab has told of it', async () => (await told()).length > 0)
  await call('messages.send', { conversationId: conversation.id, content: 'Second of Tom' }, sessionToken)
  await until('one tab has told of the next', async () => (await told()).includes('Second of Tom'))
  assert.deepEqual(await told(), ['First of Tom', 'Second of Tom'])
  await counted(before + 1)
  await one.goto(`${s.url}/app/inbox/all/${conversation.id}`)
  await counted(before)
  assert.equal(await unread(), before)

  // Whoever signs out in one tab is signed out in the other. What they left waits for them, whoever signs in meanwhile.
  await one.locator('.account > button').click()
  await exactly(one, 'Sign out').click()
  await one.waitForURL(s.url + '/app/') // the page comes anew
  for (const page of [one, other]) await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await one.evaluate(
    ([key, letter]) => localStorage.setItem(key, JSON.stringify(letter)),
    [
      `deskbell.outbox.${owner}.${workspaceId}.left`,
      { clientId: 'left', conversationId: talk, content: 'Left by the owner', attachmentIds: [], files: [], at: 1 },
    ],
  )
  await s.signIn(one, 'agent@demo.test')
  await other.evaluate(() => dispatchEvent(new Event('focus')))
  await other.locator('.rail').waitFor()
  await other.locator('.account > button').click()
  await other.locator('.menu').getByText('agent@demo.test').waitFor()
  await other.keyboard.press('Escape')
  await other.locator('.menu').waitFor({ state: 'detached' })
  await one.goto(`${s.url}/app/inbox/all/${talk}`)
  await reply(one).fill('By the agent')
  await reply(one).press('Control+Enter')
  await until('the agent has answered', async () => (await written(talk)).includes('By the agent'))
  assert(!(await written(talk)).includes('Left by the owner'), 'nobody sends what another person wrote')
  await post(one, 'auth.signOut', {})
  await other.getByRole('heading', { name: 'Sign in' }).waitFor()
  await s.signIn(one)
  await until('the owner’s letter goes out', async () => (await written(talk)).includes('Left by the owner'))
  assert.equal((await ask('messages.list', { conversationId: talk })).items.at(-1).sender.id, owner)

  // Two tabs of a site are one visitor.
  const [here, there] = await two('visitor')
  const visitors = [here, there]
  for (const page of visitors) await page.goto(s.url + '/demo')
  const id = async (page) => {
    await page.waitForFunction(() => window.Deskbell?.('getVisitorId'))
    return page.evaluate(() => window.Deskbell('getVisitorId'))
  }
  const known = await id(here)
  assert.equal(await id(there), known)
  const line = (page) => messenger(page).getByLabel('Write a message')
  for (const page of visitors) {
    await page.evaluate(() => window.Deskbell('showNewMessage'))
    await line(page).waitFor()
  }

  // What both write while nothing can be reached goes out once, each into a conversation of its own.
  await s.kill('SIGKILL')
  for (const page of visitors) await messenger(page).getByText('No connection.').waitFor()
  for (const [i, page] of visitors.entries()) {
    await line(page).fill(`Waits in tab ${i + 1}`)
    await line(page).press('Enter')
    await messenger(page)
      .locator('.m.me', { hasText: `Waits in tab ${i + 1}` })
      .waitFor()
  }
  await s.start()
  const talks = async () => (await ask('conversations.listForVisitor', { visitorId: known })).items
  await until('both have come', async () => (await talks()).length >= 2)
  for (const page of visitors) await until('nothing waits', async () => (await messenger(page).locator('.bubble.wait').count()) === 0)
  assert.deepEqual((await talks()).map((c) => [c.lastMessage.preview, c.messageCount]).sort(), [
    ['Waits in tab 1', 1],
    ['Waits in tab 2', 1],
  ])

  // An answer is told in both tabs; read in one, or waved away, it stands in neither.
  for (const page of visitors) await page.evaluate(() => window.Deskbell('hide'))
  const [a, b] = await talks()
  const card = (page) => page.locator('#deskbell .h button').first()
  await ask('messages.send', { conversationId: a.id, content: 'An answer for both' })
  for (const page of visitors) await card(page).getByText('An answer for both').waitFor()
  await here.locator('#deskbell .h .x').click()
  for (const page of visitors) await card(page).waitFor({ state: 'detached' })
  await ask('messages.send', { conversationId: b.id, content: 'Another answer' })
  for (const page of visitors) await page.locator('#deskbell .b .n', { hasText: '2' }).waitFor()
  await there.evaluate((id) => window.Deskbell('showConversation', id), b.id)
  await messenger(there).getByText('Another answer', { exact: true }).waitFor()
  await here.locator('#deskbell .b .n', { hasText: '1' }).waitFor()
  await there.evaluate(() => window.Deskbell('hide'))

  // A site that ends the visitor's session in one tab ends it in all; whoever is there next is one visitor again.
  await here.evaluate(() => window.Deskbell('shutdown'))
  await until('the other tab has another visitor', async () => (await id(there)) !== known)
  await here.evaluate(() => window.Deskbell('boot'))
  await until('both are one again', async () => (await id(here)) === (await id(there)))
  await there.evaluate(() => window.Deskbell('showMessages'))
  await messenger(there).getByText('No conversations yet').waitFor()
  assert.equal(await messenger(there).getByText('Another answer').count(), 0, 'nothing of the one before is left')

  // Where one is, is told with what the page is called after it was shown, and with the campaign that led there.
  await there.goto(s.url + '/demo?utm_source=letter&utm_campaign=spring&other=1')
  const now = await id(there)
  const seen = () => ask('visitors.get', { visitorId: now })
  await until('the campaign is told', async () => (await seen()).customAttributes.utm_campaign)
  assert.deepEqual((await seen()).customAttributes, { utm_source: 'letter', utm_campaign: 'spring' })
  await there.evaluate(() => {
    history.pushState(null, '', '/demo?lamp=havn')
    setTimeout(() => (document.title = 'Havn 40'), 500)
  })
  await until('the page has its later name', async () => {
    const { currentTitle, currentUrl } = await seen() // in one look: the other tab tells of its page too
    return currentTitle === 'Havn 40' && currentUrl.endsWith('lamp=havn')
  })

  // Whoever was away for longer than the site wants is somebody new, in the other tab too.
  await there.evaluate(() => window.Deskbell('update', { session_duration: 3600_000 }))
  const frame = there.frames().find((f) => f.url().includes('/widget/messenger'))
  await until('the frame has heard of it', () =>
    frame.evaluate((key) => {
      if (!localStorage.getItem('deskbell.secret.' + key)) return false
      localStorage.setItem('deskbell.seen.' + key, String(Date.now() - 3601_000))
      return true
    }, workspaceId),
  )
  await there.evaluate(() => history.pushState(null, '', '/demo?back'))
  await until('one who is new is in both', async () => {
    const [a, b] = await Promise.all(visitors.map(id))
    return a && a === b && a !== now
  })
  s.check()
  console.log('tabs: ok')
} catch (e) {
  await s.failed()
  throw e
} finally {
  await s.end()
}
