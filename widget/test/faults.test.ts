import { readFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { faults } from '../sdk/core/src/faults.de.ts'
import { languages, sentence, speak } from '../src/text.ts'

const listed = readFileSync('../testdata/sentences.txt', 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split('\t'))

it('says in the language of a visitor what the server says when something is sent, or a file', () => {
  const met = listed.filter(([pkg]) => ['fault', 'file', 'picture'].includes(pkg)).map(([, s]) => s)
  expect(met.length).toBeGreaterThan(15)
  expect(met.filter((s) => !Object.hasOwn(faults, s))).toEqual([])
})

it('says nothing that the server does not say', () => {
  const said = new Set([...listed.map(([, s]) => s), 'The server did not answer.'])
  expect(Object.keys(faults).filter((s) => !said.has(s))).toEqual([])
})

it('speaks as the messenger does, and says what it has no words for as it came', () => {
  vi.stubGlobal('document', { documentElement: {} })
  for (const l of Object.keys(languages)) {
    speak(l)
    expect(sentence('A file has at most 25 MB.')).toBe(l === 'en' ? 'A file has at most 25 MB.' : faults['A file has at most 25 MB.'])
    expect(sentence('Something new.')).toBe('Something new.')
  }
})
