// Saved replies, the copilot and the AI agent's review in a real browser, on the demo workspace: write a reply down, find it with
// /, put a suggestion and a draft into an answer and take it out again, sum up into a note, judge what the agent said, and make an
// article of what was solved.
// Usage: node copilot.mjs BINARY CHROMIUM [SCREENSHOTS]

import assert from 'node:assert/strict'
import { post, stage, until } from './stage.mjs'

const s = await stage('copilot', process.argv.slice(2))
const page = await s.open('copilot')
const base = s.url
const look = (what, widths) => s.look(page, what, widths)
const exactly = (name) => page.getByRole('button', { name, exact: true })

try {
  const ask = await s.signIn(page)
  const workspaceId = (await post(page, 'users.me', {})).memberships[0].workspaceId
  await until('the articles are learned', async () => {
    const s = await ask('aiAgent.getSettings')
    return s.pieces > 10 && s.indexed === s.pieces
  })

  // A saved reply is written down, with a placeholder.
  await page.goto(base + '/app/settings/replies')
  await page.getByText('Ask for the serial number').waitFor()
  await look('replies', [1440, 390])
  await exactly('New saved reply').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('Bathroom')
  await dialog.getByLabel('Shortcut').fill('/bath')
  await dialog.getByLabel('Text').fill('Hello ')
  await dialog.getByRole('button', { name: 'First name', exact: true }).click()
  await page.keyboard.type('there')
  await page.keyboard.press('End')
  await page.keyboard.type(', the Havn may hang in a bathroom, a metre from the shower.')
  await look('reply-edit', [1440, 390])
  await exactly('Save').click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /^Bathroom/ }).waitFor()

  // Visitors ask; the agent answers one and hands the others over.
  const asks = [
    'May the Havn hang in a bathroom?',
    'How do I return a lamp?',
    'Do you ship to Japan?',
    'Is shipping to Japan possible?',
    'Do you have a showroom in Berlin?',
    'How long do I have to return a lamp?',
    'Kann ich die Lampe in Wien sehen, und wo ist der Laden?',
  ]
  const talks = []
  for (const [i, content] of asks.entries()) {
    const { sessionToken } = await (
      await fetch(base + '/api/widgetSessions.boot', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          workspaceId,
          sessionId: String(i).padStart(43, 'x'),
          user: { name: ['Clara Wenzel', 'Ole Hansen', 'Mika Sato', 'Yui Mori', 'Rosa Diaz', 'Tom Lind', 'Eva Gruber'][i] },
        }),
      })
    ).json()
    const r = await (
      await fetch(base + '/api/conversations.start', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: 'Bearer ' + sessionToken },
        body: JSON.stringify({ content }),
      })
    ).json()
    talks.push(r.conversation.id)
    await until(
      'the agent deals with it',
      async () => (await ask('aiAgent.getConversationResponses', { conversationId: r.conversation.id })).items?.length === 1,
    )
  }

  // By keyboard alone: / opens them, arrows walk, Escape goes back to the words, and nothing was put in.
  // / finds it; Enter puts it into the answer, filled; the toast takes it out again.
  await page.goto(base + '/app/inbox/all/' + talks[0])
  const reply = page.getByRole('textbox', { name: 'Reply' })
  await reply.click()
  await page.keyboard.type('/')
  const picker = page.getByRole('dialog', { name: 'Saved replies' })
  await picker.getByRole('combobox').waitFor()
  await picker.getByRole('option').first().waitFor()
  await look('picker', [1440, 1024, 390])
  const chosen = picker.locator('[role=option][aria-selected=true]')
  const first = await chosen.innerText()
  await page.keyboard.press('ArrowDown')
  await until('another is chosen', async () => (await chosen.innerText()) !== first)
  assert.equal(await chosen.count(), 1)
  await page.keyboard.press('ArrowUp')
  await until('the first is chosen again', async () => (await chosen.innerText()) === first)
  await page.keyboard.press('Escape')
  await picker.waitFor({ state: 'detached' })
  await until('the focus is back in the words', () => reply.evaluate((e) => e === document.activeElement))
  assert.equal(await reply.inputValue(), '')
  await page.keyboard.type('/')
  await picker.getByRole('option').first().waitFor()
  await until('the search has the focus', () => picker.getByRole('combobox').evaluate((e) => e === document.activeElement))
  await page.keyboard.type('bath')
  await picker.getByRole('option', { name: /^Bathroom/ }).waitFor()
  await page.keyboard.press('Enter')
  await picker.waitFor({ state: 'detached' })
  const filled = 'Hello Clara, the Havn may hang in a bathroom, a metre from the shower.'
  await until('it is filled', async () => (await reply.inputValue()) === filled)
  await until('the words have the focus', () => reply.evaluate((e) => e === document.activeElement))
  await page.keyboard.type(' Best,')
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await until('typing and inserting are undone one by one', async () => !(await reply.inputValue()).includes('Best'))
  await reply.fill('')

  // Without a model nothing can be translated, and it is said so where one would.
  await page.goto(base + '/app/inbox/all/' + talks[6])
  await page.getByRole('button', { name: 'Translate', exact: true }).first().click()
  await page.getByRole('alert').getByText('This needs a language model.').waitFor()
  await look('translate-needs-model', [1440, 390])

  // The copilot suggests, drafts and sums up with the team's own words, and says so; what needs a model explains itself.
  await page.goto(base + '/app/inbox/all/' + talks[1])
  await page.getByRole('button', { name: 'Copilot' }).click()
  const copilot = page.getByRole('dialog', { name: 'Copilot' })
  await copilot
    .getByRole('button', { name: /^Insert “/ })
    .first()
    .waitFor()
  await look('suggestions', [1440, 1024, 390])
  await copilot.getByRole('button', { name: 'Draft a reply' }).click()
  await copilot.getByText('In your own words').waitFor()
  await look('draft')
  await copilot.getByRole('button', { name: 'Put into the reply' }).click()
  await copilot.waitFor({ state: 'detached' })
  await until('the draft is in the reply', async () => /return|label/i.test(await reply.inputValue()))
  await page.getByRole('button', { name: /Undo/ }).click()
  await until('the draft is empty again', async () => (await reply.inputValue()) === '')
  await reply.fill('pls retrn it')
  await page.getByRole('button', { name: 'Copilot' }).click()
  await copilot.getByRole('button', { name: 'Fix spelling' }).click()
  await copilot.getByText('This needs a language model').waitFor()
  await look('needs-model')
  await copilot.getByRole('button', { name: 'Summarise' }).click()
  await copilot.getByText('Quoted from the conversation').waitFor()
  await look('summary')
  await reply.fill('')
  await copilot.getByRole('button', { name: 'Put into a note' }).click()
  await until('the summary is in a note', async () => /Asked first/.test(await page.getByRole('textbox', { name: 'Note' }).inputValue()))
  await page.getByRole('textbox', { name: 'Note' }).fill('')
  assert.equal(
    (await ask('messages.list', { conversationId: talks[1] })).items.filter((x) => x.senderType === 'agent').length,
    0,
    'the copilot sent nothing',
  )

  // What the agent said is judged, and corrected in the composer.
  const details = page.getByRole('complementary', { name: 'Details' })
  await details.getByRole('button', { name: 'Wrong', exact: true }).click()
  await details.getByRole('textbox', { name: 'What would have been right?' }).fill('It is 60 days for lamps.')
  await details.getByRole('button', { name: 'Save', exact: true }).click()
  await details.getByText('It is 60 days for lamps.').waitFor()
  await look('review')
  await page.getByRole('button', { name: 'Reply', exact: true }).click()
  await details.getByRole('button', { name: 'Correct it' }).click()
  await until('the candidate is in the draft', async () => (await reply.inputValue()).length > 20)
  await reply.fill('You have 60 days, Ole. Print the label and leave it at any parcel shop.')
  await page.getByRole('button', { name: 'Send and close' }).first().click()
  await until('it is sent', async () => (await ask('conversations.get', { conversationId: talks[1] })).status === 'closed')

  // An article is made of it; the one there is comes first.
  await details.getByRole('button', { name: 'Make an article of this' }).click()
  await page.getByText(/There is an article on this already|Articles on subjects like this/).waitFor()
  await look('article')
  await exactly('Create a draft').click()
  await page.waitForURL(/\/app\/help\/[0-9A-Z]{13}$/)
  await page.locator('.ProseMirror').getByText('You have 60 days. Print the label').waitFor()

  // The agent's page: numbers, what nobody wrote down, and a way to do so.
  await page.getByRole('link', { name: 'AI', exact: true }).click()
  await page.getByText('Resolved by itself').waitFor()
  await page.getByRole('button', { name: /Write an article: .*Japan/ }).waitFor()
  await page.getByRole('button', { name: 'As a table' }).or(page.locator('summary')).first().waitFor()
  await look('page', [1440, 1024, 390])
  await page.getByRole('button', { name: /Dealt with: .*Berlin/ }).click()
  await page.getByRole('button', { name: /Dealt with: .*Berlin/ }).waitFor({ state: 'detached' })
  await page.getByRole('checkbox', { name: /Solved conversations/ }).click()
  await page.getByText(/Learned so far: [1-9]/).waitFor()
  await page.getByRole('button', { name: /Write an article: .*Japan/ }).click()
  const writing = page.getByRole('dialog', { name: 'Make an article of this' })
  await until('the questions stand in the draft', async () => /Japan[^]*Japan/.test(await writing.getByLabel('Text').inputValue()))
  await look('article-of-questions', [1440, 390])
  await writing.getByRole('button', { name: 'Create a draft' }).click()
  await page.waitForURL(/\/app\/help\/[0-9A-Z]{13}$/)
  await page.locator('.ProseMirror').getByText('What visitors asked').waitFor()
  s.check()
  console.log('copilot: written down, found, suggested, drafted, summed up, judged, corrected, and written up')
} catch (e) {
  await s.failed()
  throw e
} finally {
  await s.end()
}
