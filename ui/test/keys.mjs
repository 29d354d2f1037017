// API keys in a real browser: made, shown once, used by a program, revoked; who may not does not see them; axe over it all.
// Usage: node keys.mjs BINARY CHROMIUM [SCREENSHOTS]

import assert from 'node:assert/strict'
import { stage, until } from './stage.mjs'

const s = await stage('keys', process.argv.slice(2))
const page = await s.open('owner')
const exactly = (name) => page.getByRole('button', { name, exact: true })
const program = (token, door, args = {}) =>
  fetch(s.url + '/api/' + door, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: 'Bearer ' + token },
    body: JSON.stringify(args),
  }).then((r) => r.status)

try {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: s.url })
  await s.signIn(page)
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('combobox').fill('API keys')
  await page.getByRole('option', { name: 'API keys' }).click()
  await page.getByText('No API keys yet').waitFor()
  await s.look(page, 'none', [1440, 390])

  // A key without a permission is refused in words; nothing is made.
  await exactly('New key').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Order import of the shop')
  await dialog.getByRole('button', { name: 'Make the key' }).click()
  await dialog.getByText('Choose at least one permission.').waitFor()
  await dialog.getByLabel('See people and members').check()
  await dialog.getByLabel('Works for').selectOption('90')
  await s.look(page, 'new', [1440, 1024, 390])
  await page.keyboard.press('Escape')
  await page.getByText('No API keys yet').waitFor()

  // With the keyboard alone: the name has the focus, Enter makes the key.
  await exactly('New key').click()
  await until('the name has the focus', () => dialog.getByLabel('Name').evaluate((e) => e === document.activeElement))
  await page.keyboard.type('Order import of the shop')
  await dialog.getByLabel('See people and members').press('Space')
  await dialog.getByLabel('Name').press('Enter')
  const token = await dialog.locator('.secret').textContent()
  assert.match(token, /^dbk_[\w-]{40,}$/)
  await dialog.getByRole('button', { name: 'Copy' }).click()
  await dialog.getByRole('button', { name: 'Copied' }).waitFor()
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), token)
  await s.look(page, 'once', [1440, 390])
  await dialog.getByRole('button', { name: 'I have kept it' }).click()
  const row = page.locator('.keys li', { hasText: 'Order import of the shop' })
  await row.getByText('…' + token.slice(-4)).waitFor()
  await row.getByText(/never used · works until/).waitFor()
  assert(!(await page.content()).includes(token), 'the key is shown once')

  assert.equal(await program(token, 'visitors.list'), 200)
  assert.equal(await program(token, 'conversations.listForInbox'), 403, 'no more than its permission')
  await row.getByText(/last used now/).waitFor() // by itself
  await s.look(page, 'list', [1440, 1024, 390])

  // Revoking asks first, and the safe answer has the focus.
  const revoke = page.getByRole('button', { name: 'Revoke Order import of the shop' })
  await revoke.click()
  await dialog.waitFor()
  await s.look(page, 'revoke')
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  assert.equal(await program(token, 'visitors.list'), 200, 'kept')
  await revoke.click()
  await dialog.getByRole('button', { name: 'Revoke', exact: true }).click()
  await page.getByText('Revoked Order import of the shop').waitFor()
  await page.getByText('No API keys yet').waitFor()
  await until('the key is refused', async () => (await program(token, 'visitors.list')) === 401)

  await page.evaluate(() => localStorage.setItem('deskbell.language', 'de'))
  await page.reload()
  await page.getByText('Noch keine API-Schlüssel').waitFor()
  await s.look(page, 'german')

  const agent = await s.open('agent')
  await s.signIn(agent, 'agent@demo.test')
  await agent.goto(s.url + '/app/settings/keys')
  await agent.getByRole('heading', { name: 'Settings' }).first().waitFor()
  assert.equal(await agent.getByRole('link', { name: 'API keys' }).count(), 0, 'an agent has no keys to see')
  s.check()
  console.log('keys: ok')
} catch (e) {
  await s.failed()
  throw e
} finally {
  await s.end()
}
