// The address is the state: what is open, filtered and searched stands in it.

import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
addEventListener('popstate', () => {
  for (const fn of listeners) fn()
})

/** Goes somewhere. Where one is already is not gone to twice, so that the way back leads away. */
export function go(to: string, replace = false): void {
  if (replace || new URL(to, location.href).href === location.href) history.replaceState(history.state, '', to)
  else history.pushState({ from: location.pathname + location.search + location.hash }, '', to)
  for (const fn of listeners) fn()
}

/** Goes to where one came from, if that is where the way leads; else there, in place of here. */
export function backTo(to: string): void {
  if ((history.state as { from?: string } | null)?.from === to) history.back()
  else go(to, true)
}

export function useAddress(): URL {
  const href = useSyncExternalStore(
    (fn) => {
      listeners.add(fn)
      return () => {
        listeners.delete(fn)
      }
    },
    () => location.href,
  )
  return new URL(href)
}

interface InboxAddress {
  view: string
  q: string
  sort: string
  tag: string
  id: string
}

const filters = {
  mine: { status: 'open', assignee: 'me' },
  unassigned: { status: 'open', assignee: 'none' },
  unread: { status: 'open', unreadForMe: true },
  all: { status: 'open' },
  aiHandled: { status: 'open', ai: 'ai_handled' },
  handoff: { status: 'open', ai: 'handoff' },
  snoozed: { status: 'snoozed' },
  closed: { status: 'closed' },
}
export type View = keyof typeof filters
export const views = Object.keys(filters) as View[]

/** /app/inbox/<view>/<conversation>?q=…&tag=…&sort=… Whoever wrote the address, only what there is comes out. */
export function readInbox(u: URL): InboxAddress {
  const [, , , view = '', id = ''] = u.pathname.split('/')
  const tag = u.searchParams.get('tag') ?? ''
  return {
    view: Object.hasOwn(filters, view) || /^tag-\w{13}$/.test(view) ? view : 'mine',
    id: /^\w{13}$/.test(id) ? id : '',
    q: u.searchParams.get('q') ?? '',
    tag: /^\w{13}$/.test(tag) ? tag : '',
    sort: u.searchParams.get('sort') === 'oldest' ? 'oldest' : 'newest',
  }
}

export function inboxPath(a: Partial<InboxAddress>): string {
  const q = new URLSearchParams()
  if (a.q) q.set('q', a.q)
  if (a.tag) q.set('tag', a.tag)
  if (a.sort && a.sort !== 'newest') q.set('sort', a.sort)
  const query = q.toString()
  return `/app/inbox/${a.view ?? 'mine'}${a.id ? '/' + a.id : ''}${query ? '?' + query : ''}`
}

/** What a view of the inbox asks the server for. */
export const filterOf = (view: string): Record<string, string | boolean> =>
  view.startsWith('tag-') ? { status: 'open', tag: view.slice(4) } : filters[view as View]

/** Where one is, with something that is to be done there. */
export function withAsked(what: string): string {
  const u = new URL(location.href)
  u.searchParams.set('do', what)
  return u.pathname + u.search
}

/** The message that the address names, in the conversation that it names. */
export function messageIn(u: URL): string {
  const m = u.searchParams.get('m') ?? ''
  return /^\w{13}$/.test(m) ? m : ''
}

/** Where one is, at a message of it. */
export function messagePath(id: string): string {
  const u = new URL(location.href)
  u.searchParams.set('m', id)
  return u.pathname + u.search
}
