// A tour of every screen, for eyes: pictures at three widths in both themes, and a list of what a ruler finds (sideways scrolling,
// cut text, what is too small for a finger) and what axe finds. Nothing is asserted here; the journeys do that.
// Usage: node look.mjs BINARY CHROMIUM DIRECTORY [WORD OF THE SCENES' NAMES] [LOCALE]

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { colours, judge, post, stage, until } from './stage.mjs'

const [binary, chromium, dir, word = '', locale = 'en-US'] = process.argv.slice(2)
mkdirSync(dir, { recursive: true })
const widths = [1440, 1024, 390]
const found = []
const s = await stage('look', [binary, chromium], { flags: ['--demo', '--ai-private-hosts'] })
const desk = await s.open('desk', { locale })

/** What a ruler finds, in the page or in the messenger's frame. */
function measure(phone) {
  const out = []
  const name = (el) =>
    `${el.tagName.toLowerCase()}.${String(el.className?.baseVal ?? el.className).replaceAll(' ', '.')} “${(el.ariaLabel || el.textContent || '').trim().slice(0, 40)}”`
  if (document.documentElement.scrollWidth > innerWidth)
    out.push(`scrolls sideways by ${document.documentElement.scrollWidth - innerWidth}`)
  const scrolls = (el) => {
    for (let p = el.parentElement; p; p = p.parentElement)
      if (/auto|scroll/.test(getComputedStyle(p).overflowX) && p.scrollWidth > p.clientWidth) return true
    return false
  }
  for (const el of document.body.querySelectorAll('*')) {
    const r = el.getBoundingClientRect()
    if (!r.width || !r.height || !el.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue
    const style = getComputedStyle(el)
    if (style.clipPath !== 'none' || el.closest('.sr')) continue
    if (r.right > innerWidth + 1 && r.left < innerWidth && !scrolls(el) && style.position !== 'fixed')
      out.push(`reaches over the edge by ${Math.round(r.right - innerWidth)}: ${name(el)}`)
    if (
      /hidden|clip/.test(style.overflowX) &&
      style.textOverflow !== 'ellipsis' &&
      el.scrollWidth > el.clientWidth + 1 &&
      !/INPUT|TEXTAREA|SELECT|IFRAME/.test(el.tagName)
    )
      out.push(`cut by ${el.scrollWidth - el.clientWidth}: ${name(el)}`)
    if (
      parseFloat(style.fontSize) < 11 &&
      [...el.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) &&
      !el.closest('[aria-hidden]')
    )
      out.push(`${style.fontSize}: ${name(el)}`)
    if (!phone || !el.matches('a, button, select, summary, input:not([type=hidden]), textarea, [role=option], [role=menuitem]')) continue
    if (el.closest('.prose, .bubble, .ProseMirror') || style.display === 'inline') continue
    const label = el.closest('label')?.getBoundingClientRect()
    const height = Math.max(r.height, /checkbox|radio/.test(el.type) ? (label?.height ?? 0) : 0)
    const width = Math.max(r.width, label?.width ?? 0)
    const after = getComputedStyle(el, '::after')
    const reach = after.content !== 'none' && after.position === 'absolute' ? parseFloat(after.height) || 0 : 0
    if (Math.max(height, reach) < 40 || width < 32) out.push(`${Math.round(width)}×${Math.round(height)} for a finger: ${name(el)}`)
  }
  return out
}

async function seen(page, name, at = widths) {
  for (const width of at)
    for (const colorScheme of ['light', 'dark']) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.mouse.move(0, 0)
      await page.waitForTimeout(120)
      await page.screenshot({ path: join(dir, `${name}-${width}-${colorScheme}.png`) })
      if (width !== 1024)
        for (const f of await judge(page, colorScheme === 'dark' ? colours : undefined)) found.push(`${name} ${width} ${colorScheme}: ${f}`)
      if (colorScheme === 'dark') continue
      for (const frame of page.frames())
        if (!frame.url().startsWith('about:') && (frame === page.mainFrame() || frame.url().includes('/widget/')))
          for (const f of new Set(await frame.evaluate(measure, width === 390))) found.push(`${name} ${width}: ${f}`)
    }
  await page.setViewportSize({ width: 1440, height: 900 })
}

/** One screen; what goes wrong on the way is told, and the tour goes on. */
async function scene(name, page, way, at) {
  if (!name.includes(word)) return
  try {
    await page.setViewportSize({ width: 1440, height: 900 })
    await way(page)
    await seen(page, name, at)
  } catch (e) {
    found.push(`${name}: ${String(e).split('\n')[0]}`)
    await page.screenshot({ path: join(dir, `${name}-failed.png`) })
  }
}

/** Somebody writes; answers with the conversation. */
async function visit(workspaceId, key, user, ...texts) {
  const ask = async (door, args, token) =>
    (
      await fetch(s.url + '/api/' + door, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...(token && { Authorization: 'Bearer ' + token }) },
        body: JSON.stringify(args),
      })
    ).json()
  const { sessionToken } = await ask('widgetSessions.boot', { workspaceId, sessionId: key.padStart(43, 'x'), user })
  const { conversation } = await ask('conversations.start', { content: texts[0] }, sessionToken)
  for (const content of texts.slice(1)) await ask('messages.send', { conversationId: conversation.id, content }, sessionToken)
  return conversation.id
}

const at = (path) => (page) => page.goto(s.url + path)
const to =
  (path, words, more = async () => {}) =>
  async (page) => {
    await page.goto(s.url + path)
    await page.getByText(words).first().waitFor({ timeout: 8000 })
    await more(page)
    await page.waitForTimeout(250)
  }

try {
  await scene('gate-sign-in', desk, to('/app/', ''))
  await scene('gate-sign-in-wrong', desk, async (p) => {
    await p.locator('[name=email]').fill('nobody@demo.test')
    await p.locator('[name=password]').fill('not this one')
    await p.locator('form .btn.primary').click()
    await p.getByRole('alert').waitFor()
  })
  await scene('gate-invite-gone', desk, at('/app/invite?token=none'))
  await scene(
    'gate-setup-gone',
    desk,
    to('/setup?token=none', '', (p) => p.locator('.gate h1').waitFor()),
  )
  await scene('gate-landing', desk, at('/'))
  await scene('gate-reference', desk, at('/api/docs'))
  const fresh = await stage('look', [binary, chromium], { flags: [] })
  try {
    const p = await fresh.open('fresh', { locale })
    await scene('setup-1', p, async () => {
      await p.goto(/http\S+/.exec(fresh.said())[0])
      await p.locator('[name=password]').waitFor()
    })
    if ('setup-2 setup-3 setup-4 empty'.includes(word) || !word) {
      await p.goto(/http\S+/.exec(fresh.said())[0])
      await p.locator('[name=name]').fill('Jule Petersen')
      await p.locator('[name=email]').fill('jule@nordlicht.example')
      await p.locator('[name=password]').fill('a long enough password')
      await p.locator('form .btn.primary').click()
      await p.locator('.site iframe').waitFor()
      await p.locator('.wiz-form form .field input').first().fill('Nordlicht')
      await scene('setup-2', p, async () => {})
      await p.locator('form .btn.primary').click()
      await p.locator('.install').waitFor()
      await scene('setup-3', p, async () => {})
      await scene('setup-3-written', p, async () => {
        await p.locator('.try .btn').click()
        await p.frameLocator('iframe').locator('.compose textarea').press('Enter')
        await p.waitForTimeout(900)
      })
      const base = fresh.url + '/app/'
      for (const [name, path] of [
        ['setup-4-first-steps', 'start'],
        ['empty-inbox', 'inbox/all'],
        ['empty-people', 'people'],
        ['empty-help', 'help'],
        ['empty-ai', 'ai'],
        ['empty-replies', 'settings/replies'],
        ['empty-tags', 'settings/tags'],
      ])
        await scene(name, p, async () => {
          await p.goto(base + path)
          await p.locator('.rail').waitFor()
          await p.waitForTimeout(400)
        })
    }
  } finally {
    await fresh.end()
  }

  const ask = await s.signIn(desk)
  const guest = await s.open('guest', { locale })
  const { url: invitation } = await ask('workspaceMembers.invite', { email: 'ines@demo.test', role: 'agent' })
  await scene('gate-invite', guest, async (p) => {
    await p.goto(invitation)
    await p.locator('[name=password]').waitFor()
  })
  const workspaceId = (await post(desk, 'users.me', {})).memberships[0].workspaceId
  await until('the articles are learned', async () => {
    const x = await ask('aiAgent.getSettings')
    return x.pieces > 10 && x.indexed === x.pieces
  })
  const answered = await visit(workspaceId, 'answered', { name: 'Ole Hansen', email: 'ole@example.test' }, 'How do I return a lamp?')
  await visit(workspaceId, 'japan', { name: 'Mika Sato' }, 'Do you ship to Japan?')
  await until('the agent has answered', async () => {
    const { items } = await ask('aiAgent.getConversationResponses', { conversationId: answered })
    return items?.length
  })
  await ask('aiAgent.updateSettings', { enabled: false })
  const right = await visit(
    workspaceId,
    'right',
    { name: 'ליאורה בן־דוד' },
    'שלום, המנורה שהזמנתי (Havn 40) עדיין לא הגיעה. אפשר לבדוק?',
    'מספר ההזמנה: 4471-B',
  )
  const long = await visit(
    workspaceId,
    'long',
    {
      name: 'Maximiliane-Theresia von und zu Hohenstein-Donaudampfschifffahrt',
      email: 'maximiliane-theresia.hohenstein-donaudampfschifffahrt@gesellschaft.example',
    },
    'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvorstandsvorsitzende\n\nhttps://nordlicht.example/lamps/havn/' +
      'a-very-long-path/'.repeat(8),
    '# Heading\n\n1. one\n2. two\n\n> quoted\n\n| Lamp | Price |\n|---|---|\n| Havn | 129 € |\n\n```\ncurl https://nordlicht.example/orders/4471 --header "Accept: application/json" --fail\n```',
  )
  const { items } = await ask('conversations.listForInbox', { status: 'open' })
  const rich = items.find((c) => c.tags.length > 0) ?? items[0]

  const inbox = '/app/inbox/all'
  const thread = (id) => to(`${inbox}/${id}`, '', (p) => p.locator('.bubble').first().waitFor())
  await scene(
    'inbox-list',
    desk,
    to(inbox, '', (p) => p.locator('.conv').first().waitFor()),
  )
  await scene('inbox-thread', desk, thread(rich.id))
  await scene('inbox-several', desk, async (p) => {
    await to(inbox, '', (p) => p.locator('.conv').first().waitFor())(p)
    for (const n of [0, 2]) await p.locator('.pickable').nth(n).getByRole('checkbox').click()
  })
  await scene('inbox-ai', desk, thread(answered))
  await scene('inbox-rtl', desk, thread(right))
  await scene('inbox-long', desk, thread(long))
  await scene(
    'inbox-search',
    desk,
    to(inbox + '?q=dimmer', '', (p) => p.locator('.conv').first().waitFor()),
  )
  await scene('inbox-search-none', desk, to(inbox + '?q=zyxwv', ''))
  await scene('inbox-empty-view', desk, to('/app/inbox/snoozed', ''))
  await scene('inbox-gone', desk, to(inbox + '/0000000000000', ''))
  await scene('inbox-note', desk, async (p) => {
    await thread(rich.id)(p)
    await p.keyboard.press('n')
    await p.keyboard.type('She is a regular. The driver of the Havn is in stock.')
  })
  await desk.evaluate(() => localStorage.setItem('deskbell.hold', '600000'))
  await scene('inbox-held', desk, async (p) => {
    await thread(rich.id)(p)
    await p.keyboard.press('r')
    await p.locator('.composer textarea').fill('It is on its way.')
    await p.keyboard.press('Control+Enter')
    await p.locator('.waits').waitFor()
  })
  await scene('inbox-emoji', desk, async (p) => {
    await thread(answered)(p)
    await p.locator('.composer .tools .icon:has(.lucide-smile)').click()
    await p.locator('.emoji button').first().waitFor()
  })
  await scene('inbox-send-menu', desk, async (p) => {
    await thread(answered)(p)
    await p.locator('.split .btn').nth(1).click()
  })
  await scene('inbox-saved', desk, async (p) => {
    await thread(answered)(p)
    await p.locator('.composer textarea').click()
    await p.keyboard.type('/')
    await p.locator('[role=option]').first().waitFor()
  })
  await scene('inbox-copilot', desk, async (p) => {
    await thread(answered)(p)
    await p.locator('.composer .icon.ai').click()
    await p.waitForTimeout(1500)
  })
  await scene(
    'inbox-drawer',
    desk,
    async (p) => {
      await p.setViewportSize({ width: 1024, height: 900 })
      await thread(rich.id)(p)
      await p.locator('button.details-only').first().click()
    },
    [1024, 390],
  )
  await scene('palette', desk, async (p) => {
    await thread(rich.id)(p)
    await p.keyboard.press('Control+k')
    await p.keyboard.type('di')
    await p.waitForTimeout(600)
  })
  await scene('palette-keys', desk, async (p) => {
    await thread(rich.id)(p)
    await p.locator('.messages').click()
    await p.keyboard.press('?')
    await p.locator('dialog').waitFor()
  })
  await scene('menu', desk, async (p) => {
    await to('/app/people', '')(p)
    await p.locator('.account > button').click()
  })
  await scene('new-workspace', desk, async (p) => {
    await to('/app/people', '')(p)
    await p.locator('.account > button').click()
    await p.locator('.menu button').first().click()
    await p.locator('dialog').waitFor()
  })
  await scene(
    'first-steps',
    desk,
    to('/app/start', '', (p) => p.locator('.ticks').first().waitFor()),
  )
  await scene(
    'people',
    desk,
    to('/app/people', '', (p) => p.locator('td').first().waitFor()),
  )
  await scene('people-none', desk, to('/app/people?q=zyxwv', ''))

  const articles = (await ask('articles.list', {})).items
  const article = articles.find((a) => /dimmer/i.test(a.title)) ?? articles[0]
  await ask('articles.update', { articleId: article.id, subtitle: 'Trailing edge, and nothing older than 2015.' })
  await scene(
    'help-list',
    desk,
    to('/app/help', '', (p) => p.locator('.page li, .page td').first().waitFor()),
  )
  await scene(
    'help-editor',
    desk,
    to('/app/help/' + article.id, '', (p) => p.locator('.ProseMirror').waitFor()),
  )
  for (const [i, tab] of [
    [0, 'drawer'],
    [1, 'versions'],
    [2, 'feedback'],
  ])
    await scene('help-editor-' + tab, desk, async (p) => {
      await to('/app/help/' + article.id, '', (q) => q.locator('.ProseMirror').waitFor())(p)
      await p.setViewportSize({ width: 1024, height: 900 })
      await p.locator('.writing .details-only').click()
      await p.getByRole('tab').nth(i).click()
    })
  await scene('help-diff', desk, async (p) => {
    await to('/app/help/' + article.id, '', (q) => q.locator('.ProseMirror').waitFor())(p)
    await p.getByRole('tab').nth(1).click()
    await p.locator('.versions button').last().click()
    await p.locator('dialog').waitFor()
  })
  await scene('help-slash', desk, async (p) => {
    await to('/app/help/' + article.id, '', (q) => q.locator('.ProseMirror').waitFor())(p)
    await p.locator('.ProseMirror').click()
    await p.keyboard.press('Control+End')
    await p.keyboard.press('Enter')
    await p.keyboard.type('/')
  })
  await scene(
    'help-settings',
    desk,
    to('/app/help/settings', '', (p) => p.locator('form').first().waitFor()),
  )
  await scene('help-settings-import', desk, async (p) => {
    await to('/app/help/settings', '', (q) => q.locator('form').first().waitFor())(p)
    await p
      .locator('.scroll')
      .last()
      .evaluate((e) => e.scrollTo(0, e.scrollHeight))
  })

  await scene(
    'ai-page',
    desk,
    to('/app/ai', '', (p) => p.waitForTimeout(600)),
  )
  for (const page of ['workspace', 'members', 'messenger', 'replies', 'tags', 'ai', 'keys', 'profile', 'backup'])
    await scene(
      'settings-' + page,
      desk,
      to('/app/settings/' + page, '', (p) => p.waitForTimeout(500)),
    )
  await scene('settings-ai-end', desk, async (p) => {
    await to('/app/settings/ai', '', (q) => q.waitForTimeout(600))(p)
    await p
      .locator('.scroll')
      .last()
      .evaluate((e) => e.scrollTo(0, e.scrollHeight))
  })
  await scene('settings-permissions', desk, async (p) => {
    await to('/app/settings/members', '', (q) => q.locator('td').first().waitFor())(p)
    await p.locator('td button').first().click()
    await p.getByRole('menuitem').first().click()
    await p.locator('dialog').waitFor()
  })
  await scene('settings-remove', desk, async (p) => {
    await to('/app/settings/members', '', (q) => q.locator('td').first().waitFor())(p)
    await p.locator('td button').first().click()
    await p.getByRole('menuitem').last().click()
    await p.locator('dialog').waitFor()
  })
  await scene('settings-new-key', desk, async (p) => {
    await to('/app/settings/keys', '', (q) => q.locator('.empty .btn').waitFor())(p)
    await p.locator('.empty .btn').click()
    await p.locator('dialog').waitFor()
  })
  await scene('settings-reply', desk, async (p) => {
    await to('/app/settings/replies', '', (q) => q.locator('.replies li').first().waitFor())(p)
    await p.locator('.replies li button').first().click()
    await p.locator('dialog').waitFor()
  })

  // The messenger on a shop's page.
  await ask('aiAgent.updateSettings', { enabled: true })
  const shop = await s.open('shop', { locale })
  const show = async (...command) => {
    if (!shop.url().endsWith('/demo')) await shop.goto(s.url + '/demo')
    await shop.waitForFunction(() => typeof window.Deskbell === 'function')
    await shop.evaluate((c) => window.Deskbell(...c), command)
    await shop.waitForTimeout(900)
  }
  const frame = () => shop.frameLocator('iframe').first()
  await scene('widget-launcher', shop, at('/demo'))
  await scene('widget-home', shop, async () => {
    await shop.goto(s.url + '/demo')
    await show('showSpace', 'home')
  })
  await scene('widget-new', shop, () => show('showNewMessage'))
  await scene('widget-thread', shop, async () => {
    await show('showNewMessage')
    await frame().locator('.compose textarea').fill('How do I return a lamp?')
    await frame().locator('.compose textarea').press('Enter')
    await frame().locator('.m:not(.me) .bubble').first().waitFor()
    await frame().locator('.compose textarea').fill('Thank you! **One** more: which bulb does the Havn take?')
    await frame().locator('.compose textarea').press('Enter')
    await shop.waitForTimeout(2500)
  })
  await scene('widget-list', shop, () => show('showMessages'))
  await scene('widget-help', shop, () => show('showSpace', 'help'))
  await scene('widget-help-search', shop, async () => {
    await frame().locator('input[type=search]').fill('dimmer')
    await shop.waitForTimeout(900)
  })
  await scene('widget-article', shop, () => show('showArticle', article.id))
  // The public pages.
  const center = (await ask('helpCenter.getSettings')).url.replace(/^https?:\/\/[^/]+/, '').replace(/\/?$/, '/')
  const reader = await s.open('reader', { locale })
  await scene('public-index', reader, at(center))
  const collection = (await ask('collections.list')).items[0]
  await scene('public-collection', reader, at(center + 'c/' + collection.slug))
  await scene('public-article', reader, at(center + 'a/' + article.slug))
  await scene('public-article-end', reader, async (p) => {
    await p.goto(s.url + center + 'a/' + article.slug)
    await p.evaluate(() => scrollTo(0, document.body.scrollHeight))
  })
  await scene('public-search', reader, at(center + 'search?q=dimmer'))
  await scene('public-search-none', reader, at(center + 'search?q=zyxwv'))
  await scene('public-typing', reader, async (p) => {
    await p.goto(s.url + center)
    await p.getByRole('combobox').fill('dimmer')
    await p.locator('[role=option]').first().waitFor()
  })
  await scene('public-none', reader, at(center + 'a/none'))
  await ask('helpCenter.updateSettings', { accessPolicy: 'restricted' })
  await scene('public-restricted', reader, at(center))

  // The server is gone.
  if ('offline-inbox offline-widget'.includes(word)) {
    await thread(rich.id)(desk)
    await shop.goto(s.url + '/demo')
    await show('showNewMessage')
    await frame().locator('.compose textarea').fill('Which bulb does the Havn take?')
    await frame().locator('.compose textarea').press('Enter')
    await frame().locator('.m:not(.me) .bubble').first().waitFor()
    await s.kill()
  }
  await scene('offline-inbox', desk, (p) => p.waitForTimeout(2500))
  await scene('offline-widget', shop, async () => {
    await frame().locator('.compose textarea').fill('Are you still there?')
    await frame().locator('.compose textarea').press('Enter')
    await shop.waitForTimeout(1500)
  })
} finally {
  await s.end()
  writeFileSync(join(dir, 'found.txt'), found.join('\n') + '\n')
  console.log(found.join('\n'))
}
