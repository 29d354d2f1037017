// Several conversations at once: chosen by mouse and by keyboard, changed alike and taken back, what could not be changed said;
// a draft is marked in the list; words become links; a read that was not told is told later.
// Usage: node many.mjs BINARY CHROMIUM [SCREENSHOTS]

import assert from 'node:assert/strict'
import { stage, until } from './stage.mjs'

const s = await stage('many', process.argv.slice(2))

try {
  const page = await s.open('agent')
  const ask = await s.signIn(page)
  await ask('aiAgent.updateSettings', { enabled: false })
  const { items } = await ask('conversations.listForInbox', { status: 'open' })
  const ids = items.slice(0, 4).map((c) => c.id)
  const stands = async () => Promise.all(ids.map(async (conversationId) => ask('conversations.get', { conversationId })))
  const before = await stands()
  await page.goto(s.url + '/app/inbox/all')
  const row = (n) => page.locator('.pickable').nth(n)
  const bulk = page.getByRole('toolbar')
  const toast = page.locator('.toast')
  await row(3).waitFor()

  // By mouse: the face is where one chooses; with Shift up to here. Choosing opens nothing.
  await row(0).hover()
  await row(0).getByRole('checkbox').click()
  await bulk.getByText('1 selected').waitFor()
  await row(3)
    .getByRole('checkbox')
    .click({ modifiers: ['Shift'] })
  await bulk.getByText('4 selected').waitFor()
  assert.match(page.url(), /\/inbox\/all$/)
  await s.look(page, 'chosen', [1440, 1024, 390])

  // Closed together, and as they were again.
  await bulk.getByRole('button', { name: 'Close', exact: true }).click()
  await toast.getByText('4 closed.').waitFor()
  await bulk.waitFor({ state: 'detached' })
  assert.deepEqual(
    (await stands()).map((c) => c.status),
    ids.map(() => 'closed'),
  )
  await toast.hover() // whoever points at it has the time to
  await toast.getByRole('button', { name: /Undo/ }).click()
  await until('they are open again', async () => (await stands()).every((c) => c.status === 'open'))
  assert.deepEqual(
    (await stands()).map((c) => c.assignee?.id),
    before.map((c) => c.assignee?.id),
  )

  // By keyboard: x chooses where one is, Shift and x up to here; the keys of a conversation are about all that are chosen.
  await page.goto(s.url + '/app/inbox/all')
  await row(3).waitFor()
  for (const k of ['j', 'x', 'j', 'j', 'Shift+X']) {
    await page.keyboard.press(k)
    await page.waitForTimeout(50)
  }
  await bulk.getByText('3 selected').waitFor()
  const three = await page.locator('.chosen b').allInnerTexts()
  await page.keyboard.press('a')
  await until('the assignee has the focus', async () => (await page.evaluate(() => document.activeElement.id)) === 'many-assignee')
  await page.keyboard.press('Escape')
  await bulk.getByLabel('Assign', { exact: true }).selectOption({ label: 'Nobody' })
  await toast.getByText('3 assigned to nobody.').waitFor()
  await bulk.waitFor({ state: 'detached' })
  assert.equal(three.length, 3)

  // The palette offers the same; Escape lets go.
  await page.evaluate(() => document.activeElement.blur())
  await page.keyboard.press('x')
  await bulk.getByText('1 selected').waitFor()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('select all')
  await page.keyboard.press('Enter')
  await until('all are chosen', async () => (await bulk.getByRole('checkbox').isChecked()) && (await page.locator('.chosen').count()) > 4)
  await page.evaluate(() => document.activeElement.blur())
  await page.keyboard.press('Escape')
  await bulk.waitFor({ state: 'detached' })

  // One that is merged on the way is left, and said; it stays chosen as long as it is shown, and the others are done.
  const { id: workspaceId } = await ask('workspaces.get')
  const visitor = async (door, args, token) =>
    (
      await fetch(s.url + '/api/' + door, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...(token && { Authorization: 'Bearer ' + token }) },
        body: JSON.stringify(args),
      })
    ).json()
  const { sessionToken } = await visitor('widgetSessions.boot', {
    workspaceId,
    sessionId: 'two'.padStart(43, 'x'),
    user: { name: 'Tove Two' },
  })
  for (const content of ['Where is my lamp?', 'It came.']) await visitor('conversations.start', { content }, sessionToken)
  await page.goto(s.url + '/app/inbox/all')
  await row(1).getByText('Where is my lamp?').waitFor()
  const two = (await ask('conversations.listForInbox', { status: 'open' })).items.slice(0, 2).map((c) => c.id)
  await page.route('**/api/conversations.addTagMany', async (route) => {
    await ask('conversations.merge', { conversationId: two[1], intoConversationId: two[0] })
    await route.continue()
  })
  for (const n of [0, 1]) await row(n).getByRole('checkbox').click()
  await bulk.getByLabel('Add a tag').selectOption({ index: 1 })
  await toast.getByText(/1 tagged .* 1 was left: it was merged/).waitFor()
  await page.unroute('**/api/conversations.addTagMany')
  assert.equal((await ask('conversations.get', { conversationId: two[0] })).tags.length, 1)

  // A draft is marked in the list, on another machine too, and no more once it is gone.
  const laptop = await s.open('laptop')
  await s.signIn(laptop)
  await laptop.goto(s.url + '/app/inbox/all')
  await page.goto(`${s.url}/app/inbox/all/${ids[1]}`)
  const reply = page.getByRole('textbox', { name: 'Reply' })
  await reply.fill('See our returns page')
  await page.locator('.conv.on .begun').waitFor()
  await laptop.locator('.conv .begun', { hasText: 'Draft' }).waitFor()
  await s.look(page, 'draft', [1440, 390])

  // Words that are selected become a link by Ctrl K, and by an address that is pasted over them; what is no address is refused.
  await reply.evaluate((e) => e.setSelectionRange(8, 20))
  await page.keyboard.press('Control+k')
  const box = page.getByRole('dialog', { name: 'Insert link' })
  await box.getByLabel('Address').fill('javascript:alert(1)')
  await page.keyboard.press('Enter')
  await box.getByRole('alert').waitFor()
  await s.look(page, 'link', [1440, 390])
  await box.getByLabel('Address').fill('shop.example/returns')
  await page.keyboard.press('Enter')
  await until('it is a link', async () => (await reply.inputValue()) === 'See our [returns page](https://shop.example/returns)')
  await until('the words have the focus', () => reply.evaluate((e) => e === document.activeElement))
  await reply.fill('')
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: 'Commands' }).waitFor() // with nothing selected it is the palette's
  await page.keyboard.press('Escape')
  for (const p of [page, laptop]) await p.locator('.begun').waitFor({ state: 'detached' })

  // What is read while the server cannot be told is told when it can.
  let refused = 0
  await page.route('**/api/conversations.markAsRead', (route) => {
    refused++
    return route.abort()
  })
  const unread = (await ask('conversations.listForInbox', { status: 'open', unreadForMe: true })).items[0]
  await page.goto(`${s.url}/app/inbox/all/${unread.id}`)
  await until('it was not told', () => refused > 0)
  assert.equal((await ask('conversations.get', { conversationId: unread.id })).unread, true)
  await page.unroute('**/api/conversations.markAsRead')
  await until('it is read', async () => !(await ask('conversations.get', { conversationId: unread.id })).unread)

  s.check()
  console.log('many: ok')
} catch (e) {
  await s.failed()
  throw e
} finally {
  await s.end()
}
