import { afterEach, expect, it, vi } from 'vitest'
import { follow, person, type Options } from '../src/page.ts'

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

it('a page that is called something else later is told once more when that has settled, and a title that blinks is not', () => {
  vi.useFakeTimers({ now: 31_000 })
  const page = { href: 'https://shop.example/', title: 'Shop' }
  vi.stubGlobal('location', page)
  vi.stubGlobal('document', {
    visibilityState: 'visible',
    get title() {
      return page.title
    },
  })
  const told: string[] = []
  let on = false
  const settled = follow(
    () => on,
    () => told.push(page.href + ' ' + page.title),
  )
  vi.advanceTimersByTime(5000)
  expect(told, 'before it is ready').toEqual([])
  on = true
  settled()
  page.href += 'lamps'
  vi.advanceTimersByTime(1000)
  page.title = 'Lamps'
  vi.advanceTimersByTime(5000)
  expect(told).toEqual(['https://shop.example/lamps Shop', 'https://shop.example/lamps Lamps'])
  for (let n = 0; n < 10; n++) {
    page.title = n % 2 ? 'Lamps' : 'New message!'
    vi.advanceTimersByTime(1000)
  }
  expect(told).toHaveLength(2)
  vi.advanceTimersByTime(20_000)
  expect(told, 'twice a minute all the same').toHaveLength(3)
  vi.useRealTimers()
})
