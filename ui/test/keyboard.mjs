// Without a mouse: signing in, the inbox, a thread, the composer, the palette and the messenger. Whatever Tab reaches can be seen
// to have the focus and has a name, and nothing keeps the focus for itself.
// Usage: node keyboard.mjs BINARY CHROMIUM [SCREENSHOTS]

import assert from 'node:assert/strict'
import { stage, until } from './stage.mjs'

const s = await stage('keyboard', process.argv.slice(2))
const page = await s.open('agent')
const press = async (...keys) => {
  for (const k of keys) await page.keyboard.press(k)
}
const focused = (where) =>
  where.evaluate(() => {
    let e = document.activeElement
    while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement
    if (!e || e === document.body) return null
    const style = getComputedStyle(e)
    const box = e.getBoundingClientRect()
    const around = e.parentElement && getComputedStyle(e.parentElement)
    return {
      tag: e.tagName,
      name: (e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent || e.getAttribute('title') || e.placeholder || '')
        .trim()
        .slice(0, 60),
      shown: box.width > 0 && box.height > 0,
      ring:
        style.outlineStyle !== 'none' ||
        style.boxShadow !== 'none' ||
        around?.outlineStyle !== 'none' ||
        around?.boxShadow !== 'none' ||
        e.tagName === 'IFRAME',
    }
  })
/** Presses Tab until something that fits has the focus; what is passed is looked at. */
async function tab(to, where = page, how = 'Tab') {
  const passed = []
  for (let i = 0; i < 120; i++) {
    const f = await focused(where)
    if (f) {
      passed.push(f.name || f.tag)
      assert(f.shown, 'the focus cannot be seen: ' + JSON.stringify(f))
      assert(f.ring, 'nothing shows the focus: ' + JSON.stringify(f))
      assert(f.name, 'without a name: ' + JSON.stringify(f))
      if (to.test(f.name)) return f
    }
    await page.keyboard.press(how)
  }
  assert.fail(`Tab does not reach ${to}: ${passed.join(' · ')}`)
}

try {
  await page.goto(s.url + '/app/')
  await page.getByLabel('E-mail').waitFor()
  await tab(/^E-mail/)
  await page.keyboard.type('owner@demo.test')
  await tab(/^Password/)
  await page.keyboard.type('demo-password-1')
  await press('Enter')
  await page.getByRole('link', { name: 'Inbox' }).waitFor()
  await page.evaluate(() => localStorage.setItem('deskbell.hold', '0'))

  // Tab goes once around the whole inbox and comes back: no trap.
  await page.goto(s.url + '/app/inbox/all')
  await page.locator('.conv').first().waitFor()
  await tab(/^Inbox/)
  await tab(/^Search/)
  await tab(/^All open/)
  await tab(/^Search conversations/)

  // The list and a thread.
  await press('Escape')
  await page.evaluate(() => document.activeElement.blur())
  await press('j')
  await page.waitForURL(/inbox\/all\/\w{13}/)
  const first = page.url()
  await press('j')
  await until('the next one', async () => page.url() !== first)
  await press('k')
  await until('the one before', async () => page.url() === first)
  await page.locator('.thread-pane .bubble').first().waitFor()
  await press('/')
  await until('the search has the focus', async () => /^Search conversations/.test((await focused(page))?.name ?? ''))
  await press('Escape')
  await page.evaluate(() => document.activeElement.blur())
  for (const field of ['#assignee', '#add-tag']) await page.locator(field).waitFor()
  await press('a')
  await until('the assignee has the focus', async () => (await page.evaluate(() => document.activeElement.id)) === 'assignee')
  await press('Escape', 'Escape')
  await page.evaluate(() => document.activeElement.blur())
  await press('t')
  await until('a tag can be typed', () => page.evaluate(() => document.activeElement.tagName === 'INPUT'))
  await page.keyboard.type('by keyboard')
  await press('Enter')
  await page.locator('.details .badge', { hasText: 'by keyboard' }).waitFor()
  await page.evaluate(() => document.activeElement.blur())

  // The composer: a reply, a note, formatting, sending, and out again.
  await press('r')
  const reply = page.getByRole('textbox', { name: 'Reply' })
  await until('the words have the focus', () => reply.evaluate((e) => e === document.activeElement))
  await page.keyboard.type('Typed by hand')
  await press('Shift+Home')
  await tab(/^Bold$/)
  await press('Enter')
  await until('it is bold', async () => (await reply.inputValue()) === '**Typed by hand**')
  await until('the words have the focus again', () => reply.evaluate((e) => e === document.activeElement))
  await tab(/^Emoji$/)
  await press('Enter')
  await page.locator('.emoji button').first().waitFor()
  await press('Escape')
  await page.locator('.emoji').waitFor({ state: 'detached' })
  await until('the words have the focus after the emoji', () => reply.evaluate((e) => e === document.activeElement))
  await tab(/^How to send$/)
  await press('Enter')
  await page.getByRole('menu', { name: 'How to send' }).waitFor()
  await press('ArrowDown', 'ArrowDown', 'ArrowUp', 'Escape')
  await page.getByRole('menu').waitFor({ state: 'detached' })
  await until('the words have the focus after the menu', () => reply.evaluate((e) => e === document.activeElement))
  await press('Control+Enter')
  await page.locator('.m:not(.waits) .bubble strong', { hasText: 'Typed by hand' }).waitFor()
  await press('Escape')
  await until('out of the words', () => reply.evaluate((e) => e !== document.activeElement))
  await press('n')
  const note = page.getByRole('textbox', { name: 'Note' })
  await until('the note has the focus', () => note.evaluate((e) => e === document.activeElement))
  await page.keyboard.type('Only for us')
  await press('Control+Enter')
  await page.locator('.note .bubble', { hasText: 'Only for us' }).waitFor()
  await press('Escape')
  await until('out of the note', () => note.evaluate((e) => e !== document.activeElement))
  await press('e')
  await page.getByText(/^Closed /).waitFor()
  await press('z')
  await page.getByText(/^Closed /).waitFor({ state: 'detached' })

  // The palette: found, walked, used; Escape gives the focus back.
  await press('r')
  await until('the words have the focus before the palette', () => reply.evaluate((e) => e === document.activeElement))
  await press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Commands' })
  await palette.getByRole('combobox').waitFor()
  await press('Tab', 'Tab', 'Tab')
  assert(
    await page.evaluate(() => !!document.activeElement.closest('dialog') || document.activeElement === document.body),
    'behind the palette',
  )
  await press('Escape')
  await palette.waitFor({ state: 'detached' })
  await until('the focus is back', () => reply.evaluate((e) => e === document.activeElement))
  await press('Control+k')
  await until('the palette has the focus', () => palette.getByRole('combobox').evaluate((e) => e === document.activeElement))
  await page.keyboard.type('peop')
  await palette.getByRole('option', { selected: true }).filter({ hasText: 'People' }).waitFor()
  await press('Enter')
  await page.waitForURL(/\/app\/people/)
  await palette.waitFor({ state: 'detached' })
  // What was opened from a menu that is gone by then gives the focus to the menu's button.
  const account = page.locator('.account > button')
  await account.focus()
  await press('Enter')
  await page.getByRole('button', { name: 'New workspace' }).focus()
  await press('Enter')
  await page.getByRole('dialog', { name: 'New workspace' }).waitFor()
  await press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await until('the focus is back at the menu', () => account.evaluate((e) => e === document.activeElement))
  await press('?')
  await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor()
  await press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await press('g', 'i')
  await page.waitForURL(/\/app\/inbox\/mine/)

  // The messenger in a shop's page.
  const shop = await s.open('visitor', { viewport: { width: 1024, height: 800 } })
  const keys = async (...list) => {
    for (const k of list) await shop.keyboard.press(k)
  }
  await shop.goto(s.url + '/demo')
  await shop.getByRole('button', { name: /^Open messenger/ }).waitFor()
  const inShop = async (to) => {
    for (let i = 0; i < 60; i++) {
      if (to.test((await focused(shop))?.name ?? '')) return
      await keys('Tab')
    }
    assert.fail('Tab does not reach ' + to)
  }
  await inShop(/^Open messenger/)
  await keys('Enter')
  const messenger = shop.frameLocator('iframe[title="Messenger"]')
  await messenger.getByRole('button', { name: /Send us a message/ }).waitFor()
  const frame = shop.frames().find((f) => f.url().includes('/widget/messenger'))
  const inside = async (to, how = 'Tab') => {
    const passed = []
    for (let i = 0; i < 40; i++) {
      const f = await focused(frame)
      if (f) {
        passed.push(f.name)
        assert(f.shown && f.ring && f.name, 'in the messenger: ' + JSON.stringify(f))
        if (to.test(f.name)) return
      }
      await keys(how)
    }
    assert.fail(`Tab does not reach ${to} in the messenger: ${passed.join(' · ')}`)
  }
  await inside(/^Send us a message/)
  await keys('Enter')
  await until('the line has the focus', async () => /Write a message/.test((await focused(frame))?.name ?? ''))
  await shop.keyboard.type('First line')
  await keys('Shift+Enter')
  await shop.keyboard.type('second line')
  await keys('Enter')
  await messenger.locator('.bubble', { hasText: 'second line' }).waitFor()
  assert.equal(await messenger.locator('.m.me .bubble').count(), 1, 'Shift and Enter make a line, Enter sends')
  await inside(/^Back$/, 'Shift+Tab')
  await keys('Enter')
  await messenger.locator('.list .card').first().waitFor()
  await inside(/^Help$/)
  await keys('Enter')
  await messenger.getByLabel('Search for help').waitFor()
  await keys('Escape')
  await shop.getByRole('button', { name: /^Open messenger/ }).waitFor()
  await until('the launcher has the focus', async () => /^Open messenger/.test((await focused(shop))?.name ?? ''))
  s.check()
  console.log('keyboard: signed in, read, answered, noted, closed, found, and written, without a mouse')
} catch (e) {
  await s.failed()
  throw e
} finally {
  await s.end()
}
