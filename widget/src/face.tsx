// Somebody, as a round mark: a picture, initials on a tint, or the sparkles that only an AI agent has.

import { Sparkles } from './icons.tsx'

export function Face({ name, url, bot }: { name: string; url?: string | null; bot?: boolean }) {
  const tint = [...name].reduce((n, c) => n + c.charCodeAt(0), 0) % 3
  const letters = name
    .split(/\s+/)
    .slice(0, 2)
    .map((w) => w[0] ?? '')
    .join('')
    .toUpperCase()
  return (
    <span class={'face ' + (bot ? 'bot' : 'f' + tint)} title={name} aria-hidden="true">
      {url ? <img src={url} alt="" /> : bot ? <Sparkles /> : letters}
    </span>
  )
}
