// The agent's day in a real browser, on the demo workspace: first steps, a test message, undo, sending later, merging,
// tags, permissions, the palette; and axe over every screen in both themes, at a desk and on a phone.
// Usage: node desk.mjs BINARY CHROMIUM [SCREENSHOTS]

import assert from 'node:assert/strict'
import { post, stage, until } from './stage.mjs'

const s = await stage('desk', process.argv.slice(2))
const page = await s.open('desk')
const context = page.context()
const base = s.url
const look = (what) => s.look(page, what, [page.viewportSize().width])
const exactly = (name) => page.getByRole('button', { name, exact: true })

try {
  await page.goto(base + '/')
  await look('landing')
  await page.goto(base + '/api/docs')
  await page.locator('summary').first().click()
  await look('reference')
  await page.goto(base + '/app/')
  await page.getByLabel('E-mail').waitFor()
  await look('sign-in')
  await page.getByLabel('E-mail').fill('owner@demo.test')
  await page.getByLabel('Password').fill('demo-password-1')
  await exactly('Sign in').click()

  // First steps: a test message is a real one, answered at the desk; the number in the title follows.
  await page.getByRole('link', { name: 'Start' }).click()
  await page.evaluate(() => localStorage.setItem('deskbell.hold', '60000')) // axe takes its time on a busy machine
  await page.getByRole('heading', { name: /Make it yours/ }).waitFor()
  await look('start')
  const workspaceId = (await post(page, 'users.me', {})).memberships[0].workspaceId
  const ask = (door, args) => post(page, door, { workspaceId, ...args })
  await ask('aiAgent.updateSettings', { enabled: false }) // what is asked here is for people
  const count = async (tab) => (await tab.waitForFunction(() => Number(/\((\d+)\)/.exec(document.title)?.[1]))).jsonValue()
  const before = await count(page) // the demo always has something unread
  const { conversationId: first } = await ask('onboarding.sendTestMessage', { name: 'Leonie Brandt', content: 'My order has not come' })
  await page.waitForFunction((n) => document.title.startsWith(`(${n})`), before + 1)
  const { conversationId: second } = await ask('onboarding.sendTestMessage', { content: 'And I moved house since' })
  await page.waitForFunction((n) => document.title.startsWith(`(${n})`), before + 2)

  // An answer is taken back with z, and goes out after all at once.
  await page.getByRole('link', { name: /Inbox/ }).click()
  await page.getByRole('link', { name: /All open/ }).click()
  await page.locator('.conv', { hasText: 'My order has not come' }).click()
  const reply = page.getByRole('textbox', { name: 'Reply' })
  await page.waitForFunction((n) => document.title.startsWith(`(${n})`), before + 1)
  await reply.fill('It is on its wai')
  await exactly('Send').click()
  await page.locator('.waits').waitFor()
  await page.locator('.messages').click()
  await page.keyboard.press('z')
  await page.locator('.waits').waitFor({ state: 'detached' })
  await until('the words come back', async () => (await reply.inputValue()) === 'It is on its wai')
  assert.deepEqual(
    (await ask('messages.list', { conversationId: first })).items.map((m) => m.content),
    ['My order has not come'],
    'nothing was sent',
  )
  await reply.fill('It is on its way.')
  await exactly('Send').click()
  await exactly('Send now').click()
  await page.locator('.m:not(.waits) .bubble', { hasText: 'It is on its way.' }).waitFor()
  await reply.fill('It left here today.')
  await exactly('Send').click()
  await page.locator('.waits').waitFor()
  await look('held') // on a busy machine that takes longer than the longest hold
  if (await exactly('Send now').count())
    await exactly('Send now')
      .click({ timeout: 5000 })
      .catch(() => {})
  await page.locator('.m:not(.waits) .bubble', { hasText: 'It left here today.' }).waitFor()
  await page.locator('.waits').waitFor({ state: 'detached' })

  // Later: shown to the team with its time, and cancelled.
  await reply.fill('Has it come?')
  await exactly('How to send').click()
  await look('send menu')
  await page.getByRole('menuitem', { name: 'Send tomorrow, 9:00' }).click()
  await page.locator('.waits', { hasText: 'Has it come?' }).waitFor()
  await exactly('Take back').click()
  await page.locator('.waits').waitFor({ state: 'detached' })
  await reply.fill('')
  await exactly('Emoji').click()
  await page.locator('.emoji button').first().click()
  await until('it stands in the answer', async () => (await reply.inputValue()) === '😀')
  await reply.fill('')

  // Merging from the details.
  await page.getByRole('button', { name: /^Merge “And I moved house since”/ }).click()
  await look('merge')
  await exactly('Merge').click()
  await page.getByText('merged “And I moved house since” into this').waitFor()
  await page.locator('.bubble', { hasText: 'And I moved house since' }).waitFor()
  await page.goto(base + '/app/inbox/closed/' + second)
  await page.getByText('stands in another conversation now').waitFor()
  await look('merged')
  await exactly('Open it').click()
  await page.locator('.bubble', { hasText: 'It is on its way.' }).waitFor()
  await look('inbox')

  // Closing is undone.
  await page.locator('.messages').click()
  await page.keyboard.press('e')
  await page.getByText('Closed Leonie Brandt').waitFor()
  await page.keyboard.press('z')
  await page.waitForFunction(async () => document.querySelector('.thread-pane .btn')?.textContent === 'Close')

  // Keys and palette: a person is found by name, an action by its words.
  await page.keyboard.press('?')
  await page.getByText('Go to people').waitFor()
  await look('keys')
  await exactly('Close this').click()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: /^Type a place/ }).fill('henrik')
  await page.getByRole('option', { name: /henrik\.dahl@/ }).waitFor()
  await look('palette')
  await page.getByRole('option', { name: /henrik\.dahl@/ }).click()
  await page.getByRole('region', { name: 'Henrik Dahl' }).waitFor()

  // A tag gets a colour and filters; a member gets permissions of their own.
  await page.goto(base + '/app/settings/tags')
  await page.getByRole('radiogroup', { name: 'Colour of dimmer' }).getByRole('radio').nth(6).click({ force: true })
  await page.getByText('Saved', { exact: true }).waitFor()
  await look('tags')
  await page.goto(base + '/app/inbox/all')
  await page.getByLabel('Filter by tag').selectOption('dimmer')
  await page.waitForFunction(() => document.querySelectorAll('.conv').length === 1)
  await page.goto(base + '/app/settings/members')
  await page.getByRole('button', { name: 'More about Mads Holm' }).click()
  await look('member menu')
  await page.keyboard.press('Escape')
  await page.getByRole('menu').waitFor({ state: 'detached' })
  const dots = page.getByRole('button', { name: 'More about Mads Holm' })
  await until('the focus is back on the dots', () => dots.evaluate((e) => e === document.activeElement))
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Permissions' }).click()
  await page.getByRole('radio', { name: /Own permissions/ }).check()
  await page.getByLabel('Invite members').check()
  await look('permissions')
  await exactly('Save').click()
  await page.locator('td', { hasText: 'Own permissions' }).waitFor()
  const mads = (await ask('workspaceMembers.list', {})).items.find((m) => m.name === 'Mads Holm')
  assert(mads.permissions.includes('users.invite') && mads.permissions.includes('conversations.reply'))
  await look('members')
  for (const [path, ready] of [
    ['people', 'Last seen'],
    ['settings/workspace', 'Allowed sites'],
    ['settings/messenger', 'Preview'],
    ['settings/profile', 'Notifications'],
    ['settings/backup', 'One file with everything'],
  ]) {
    await page.goto(base + '/app/' + path)
    await page.getByText(ready).first().waitFor()
    await look(path.replace('/', ' '))
  }

  // Notifications: one for two tabs, none for what is looked at, none before one asked for them.
  await context.grantPermissions(['notifications'])
  await context.addInitScript(() => {
    window.told = []
    window.claimed = []
    const request = navigator.locks.request.bind(navigator.locks)
    navigator.locks.request = (name, how, held) =>
      request(name, how, (lock) => {
        window.claimed.push(name.split('.').pop())
        return held(lock)
      })
    window.Notification = class {
      static permission = 'granted'
      static requestPermission = async () => 'granted'
      constructor(title, o) {
        window.told.push(title + ': ' + o.body)
      }
      close() {}
    }
  })
  const other = await s.tab('desk 2', context)
  await other.goto(base + '/app/people')
  await page.goto(base + '/app/settings/profile')
  const told = async () => [...(await page.evaluate(() => window.told)), ...(await other.evaluate(() => window.told))]
  const visit = (door, body, token) =>
    fetch(base + '/api/' + door, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(token && { Authorization: 'Bearer ' + token }) },
      body: JSON.stringify(body),
    }).then((r) => r.json())
  const { sessionToken } = await visit('widgetSessions.boot', { workspaceId, sessionId: 'n'.repeat(43), user: { name: 'Nora Lind' } })
  const claimed = async (m, tabs = [page, other]) => {
    for (const tab of tabs) await tab.waitForFunction((id) => window.claimed.includes(id), m)
  }
  const write = async (conversationId, content) => (await visit('messages.send', { conversationId, content }, sessionToken)).id
  const counted = (n) => other.waitForFunction((t) => document.title.startsWith(`(${t})`), n)
  await count(page)
  const waits = await count(other)
  const { conversation, message } = await visit('conversations.start', { content: 'Silence' }, sessionToken)
  await counted(waits + 1)
  await claimed(message.id)
  await page.getByLabel('Show browser notifications').check()
  await claimed(await write(conversation.id, 'Is somebody there?'))
  assert.deepEqual(await told(), ['Nora Lind: Is somebody there?'])
  await page.bringToFront()
  await page.goto(base + '/app/inbox/all/' + conversation.id)
  await page.locator('.bubble', { hasText: 'Is somebody there?' }).waitFor()
  await count(page)
  const known = (await told()).length
  await write(conversation.id, 'I can see you read')
  await page.locator('.bubble', { hasText: 'I can see you read' }).waitFor()
  const { conversationId: elsewhere } = await ask('onboarding.sendTestMessage', { content: 'Look here instead' })
  const last = (await ask('messages.list', { conversationId: elsewhere })).items.at(-1).id
  await claimed(last)
  const after = await told()
  assert.equal(after.length, known + 1, 'no notification for what is looked at: ' + after)
  assert.match(after.join(), /Look here instead/)
  await other.close()

  await page.setViewportSize({ width: 390, height: 844 })
  for (const path of ['inbox/all', 'inbox/all/' + first, 'start', 'people', 'settings/members', 'settings/tags', 'settings/profile']) {
    await page.goto(base + '/app/' + path)
    await page.locator('.rail').waitFor()
    await look(path.replaceAll('/', ' ').replace(first, 'thread'))
    await until(path + ' does not scroll sideways', async () => (await page.evaluate(() => document.documentElement.scrollWidth)) === 390)
  }
  // Dialogs that begin in the details open on a phone too, where the details are a drawer.
  const { conversationId: third } = await ask('onboarding.sendTestMessage', { content: 'One more thing' })
  await page.goto(base + '/app/inbox/all/' + third + '?do=merge')
  const merge = page.getByRole('dialog', { name: 'Merge' })
  await merge.getByRole('radio').first().waitFor()
  await look('phone merge')
  await merge.getByRole('button', { name: 'Cancel' }).click()
  await merge.waitFor({ state: 'detached' })
  await page.goto(base + '/app/inbox/all/' + first)
  await exactly('Details').click()
  await exactly('Make an article of this').click()
  const article = page.getByRole('dialog', { name: 'Make an article of this' })
  await article.getByRole('button', { name: 'Cancel', exact: true }).waitFor()
  await look('phone article')
  await article.getByRole('button', { name: 'Cancel', exact: true }).click()
  s.check()
  console.log('desk: ok')
} catch (e) {
  await s.failed()
  throw e
} finally {
  await s.end()
}
