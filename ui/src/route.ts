// The address is the state: what is open, filtered and searched stands in it.

import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
addEventListener('popstate', () => {
  for (const fn of listeners) fn()
})

export function go(to: string, replace = false): void {
  if (replace) history.replaceState(null, '', to)
  else history.pushState(null, '', to)
  for (const fn of listeners) fn()
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

export interface InboxAddress {
  view: string
  q: string
  sort: string
  tag: string
  id: string
}

/** /app/inbox/<view>/<conversation>?q=…&tag=…&sort=… */
export function readInbox(u: URL): InboxAddress {
  const [, , , view = 'mine', id = ''] = u.pathname.split('/')
  return {
    view: view || 'mine',
    id,
    q: u.searchParams.get('q') ?? '',
    tag: u.searchParams.get('tag') ?? '',
    sort: u.searchParams.get('sort') ?? 'newest',
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
export function filterOf(view: string): Record<string, string | boolean> {
  if (view.startsWith('tag-')) return { status: 'open', tag: view.slice(4) }
  return (
    (
      {
        mine: { status: 'open', assignee: 'me' },
        unassigned: { status: 'open', assignee: 'none' },
        all: { status: 'open' },
        unread: { status: 'open', unreadForMe: true },
        aiHandled: { status: 'open', ai: 'ai_handled' },
        handoff: { status: 'open', ai: 'handoff' },
        snoozed: { status: 'snoozed' },
        closed: { status: 'closed' },
      } as Record<string, Record<string, string | boolean>>
    )[view] ?? { status: 'open' }
  )
}
