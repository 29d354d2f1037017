// The commands of the script tag, called by a page of another site as its own code would: before it is loaded and after, under
// our name, under Intercom's and under Opencom's. None of them breaks the page, and who has left is forgotten.
// Usage: node commands.mjs BINARY CHROMIUM [SCREENSHOTS]

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { stage, until } from './stage.mjs'

let html = ''
const shop = createServer((_, response) => {
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  response.end(html)
})
await new Promise((ok) => shop.listen(0, '127.0.0.1', ok))
const shopHost = `shop.example:${shop.address().port}`
const s = await stage('commands', process.argv.slice(2), { hosts: [shopHost] })
try {
  const agent = await s.open('agent')
  const ask = await s.signIn(agent)
  const { id: workspaceId } = await ask('workspaces.get')
  const page = await s.open('visitor')
  const warnings = []
  page.on('console', (m) => m.type() === 'warning' && warnings.push(m.text()))
  html = `<!doctype html><title>Shop</title><h1>Lamps</h1><script>
    window.deskbellSettings = { workspaceId: '${workspaceId}', intercomCompat: true }
    window.Deskbell = function () { (Deskbell.q = Deskbell.q || []).push([...arguments]) }
    window.heard = []
    Deskbell('onShow', () => heard.push('show'))
    Deskbell('onHide', () => heard.push('hide'))
    Deskbell('onUnreadCountChange', (n) => heard.push('unread ' + n))
    Deskbell('ready', () => heard.push('ready'))
    Deskbell('onShow', () => { throw new Error('a mistake of the page') })
  </script><script async src="${s.url}/widget.js"></script>`
  await page.goto(`http://${shopHost}/lamps`)
  const call = (...a) => page.evaluate((a) => window.Deskbell(...a) ?? null, a)
  const heard = (what) => until('heard ' + what, () => page.evaluate((w) => window.heard.includes(w), what))
  const open = () => page.locator('#deskbell iframe').evaluate((f) => f.className === 'o')

  await heard('ready')
  const id = await call('getVisitorId')
  assert.match(id, /^[0-9A-Z]{13}$/)
  assert.equal(await open(), false, 'nothing opens by itself')
  for (const [command, want] of [
    ['show', true],
    ['show', true],
    ['hide', false],
    ['hide', false],
    ['toggle', true],
    ['toggle', false],
    ['showMessages', true],
    ['hide', false],
  ]) {
    await call(command)
    assert.equal(await open(), want, command)
  }
  assert.deepEqual(
    await page.evaluate(() => window.heard.filter((h) => h === 'show' || h === 'hide')),
    ['show', 'hide', 'show', 'hide', 'show', 'hide'],
    'each change is told once',
  )

  // A conversation is begun with words of the page; the answer counts while it is shut.
  await call('startConversation', 'Does it fit a US plug?')
  const inside = page.frameLocator('#deskbell iframe')
  const composer = inside.locator('.compose textarea')
  await until('the words stand in the composer', async () => (await composer.inputValue()) === 'Does it fit a US plug?')
  await composer.press('Enter')
  const conversation = await until('the team sees it', async () =>
    (await ask('conversations.listForInbox')).items.find((c) => c.lastMessage?.preview?.includes('US plug') || c.visitor?.id === id),
  )
  await call('hide')
  await ask('messages.send', { conversationId: conversation.id, content: 'It does.' })
  await until('unread is told', () => page.evaluate(() => window.heard.some((h) => /^unread [1-9]/.test(h))))
  await call('showConversation', conversation.id)
  await inside.getByText('It does.', { exact: true }).waitFor()
  await heard('unread 0')
  await call('hide')

  // What the page says of its user reaches the team, and nothing besides.
  await call('update', { email: 'clara@shop.example', name: 'Clara', plan: 'secret', user: { customAttributes: { orders: 3, list: [1] } } })
  const visitor = await until('the team knows her', async () => {
    const v = await ask('visitors.get', { visitorId: id })
    return v.email === 'clara@shop.example' && v
  })
  assert.deepEqual([visitor.name, visitor.customAttributes, visitor.verified], ['Clara', { orders: 3 }, false])

  // The same under other names; what there is not yet says so, and breaks nothing.
  await page.evaluate(() => window.Intercom('show'))
  assert.equal(await open(), true)
  await page.evaluate(() => window.Intercom('hide'))
  await page.evaluate(() => window.OpencomWidget.identify({ name: 'Clara W.' }))
  await until('her name', async () => (await ask('visitors.get', { visitorId: id })).name === 'Clara W.')
  assert.deepEqual(
    await page.evaluate(() => {
      const o = window.OpencomWidget
      return [o.trackEvent('bought', { lamp: 1 }), o.startTour('x'), o.getAvailableTours()].map((v) => v ?? null)
    }),
    [null, null, []],
  )
  for (const command of ['nonsense', '__proto__', 'constructor', 'toString', '']) await call(command)
  assert(warnings.filter((w) => w.includes('is not a command')).length >= 7, String(warnings))

  // Who has left is forgotten: the next one is somebody else.
  await call('shutdown')
  assert.equal(await call('getVisitorId'), null)
  await until('it is gone', async () => (await page.locator('#deskbell').count()) === 0)
  for (const command of ['show', 'hide', 'toggle', 'showMessages']) await call(command)
  assert.equal(await page.locator('#deskbell').count(), 0, 'nothing brings it back but boot')
  await call('boot', {})
  const next = await until('somebody else', () => call('getVisitorId'))
  assert.notEqual(next, id)
  await page.evaluate(() => window.OpencomWidget.destroy())
  await until('it is gone again', async () => (await page.locator('#deskbell').count()) === 0)
  assert.equal(await page.locator('h1').textContent(), 'Lamps', 'the page is as it was')
  s.check()
} catch (e) {
  await s.failed()
  throw e
} finally {
  await s.end()
  shop.close()
}
