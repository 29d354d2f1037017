import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inWords } from '@deskbell/core/faults.ts'
import { faults as de } from '../src/faults.de.ts'
import { faults as en } from '../src/faults.en.ts'

/** Every sentence that the server may say, as the server's own test lists them. */
const listed = readFileSync('../testdata/sentences.txt', 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split('\t') as [string, string])
  .filter(([pkg]) => pkg !== 'app') // commands say these, in a terminal
const sentences = listed.map(([, s]) => s)
const blanks = (s: string): string[] => s.match(/\{\d\}/g)?.sort() ?? []

describe('what the server says', () => {
  it('is said in German, all of it', () => {
    expect(sentences.filter((s) => !Object.hasOwn(de, s))).toEqual([])
  })
  it('is said in English to people, where a validator says it', () => {
    expect(listed.filter(([pkg, s]) => pkg === 'validation' && !Object.hasOwn(en, s))).toEqual([])
  })
  it('has the same blanks in each language', () => {
    for (const table of [en, de]) {
      const filled = Object.entries(table).filter(([s]) => !s.startsWith('expected string to match'))
      expect(filled.filter(([s, words]) => blanks(words).some((b) => !blanks(s).includes(b)))).toEqual([])
      expect(filled.filter(([s, words]) => blanks(words).length < blanks(s).length)).toEqual([])
    }
  })
  it('is nothing that the server does not say', () => {
    const said = new Set([...sentences, 'The server did not answer.', 'expected length >= 1'])
    for (const table of [en, de]) expect(Object.keys(table).filter((s) => !said.has(s))).toEqual([])
  })
  it('keeps what was filled in, and says sentences within sentences', () => {
    expect(inWords('A title has at most 200 characters.', de)).toBe('Ein Titel darf höchstens 200 Zeichen haben.')
    expect(inWords('help/lamps.md: Give the article a title.', de)).toBe('help/lamps.md: Geben Sie dem Artikel einen Titel.')
    expect(inWords('The site answers with an error (404).', de)).toBe('Die Seite antwortet mit einem Fehler (404).')
    expect(inWords('expected length >= 1', en)).toBe('Fill in this field.')
    expect(inWords('expected length >= 8', en)).toBe('Enter at least 8 characters.')
  })
  it('is shown as it came where no table has it, whatever stands in it', () => {
    for (const s of ['Nobody translated this.', '', 'constructor', '{1}', '$1', 'x'.repeat(5000)]) expect(inWords(s, de)).toBe(s)
    expect(inWords('Sign in first.', undefined)).toBe('Sign in first.')
    expect(inWords('(): '.repeat(200), de)).toBe('(): '.repeat(200))
  })
})
