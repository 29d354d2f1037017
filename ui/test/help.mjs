// The help center in real browsers: write an article with a picture and a callout, publish it, find it on the public page,
// read it without JavaScript, rate it there and in the messenger; two writers at once lose nothing.
// Usage: node help.mjs BINARY CHROMIUM [SCREENSHOTS]

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const [binary, executablePath, shots] = process.argv.slice(2)
const data = mkdtempSync(join(tmpdir(), 'deskbell-help-'))
const probe = createServer().listen(0, '127.0.0.1')
await new Promise((ok) => probe.on('listening', ok))
const { port } = probe.address()
await new Promise((ok) => probe.close(ok))
const url = `http://127.0.0.1:${port}`
const server = spawn(binary, ['serve', '--demo', '--data', data, '--addr', `127.0.0.1:${port}`], { stdio: ['ignore', 'ignore', 'inherit'] })
for (let i = 0; i < 100; i++) {
  try { if ((await fetch(url + '/healthz')).ok) break } catch { /* not yet */ }
  await new Promise((ok) => setTimeout(ok, 100))
}
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] })
const errors = []
const open = async (name, options = {}) => {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US', colorScheme: 'light', ...options })).newPage()
  page.on('pageerror', (e) => errors.push(name + ': ' + e.message))
  page.on('request', (r) => { const to = new URL(r.url()); if (to.protocol.startsWith('http') && to.host !== new URL(url).host) errors.push(name + ' asked ' + r.url()) })
  return page
}
const shot = async (page, name) => { if (shots) await page.screenshot({ path: join(shots, 'help-' + name + '.png') }) }
const signIn = async (page, email) => {
  await page.goto(url + '/app/')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill('demo-password-1')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Help', exact: true }).click()
}

try {
  const writer = await open('writer')
  await signIn(writer, 'owner@demo.test')
  await writer.getByRole('link', { name: 'Bulbs and dimmers' }).click()
  await writer.getByRole('main').getByRole('button', { name: 'New article' }).click()
  await writer.getByLabel('Title of the article').fill('Clean a glass shade')
  await writer.getByLabel('One sentence under the title').fill('Lukewarm water is enough.')
  const body = writer.locator('.ProseMirror')
  await body.click()
  await writer.keyboard.type('Take the shade off first.')
  await writer.keyboard.press('Enter')
  await writer.keyboard.type('/warn')
  await writer.getByRole('option', { name: 'Warning' }).waitFor()
  await writer.keyboard.press('Enter')
  await writer.keyboard.type('Let the bulb cool down.')
  await body.evaluate(async (el) => {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 40
    canvas.getContext('2d').fillRect(0, 0, 40, 40)
    const blob = await new Promise((ok) => canvas.toBlob(ok, 'image/png'))
    const carried = new DataTransfer()
    carried.items.add(new File([blob], 'shade.png', { type: 'image/png' }))
    el.dispatchEvent(new ClipboardEvent('paste', { clipboardData: carried, bubbles: true, cancelable: true }))
  })
  await body.locator('img').waitFor()
  await writer.getByRole('status').filter({ hasText: 'Saved' }).waitFor()
  await writer.getByRole('button', { name: 'Publish', exact: true }).click()
  await writer.locator('.badge.good').getByText('Published').waitFor()
  await shot(writer, 'editor')

  const reader = await open('reader', { javaScriptEnabled: false })
  await reader.goto(url + '/help/nordlicht/')
  await reader.getByLabel('Search').fill('cleen glass')
  await reader.keyboard.press('Enter')
  await shot(reader, 'search')
  await reader.getByRole('link', { name: 'Clean a glass shade' }).click()
  assert.equal(await reader.locator('blockquote.callout.warning').innerText(), 'Let the bulb cool down.')
  assert.equal(await reader.locator('.prose img').evaluate((i) => i.naturalWidth), 40, 'the picture shows')
  await reader.getByRole('button', { name: 'Yes' }).click()
  await reader.getByText('Thank you.').waitFor()
  await shot(reader, 'rated')
  await writer.getByRole('tab', { name: 'Feedback' }).click()
  await writer.getByText('1 of 1 found it helpful').waitFor()

  const typed = await open('typed')
  await typed.goto(url + '/help/nordlicht/')
  await typed.getByRole('combobox', { name: 'Search' }).fill('dimmer flick')
  await typed.getByRole('option').first().waitFor()
  await shot(typed, 'typing')
  await typed.keyboard.press('ArrowDown')
  await typed.keyboard.press('Enter')
  await typed.waitForURL(/which-dimmers-work/)

  // Somebody else saves while the writer has words that are not saved.
  await writer.route('**/api/articles.update', async (r) => { await new Promise((ok) => setTimeout(ok, 1200)); await r.continue() })
  await body.click()
  await writer.keyboard.press('Control+Home')
  await writer.keyboard.type('Mine: ')
  const id = writer.url().split('/').pop()
  await writer.evaluate(async (articleId) => {
    const me = await (await fetch('/api/users.me', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' })).json()
    const workspaceId = me.memberships[0].workspaceId
    const post = (door, args) => fetch('/api/' + door + '?', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ workspaceId, articleId, ...args }) })
    const r = await post('articles.update', { content: 'Theirs: take the shade off.' })
    if (!r.ok) throw new Error(await r.text())
  }, id)
  await writer.unroute('**/api/articles.update')
  await writer.getByRole('dialog', { name: 'Somebody saved this article meanwhile' }).waitFor()
  await shot(writer, 'conflict')
  await writer.getByRole('button', { name: /Save mine/ }).click()
  await writer.getByRole('status').filter({ hasText: 'Saved' }).waitFor()
  await writer.getByRole('tab', { name: 'Versions' }).click()
  await writer.locator('.versions button').first().click()
  await writer.locator('.diff .out').filter({ hasText: 'Theirs: take the shade off.' }).waitFor()
  await writer.getByRole('button', { name: 'Cancel' }).click()

  const visitor = await open('visitor', { viewport: { width: 1024, height: 800 } })
  await visitor.goto(url + '/demo')
  await visitor.waitForFunction(() => typeof window.Deskbell === 'function')
  await visitor.evaluate(() => window.Deskbell('showSpace', 'help'))
  const messenger = visitor.frameLocator('iframe').first()
  await messenger.getByLabel('Search for help').waitFor()
  await shot(visitor, 'messenger')
  await messenger.getByLabel('Search for help').fill('glass')
  await messenger.getByRole('button', { name: 'Clean a glass shade' }).click()
  await messenger.getByText('Let the bulb cool down.').waitFor()
  await shot(visitor, 'messenger-article')
  await messenger.getByRole('button', { name: 'No', exact: true }).click()
  await messenger.getByText('Thank you.').waitFor()
  await messenger.getByRole('button', { name: 'Write to us' }).click()
  await writer.getByRole('tab', { name: 'Feedback' }).click()
  await writer.getByText('1 of 2 found it helpful').waitFor()
  assert.deepEqual(errors, [])
  console.log('help: written, published, found, read, rated, and nothing lost')
} finally {
  await browser.close()
  server.kill()
  await new Promise((ok) => server.on('exit', ok))
  rmSync(data, { recursive: true, force: true })
}
