// What a journey needs: a server on a fresh demo workspace, a browser, and eyes for what should not be.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium } from 'playwright-core'

/** Starts everything. `check` fails on whatever was found, `end` stops. Pages ask the server alone, and what hosts allows. */
export async function stage(name, [binary, executablePath, shots], { flags = [], hosts = [], demo = true } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'deskbell-' + name + '-'))
  const port = await new Promise((ok) => {
    const s = createServer().listen(0, '127.0.0.1', () => {
      const { port } = s.address()
      s.close(() => ok(port))
    })
  })
  const url = `http://127.0.0.1:${port}`
  const server = spawn(binary, ['serve', ...(demo ? ['--demo'] : []), '--data', data, '--addr', `127.0.0.1:${port}`, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  server.stdout.on('data', (b) => {
    printed += b
  })
  await until('the server answers', () =>
    fetch(url + '/healthz').then(
      (r) => r.ok,
      () => false,
    ),
  )
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  const errors = []
  const gone = new Promise((ok) => server.on('exit', ok))
  const halt = () => {
    server.kill()
    return gone
  }
  return {
    url,
    /** The link of a first start. */
    link: () => /http\S+/.exec(printed)[0],
    async open(who, options = {}) {
      const page = await (
        await browser.newContext({
          viewport: { width: 1440, height: 900 },
          locale: 'en-US',
          colorScheme: 'light',
          reducedMotion: 'reduce',
          ...options,
        })
      ).newPage()
      page.setDefaultTimeout(60000)
      page.on('pageerror', (e) => errors.push(who + ': ' + e.message))
      page.on('request', (r) => {
        const to = new URL(r.url())
        if (to.protocol.startsWith('http') && to.host !== new URL(url).host && !hosts.includes(to.host))
          errors.push(who + ' asked ' + r.url())
      })
      return page
    },
    async signIn(page, email = 'owner@demo.test') {
      await page.goto(url + '/app/')
      await page.getByLabel('E-mail').fill(email)
      await page.getByLabel('Password').fill('demo-password-1')
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByRole('link', { name: 'Inbox' }).waitFor()
      const workspaceId = (await post(page, 'users.me', {})).memberships[0].workspaceId
      return (door, args = {}) => post(page, door, { workspaceId, ...args })
    },
    /** Looks at what stands on the screen in both themes, at the widths that are named. */
    async look(page, what, widths = [1440]) {
      const size = page.viewportSize()
      for (const width of widths)
        for (const theme of ['light', 'dark']) {
          await page.setViewportSize({ width, height: 900 })
          await page.evaluate((t) => {
            document.documentElement.dataset.theme = t
          }, theme)
          await page.mouse.move(0, 0)
          const { violations } = await new AxeBuilder({ page }).analyze()
          for (const v of violations)
            for (const n of v.nodes)
              errors.push(
                `${what} ${theme} ${width}: ${v.id}: ${n.html.slice(0, 160)} ${[...n.any, ...n.all, ...n.none][0]?.message ?? ''}`,
              )
          if (shots) await page.screenshot({ path: join(shots, `${name}-${what.replaceAll(' ', '-')}-${theme}-${width}.png`) })
        }
      await page.setViewportSize(size)
      await page.evaluate(() => {
        document.documentElement.dataset.theme = 'light'
      })
    },
    async shot(page, what) {
      if (shots) await page.screenshot({ path: join(shots, `${name}-${what}.png`) })
    },
    check() {
      assert.deepEqual(errors, [])
    },
    halt,
    async end() {
      await browser.close()
      await halt()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

export const post = (page, door, args) =>
  page.evaluate(
    async ([door, args]) => {
      const r = await fetch('/api/' + door, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(args) })
      return r.json()
    },
    [door, args],
  )

export async function until(what, fn) {
  for (let i = 0; ; i++) {
    const v = await fn()
    if (v) return v
    assert(i < 300, 'never: ' + what)
    await new Promise((ok) => setTimeout(ok, 100))
  }
}
