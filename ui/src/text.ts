// Every word of the dashboard, in each language. A language is complete or it is not offered (a test holds it to that).

import { useSyncExternalStore } from 'react'
import { filled, sized } from '@deskbell/core/words.ts'
import { de } from './text.de.ts'
import { en } from './text.en.ts'

export type Key = keyof typeof en
export const languages: Record<string, Record<Key, string>> = { en, de }

const wanted = localStorage.getItem('deskbell.language') ?? ''
let language = Object.hasOwn(languages, wanted) ? wanted : navigator.language.startsWith('de') ? 'de' : 'en'
const listeners = new Set<() => void>()

/** The language that is spoken now. */
export const spoken = (): string => language

export function speak(l: string): void {
  language = l
  localStorage.setItem('deskbell.language', l)
  document.documentElement.lang = l
  for (const fn of listeners) fn()
}

/** Says when another language is spoken. */
export function onSpoken(fn: () => void): () => void {
  listeners.add(fn)
  return () => {
    listeners.delete(fn)
  }
}

export const useLanguage = (): string => useSyncExternalStore(onSpoken, spoken)

export function t(key: Key, fill: Record<string, string | number> = {}): string {
  return filled(languages[language][key], fill, language)
}

/** A moment in few characters; the exact one belongs into a title. */
export function ago(ms: number, now = Date.now()): string {
  const m = Math.floor((now - ms) / 60000)
  if (m < 1) return t('now')
  if (m < 60) return t('minutes', { n: m })
  if (m < 1440) return t('hours', { n: Math.floor(m / 60) })
  const old = new Date(ms).getFullYear() !== new Date(now).getFullYear()
  return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', ...(old && { year: 'numeric' }) }).format(ms)
}
/** An address without what is the same on every page. */
export function pathOf(url: string): string {
  try {
    const u = new URL(url)
    return u.host + u.pathname
  } catch {
    return url
  }
}

/** What a language is called, in one's own. */
export function tongue(tag: string): string {
  try {
    return new Intl.DisplayNames([language], { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}
export const exact = (ms: number): string => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(ms)
export const size = (bytes: number): string => sized(bytes, language)
export const clock = (ms: number): string => new Intl.DateTimeFormat(language, { timeStyle: 'short' }).format(ms)
export const day = (ms: number): string =>
  new Date(ms).toDateString() === new Date().toDateString()
    ? t('today')
    : new Intl.DateTimeFormat(language, {
        weekday: 'long',
        day: 'numeric',
        month: 'long',
        ...(new Date(ms).getFullYear() !== new Date().getFullYear() && { year: 'numeric' }),
      }).format(ms)
