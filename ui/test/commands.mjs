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
    Deskbell('onUserEmailSupplied', (email) => heard.push('email ' + email))
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

  // Whoever asks later is told at once, and a promise is kept.
  await page.evaluate(() => window.Deskbell('ready').then(() => window.heard.push('promised')))
  await heard('promised')
  await page.evaluate(() => window.Deskbell('ready', () => window.heard.push('ready at once')))
  await page.evaluate(() => window.Deskbell('onUnreadCountChange', (n) => window.heard.push('told ' + n)))
  assert.deepEqual(
    (await page.evaluate(() => window.heard)).filter((h) => /ready|told/.test(h)),
    ['ready', 'ready at once', 'told 0'],
  )

  // The rooms of the messenger, each by its name; what there is not is home.
  const inside = page.frameLocator('#deskbell iframe')
  for (const [space, name] of [
    ['messages', 'Messages'],
    ['help', 'Help'],
    ['home', 'Home'],
    ['help', 'Help'],
    ['news', 'Home'],
  ]) {
    await call('showSpace', space)
    await inside.locator('nav [aria-current=page]').getByText(name).waitFor()
  }
  const article = (await ask('articles.list', {})).items.find((x) => x.status === 'published')
  await call('showArticle', article.id)
  await inside.getByRole('heading', { name: article.title }).first().waitFor()

  // Words of the page wait in the composer, or begin a conversation at once.
  const composer = inside.locator('.compose textarea')
  const written = async () => (await ask('conversations.listForInbox')).items.filter((c) => c.visitor.id === id)
  await call('showNewMessage', 'Is the Havn in stock?')
  await until('the words stand in the composer', async () => (await composer.inputValue()) === 'Is the Havn in stock?')
  await call('showNewMessage', 'Is the Fjord?')
  await until('others take their place', async () => (await composer.inputValue()) === 'Is the Fjord?')
  assert.deepEqual(await written(), [], 'nothing was sent')
  await call('startConversation', 'Does it fit a US plug?')
  const conversation = await until('the team sees it', async () => (await written()).find((c) => c.subject || c.lastMessage))
  await inside.locator('.m.me', { hasText: 'Does it fit a US plug?' }).waitFor()
  await until('what was sent does not wait to be sent', async () => (await composer.inputValue()) === '')
  await call('startConversation', '')
  await until('without words there is a place for them', async () => (await composer.inputValue()) === '')
  assert.equal((await written()).length, 1, 'and nothing was sent')

  // An address that is given is told to the page, once; one that is none is not.
  await call('showConversation', conversation.id)
  const address = inside.locator('#email')
  await address.fill('clara@shop')
  await address.press('Enter')
  await inside.locator('form.ask [role=alert], form.ask input:invalid, form.ask input').first().waitFor()
  assert.equal(await page.evaluate(() => window.heard.some((h) => h.startsWith('email clara@shop.'))), false)
  await address.fill('clara@shop.example')
  await address.press('Enter')
  await heard('email clara@shop.example')
  await until('the team knows it', async () => (await ask('visitors.get', { visitorId: id })).email === 'clara@shop.example')

  // The answer counts while it is shut. Where the page wants no notices there is none; the count goes on.
  await call('hide')
  await page.evaluate(() => (window.heard.length = 0))
  await call('hideNotifications', true)
  await ask('messages.send', { conversationId: conversation.id, content: 'It does.' })
  await heard('unread 1')
  await heard('told 1')
  const notice = page.locator('#deskbell .h button')
  const launcher = page.locator('#deskbell .b')
  await until('the launcher says so', async () => (await launcher.getAttribute('aria-label')) === 'Open messenger, 1 unread')
  await ask('messages.send', { conversationId: conversation.id, content: 'With an adapter.' })
  await heard('unread 2')
  assert.equal(await notice.count(), 0, 'no notice')
  await call('hideNotifications', false)
  await ask('messages.send', { conversationId: conversation.id, content: 'It is in the box.' })
  await notice.first().getByText('It is in the box.').waitFor()
  await notice.getByText('It is in the box.').click()
  await inside.getByText('It does.', { exact: true }).waitFor()
  await heard('unread 0')
  await call('hide')

  // How it looks here is as the page wishes, over what the workspace has set; wrong wishes change nothing.
  const box = () => launcher.boundingBox()
  const style = (name) => launcher.evaluate((e, n) => getComputedStyle(e)[n], name)
  const { width, height } = page.viewportSize()
  const right = await until('it stands on the right', async () => {
    const at = await box()
    return at?.x > width / 2 && at
  })
  await call('update', { alignment: 'left', horizontal_padding: 40, vertical_padding: 60, z_index: 77 })
  const stands = async (x, y) => {
    const at = await box()
    return at.x === x && at.y === y
  }
  await until('it moved', () => stands(40, height - 60 - 56))
  assert.equal(await style('zIndex'), '77')
  await call('update', { alignment: 'above', horizontal_padding: 3, vertical_padding: 'x', z_index: -1 })
  await until('it is back', () => stands(right.x, right.y))
  await call('update', { action_color: '#ffe000', theme_mode: 'dark', language_override: 'de' })
  await until('its colour', async () => (await style('backgroundColor')) === 'rgb(255, 224, 0)')
  await until('words on it that one can read', async () => (await style('color')) === 'rgb(16, 20, 19)')
  await until('its language', async () => (await launcher.getAttribute('aria-label')) === 'Messenger öffnen')
  assert.equal(await launcher.getAttribute('title'), 'Messenger öffnen')
  const root = inside.locator('html')
  await until('inside too', async () => (await root.getAttribute('lang')) === 'de' && (await root.getAttribute('data-theme')) === 'dark')
  await call('show')
  await until('it can be shut', async () => (await launcher.getAttribute('aria-label')) === 'Messenger schließen')
  await call('hide')
  await call('update', { action_color: 'red;}', theme_mode: 'neon', language_override: 'tlh' })
  await until('as it was', async () => (await launcher.getAttribute('aria-label')) === 'Open messenger')
  await until('its colour, too', async () => (await style('backgroundColor')) === 'rgb(11, 114, 98)')
  await page.evaluate(() => (document.documentElement.lang = 'de'))
  await call('update', {})
  await until('the language of the page', async () => (await launcher.getAttribute('aria-label')) === 'Messenger öffnen')
  await page.evaluate(() => (document.documentElement.lang = ''))
  await call('update', { hide_default_launcher: true, custom_launcher_selector: '[[[' })
  await until('the launcher is gone', async () => !(await launcher.isVisible()))
  await page.locator('h1').click()
  assert.equal(await open(), false, 'what is no selector opens nothing')
  await call('update', { custom_launcher_selector: 'h1' })
  await page.locator('h1').click()
  assert.equal(await open(), true, 'a thing of the page opens it')
  await call('hide')
  await page.evaluate(() => history.pushState(null, '', '/fjord'))
  await call('update', { hide_default_launcher: false, custom_launcher_selector: null, page_title: 'Lamps of the north' })
  await until('the launcher is back', () => launcher.isVisible())
  await until(
    'the page has the title it gives itself',
    async () => (await ask('visitors.get', { visitorId: id })).currentTitle === 'Lamps of the north',
  )

  // What the page says of its user reaches the team, and nothing besides.
  await call('update', {
    email: 'clara@shop.example',
    name: 'Clara',
    phone: '+49 40 1234',
    created_at: 1700000000,
    company: { company_id: 'n1', name: 'Nordlicht', secret: 1 },
    plan: 'secret',
    user: { customAttributes: { orders: 3, list: [1] } },
  })
  const visitor = await until('the team knows her', async () => {
    const v = await ask('visitors.get', { visitorId: id })
    return v.name === 'Clara' && v
  })
  assert.deepEqual(
    [visitor.name, visitor.customAttributes, visitor.verified],
    ['Clara', { phone: '+49 40 1234', created_at: 1700000000, company: 'Nordlicht', orders: 3 }, false],
  )

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
  await until('each is told', () => warnings.filter((w) => w.includes('is not a command')).length >= 7)

  // Who has left is forgotten: the next one is somebody else.
  await call('shutdown')
  assert.equal(await call('getVisitorId'), null)
  await until('it is gone', async () => (await page.locator('#deskbell').count()) === 0)
  for (const command of ['show', 'hide', 'toggle', 'showMessages']) await call(command)
  assert.equal(await page.locator('#deskbell').count(), 0, 'nothing brings it back but boot')
  assert.equal(
    await page.evaluate((workspaceId) => window.Intercom('boot', { app_id: workspaceId }).then(() => 'booted'), workspaceId),
    'booted',
  )
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
