import { expect, it } from 'vitest'
import { ending, preceded, Reached, type Page } from '../sdk/core/src/pages.ts'

const page = (ids: string, nextCursor: string | null = null): Page<{ id: string; new?: true }> => ({
  items: [...ids].map((id) => ({ id })),
  nextCursor,
})

/** A list that is read back from any of its items, three at a time; what was asked is noted. */
function list(all: string) {
  const asked: string[] = []
  let broken = false
  let drawn = 0
  const reached = new Reached<{ id: string; new?: true }>(
    async (before) => {
      asked.push(before)
      if (broken) throw new Error('no connection')
      const to = all.indexOf(before)
      const from = Math.max(0, to - 3)
      return page(all.slice(from, to), from ? all[from] : null)
    },
    () => drawn++,
  )
  const ids = (): string | undefined => reached.kept?.items.map((x) => x.id).join('')
  return { reached, asked, ids, drawn: () => drawn, break: () => (broken = true) }
}
const settled = (): Promise<unknown> => new Promise((ok) => setTimeout(ok))

it('keeps what was read before the newest page, and takes the page for what is in both', async () => {
  const { reached, asked } = list('abcde')
  reached.take(page('abcd', 'x'))
  reached.take(page('cde', 'c'))
  expect(reached.kept).toEqual(page('abcde', 'x'))
  reached.take({ ...page('de'), items: [{ id: 'd' }, { id: 'e', new: true as const }] })
  expect(reached.kept!.items.at(-1)).toEqual({ id: 'e', new: true })
  reached.take(page(''))
  reached.take(undefined)
  expect(reached.kept).toBe(undefined)
  await settled()
  expect(asked).toEqual([])
})

it('reads what came while somebody was away, and shows what was there until it is complete', async () => {
  const { reached, asked, ids, drawn } = list('abcdefghijklmn')
  reached.take(page('bc', 'b'))
  reached.take(page('mn', 'm'))
  expect(ids()).toBe('bc')
  await settled()
  expect(ids()).toBe('abcdefghijklmn')
  expect(reached.kept!.nextCursor).toBe(null)
  expect(asked).toEqual(['m', 'j', 'g', 'd'])
  expect(drawn()).toBe(1)
})

it('ends on the newest where more comes while it reads', async () => {
  const { reached, ids } = list('abcdefghijkl')
  reached.take(page('ab'))
  reached.take(page('gh', 'g'))
  reached.take(page('hi', 'h'))
  expect(ids()).toBe('ab')
  await settled()
  expect(ids()).toBe('abcdefghi')
  reached.take(page('kl', 'k')) // and again, with nothing between but one
  await settled()
  expect(ids()).toBe('abcdefghijkl')
})

it('never hides that something is missing: where it cannot be read, or is too far, only the newest stays', async () => {
  const gone = list('abcdefghij')
  gone.reached.take(page('ab'))
  gone.break()
  gone.reached.take(page('ij', 'i'))
  await settled()
  expect(gone.reached.kept).toEqual(page('ij', 'i'))

  const far = list(Array.from({ length: 200 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join(''))
  far.reached.take(page('\u4e00\u4e01'))
  far.reached.take(page(String.fromCodePoint(0x4e00 + 199), 'more'))
  await settled()
  expect(far.asked.length).toBe(20)
  expect(far.ids()).toHaveLength(61)
  expect(far.ids()!.codePointAt(60)).toBe(0x4e00 + 199)
})

it('forgets what it reads where the list was put away meanwhile', async () => {
  const { reached } = list('abcdefghij')
  reached.take(page('ab'))
  reached.take(page('ij', 'i'))
  reached.take(undefined)
  await settled()
  expect(reached.kept).toBe(undefined)
})

it('puts an older page before what it was asked for, and nowhere else', () => {
  expect(preceded(page('cd', 'c'), page('ab', null), 'c')).toEqual(page('abcd', null))
  const moved = page('de', 'd')
  expect(preceded(moved, page('ab'), 'c')).toBe(moved)
})

it('lets go of the far end, and says that there is more', () => {
  expect(ending(page('abcd'), 2)).toEqual(page('cd', 'c'))
  const short = page('ab')
  expect(ending(short, 2)).toBe(short)
})
