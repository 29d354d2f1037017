// Nobody's text keeps a page busy: every regular expression of the dashboard and the widget meets long hostile strings made of
// its own characters (S-95). One that backtracks needs minutes for these, and the test does not end.

import { readdirSync, readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import ts from 'typescript'
import { expect, it } from 'vitest'

interface Pattern {
  at: string
  re: RegExp
}

const sources = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((f) => /\.tsx?$/.test(f))
    .map((f) => folder + '/' + f)

/** The regular expressions that stand in the sources, as the compiler reads them. */
function patterns(): Pattern[] {
  const found: Pattern[] = []
  for (const file of ['src', '../widget/src', '../widget/sdk/core/src'].flatMap(sources)) {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true)
    const visit = (n: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(n)) {
        const end = n.text.lastIndexOf('/')
        found.push({
          at: `${file}:${source.getLineAndCharacterOfPosition(n.pos).line + 1} ${n.text}`,
          re: new RegExp(n.text.slice(1, end), n.text.slice(end + 1)),
        })
      }
      if (ts.isNewExpression(n) && n.expression.getText() === 'RegExp') found.push({ at: file + ' ' + n.getText(), re: /(?!)never read/ })
      n.forEachChild(visit)
    }
    visit(source)
  }
  return found
}

const size = 100_000

/** Long runs of what the pattern speaks of, and of pairs of it, which then fail at the end. */
function* hostile(re: RegExp): Generator<string> {
  const own = [...new Set(re.source.replace(/\\[dwsDWSbBpnrt]/g, '').replace(/[\\^$*+?|]/g, ''))].slice(0, 14)
  const all = [...new Set([...own, 'a', '0', ' ', '\n', '-', '.', '/', '@', '{', '['])]
  for (const c of all) {
    const run = c.repeat(size)
    yield run + '\0'
    yield 'https://' + run + '\0'
    yield '{' + run
  }
  for (const a of all) for (const b of own) if (a !== b) yield (a + b).repeat(size / 2) + '\0'
}

const list = patterns()
const different = [...new Map(list.map((p) => [String(p.re), p])).values()]

it('finds the patterns of all three', () => {
  for (const place of ['src/', '../widget/src/', '../widget/sdk/core/'])
    expect(list.filter((p) => p.at.startsWith(place)).length, place).toBeGreaterThan(0)
  expect(
    list.filter((p) => p.re.source.includes('never read')).map((p) => p.at),
    'patterns are written down, not put together',
  ).toEqual([])
})

it.each(different)(
  '$at ends on 100 KB of anything',
  ({ at, re }) => {
    const meet = (s: string): unknown => {
      re.lastIndex = 0
      return [re.test(s), s.replace(re, '')]
    }
    for (const s of hostile(re)) // half a minute is no measure of speed: what does not end is stopped there
      expect(
        () => void runInNewContext('meet(s)', { meet, s }, { timeout: 30_000 }),
        at + ' ' + JSON.stringify(s.slice(0, 20)),
      ).not.toThrow()
  },
  300_000,
)
