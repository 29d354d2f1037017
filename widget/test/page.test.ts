import { afterEach, expect, it, vi } from 'vitest'
import { person, type Options } from '../src/page.ts'

afterEach(() => vi.unstubAllGlobals())
const on = (search: string, o: Options): Record<string, unknown> | undefined => {
  vi.stubGlobal('location', { search })
  return person(o)
}

it('the campaign that led to a page is told as the page says, else as its address does, and nothing else of either', () => {
  const address = '?utm_source=letter&utm_medium=&utm_content=' + 'x'.repeat(999) + '&fbclid=1&email=a@b.example'
  expect(on(address, { workspaceId: 'w', utm_source: 'shop', utm_term: 'lamp', plan: 'gold' })).toEqual({
    customAttributes: { utm_source: 'shop', utm_term: 'lamp', utm_content: 'x'.repeat(200) },
  })
  expect(on('', { workspaceId: 'w' })).toBeUndefined()
})

it('a person is known in our words and in Intercom’s, and an object is no value', () => {
  expect(
    on('', {
      email: 'ann@b.example',
      user_id: 7,
      phone: '1',
      company: { name: 'Nordlicht', id: 3 },
      user: { name: 'Ann', customAttributes: { vip: true, of: {} } },
    }),
  ).toEqual({ email: 'ann@b.example', userId: '7', name: 'Ann', customAttributes: { phone: '1', company: 'Nordlicht', vip: true } })
})
