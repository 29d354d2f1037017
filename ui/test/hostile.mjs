// What strangers can put before a page: crafted messages and attributes, addresses, settings of a host page and messages between
// windows. Nothing of it crashes a page, keeps it busy, runs, or changes what all objects share (S-57, S-93).
// Usage: node hostile.mjs BINARY CHROMIUM [SCREENSHOTS]

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { stage, until } from './stage.mjs'

let shopPage = ''
const shop = createServer((request, response) => {
  response.setHeader('Content-Type', 'text/html')
  response.end(request.headers.host.startsWith('evil') ? evilPage : shopPage)
})
await new Promise((ok) => shop.listen(0, '127.0.0.1', ok))
const at = (host) => `http://${host}.example:${shop.address().port}`
const s = await stage('hostile', process.argv.slice(2), { hosts: [at('shop'), at('evil')].map((u) => new URL(u).host) })

// A frame of another site within the shop's page says everything that the messenger's frame could say.
const evilPage = `<script>
  const look = {accent: 'red;background:url(//evil.example/x)', position: 'left', side: 500, bottom: 500, show: false, mobile: false, label: '<img src=x onerror=pwned=1>'}
  for (const is of ['ready', 'keep', 'look', 'visitor', 'unread', 'email', 'close', 'refused', '__proto__', 'constructor', 'toString'])
    for (const to of [parent, top]) to.postMessage({deskbell: 1, is, look, n: 99, id: 'evil', why: '<img src=x onerror=pwned=1>', kept: {'deskbell.secret': 'evil'}, email: 'x', ['__proto__']: {pwned: 1}}, '*')
  parent.postMessage('said', '*')
</script>`
const markup = '<img src=x onerror="window.pwned=1;parent.pwned=1"><svg onload="window.pwned=1">'

const hostileTexts = {
  'deep quotes': '>'.repeat(2000) + ' deep',
  'deep lists': Array.from({ length: 130 }, (_, i) => ' '.repeat(i * 2) + '- x').join('\n'),
  emphasis: '*_'.repeat(5000) + 'x' + '_*'.repeat(5000),
  brackets: '['.repeat(9000) + ']('.repeat(5000),
  backticks: '`'.repeat(9999) + ' x',
  table: '|' + 'a|'.repeat(400) + '\n|' + '-|'.repeat(400) + '\n' + ('|' + 'b|'.repeat(20) + '\n').repeat(200),
  'one word': 'w'.repeat(19000),
  zalgo: 'Z' + '\u0301\u0489\u0316'.repeat(3000),
  families: '👨‍👩‍👧‍👦'.repeat(600) + '🏳️‍🌈🇩🇪👩🏽‍🚀',
  'right to left': '\u202e\u2066\u202d abc \u2069'.repeat(500) + 'אבג',
  separators: 'a\u2028b\u2029c\u0085d\u200b\ufeff\u00ad',
  'half a pair': 'x\ud800y\udfffz',
  markup,
  'markup in marks': `[a](javascript:window.pwned=1) ![x](javascript:1) <${'a'.repeat(200)} ${markup}> [b](data:text/html,${markup}) [c](vbscript:x)`,
  'what looks like a component': '{"$$typeof":"Symbol(react.element)","type":"script","props":{"dangerouslySetInnerHTML":{"__html":"x"}}}',
  'blanks of our texts': '{n} {name} {who}|$& $1 $` %s %d {{.}} ${1}',
  links: Array.from({ length: 500 }, (_, i) => `https://shop.example/${i}`).join(' '),
  names: '__proto__ constructor toString hasOwnProperty valueOf then',
}
const attributes = {
  ...Object.fromEntries(
    ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'then', 'length', '$$typeof', 'key', 'ref', 'a', 'a=', 'children'].map((k) => [
      k,
      k,
    ]),
  ),
  [markup.slice(0, 40)]: markup,
  '\u202eabc': '\u202e' + 'x'.repeat(200),
  number: 1e308,
  minus: -0,
  yes: true,
}
const clean = (page) =>
  page.evaluate(() => {
    const found = []
    for (const k in {}) found.push(k)
    return { pwned: window.pwned ?? {}.pwned ?? null, shared: found }
  })
const untouched = { pwned: null, shared: [] }
/** Waits until nothing changes on a page any longer. */
const rests = async (where, what) =>
  until(what + ' comes to rest', () =>
    where.evaluate(
      () =>
        new Promise((ok) => {
          let n = 0
          const seen = new MutationObserver((list) => {
            n += list.length
          })
          seen.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
          setTimeout(() => {
            seen.disconnect()
            ok(n === 0)
          }, 700)
        }),
    ),
  )
const post = async (door, body, token) => {
  const r = await fetch(s.url + '/api/' + door, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: 'Bearer ' + token }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: r.status, ...(await r.json()) }
}

try {
  const agent = await s.open('agent')
  const ask = await s.signIn(agent)
  await ask('aiAgent.updateSettings', { enabled: false })
  const { id: workspaceId, allowedOrigins } = await ask('workspaces.get')
  await ask('workspaces.update', { allowedOrigins: [...allowedOrigins, at('shop')] })

  // A visitor whose everything is crafted.
  const own = JSON.stringify(attributes).replace('{', '{"__proto__":"own",')
  const booted = await post(
    'widgetSessions.boot',
    JSON.stringify({
      workspaceId,
      sessionId: 'h'.repeat(43),
      url: 'https://shop.example/?' + encodeURIComponent(markup),
      title: markup,
      user: { name: markup.slice(0, 90) },
    }).replace('"user":{', `"user":{"customAttributes":${own},`),
  )
  assert.equal(booted.status, 200, JSON.stringify(booted))
  let conversation
  const taken = []
  for (const [what, content] of Object.entries(hostileTexts)) {
    const r = await post(
      conversation ? 'messages.send' : 'conversations.start',
      { content, ...(conversation && { conversationId: conversation }) },
      booted.sessionToken,
    )
    assert(r.status === 200 || r.status === 422, what + ': ' + r.status)
    if (r.status === 200) taken.push(what)
    conversation ??= r.conversation?.id
  }
  assert(taken.length >= 14, 'too much was refused to show anything: ' + taken)
  const end = 'All of that stands above'
  await post('messages.send', { content: end, conversationId: conversation }, booted.sessionToken)

  // The dashboard shows it, with everything around it.
  await agent.goto(s.url + '/app/inbox/all/' + conversation)
  await agent.locator('.bubble', { hasText: end }).waitFor()
  await until('all of it', async () => (await agent.locator('.messages .m').count()) >= taken.length + 1)
  assert.equal(await agent.locator('.messages .m').count(), taken.length + 1)
  await agent.getByText('hasOwnProperty').first().waitFor()
  await rests(agent, 'the dashboard')
  assert.deepEqual(await clean(agent), untouched)
  assert.equal(
    await agent
      .locator('.bubble script, .bubble [onerror], .bubble [onload], .bubble a[href^="javascript"], .bubble a[href^="data"]')
      .count(),
    0,
  )
  assert(await agent.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing makes the page wider')
  await agent.getByRole('textbox', { name: 'Reply' }).fill('Fine')
  await agent.setViewportSize({ width: 390, height: 844 })
  await until('nor on a phone', () => agent.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
  await agent.setViewportSize({ width: 1440, height: 900 })
  await s.shot(agent, 'dashboard')

  // And so does the messenger, on a page that is crafted itself.
  const settings = `{"workspaceId":"${workspaceId}","language":"__proto__","__proto__":{"pwned":1},"constructor":{"prototype":{"pwned":1}},"user":{"__proto__":{"pwned":1},"name":${JSON.stringify(markup.slice(0, 90))}},"name":${JSON.stringify(markup)},"hideLauncher":0}`
  shopPage = `<!doctype html><html lang="constructor"><title>${encodeURIComponent(markup)}</title><h1>Lamps</h1>
    <script>window.deskbellSettings = JSON.parse(${JSON.stringify(settings).replaceAll('</', '<\\/').replaceAll('<', '\\u003c')}); window.heard = 0
      addEventListener('message', (e) => { if (e.data === 'said') heard++ })
      window.Deskbell = Object.assign((...a) => Deskbell.q.push(a), { q: [['__proto__', { pwned: 1 }], ['constructor', 'x'], ['toString'], ['onShow', () => { throw new Error('a callback of the page') }]] })</script>
    <script async src="${s.url}/widget.js"></script><iframe src="${at('evil')}/"></iframe>`
  const visitor = await s.open('visitor', { viewport: { width: 1280, height: 800 } })
  await visitor.addInitScript(
    ([of, secret]) => {
      // a foreign frame has no storage in this browser: the page keeps its values
      if (window === top && location.host.startsWith('shop'))
        localStorage.setItem('deskbell.' + of, JSON.stringify({ ['deskbell.secret.' + of]: secret }))
    },
    [workspaceId, 'h'.repeat(43)],
  )
  await visitor.goto(
    at('shop') + '/?__proto__[pwned]=1&constructor[prototype][pwned]=1&__proto__.pwned=1#__proto__[pwned]=1&' + encodeURIComponent(markup),
  )
  const launcher = visitor.getByRole('button', { name: /^Open messenger/ })
  await launcher.waitFor()
  await visitor.waitForFunction(() => window.heard > 0)
  await until('a stranger’s frame has not moved the launcher', async () => {
    const place = await launcher.boundingBox()
    return place.x > 1100 && place.y > 650
  })
  assert.equal(await launcher.getByText('9+').count(), 0, 'nor does it count')
  assert.notEqual(await visitor.evaluate(() => window.Deskbell('getVisitorId')), 'evil')
  await launcher.click()
  const messenger = visitor.frameLocator('iframe[title="Messenger"]')
  await messenger.locator('.card', { hasText: end }).click()
  await messenger.locator('.bubble', { hasText: end }).waitFor()
  assert.equal(await messenger.locator('.thread .m').count(), taken.length + 1)
  const frame = visitor.frames().find((f) => f.url().includes('/widget/messenger'))
  await rests(frame, 'the messenger')
  assert.deepEqual(await clean(frame), untouched)
  assert.deepEqual(await clean(visitor), untouched)
  assert(await frame.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing makes the messenger wider')
  await s.shot(visitor, 'messenger')

  // Commands that are none, and arguments of every kind.
  for (const command of ['__proto__', 'constructor', 'toString', 'nothing', '', null, {}, 5])
    await visitor.evaluate((c) => window.Deskbell(c, { __proto__: null, pwned: 1 }), command)
  for (const command of ['update', 'showSpace', 'showArticle', 'showNewMessage', 'showConversation', 'hideNotifications'])
    for (const value of ['__proto__', markup, 'a'.repeat(5000), { toString: 1 }, [], 0])
      await visitor.evaluate(
        ([c, v]) => {
          try {
            window.Deskbell(c, v)
          } catch (e) {
            if (!(e instanceof TypeError)) throw e
          }
        },
        [command, value],
      )
  await visitor.evaluate(() => window.Deskbell('showMessages'))
  await messenger.locator('.card', { hasText: end }).waitFor()
  assert.deepEqual([await clean(frame), await clean(visitor)], [untouched, untouched])

  // The messenger's own address says nothing to it but the workspace's id.
  const alone = await s.open('alone')
  for (const query of [
    '?workspace=__proto__',
    '?workspace=' + encodeURIComponent(markup),
    '?preview=1&workspace=constructor#' + markup,
    '?__proto__[pwned]=1',
    '',
  ]) {
    await alone.goto(s.url + '/widget/messenger.html' + query)
    await alone.evaluate(
      (m) => window.postMessage({ deskbell: 1, do: 'compose', text: m, id: { toString: 1 }, page: m, language: '__proto__' }, '*'),
      markup,
    )
    assert.deepEqual(await clean(alone), untouched, query)
  }

  // Addresses of the dashboard that somebody else wrote, and what the browser keeps gone bad.
  for (const path of [
    'inbox/constructor',
    'inbox/__proto__/__proto__',
    'inbox/toString/' + conversation,
    'inbox/all/' + encodeURIComponent(markup),
    'inbox/tag-' + encodeURIComponent(markup),
    'inbox/tag-0000000000000?sort=constructor&tag=__proto__&q=' + encodeURIComponent(markup),
    'inbox/all?__proto__[pwned]=1&do=merge#__proto__[pwned]=1',
    'settings/__proto__',
    'settings/constructor',
    'settings/' + encodeURIComponent(markup),
    'people?q=' + encodeURIComponent(markup),
    'help/__proto__',
    'help/' + encodeURIComponent(markup),
    'ai?days=__proto__',
    'constructor',
    '/evil.example',
  ]) {
    await agent.goto(s.url + '/app/' + path)
    await agent.getByRole('link', { name: 'Inbox' }).waitFor()
    await agent.getByRole('main').first().waitFor()
    assert.equal(await agent.getByText('This screen could not be shown').count(), 0, path)
    assert.deepEqual(await clean(agent), untouched, path)
    assert.equal(new URL(agent.url()).origin, s.url, path)
  }
  await agent.evaluate(() => {
    for (const [k, v] of Object.entries({ language: 'constructor', notify: 'null', hold: 'x', workspace: '__proto__', theme: '<b>' }))
      localStorage.setItem('deskbell.' + k, v)
  })
  await agent.goto(s.url + '/app/inbox/all/' + conversation)
  await agent.locator('.bubble', { hasText: end }).waitFor()

  // A message that cannot be shown is a line of its own; what stands around it stays, and one can answer.
  const poison = (text) =>
    text
      .replace(/("content":"POISON".*?)"attachments":\[\]/g, '$1"attachments":null')
      .replace(/"attachments":\[\](.{0,200}?"content":"POISON")/g, '"attachments":null$1')
  await post('messages.send', { content: 'POISON', conversationId: conversation }, booted.sessionToken)
  await post('messages.send', { content: 'After it', conversationId: conversation }, booted.sessionToken)
  for (const page of [agent, visitor])
    await page.routeWebSocket(/\/live$/, (ws) => {
      const server = ws.connectToServer()
      server.onMessage((m) => ws.send(poison(String(m))))
    })
  await agent.reload()
  await agent.locator('.bubble', { hasText: 'After it' }).waitFor()
  await until('all but one', async () => (await agent.locator('.messages .m').count()) >= taken.length + 2)
  assert.equal(await agent.getByText('This could not be shown.').count(), 1)
  assert.equal(await agent.locator('.messages .m').count(), taken.length + 2)
  await agent.getByRole('textbox', { name: 'Reply' }).fill('Still here')
  await rests(agent, 'the dashboard')
  await s.shot(agent, 'placeholder')
  await visitor.reload()
  await launcher.click()
  await messenger.locator('.card', { hasText: 'After it' }).click()
  await messenger.locator('.bubble', { hasText: 'After it' }).waitFor()
  assert.equal(await messenger.getByText('This could not be shown.').count(), 1)
  await messenger.getByLabel('Write a message').fill('Still here')
  s.check()
  console.log('hostile: ' + taken.length + ' crafted messages shown, nothing ran')
} catch (e) {
  await s.failed()
  throw e
} finally {
  await s.end()
  shop.close()
}
