// Telling an agent who looks elsewhere: the number in the title and on the icon, and, if they asked for it, a sound and
// a notification. One tab tells of a message, none if some tab has its conversation open before one's eyes.

import { useEffect, useRef } from 'react'
import { fresh } from './list.ts'
import { go } from './route.ts'
import type { UnreadForMe, UnreadTalk } from './types.ts'

export interface Wishes {
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

const looksAt = (id: string): boolean =>
  document.visibilityState === 'visible' && document.hasFocus() && location.pathname.endsWith('/' + id)

/** Runs tell in one tab of all. A tab that shows the conversation claims the message first, and stays silent. */
export function once(messageId: string, looking: boolean, tell: () => void): void {
  if (!navigator.locks) {
    if (!looking) tell()
    return
  }
  const claim = (): void => {
    void navigator.locks.request('deskbell.notify.' + messageId, { ifAvailable: true }, async (lock) => {
      if (!lock) return
      if (!looking) tell()
      await new Promise((ok) => setTimeout(ok, 10000))
    })
  }
  if (looking) claim()
  else setTimeout(claim, 300)
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
  useEffect(() => {
    if (!unread) return
    const newest = unread.items[0]?.messageId ?? ''
    if (known.current !== undefined) for (const i of fresh(known.current, unread.items)) once(i.messageId, looksAt(i.id), () => show(i))
    if (known.current === undefined || newest > known.current) known.current = newest
  }, [unread])
}
