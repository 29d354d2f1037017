import { readdirSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { filled, formsOf } from '@deskbell/core/words.ts'
import { addressIn, arrivals, fresh, linkTo, marked } from '../src/list.ts'
import { local, nine, toMonday } from '../src/when.ts'
import { originsOf } from '../src/sites.ts'
import { de } from '../src/text.de.ts'
import { en } from '../src/text.en.ts'

const rows = (...ids: string[]): Array<{ id: string }> => ids.map((id) => ({ id }))

describe('a list that is being read', () => {
  it('does not move: new rows wait, known ones keep their places', () => {
    expect(arrivals(rows('c', 'b', 'a'), ['a', 'b'])).toEqual({ rows: rows('a', 'b'), waiting: 1 })
  })
  it('lets go of rows that left', () => {
    expect(arrivals(rows('a'), ['a', 'b'])).toEqual({ rows: rows('a'), waiting: 0 })
  })
  it('shows all when nothing was shown yet', () => {
    expect(arrivals(rows('b', 'a'), undefined)).toEqual({ rows: rows('b', 'a'), waiting: 0 })
  })
})

describe('where the messenger will live', () => {
  it('is a site and what is below it, however its address is written', () => {
    for (const words of ['shop.example', ' https://shop.example/lamps?x=1#y ', 'www.shop.example', 'Shop.Example.'])
      expect(originsOf(words)).toEqual(['https://shop.example', 'https://*.shop.example'])
    expect(originsOf('http://shop.example:8080')).toEqual(['http://shop.example:8080', 'http://*.shop.example:8080'])
    expect(originsOf('bücher.example')).toEqual(['https://xn--bcher-kva.example', 'https://*.xn--bcher-kva.example'])
  })
  it('may be this machine, or an address without names below it', () => {
    for (const words of ['localhost', 'http://localhost:3000', 'localhost:5173']) expect(originsOf(words)).toEqual(['http://localhost:*'])
    expect(originsOf('http://192.0.2.7:8080')).toEqual(['http://192.0.2.7:8080'])
  })
  it('may be left open, and is refused where it is no address', () => {
    expect(originsOf('  ')).toEqual([])
    for (const words of ['my shop', 'shop', 'javascript:alert(1)', 'ftp://shop.example', 'https://user@shop.example', '.', 'a b.example'])
      expect(originsOf(words), words).toBeUndefined()
  })
})

describe('Markdown marks', () => {
  it('are put around the selection and taken off again', () => {
    const on = marked('say hello', 4, 9, '**')
    expect(on).toEqual({ text: 'say **hello**', from: 6, to: 11 })
    expect(marked(on.text, on.from, on.to, '**')).toEqual({ text: 'say hello', from: 4, to: 9 })
  })
})

describe('times to send at', () => {
  const friday = new Date(2026, 10, 27, 15, 30)
  it("are nine in the morning of a coming day, in the reader's own zone", () => {
    expect(new Date(nine(1, friday)).toString()).toContain('Sat Nov 28 2026 09:00:00')
    expect(new Date(nine(toMonday(friday), friday)).getDay()).toBe(1)
    expect(toMonday(new Date(2026, 10, 30))).toBe(7)
  })
  it('are shown as the input holds them', () => {
    expect(local(new Date(2026, 0, 2, 3, 4).getTime())).toBe('2026-01-02T03:04')
  })
})

it('knows an address by what somebody writes of it, and nothing that runs', () => {
  for (const [words, address] of [
    ['shop.example/returns', 'https://shop.example/returns'],
    [' HTTPS://shop.example ', 'HTTPS://shop.example'],
    ['http://localhost:3000/a', 'http://localhost:3000/a'],
    ['shop.example:8080', 'https://shop.example:8080'],
    ['help@shop.example', 'mailto:help@shop.example'],
    ['tel:+49301234', 'tel:+49301234'],
  ])
    expect(addressIn(words), words).toBe(address)
  for (const none of [
    '',
    'returns',
    'our shop',
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://shop.example',
    'https://',
    'a:b@shop.example',
    'a@b',
  ])
    expect(addressIn(none), none).toBeUndefined()
})

it('writes a link that ends where it should', () => {
  expect(linkTo('a [b]', 'https://shop.example/a_(b)')).toBe('[a \\[b\\]](https://shop.example/a_%28b%29)')
})

it('tells only of what came after what one knew', () => {
  const talk = (messageId: string) => ({ id: 'c', messageId, name: '', preview: '', at: 0, mine: true })
  expect(fresh('B', [talk('C'), talk('B'), talk('A')]).map((x) => x.messageId)).toEqual(['C'])
})

it('tells one from many, in the forms of each language', () => {
  const say = (n: number, l = 'en', s = '1 question|{n} questions'): string => filled(s, { n }, l)
  expect([0, 1, 2, 21].map((n) => say(n))).toEqual(['0 questions', '1 question', '2 questions', '21 questions'])
  expect([1, 2, 5, 22].map((n) => say(n, 'pl', '{n} pytanie|{n} pytania|{n} pytań|{n} pytania'))).toEqual([
    '1 pytanie',
    '2 pytania',
    '5 pytań',
    '22 pytania',
  ])
  expect(filled('{done} of 1 page|{done} of {total} pages', { done: 0, total: 1 }, 'en')).toBe('0 of 1 page')
  expect(filled('{done} of 1 page|{done} of {total} pages', { done: 1, total: 2 }, 'en')).toBe('1 of 2 pages')
  expect(filled('{n} tokens', { n: 12345 }, 'de')).toBe('12.345 tokens')
  expect(filled('Hello {name}', { name: '{n}|$&' }, 'en'), 'what is filled in is not read again').toBe('Hello {n}|$&')
})

it('gives each word one place: the later of two would be said by both', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((f) => /text\.en\.ts$/.test(f))
  const places = new Map<string, string[]>()
  for (const file of files)
    for (const [, key] of readFileSync('src/' + file, 'utf8').matchAll(/^ {2}'?([\w.-]+)'?:/gm))
      places.set(key, [...(places.get(key) ?? []), file])
  expect(files.length).toBeGreaterThan(3)
  expect(places.size).toBe(Object.keys(en).length)
  expect([...places].filter(([, where]) => where.length > 1)).toEqual([])
})

it('speaks every language completely, with the same blanks', () => {
  const blanks = (s: string): string[] => (s.match(/\{\w+\}/g) ?? []).sort()
  expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort())
  for (const k of Object.keys(en) as Array<keyof typeof en>)
    if (k !== 'e_assigned' && k !== 'looking')
      for (const [l, s] of [
        ['en', en[k]],
        ['de', de[k]],
      ] as const) {
        const forms = s.split('|')
        if (forms.length > 1) expect(forms, l + ' ' + k).toHaveLength(formsOf(l).length)
        expect(blanks(forms.at(-1)!), k).toEqual(blanks(en[k].split('|').at(-1)!))
      }
})

it('weighs at most 250 KB at first sight', () => {
  const page = readFileSync('dist/index.html', 'utf8') // what it names is loaded at once; the rest when it is needed
  const named = [...page.matchAll(/assets\/([^"]+\.(?:js|css))"/g)].map((m) => m[1] + '.gz')
  const first = [...named, ...readdirSync('dist/assets').filter((f) => f.includes('inter-latin-wght'))]
  expect(first.length).toBeGreaterThanOrEqual(3)
  expect(first.reduce((n, f) => n + statSync('dist/assets/' + f).size, 0) / 1024).toBeLessThanOrEqual(250)
})
