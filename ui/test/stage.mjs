// What a journey needs: a server on a fresh demo workspace, a browser, and eyes for what should not be.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium } from 'playwright-core'

/** Waits until no colour is on its way to another: half of a change of theme is no theme. */
const settled = (page) =>
  page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((a) => a instanceof CSSTransition)
        .map((a) => a.finished.catch(() => {})),
    ),
  )

/**
 * Starts everything. `check` fails on whatever was found, `end` stops. Pages ask the server alone, and what hosts allows.
 * Names that end in .test or .example are this machine: a page of another site has an origin of its own.
 */
export async function stage(name, [binary, executablePath, shots], { flags = ['--demo'], hosts = [], site = '127.0.0.1' } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'deskbell-' + name + '-'))
  const port = await new Promise((ok) => {
    const s = createServer().listen(0, '127.0.0.1', () => {
      const { port } = s.address()
      s.close(() => ok(port))
    })
  })
  const url = `http://${site}:${port}`
  let server
  let said = ''
  async function start() {
    said = ''
    server = spawn(binary, ['serve', '--data', data, '--addr', `127.0.0.1:${port}`, '--url', url, ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    server.stdout.on('data', (b) => {
      said += b
    })
    await until('the server answers', () =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        (r) => r.ok,
        () => false,
      ),
    )
  }
  async function kill(how) {
    const ended = new Promise((ok) => server.once('exit', ok))
    server.kill(how)
    await ended
  }
  await start()
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP *.test 127.0.0.1, MAP *.example 127.0.0.1',
    ],
  })
  const errors = []
  return {
    url,
    start,
    kill,
    /** What the server has said on its standard output since it started. */
    said: () => said,
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
          await settled(page)
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
    /** Looks at the messenger in a page of any site, in both themes. */
    async lookInside(page, what) {
      for (const colorScheme of ['dark', 'light']) {
        await page.emulateMedia({ colorScheme })
        const frame = page.frames().find((f) => f.url().includes('/widget/messenger'))
        await settled(frame)
        await frame.evaluate(axe.source)
        const { violations } = await frame.evaluate(() => window.axe.run())
        for (const v of violations)
          for (const n of v.nodes)
            errors.push(`${what} ${colorScheme}: ${v.id}: ${n.html.slice(0, 160)} ${[...n.any, ...n.all, ...n.none][0]?.message ?? ''}`)
        if (shots) await page.screenshot({ path: join(shots, `${name}-${what.replaceAll(' ', '-')}-${colorScheme}.png`) })
      }
    },
    async shot(page, what) {
      if (shots) await page.screenshot({ path: join(shots, `${name}-${what}.png`) })
    },
    /** Keeps what every page looks like when something went wrong. */
    async failed() {
      for (const [i, c] of browser.contexts().entries())
        for (const [j, p] of c.pages().entries())
          await p.screenshot({ path: join(shots ?? tmpdir(), `${name}-failed-${i}-${j}.png`) }).catch(() => {})
      console.error(errors)
    },
    check() {
      assert.deepEqual(errors, [])
    },
    async end() {
      await browser.close()
      if (server.exitCode === null && server.signalCode === null) await kill()
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
