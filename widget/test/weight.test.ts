import { readdirSync, statSync } from 'node:fs'
import { expect, it } from 'vitest'
import { formsOf } from '../sdk/core/src/words.ts'
import { launcher, spokenOf } from '../src/launcher.ts'
import { languages } from '../src/text.ts'

const kb = (names: string[]): number => names.reduce((n, f) => n + statSync(f).size, 0) / 1024
const built = (): string[] =>
  readdirSync('dist/assets')
    .filter((f) => f.endsWith('.gz'))
    .map((f) => 'dist/assets/' + f)

it('weighs at most 12 KB before it is opened, and 35 KB in all', () => {
  const scripts = built()
    .filter((f) => f.endsWith('.js.gz'))
    .sort((a, b) => statSync(a).size - statSync(b).size)
  expect(scripts.length).toBe(2)
  expect(kb(['dist/widget.js.gz', scripts[0]])).toBeLessThanOrEqual(12)
  expect(kb(['dist/widget.js.gz', ...built()])).toBeLessThanOrEqual(35)
})

it('has a form for each number where it has several', () => {
  for (const [l, words] of Object.entries(languages))
    for (const [k, s] of Object.entries(words)) {
      const forms = s.split('|')
      if (forms.length > 1) expect(forms, l + ' ' + k).toHaveLength(formsOf(l).length)
    }
})

it('speaks every language completely, the launcher too', () => {
  for (const words of Object.values(languages)) expect(Object.keys(words).sort()).toEqual(Object.keys(languages.en).sort())
  expect(Object.keys(launcher)).toEqual(Object.keys(languages))
  for (const words of Object.values(launcher)) expect(words.unread).toContain('{n}')
})

it('speaks the first language that is wanted and known', () => {
  expect(spokenOf('', null, undefined, 'de-AT', 'en')).toBe('de')
  expect(spokenOf('DE')).toBe('de')
  expect(spokenOf('xx', 'constructor', '__proto__')).toBe('en')
  expect(spokenOf({} as string, 'de')).toBe('de')
})
