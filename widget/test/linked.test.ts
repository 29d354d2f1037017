import { expect, test } from 'vitest'
import { linked } from '../src/linked.ts'

const german = { url: 'https://x.test/help/shop/de/a/lampen', language: 'de' }
const english = { url: 'https://x.test/help/shop/a/lamps', language: 'en' }

test('a link to another article is known, in whatever language that is', () => {
  expect(linked('https://x.test/help/shop/de/a/dimmer#so', german)).toEqual({ slug: 'dimmer', language: 'de' })
  expect(linked('https://x.test/help/shop/a/bulbs', german)).toEqual({ slug: 'bulbs' }) // there is none in German
  expect(linked('https://x.test/help/shop/pt-BR/a/l%C3%A2mpada', english)).toEqual({ slug: 'lâmpada', language: 'pt-BR' })
  expect(linked('https://x.test/help/shop/a/bulbs?x=1', english)).toEqual({ slug: 'bulbs' })
  expect(linked('https://x.test/help/de/a/bulbs', { url: 'https://x.test/help/de/a/lampen', language: 'de' })).toEqual({
    slug: 'bulbs',
    language: 'de',
  })
})

test('what leads elsewhere is not', () => {
  for (const href of [
    'https://evil.test/help/shop/a/bulbs',
    'https://x.test/help/other/a/bulbs',
    'https://x.test/help/shop/c/bulbs',
    'https://x.test/help/shop/a/',
    'https://x.test/help/shop/a/%E0%A4%A',
    'https://x.test.evil.test/help/shop/a/bulbs',
    'javascript:alert(1)',
  ])
    expect(linked(href, german)).toBeUndefined()
})
