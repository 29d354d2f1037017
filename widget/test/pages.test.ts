import { expect, it } from 'vitest'
import { ending, joined, preceded, type Page } from '../sdk/core/src/pages.ts'

const page = (ids: string, nextCursor: string | null = null): Page<{ id: string; new?: true }> => ({
  items: [...ids].map((id) => ({ id })),
  nextCursor,
})

it('keeps what was read before the newest page, and takes the page for what is in both', () => {
  const kept = page('abcd', 'x')
  expect(joined(kept, page('cde', 'c'))).toEqual(page('abcde', 'x'))
  const fresh = { ...page('cd'), items: [{ id: 'c' }, { id: 'd', new: true as const }] }
  expect(joined(kept, fresh).items.at(-1)).toEqual({ id: 'd', new: true })
})

it('never hides that something is missing: where the newest does not reach what was read, only the newest stays', () => {
  expect(joined(page('abc', 'x'), page('efg', 'e'))).toEqual(page('efg', 'e'))
  expect(joined(undefined, page('a'))).toEqual(page('a'))
  expect(joined(page('ab'), page(''))).toEqual(page(''))
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
