// What a journey needs: a server on a fresh demo workspace, a browser, and eyes for what should not be.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
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

/** Waits until what was asked for has come: nothing on the screen is only the shape of something. */
const filled = (page) => page.waitForFunction(() => !document.querySelector('.coming'))

// What can be different in another theme; everything else is the same elements with the same names.
export const colours = ['color-contrast', 'link-in-text-block']

/** Lets a page's processor be as many times slower as DESKBELL_SLOW says; frames of another site have one of their own. */
async function slowed(page) {
  const rate = Number(process.env.DESKBELL_SLOW)
  if (!rate) return
  const slow = async (where) => {
    const session = await page.context().newCDPSession(where)
    await session.send('Emulation.setCPUThrottlingRate', { rate })
  }
  await slow(page)
  page.on('framenavigated', (f) => f.parentFrame() && slow(f).catch(() => {})) // not of another site, or gone already
}

/** What axe finds in a page and the frames in it. */
export async function judge(where, rules) {
  const frames = where.childFrames ? [where] : where.frames()
  for (const f of frames) if (!(await f.evaluate(() => !!window.axe))) await f.evaluate(axe.source)
  const { violations } = await where.evaluate(
    (rules) => window.axe.run(document, { resultTypes: ['violations'], ...(rules && { runOnly: { type: 'rule', values: rules } }) }),
    rules,
  )
  return violations.flatMap((v) =>
    v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)} ${[...n.any, ...n.all, ...n.none][0]?.message ?? ''}`),
  )
}

/** A port that is free, and stays so while the server is away: it lies below those that systems give to whoever asks for any. */
async function free() {
  for (;;) {
    const port = 20000 + Math.floor(Math.random() * 12000)
    const s = createServer()
    const taken = await new Promise((ok) => s.once('error', ok).listen(port, '127.0.0.1', () => ok(null)))
    if (taken?.code === 'EADDRINUSE') continue
    if (taken) throw taken
    await new Promise((ok) => s.close(ok))
    return port
  }
}

/**
 * Starts everything. `check` fails on whatever was found, `end` stops. Pages ask the server alone, and what hosts allows.
 * Names that end in .test or .example are this machine: a page of another site has an origin of its own.
 */
export async function stage(name, [binary, executablePath, shots], { flags = ['--demo'], hosts = [], site = '127.0.0.1' } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'deskbell-' + name + '-'))
  const port = await free()
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
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        locale: 'en-US',
        colorScheme: 'light',
        reducedMotion: 'reduce',
        ...options,
      })
      return this.tab(who, context)
    },
    /** Opens another tab of a browser that is open. */
    async tab(who, context) {
      const page = await context.newPage()
      await slowed(page)
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
      await page.locator('[name=email]').fill(email)
      await page.locator('[name=password]').fill('demo-password-1')
      await page.locator('form .btn.primary').click()
      await page.locator('.rail').waitFor()
      await page.evaluate(() => localStorage.setItem('deskbell.hold', '0')) // answers go out at once
      const workspaceId = (await post(page, 'users.me', {})).memberships[0].workspaceId
      return (door, args = {}) => post(page, door, { workspaceId, ...args })
    },
    /** Looks at what stands on the screen in both themes, at the widths that are named. */
    async look(page, what, widths = [1440]) {
      const size = page.viewportSize()
      await filled(page)
      await page.mouse.move(0, 0)
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 })
        for (const theme of ['light', 'dark']) {
          await page.evaluate((t) => {
            document.documentElement.dataset.theme = t
          }, theme)
          await settled(page)
          for (const found of await judge(page, theme === 'dark' ? colours : undefined)) errors.push(`${what} ${theme} ${width}: ${found}`)
          if (shots) await page.screenshot({ path: join(shots, `${name}-${what.replaceAll(' ', '-')}-${theme}-${width}.png`) })
        }
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
        for (const found of await judge(frame, colorScheme === 'light' ? colours : undefined))
          errors.push(`${what} ${colorScheme}: ${found}`)
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
  const end = performance.now() + 90_000
  for (;;) {
    const v = await fn()
    if (v) return v
    assert(performance.now() < end, 'never: ' + what)
    await new Promise((ok) => setTimeout(ok, 25))
  }
}
