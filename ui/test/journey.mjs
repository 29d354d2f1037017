// The main job in real browsers: set-up link → wizard → the snippet on a page of another site → message → inbox →
// answer → visitor; then reloads, a kill -9 in mid-conversation, and a message written while offline.
// Usage: node journey.mjs BINARY CHROMIUM [SCREENSHOTS]

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import { chromium } from 'playwright-core'

const [binary, executablePath, shots] = process.argv.slice(2)
const data = mkdtempSync(join(tmpdir(), 'deskbell-journey-'))
let port = 0
let server
let line = ''

async function free() {
  const s = createServer().listen(0, '127.0.0.1')
  await new Promise((ok) => s.on('listening', ok))
  const { port } = s.address()
  await new Promise((ok) => s.close(ok))
  return port
}

async function start() {
  server = spawn(binary, ['serve', '--data', data, '--addr', `127.0.0.1:${port}`, '--url', `http://desk.test:${port}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  line = ''
  server.stdout.on('data', (b) => {
    line += b
  })
  for (let i = 0; i < 100; i++) {
    try {
      if ((await fetch(`http://127.0.0.1:${port}/healthz`)).ok) return
    } catch {
      /* not yet */
    }
    await new Promise((ok) => setTimeout(ok, 100))
  }
  throw new Error('the server did not start: ' + line)
}

let snippet = ''
const shop = createServer((_, w) => {
  w.setHeader('Content-Type', 'text/html')
  w.end(`<!doctype html><title>Shop</title><h1>Lamps</h1>${snippet}`)
})
port = await free()
await start()
await new Promise((ok) => shop.listen(0, '127.0.0.1', ok))
const shopURL = `http://shop.example:${shop.address().port}/`
const browser = await chromium.launch({
  executablePath,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--host-resolver-rules=MAP desk.test 127.0.0.1, MAP shop.example 127.0.0.1',
  ],
})
const errors = []
const watch = (page, name) => page.on('pageerror', (e) => errors.push(name + ': ' + e.message))
const shot = async (page, name) => {
  if (shots) await page.screenshot({ path: join(shots, name + '.png') })
}
// The messenger's frame stands in a closed shadow root; axe runs within it.
const accessible = async (page) => {
  for (const colorScheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme })
    const frame = page.frames().find((f) => f.url().includes('/widget/messenger'))
    await frame.evaluate(axe.source)
    const { violations } = await frame.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }))
    assert.deepEqual(
      violations.flatMap((v) => v.nodes.map((n) => `${colorScheme}: ${v.id}: ${n.html.slice(0, 200)} ${n.any[0]?.message ?? ''}`)),
      [],
    )
  }
}
const once = async (where, text) => assert.equal(await where.getByText(text, { exact: true }).count(), 1, `"${text}" exactly once`)

try {
  const agent = await (
    await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US', colorScheme: 'light' })
  ).newPage()
  watch(agent, 'agent')
  await agent.goto(/http\S+/.exec(line)[0])
  await shot(agent, 'setup-1')
  await agent.getByLabel('Name').fill('Ann Berg')
  await agent.getByLabel('E-mail').fill('ann@shop.example')
  await agent.getByLabel('Password').fill('correct horse')
  await agent.getByRole('button', { name: 'Next' }).click()
  await agent.getByLabel('Name of your business').fill('Nordlicht')
  await agent.getByRole('button', { name: 'Next' }).click()
  snippet = await agent.locator('pre code').textContent()
  assert.match(snippet, /workspaceId: "[0-9A-Z]{13}"/)
  await agent.getByText('Waiting for the first visit').waitFor()

  const visitorContext = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', colorScheme: 'light' })
  const visitor = await visitorContext.newPage()
  watch(visitor, 'visitor')
  await visitor.goto(shopURL)
  await agent.getByText('Connected').waitFor()
  await shot(agent, 'setup-3')
  await agent.getByRole('button', { name: 'Open the inbox' }).click()

  await visitor.getByRole('button', { name: 'Open messenger' }).click()
  const messenger = visitor.frameLocator('iframe[title="Messenger"]')
  await messenger.getByRole('button', { name: 'Send us a message' }).waitFor()
  await shot(visitor, 'messenger-home')
  await accessible(visitor)
  await messenger.getByRole('button', { name: 'Send us a message' }).first().click()
  await messenger.getByLabel('Write a message').fill('Does the Polar lamp run on 110 V?')
  await messenger.getByRole('button', { name: 'Send', exact: true }).click()

  await agent.getByRole('button', { name: /Does the Polar lamp/ }).click()
  await agent.getByRole('textbox', { name: 'Reply' }).fill('It does, with the **US plug**.')
  await messenger.getByText('is typing').waitFor()
  await agent.getByRole('button', { name: 'Send', exact: true }).click()
  await messenger.locator('strong', { hasText: 'US plug' }).waitFor()
  assert.equal(await messenger.locator('strong', { hasText: 'US plug' }).count(), 1, 'Markdown is rendered')
  await agent.getByText('Read', { exact: false }).first().waitFor()
  await agent.getByRole('button', { name: 'Note' }).click()
  await agent.getByRole('textbox', { name: 'Note' }).fill('Ask the workshop.')
  await agent.getByRole('button', { name: 'Send', exact: true }).click()
  await agent.getByText('Ask the workshop.').first().waitFor()
  await shot(agent, 'inbox')
  await shot(visitor, 'messenger-chat')
  await accessible(visitor)

  await visitor.reload()
  await agent.reload()
  await visitor.getByRole('button', { name: 'Open messenger' }).click()
  await messenger.getByText('US plug').first().click()
  await messenger.locator('strong', { hasText: 'US plug' }).waitFor()
  await once(messenger, 'Does the Polar lamp run on 110 V?')
  assert.equal(await messenger.getByText('Ask the workshop.').count(), 0, 'notes never reach visitors')

  server.kill('SIGKILL')
  await new Promise((ok) => server.once('exit', ok))
  await messenger.getByLabel('Write a message').fill('Written while the server was down')
  await messenger.getByRole('button', { name: 'Send', exact: true }).click()
  await messenger.getByText('Written while the server was down').waitFor()
  await start()
  await agent.locator('.bubble', { hasText: 'Written while the server was down' }).waitFor({ timeout: 60000 })
  assert.equal(await agent.locator('.bubble', { hasText: 'Written while the server was down' }).count(), 1)

  await visitorContext.setOffline(true)
  await messenger.getByLabel('Write a message').fill('Written while offline')
  await messenger.getByRole('button', { name: 'Send', exact: true }).click()
  await visitorContext.setOffline(false)
  await agent.locator('.bubble', { hasText: 'Written while offline' }).waitFor({ timeout: 60000 })
  assert.equal(await agent.locator('.bubble', { hasText: 'Written while offline' }).count(), 1)
  await agent.getByRole('textbox', { name: 'Reply' }).fill('We are back.')
  await agent.getByRole('button', { name: 'Send and close' }).click()
  await messenger.locator('.bubble', { hasText: 'We are back.' }).waitFor({ timeout: 60000 })
  await once(messenger, 'Written while offline')
  await once(messenger, 'Written while the server was down')
  await messenger.getByText('This conversation was closed').waitFor()

  if (shots) {
    for (const [name, width] of [
      ['1440', 1440],
      ['1024', 1024],
      ['390', 390],
    ]) {
      for (const theme of ['light', 'dark']) {
        await agent.setViewportSize({ width, height: width < 500 ? 844 : 900 })
        await agent.evaluate((t) => {
          document.documentElement.dataset.theme = t
        }, theme)
        await shot(agent, `thread-${name}-${theme}`)
        await visitor.setViewportSize({ width, height: width < 500 ? 844 : 900 })
        await visitor.emulateMedia({ colorScheme: theme })
        await shot(visitor, `visitor-${name}-${theme}`)
      }
    }
  }
  assert.deepEqual(errors, [])
  console.log('journey: ok')
} catch (e) {
  for (const c of browser.contexts())
    for (const [i, p] of c.pages().entries())
      await p.screenshot({ path: join(shots ?? tmpdir(), `journey-failed-${browser.contexts().indexOf(c)}-${i}.png`) }).catch(() => {})
  console.error(errors)
  throw e
} finally {
  await browser.close()
  server.kill('SIGKILL')
  shop.close()
  rmSync(data, { recursive: true, force: true })
}
