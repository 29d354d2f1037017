// What is begun follows whoever wrote it to another machine, stays out of a colleague's sight in the same browser, outlives a
// server that is gone, and leaves the browser with whoever signs out.
// Usage: node drafts.mjs BINARY CHROMIUM [SCREENSHOTS]

import assert from 'node:assert/strict'
import { stage, until } from './stage.mjs'

const s = await stage('drafts', process.argv.slice(2))
const reply = (page) => page.getByRole('textbox', { name: 'Reply' })
const says = (page, what, words) => until(what, async () => (await reply(page).inputValue()) === words)
const stored = (page) =>
  page.evaluate(() =>
    Object.keys(localStorage)
      .filter((k) => k.startsWith('deskbell.draft.'))
      .map((k) => localStorage[k]),
  )
const signOut = async (page) => {
  await page.locator('.account > button').click()
  // The end of the session may show the sign-in already; then the page is loaded anew.
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Sign out' }).click()])
  await page.locator('[name=password]').waitFor()
}

try {
  const [desk, laptop] = [await s.open('desk'), await s.open('laptop')]
  const ask = await s.signIn(desk)
  await s.signIn(laptop)
  await ask('aiAgent.updateSettings', { enabled: false })
  const { items } = await ask('conversations.listForInbox', { status: 'open' })
  const [talk, other] = items.map((c) => c.id)
  const at = (page, id = talk) => page.goto(`${s.url}/app/inbox/all/${id}`)
  const kept = async (id = talk) => (await ask('drafts.get', { conversationId: id })).content

  // On another machine it is there at once, both ways; what is begun elsewhere is elsewhere.
  for (const page of [desk, laptop]) await at(page)
  await reply(desk).fill('Begun at the desk')
  await says(laptop, 'it is on the laptop', 'Begun at the desk')
  await reply(laptop).fill('Begun at the desk, and on')
  await says(desk, 'it is back at the desk', 'Begun at the desk, and on')
  await at(laptop, other)
  await reply(laptop).waitFor()
  assert.equal(await reply(laptop).inputValue(), '')

  // Whoever signs in next in the same browser sees nothing of it, and nothing of it stays there.
  await until('the browser knows that it is saved', async () => (await stored(desk)).every((x) => x.includes('"new":false')))
  await signOut(desk)
  assert.deepEqual(await stored(desk), [])
  await s.signIn(desk, 'agent@demo.test')
  await at(desk)
  await reply(desk).fill('Of the colleague')
  await at(laptop)
  await says(laptop, 'each has their own', 'Begun at the desk, and on')
  await reply(desk).fill('')
  await signOut(desk)
  await s.signIn(desk)
  await at(desk)
  await says(desk, 'whoever comes back has it again', 'Begun at the desk, and on')

  // Without the server it is written on here, over a reload, and goes there when it can be reached.
  await s.kill('SIGKILL')
  await desk.getByText('No connection.').first().waitFor()
  await reply(desk).fill('Written while nothing could be reached')
  await s.start()
  await says(laptop, 'it arrives', 'Written while nothing could be reached')
  assert.equal(await kept(), 'Written while nothing could be reached')

  // Sending ends it everywhere, and it does not come back.
  await reply(desk).press('Control+Enter')
  await says(laptop, 'it is sent', '')
  await until('the server has forgotten it', async () => (await kept()) === '')
  await at(desk)
  await reply(desk).waitFor()
  assert.equal(await reply(desk).inputValue(), '')
  assert.deepEqual(await stored(desk), [])

  // A note that was begun is a note still, after a reload and on another machine: it is not sent to the visitor.
  const note = (page) => page.getByRole('textbox', { name: 'Note' })
  await desk.getByRole('button', { name: 'Note', exact: false }).first().click()
  await note(desk).fill('Not for the visitor')
  await until('the note is on the laptop', async () => (await note(laptop).count()) === 1 && (await note(laptop).inputValue()) !== '')
  await at(desk)
  await note(desk).waitFor()
  assert.equal(await note(desk).inputValue(), 'Not for the visitor')
  await note(desk).press('Control+Enter')
  const sent = async () => (await ask('messages.list', { conversationId: talk })).items.find((m) => m.content === 'Not for the visitor')
  assert.equal((await until('it is sent', sent)).internal, true)

  // What an office program copies comes with a picture of itself: the words are pasted, not the picture. A picture alone is.
  const paste = (page, types) =>
    page.locator('.composer textarea').evaluate((box, types) => {
      const d = new DataTransfer()
      for (const [type, words] of types) d.setData(type, words)
      const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
      d.items.add(new File([Uint8Array.from(atob(png), (c) => c.charCodeAt(0))], 'image.png', { type: 'image/png' }))
      return box.dispatchEvent(new ClipboardEvent('paste', { clipboardData: d, bubbles: true, cancelable: true }))
    }, types)
  assert.equal(
    await paste(desk, [
      ['text/plain', 'Lamp\t129'],
      ['text/html', '<table><tr><td>Lamp<td>129</table>'],
    ]),
    true,
    'the browser pastes the words',
  )
  assert.equal(await paste(desk, [['text/html', '<img src="x.png">']]), false)
  await desk.getByRole('button', { name: 'image.png' }).waitFor()
  assert.equal(await desk.locator('.composer .badge').count(), 1)

  // A file that misses the place to write in is taken all the same; where there is none, the page stays as it is.
  const drop = (on) =>
    desk.evaluate((on) => {
      const d = new DataTransfer()
      d.items.add(new File(['x'], 'plan.txt', { type: 'text/plain' }))
      const e = new DragEvent(on, { dataTransfer: d, bubbles: true, cancelable: true })
      document.querySelector('.list, main').dispatchEvent(e)
      return e.defaultPrevented
    }, on)
  assert.deepEqual([await drop('dragover'), await drop('drop')], [true, true])
  await desk.getByRole('button', { name: 'plan.txt' }).waitFor()
  await desk.goto(s.url + '/app/people')
  await desk.locator('main').waitFor()
  assert.deepEqual([await drop('dragover'), await drop('drop')], [true, true])

  // The way back leads where one was: out of a search whose words are gone then, and from a conversation to the list.
  await desk.goto(s.url + '/app/inbox/all')
  const search = desk.getByRole('searchbox')
  await search.fill('dimmer')
  await search.press('Enter')
  await desk.waitForURL(/q=dimmer/)
  await desk.goBack()
  await until('the words are gone', async () => (await search.inputValue()) === '')
  await desk.setViewportSize({ width: 390, height: 844 })
  await desk.locator('.conv').first().click()
  await desk.getByRole('button', { name: 'Details' }).click()
  await desk.waitForURL(/#details$/)
  await desk.goBack()
  await desk.waitForURL(/all\/\w{13}$/)
  const been = await desk.evaluate(() => history.length)
  await desk.getByRole('button', { name: 'Back', exact: true }).click()
  await desk.waitForURL(/inbox\/all$/)
  assert.equal(await desk.evaluate(() => history.length), been, 'the list is where one came from, not a further step')
  s.check()
} catch (e) {
  await s.failed()
  throw e
} finally {
  await s.end()
}
