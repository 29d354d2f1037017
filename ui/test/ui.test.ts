import { readdirSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { arrivals, marked } from '../src/list.ts'
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

describe('Markdown marks', () => {
  it('are put around the selection and taken off again', () => {
    const on = marked('say hello', 4, 9, '**')
    expect(on).toEqual({ text: 'say **hello**', from: 6, to: 11 })
    expect(marked(on.text, on.from, on.to, '**')).toEqual({ text: 'say hello', from: 4, to: 9 })
  })
})

it('speaks every language completely, with the same blanks', () => {
  const blanks = (s: string): string[] => (s.match(/\{\w+\}/g) ?? []).sort()
  expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort())
  for (const k of Object.keys(en) as Array<keyof typeof en>) if (k !== 'e_assigned' && k !== 'looking') expect(blanks(de[k]), k).toEqual(blanks(en[k]))
})

it('weighs at most 250 KB at first sight', () => {
  const page = readFileSync('dist/index.html', 'utf8') // what it names is loaded at once; the rest when it is needed
  const named = [...page.matchAll(/assets\/([^"]+\.(?:js|css))"/g)].map((m) => m[1] + '.gz')
  const first = [...named, ...readdirSync('dist/assets').filter((f) => f.includes('inter-latin-wght'))]
  expect(first.length).toBeGreaterThanOrEqual(3)
  expect(first.reduce((n, f) => n + statSync('dist/assets/' + f).size, 0) / 1024).toBeLessThanOrEqual(250)
})
