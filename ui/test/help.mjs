// The help center in real browsers: write an article with a picture and a callout, publish it, find it on the public page,
// read it without JavaScript, rate it there and in the messenger; two writers at once lose nothing.
// Usage: node help.mjs BINARY CHROMIUM [SCREENSHOTS]

import assert from 'node:assert/strict'
import { crc32 } from 'node:zlib'
import axe from 'axe-core'
import { stage, until } from './stage.mjs'

const video = 'www.youtube-nocookie.com' // the one host that may be asked: for the video that was embedded
const s = await stage('help', process.argv.slice(2), { hosts: [video] })
const url = s.url
const shot = s.shot
const open = async (name, options) => {
  const page = await s.open(name, options)
  await page.route(`https://${video}/**`, (r) => r.fulfill({ contentType: 'text/html', body: '<title>video</title>' }))
  return page
}

const sound = async (page, what) => {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() =>
    window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  )
  assert.deepEqual(
    violations.map((v) => `${what}: ${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`),
    [],
  )
}

/** A zip whose files are not packed. */
function zip(files) {
  const parts = [],
    directory = []
  let at = 0
  for (const [name, content] of Object.entries(files)) {
    const data = Buffer.from(content),
      path = Buffer.from(name),
      head = Buffer.alloc(30),
      entry = Buffer.alloc(46)
    head.writeUInt32LE(0x04034b50)
    entry.writeUInt32LE(0x02014b50)
    for (const [b, o] of [
      [head, 0],
      [entry, 2],
    ]) {
      b.writeUInt16LE(20, 4 + o)
      b.writeUInt32LE(crc32(data), 14 + o)
      b.writeUInt32LE(data.length, 18 + o)
      b.writeUInt32LE(data.length, 22 + o)
      b.writeUInt16LE(path.length, 26 + o)
    }
    entry.writeUInt32LE(at, 42)
    parts.push(head, path, data)
    directory.push(entry, path)
    at += 30 + path.length + data.length
  }
  const end = Buffer.alloc(22),
    list = Buffer.concat(directory)
  end.writeUInt32LE(0x06054b50)
  end.writeUInt16LE(directory.length / 2, 8)
  end.writeUInt16LE(directory.length / 2, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, list, end])
}

try {
  const writer = await open('writer')
  await s.signIn(writer)
  const isSaved = () =>
    writer
      .getByRole('status')
      .filter({ hasText: /^Saved$/ }) // "Not saved" is another
      .waitFor()
  await writer.getByRole('link', { name: 'Help', exact: true }).click()
  await writer.getByRole('link', { name: 'Bulbs and dimmers' }).click()
  await writer.getByRole('main').getByRole('button', { name: 'New article' }).waitFor()
  await s.look(writer, 'list', [1440, 390])
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
  const carry = async (event) =>
    body.evaluate(async (el, event) => {
      const canvas = document.createElement('canvas')
      canvas.width = 60
      canvas.height = 30
      canvas.getContext('2d').fillRect(0, 0, 60, 20)
      const blob = await new Promise((ok) => canvas.toBlob(ok, 'image/png'))
      const carried = new DataTransfer()
      carried.items.add(new File([blob], 'dropped.png', { type: 'image/png' }))
      const { left, bottom } = el.getBoundingClientRect()
      el.dispatchEvent(
        new DragEvent(event, { dataTransfer: carried, clientX: left + 20, clientY: bottom - 20, bubbles: true, cancelable: true }),
      )
    }, event)
  await carry('drop')
  await body.locator('img[data-ref]').nth(1).waitFor()
  const slash = async (words, name) => {
    await body.locator(':scope > p').last().click() // not into a table
    await writer.keyboard.press('Control+End')
    await until('the editor has heard that the caret moved', () =>
      body.evaluate((el) => {
        const { selection, doc } = el.editor.state
        return selection.empty && selection.to + selection.$to.depth >= doc.content.size
      }),
    )
    await writer.keyboard.press('Enter')
    await writer.keyboard.press('Enter')
    await writer.keyboard.type('/' + words)
    await writer.getByRole('option', { name, exact: true }).waitFor()
    await writer.keyboard.press('Enter')
  }
  await slash('tab', 'Table')
  for (const cell of ['Shade', 'Cleaner', 'Minutes', 'Glass', 'Water']) {
    await writer.keyboard.type(cell)
    await writer.keyboard.press('Tab')
  }
  await slash('vid', 'Video')
  await writer.getByLabel('Address of a YouTube or Vimeo video').fill('https://evil.example/watch?v=abcdefgh')
  await writer.getByRole('dialog').getByRole('button', { name: 'Video' }).click()
  assert.equal(await writer.getByRole('dialog').count(), 1, 'a video of another host is not taken')
  await writer.getByLabel('Address of a YouTube or Vimeo video').fill('https://youtu.be/abcdefgh')
  await writer.getByRole('dialog').getByRole('button', { name: 'Video' }).click()
  await writer.keyboard.type('See ')
  await writer.getByRole('toolbar').getByRole('button', { name: 'Link' }).click()
  await writer.getByLabel('Words of an article, or an address').fill('dimers')
  await writer.getByRole('dialog').locator('.options li').filter({ hasText: 'Which dimmers work' }).first().click()
  await body.locator('a').filter({ hasText: 'Which dimmers work' }).waitFor()
  await isSaved()
  await writer.reload()
  await body.locator('table').getByText('Water').waitFor()
  assert.deepEqual(
    [await body.locator('img[data-ref]').count(), await body.locator('.callout.warning').count(), await body.locator('table tr').count()],
    [2, 1, 3],
    'what was written is there after a reload',
  )
  await writer.getByRole('button', { name: 'Preview', exact: true }).click()
  assert.equal(await writer.locator('iframe.previewed').getAttribute('sandbox'), 'allow-popups allow-popups-to-escape-sandbox')
  const preview = writer.frameLocator('iframe.previewed').locator('.prose')
  await preview.getByText('The video plays on the public page.').waitFor() // nothing may run in the preview
  assert.equal(await preview.locator('iframe').count(), 0)
  assert.equal(await preview.locator('.callout.note a[href="https://youtu.be/abcdefgh"]').count(), 1)
  assert.equal(await preview.locator('blockquote.callout.warning, table, img[width="60"][height="30"]').count(), 3)
  await s.look(writer, 'preview')
  await writer.getByRole('button', { name: 'Write', exact: true }).click()
  await writer.getByRole('button', { name: 'Publish', exact: true }).click()
  await writer.locator('.badge.good').getByText('Published').waitFor()
  const beside = async (words) => {
    await writer.getByRole('button', { name: 'Add an article' }).click()
    await writer.getByLabel('Words of an article', { exact: true }).first().fill(words)
    await writer.getByRole('dialog').getByRole('option').first().waitFor()
    await writer.keyboard.press('Enter')
  }
  await beside('warranty')
  await writer.locator('.related li').nth(0).waitFor()
  await beside('dimmers')
  await writer.locator('.related li').nth(1).waitFor()
  const [first, second] = await writer.locator('.related a').allInnerTexts()
  await writer.getByRole('button', { name: 'Move up: ' + second }).click()
  await writer.locator('.related li').first().getByText(second).waitFor()
  await s.look(writer, 'editor', [1440, 1024, 390])

  const reader = await open('reader', { javaScriptEnabled: false })
  await reader.goto(url + '/help/nordlicht/')
  await reader.getByLabel('Search').fill('cleen glass')
  await reader.keyboard.press('Enter')
  await shot(reader, 'search')
  await reader.getByRole('link', { name: 'Clean a glass shade' }).click()
  assert.equal(await reader.locator('blockquote.callout.warning').innerText(), 'Let the bulb cool down.')
  await reader.locator('.prose img').first().scrollIntoViewIfNeeded()
  await reader.waitForFunction(() => document.querySelector('.prose img').naturalWidth === 40)
  assert.deepEqual((await reader.locator('nav.related a').allInnerTexts()).slice(0, 2), [second, first])
  await reader.getByRole('button', { name: 'Yes' }).click()
  await reader.getByText('Thank you.').waitFor()
  await shot(reader, 'rated')
  await writer.getByRole('tab', { name: 'Feedback' }).click()
  await writer.getByText('1 of 1 found it helpful').waitFor()
  await s.look(writer, 'feedback', [1440, 390])

  for (const [name, options] of [
    ['page', {}],
    ['page-dark', { colorScheme: 'dark' }],
    ['page-narrow', { viewport: { width: 390, height: 800 } }],
  ]) {
    const page = await open(name, options)
    for (const path of ['', 'c/bulbs-and-dimmers', 'a/clean-a-glass-shade', 'search?q=glass', 'a/none']) {
      await page.goto(url + '/help/nordlicht/' + path)
      await sound(page, name + ' ' + path)
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} ${path} is wider than the screen`)
      if (path.startsWith('a/clean') || !path) await shot(page, name + (path ? '-article' : ''))
    }
    await page.context().close()
  }

  const typed = await open('typed')
  await typed.goto(url + '/help/nordlicht/')
  await typed.getByRole('combobox', { name: 'Search' }).fill('dimmer flick')
  await typed.getByRole('option').first().waitFor()
  await shot(typed, 'typing')
  await typed.keyboard.press('ArrowDown')
  await typed.keyboard.press('Enter')
  await typed.waitForURL(/which-dimmers-work/)

  // Somebody else saves while the writer has words that are not saved.
  let theirs
  const saved = new Promise((ok) => {
    theirs = ok
  })
  await writer.route('**/api/articles.update', async (r) => {
    await saved // what the writer saves by itself comes after theirs
    await r.continue()
  })
  await body.click()
  await writer.keyboard.press('Control+Home')
  await writer.keyboard.type('Mine: ')
  const id = writer.url().split('/').pop()
  await writer.evaluate(async (articleId) => {
    const me = await (await fetch('/api/users.me', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' })).json()
    const workspaceId = me.memberships[0].workspaceId
    const post = (door, args) =>
      fetch('/api/' + door + '?', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ workspaceId, articleId, ...args }),
      })
    const r = await post('articles.update', { content: 'Theirs: take the shade off.' })
    if (!r.ok) throw new Error(await r.text())
  }, id)
  theirs()
  await writer.unroute('**/api/articles.update')
  await writer.getByRole('dialog', { name: 'Somebody saved this article meanwhile' }).waitFor()
  await s.look(writer, 'conflict', [1440, 390])
  await writer.getByRole('button', { name: /Save mine/ }).click()
  await isSaved()
  await writer.getByRole('tab', { name: 'Versions' }).click()
  await writer.locator('.versions button').first().click()
  await writer.locator('.diff .out').filter({ hasText: 'Theirs: take the shade off.' }).waitFor()
  await s.look(writer, 'versions', [1440, 390])
  await writer.getByRole('button', { name: 'Cancel' }).click()

  const visitor = await open('visitor', { viewport: { width: 1024, height: 800 } })
  await visitor.goto(url + '/demo')
  await visitor.waitForFunction(() => typeof window.Deskbell === 'function')
  await visitor.evaluate(() => window.Deskbell('showSpace', 'help'))
  const messenger = visitor.frameLocator('iframe').first()
  await messenger.getByLabel('Search for help').waitFor()
  await s.lookInside(visitor, 'messenger')
  await messenger.getByLabel('Search for help').fill('glass')
  await messenger.getByRole('button', { name: 'Clean a glass shade' }).click()
  await messenger.getByText('Let the bulb cool down.').waitFor()
  await s.lookInside(visitor, 'messenger article')
  await messenger.getByRole('button', { name: 'No', exact: true }).click()
  await messenger.getByText('Thank you.').waitFor()
  await messenger.locator('.prose img').first().scrollIntoViewIfNeeded()
  assert.equal(
    await messenger
      .locator('.prose img')
      .first()
      .evaluate(async (i) => {
        await i.decode()
        return i.naturalWidth
      }),
    40,
    'the picture shows in the messenger',
  )
  await messenger.getByRole('button', { name: 'Write to us' }).click()
  await messenger.getByText('About Clean a glass shade').waitFor()
  await messenger.getByLabel('Write a message…').fill('does the dimmer flicker')
  const may = messenger.getByRole('region', { name: 'This may answer it' })
  await may.getByRole('button', { name: /Which dimmers work/ }).waitFor()
  await s.lookInside(visitor, 'messenger suggest')
  await may.getByRole('button', { name: /Which dimmers work/ }).click()
  await messenger
    .getByRole('heading', { name: /Which dimmers work/ })
    .first()
    .waitFor()
  await messenger.getByRole('button', { name: 'Back', exact: true }).click()
  await until(
    'what was written waits',
    async () => (await messenger.getByLabel('Write a message…').inputValue()) === 'does the dimmer flicker',
  )
  await may.waitFor()
  await messenger.getByLabel('Write a message…').focus()
  await visitor.keyboard.press('Escape')
  await may.waitFor({ state: 'detached' })
  await messenger.getByLabel('Write a message…').press('Enter')
  await messenger.locator('.m.me a').filter({ hasText: 'Clean a glass shade' }).waitFor()
  await writer.getByRole('tab', { name: 'Feedback' }).click()
  await writer.getByText('1 of 2 found it helpful').waitFor()

  // A folder of Markdown comes in, three of its files change, and that is taken back.
  const dot = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
  const files = { 'docs/dot.png': dot }
  for (let i = 0; i < 60; i++)
    files[`docs/topic-${i % 4}/page-${i}.md`] =
      `# Page ${i}\n\nAbout **thing${i}**. ![dot](../dot.png) [next](../topic-${((i + 1) % 60) % 4}/page-${(i + 1) % 60}.md)\n`
  await writer.getByRole('link', { name: 'Help center settings' }).click()
  const bring = async () =>
    writer.locator('input[type=file]').setInputFiles({ name: 'docs.zip', mimeType: 'application/zip', buffer: zip(files) })
  await bring()
  await writer.getByText('60 new, 0 changed, 0 archived').waitFor()
  await writer.getByRole('button', { name: 'Apply' }).click()
  await writer.getByRole('button', { name: 'Take back' }).waitFor()
  for (const i of [3, 4, 5]) files[`docs/topic-${i % 4}/page-${i}.md`] += '\nSaid anew.\n'
  await bring()
  await writer.getByText('0 new, 3 changed, 0 archived').waitFor()
  assert.deepEqual(await writer.locator('.diff span').allInnerTexts(), [
    '~ topic-0/page-4.md',
    '~ topic-1/page-5.md',
    '~ topic-3/page-3.md',
  ])
  await shot(writer, 'import')
  await writer.getByRole('button', { name: 'Apply' }).click()
  await writer.getByRole('button', { name: 'Take back' }).nth(1).waitFor()
  await reader.goto(url + '/help/nordlicht/a/page-4')
  await reader.getByText('Said anew.').waitFor()
  await writer.getByRole('button', { name: 'Take back' }).first().click()
  await writer.getByText('Taken back', { exact: true }).waitFor()
  await reader.reload()
  await reader.getByText('thing4').waitFor()
  assert.equal(await reader.getByText('Said anew.').count(), 0, 'it was taken back')
  assert.equal(await reader.locator('.prose img[width="1"]').count(), 1)

  // Another help center: this machine is none.
  await writer.getByLabel('Address of the help center, or of its sitemap').fill('https://localhost/')
  await writer.getByRole('button', { name: 'List its pages' }).click()
  await writer.getByText('It leads inside, not to the public internet.').waitFor()
  await s.look(writer, 'settings', [1440, 390])

  // A further language: the collection's name, and the article begun with the English text.
  await writer.getByLabel('Further languages').fill('de')
  await writer.getByRole('button', { name: 'Save', exact: true }).first().click()
  await writer.getByText('Saved', { exact: true }).first().waitFor()
  await writer.getByRole('link', { name: 'Bulbs and dimmers' }).click()
  await writer.locator('header.bar').getByRole('button', { name: 'Edit collection' }).click()
  await writer.getByLabel('Name in German').fill('Leuchtmittel und Dimmer')
  await s.look(writer, 'collection', [1440, 390])
  await writer.getByRole('button', { name: 'Save', exact: true }).click()
  await writer.getByRole('dialog').waitFor({ state: 'detached' })
  await writer.getByRole('link', { name: 'Clean a glass shade' }).click()
  await writer.getByLabel('Language of the article').selectOption('de')
  await writer.getByRole('button', { name: 'Begin with the English text' }).waitFor()
  await until('it has no title yet', async () => (await writer.getByLabel('Title of the article').inputValue()) === '')
  await writer.getByRole('button', { name: 'Begin with the English text' }).click()
  await body.locator('table').waitFor()
  await writer.getByLabel('Title of the article').fill('Einen Glasschirm reinigen')
  await isSaved()
  await writer.getByRole('button', { name: 'Publish', exact: true }).click()
  await writer.locator('.badge.good').getByText('Published').waitFor()
  await s.look(writer, 'german', [1440, 390])
  await writer.getByLabel('Language of the article').selectOption('en')
  await until(
    'the English text is as it was',
    async () => (await writer.getByLabel('Title of the article').inputValue()) === 'Clean a glass shade',
  )
  await reader.goto(url + '/help/nordlicht/de/a/einen-glasschirm-reinigen')
  await reader.getByRole('link', { name: 'Leuchtmittel und Dimmer' }).waitFor()
  await shot(reader, 'german-page')
  await reader.getByRole('link', { name: 'English' }).click()
  await reader.getByRole('heading', { name: 'Clean a glass shade', level: 1 }).waitFor()
  await writer.getByRole('link', { name: 'Help center settings' }).click()

  // Who may read: whoever has the link.
  await writer.getByLabel('Who may read').selectOption('link')
  await writer.getByRole('button', { name: 'Save', exact: true }).first().click()
  const link = await until('there is a link', () => writer.getByLabel('The link', { exact: true }).inputValue())
  assert.equal((await reader.goto(url + '/help/nordlicht/')).status(), 404)
  await reader.goto(link)
  await until('the link leads in', () => reader.url() === url + '/help/nordlicht/')
  await reader.getByRole('heading', { name: 'How can we help?' }).waitFor()
  s.check()
  console.log('help: written, published, found, read, rated, and nothing lost')
} catch (e) {
  await s.failed()
  throw e
} finally {
  await s.end()
}
