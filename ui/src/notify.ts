// Telling an agent who looks elsewhere: the number in the title and on the icon, and, if they asked for it, a sound and
// a notification. One tab tells of a message, none if some tab has its conversation open before one's eyes.

import { useEffect, useRef } from 'react'
import { fresh } from './list.ts'
import { go, readInbox, useAddress } from './route.ts'
import type { UnreadForMe, UnreadTalk } from './types.ts'

interface Wishes {
  sound: boolean
  browser: boolean
}

const kept = 'deskbell.notify'
export function wishes(): Wishes {
  try {
    return { sound: false, browser: false, ...(JSON.parse(localStorage.getItem(kept) ?? '{}') as Partial<Wishes>) }
  } catch {
    return { sound: false, browser: false }
  }
}
export function wish(w: Wishes): void {
  localStorage.setItem(kept, JSON.stringify(w))
}

const looks = 'deskbell.looks.'
let looked = ''
let lookAway = (): void => {}

/** Tells the other tabs which conversation is before one's eyes here, as long as it is. */
function look(): void {
  const seen = document.visibilityState === 'visible' && document.hasFocus() && location.pathname.startsWith('/app/inbox/')
  const id = seen ? readInbox(new URL(location.href)).id : ''
  if (id === looked) return
  looked = id
  lookAway()
  let gone = false
  let free = (): void => {}
  lookAway = () => {
    gone = true
    free()
  }
  if (id) void navigator.locks?.request(looks + id, { mode: 'shared' }, () => (gone ? undefined : new Promise<void>((ok) => (free = ok))))
}

/** Tells of a message in one tab of all, and in none if some tab shows its conversation. */
async function once(i: UnreadTalk, tell: () => void): Promise<void> {
  look()
  if (looked === i.id) return
  if (!navigator.locks) {
    tell()
    return
  }
  const { held } = await navigator.locks.query()
  if (held?.some((l) => l.name === looks + i.id)) return
  // It is held for as long as a tab in the background may take to hear of the message.
  void navigator.locks.request('deskbell.notify.' + i.messageId, { ifAvailable: true }, async (lock) => {
    if (!lock) return
    tell()
    await new Promise((ok) => setTimeout(ok, 120_000))
  })
}

let audio: AudioContext | undefined

/** Two soft tones of a bell, made here: no file is loaded. */
export function ring(): void {
  try {
    audio ??= new AudioContext()
    void audio.resume()
    for (const [at, pitch] of [
      [0, 880],
      [0.12, 1318.5],
    ] as const) {
      const tone = audio.createOscillator()
      const loud = audio.createGain()
      const from = audio.currentTime + at
      tone.frequency.value = pitch
      loud.gain.setValueAtTime(0.0001, from)
      loud.gain.exponentialRampToValueAtTime(0.12, from + 0.01)
      loud.gain.exponentialRampToValueAtTime(0.0001, from + 0.5)
      tone.connect(loud).connect(audio.destination)
      tone.start(from)
      tone.stop(from + 0.55)
    }
  } catch {
    /* without a sound */
  }
}

function show(i: UnreadTalk): void {
  const w = wishes()
  if (w.sound) ring()
  if (!w.browser || typeof Notification === 'undefined' || Notification.permission !== 'granted') return
  const n = new Notification(i.name, { body: i.preview, tag: i.id, icon: icon(0) })
  n.onclick = () => {
    window.focus()
    go('/app/inbox/all/' + i.id)
    n.close()
  }
}

/** The bell, with a number when something waits. */
export function icon(n: number): string {
  const dot =
    n > 0
      ? `<circle cx="23" cy="9" r="9" fill="#0b7262"/><text x="23" y="13" font-family="sans-serif" font-size="11" font-weight="700" text-anchor="middle" fill="#fff">${n > 9 ? '9+' : n}</text>`
      : ''
  return (
    'data:image/svg+xml,' +
    encodeURIComponent(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#1d2220"/><g fill="none" stroke="#f4f6f5" stroke-width="2.2" stroke-linecap="round"><path d="M8 21a8 8 0 0 1 16 0M6.5 24.5h19M16 13v-2.5M13.5 10h5"/></g>${dot}</svg>`,
    )
  )
}

/** Keeps title and icon true, and tells of what comes. */
export function useNotices(unread: UnreadForMe | undefined, name: string): void {
  const { pathname } = useAddress()
  const known = useRef<string>(undefined)
  const total = unread?.total ?? 0
  useEffect(() => {
    document.title = (total ? `(${total}) ` : '') + name + ' · Deskbell'
    let link = document.querySelector<HTMLLinkElement>('link[rel=icon]')
    if (!link) {
      link = document.createElement('link')
      link.rel = 'icon'
      document.head.append(link)
    }
    link.href = icon(total)
  }, [total, name])
  useEffect(look, [pathname])
  useEffect(() => {
    const on = ['focus', 'blur', 'visibilitychange']
    for (const e of on) addEventListener(e, look)
    return () => {
      for (const e of on) removeEventListener(e, look)
    }
  }, [])
  useEffect(() => {
    if (!unread) return
    const newest = unread.items[0]?.messageId ?? ''
    if (known.current !== undefined) for (const i of fresh(known.current, unread.items)) void once(i, () => show(i))
    if (known.current === undefined || newest > known.current) known.current = newest
  }, [unread])
}
