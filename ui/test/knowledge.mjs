// What an article goes through besides being written, in real browsers: it is planned and the plan taken back, is
// published, goes back to an older version, speaks two languages, is read on a telephone, and is found by machines; then the help
// center is closed to strangers. Without a language model there are budgets all the same.
// Usage: node knowledge.mjs BINARY CHROMIUM [SCREENSHOTS]

import assert from 'node:assert/strict'
import { stage, until } from './stage.mjs'

const s = await stage('knowledge', process.argv.slice(2))
try {
  const writer = await s.open('writer')
  const ask = await s.signIn(writer)
  const button = (name) => writer.getByRole('button', { name, exact: true })
  await ask('helpCenter.updateSettings', { languages: ['de'] })
  const parts = ['Shades', 'Sockets', 'Switches'].map((n) => `## ${n}\n\n${`All about ${n.toLowerCase()} of ours. `.repeat(40)}`)
  const table = '| Lamp | Socket |\n|---|---|\n| Havn | E14 |\n\n'
  const other = await ask('articles.create', { title: 'Spare sockets', content: 'They are in the box.' })
  await ask('articles.publish', { articleId: other.id })
  const made = await ask('articles.create', {
    title: 'Parts of a lamp',
    content: `${table}See [spare sockets](article:${other.id}).\n\n${parts.join('\n\n')}`,
  })
  await writer.goto(s.url + '/app/help/' + made.id)

  // A plan is made, shown, and taken back.
  const plan = async (at) => {
    await button('Actions').click()
    await button('Publish later…').click()
    await writer.getByLabel('When').fill(at)
    await writer.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
    await writer.locator('.badge', { hasText: 'Comes out' }).waitFor()
  }
  await plan('2031-05-04T10:00').catch(async (e) => {
    throw new Error((await writer.getByRole('alert').allInnerTexts()).join(' ') + e.message)
  })
  await s.look(writer, 'planned', [1440, 390])
  await button('Actions').click()
  await button('Do not publish then').click()
  await writer.locator('.badge', { hasText: 'Comes out' }).waitFor({ state: 'detached' })
  assert.equal((await ask('articles.get', { articleId: made.id })).status, 'draft')
  await button('Publish').click()
  await writer.locator('.badge.good', { hasText: 'Published' }).waitFor()
  await writer.locator('.found', { hasText: 'Lamp Socket' }).waitFor()
  assert(!(await writer.locator('.found').innerText()).includes('|'), 'the marks of the table stand in the excerpt')

  // Words are changed, held against the older ones, and put back.
  await ask('articles.update', { articleId: made.id, content: 'Nothing is left of it.' })
  await writer.locator('.ProseMirror').getByText('Nothing is left of it.').waitFor()
  await writer.getByRole('tab', { name: 'Versions' }).click()
  await writer.locator('.versions button').first().click()
  const versions = writer.getByRole('dialog')
  await versions.locator('.diff .in', { hasText: 'Nothing is left of it.' }).waitFor()
  await versions.locator('.diff .out', { hasText: 'All about shades' }).waitFor()
  await s.look(writer, 'older', [1440, 390])
  await versions.getByRole('button', { name: 'Restore' }).click()
  await versions.waitFor({ state: 'detached' })
  await writer.locator('.ProseMirror').getByText('All about shades').waitFor()

  // In German, too: each page says where the other is.
  await ask('articles.update', { articleId: made.id, language: 'de', title: 'Teile einer Lampe', content: 'Schirm, Fassung, Schalter.' })
  await ask('articles.publish', { articleId: made.id, language: 'de' })
  const base = s.url + '/help/nordlicht/'
  const phone = await s.open('phone', { viewport: { width: 390, height: 800 } })
  await phone.goto(base + 'a/parts-of-a-lamp')
  const alternates = () =>
    phone.locator('link[hreflang]').evaluateAll((list) => Object.fromEntries(list.map((l) => [l.hreflang, new URL(l.href).pathname])))
  assert.deepEqual(await alternates(), {
    en: '/help/nordlicht/a/parts-of-a-lamp',
    de: '/help/nordlicht/de/a/teile-einer-lampe',
    'x-default': '/help/nordlicht/a/parts-of-a-lamp',
  })

  // On a telephone the table of contents opens above the text, and links between articles stay in the window.
  const contents = phone.locator('details.contents')
  assert(await contents.isVisible())
  assert(!(await phone.locator('nav.toc').isVisible()), 'one table of contents is enough')
  await contents.locator('summary').click()
  await contents.getByRole('link', { name: 'Switches' }).click()
  await until('the address says so', () => new URL(phone.url()).hash === '#switches')
  await s.shot(phone, 'contents')
  await phone.emulateMedia({ colorScheme: 'dark' })
  await phone.evaluate(() => scrollTo(0, 0))
  await s.shot(phone, 'contents-dark')
  assert(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page is wider than the screen')
  await phone.getByRole('link', { name: 'spare sockets' }).click()
  await phone.waitForURL(base + 'a/spare-sockets')
  assert.equal(phone.context().pages().length, 1, 'a link to another article opens no window')
  await phone.goBack()
  await phone.getByRole('link', { name: 'Deutsch' }).click()
  await phone.getByRole('heading', { name: 'Teile einer Lampe' }).waitFor()

  // What machines are told.
  const told = async (path) => (await fetch(base + path)).text()
  assert.match(await told('llms.txt'), /- \[Parts of a lamp\]\(.*\/a\/parts-of-a-lamp\)/)
  assert.match(await told('sitemap.xml'), /de\/a\/teile-einer-lampe<\/loc>/)
  const feeds = { en: await told('feed.xml'), de: await told('de/feed.xml') } // each language has its own
  assert.match(feeds.de, /<title>Teile einer Lampe<\/title>/)
  assert.match(feeds.en, /<title>Parts of a lamp<\/title>/)
  assert.doesNotMatch(feeds.en, /Teile einer Lampe/)

  // Budgets stand where there is no model, for what finds by meaning costs, too.
  await writer.goto(s.url + '/app/settings/ai')
  const model = writer.getByRole('region', { name: 'Language model', exact: true })
  await model.getByText('Prices and budgets').click()
  await model.getByLabel(/month/i).fill('500000')
  await model.getByRole('button', { name: 'Save', exact: true }).last().click()
  await until('it is kept', async () => (await ask('aiAgent.getModel')).monthBudget === 500000)
  assert.equal((await ask('aiAgent.getModel')).provider, '')
  await s.look(writer, 'budgets', [1440, 390])

  // Closed to strangers, open for the team.
  await ask('helpCenter.updateSettings', { accessPolicy: 'restricted' })
  for (const path of ['', 'a/parts-of-a-lamp', 'de/', 'llms.txt', 'sitemap.xml', 'feed.xml'])
    assert.equal((await phone.goto(base + path)).status(), 404, 'a stranger reads ' + path)
  await writer.goto(base + 'a/parts-of-a-lamp')
  await writer.getByText('All about shades').first().waitFor()
  assert.equal(await writer.locator('link[hreflang], link[rel=canonical], meta[property^="og:"]').count(), 0, 'machines are told')
  s.check()
  console.log('knowledge: planned, published, put back, in two languages, on a telephone, and closed')
} catch (e) {
  await s.failed()
  throw e
} finally {
  await s.end()
}
