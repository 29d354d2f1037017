// Another help center comes in by the browser: its pages are listed, some are chosen and fetched, the server is killed meanwhile
// and goes on after it, the plan is looked at, applied, read on the public page, and taken back. The other help center stands on
// this machine, which the owner of the machine has allowed.
// Usage: node sites.mjs BINARY CHROMIUM [SCREENSHOTS]

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { stage, until } from './stage.mjs'

const dot = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const pages = 12
let open = false
const held = []
const asked = {}
const other = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://x')
  asked[pathname] = (asked[pathname] ?? 0) + 1
  const say = (type, body) => {
    response.setHeader('Content-Type', type)
    response.end(body)
  }
  if (pathname === '/sitemap.xml')
    return say(
      'application/xml',
      `<urlset>${Array.from({ length: pages }, (_, i) => `<url><loc>${address}/kb/lamp-${i}</loc></url>`).join('')}</urlset>`,
    )
  if (pathname === '/dot.png') return say('image/png', dot)
  const n = /^\/kb\/lamp-(\d+)$/.exec(pathname)?.[1]
  if (!n || n === '11') {
    response.statusCode = 404
    return say('text/html', 'gone')
  }
  const answer = () =>
    say(
      'text/html; charset=utf-8',
      `<nav class="breadcrumb"><a href="/">Help</a><a href="/l">Lamps from elsewhere</a></nav><article><h1>Lamp ${n}</h1>
      <p>About <b>lamp${n}</b>. <img src="/dot.png" alt="a dot" onerror="window.pwned=1"> <a href="/kb/lamp-${(Number(n) + 1) % pages}">next</a></p>
      <script>window.pwned = 1</script><a href="javascript:window.pwned=1">no</a></article>`,
    )
  if (Number(n) < 3 || open) answer()
  else held.push(answer)
})
await new Promise((ok) => other.listen(0, '127.0.0.1', ok))
const address = `http://127.0.0.1:${other.address().port}`
const s = await stage('sites', process.argv.slice(2), { flags: ['--demo', '--import-private-hosts'] })

try {
  const writer = await s.open('writer')
  const ask = await s.signIn(writer)
  const exactly = (name) => writer.getByRole('button', { name, exact: true })
  const before = (await ask('articles.list', { limit: 100 })).items.length
  await writer.goto(s.url + '/app/help/settings')
  await writer.getByLabel('Address of the help center, or of its sitemap').fill(address)
  await exactly('List its pages').click()
  await writer.getByLabel('Filter pages').fill('lamp')
  await exactly('Fetch 0 pages').waitFor()
  await writer.getByRole('checkbox', { name: /lamp-1$/ }).check()
  await exactly('Fetch 1 page').waitFor() // one is one
  await exactly('Choose all').click()
  await writer.getByLabel('Publish the articles at once').check()
  await s.look(writer, 'choose', [1440, 390])
  await exactly(`Fetch ${pages} pages`).click()
  await writer.getByText(/[1-9] of 12 pages fetched/).waitFor()
  await until('it waits for a page', () => held.length > 0)
  await s.shot(writer, 'fetching')

  // The server dies in the middle of it; nothing has come in yet, and after a restart it goes on by itself.
  await s.kill('SIGKILL')
  await s.start()
  assert.equal((await ask('articles.list', { limit: 100 })).items.length, before, 'nothing before anybody took it over')
  open = true
  for (const answer of held.splice(0)) answer()
  await exactly('Apply').waitFor()
  await writer.getByText('11 new, 0 changed, 0 archived').waitFor()
  await writer.getByText('1 address could not be read').click()
  await writer.getByText(address + '/kb/lamp-11').waitFor()
  await s.look(writer, 'plan', [1440, 390])
  await exactly('Apply').click()
  await exactly('Take back').first().waitFor()
  const titles = (await ask('articles.list', { limit: 100 })).items.map((a) => a.title)
  assert.equal(titles.length, before + 11)
  for (let i = 0; i < 11; i++) assert.equal(titles.filter((t) => t === `Lamp ${i}`).length, 1, `Lamp ${i} once`)

  const reader = await s.open('reader')
  await reader.goto(s.url + '/help/nordlicht/')
  await reader.getByRole('link', { name: /Lamps from elsewhere/ }).click()
  await reader.getByRole('link', { name: /^Lamp 3/ }).click()
  await reader.getByText('About lamp3.').waitFor()
  await reader.locator('.prose img').scrollIntoViewIfNeeded()
  await reader.waitForFunction(() => document.querySelector('.prose img').naturalWidth === 1)
  const next = await reader.locator('.prose').getByRole('link', { name: 'next' }).getAttribute('href')
  assert(
    next.startsWith(s.url + '/help/nordlicht/a/') || next.startsWith('/help/nordlicht/a/'),
    'links between the pages lead here: ' + next,
  )
  await reader.goto(new URL(next, s.url).href)
  await reader.getByText('About lamp4.').waitFor()
  assert.equal(await reader.evaluate(() => window.pwned), undefined)
  assert.equal(await reader.locator('.prose').locator('script, [onerror], a[href^="javascript"]').count(), 0)

  await exactly('Take back').first().click()
  await writer.locator('.badge').getByText('Taken back', { exact: true }).first().waitFor()
  assert.equal((await reader.reload()).status(), 404)
  assert.equal((await ask('articles.list', { limit: 100 })).items.length, before)
  s.check()
  console.log('sites: listed, chosen, fetched over a restart, applied, read, and taken back')
} catch (e) {
  await s.failed()
  throw e
} finally {
  await s.end()
  other.close()
  other.closeAllConnections()
}
