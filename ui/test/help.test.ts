import { MarkdownManager } from '@tiptap/markdown'
import { expect, it } from 'vitest'
import { around, diff } from '../src/help/diff.ts'
import { tree, type Collection } from '../src/help/types.ts'
import { extensions } from '../src/help/writing.ts'

it('tells what changed between two texts, line by line', () => {
  const lines = diff('one\ntwo\nthree\nfour', 'one\n2\nthree\nfour')
  expect(lines.map((l) => l.kind[0] + l.text)).toEqual(['sone', 'otwo', 'i2', 'sthree', 'sfour'])
  expect(around(lines).length).toBe(4)
  expect(diff('same', 'same')).toEqual([{ kind: 'same', text: 'same' }])
})

it('shows collections as a tree', () => {
  const c = (id: string, parentId: string | null): Collection => ({
    id,
    parentId,
    position: 1,
    name: id,
    slug: id,
    description: null,
    icon: null,
    articleCount: 0,
    publishedArticleCount: 0,
    translations: [],
  })
  expect(tree([c('a', null), c('b', null), c('aa', 'a'), c('aaa', 'aa')]).map((x) => x.id + x.depth)).toEqual(['a0', 'aa1', 'aaa2', 'b0'])
})

const m = new MarkdownManager({ extensions: extensions(() => undefined, '') })
const round = (text: string): string => m.serialize(m.parse(text)).trim()

it.each([
  '## Heading\n\nA **bold** and *thin* word, `code`, and a [link](https://shop.example/a).',
  '> [!WARNING]\n> Switch off **the fuse** first.',
  '> [!NOTE]\n> One.\n>\n> Two.',
  '> Only a quote.',
  '![A lamp](asset:0SAZPVHNMQ3QW)',
  '[bulbs](article:0SAZPVHNMQ3QW)',
  '1. one\n2. two\n3. three',
  '- one\n- two',
  '```js\nconst a = 1 < 2\n```',
  '---',
])('keeps Markdown as it is: %j', (text) => {
  expect(round(text)).toBe(text)
})

it('keeps tables, callouts with lists, and what looks like marks', () => {
  for (const text of [
    '| a | b |\n|---|---|\n| c | **d** |',
    '> [!TIP]\n> - one\n> - two',
    'snake_case and 2 * 3 and [brackets]',
    'a & b < c > d',
  ]) {
    const once = round(text)
    expect(round(once), text).toBe(once)
    expect(m.parse(once), text).toEqual(m.parse(text))
  }
})
