// How a list grows while somebody reads it.

/** Rows that may be shown without moving what is being read, and how many wait. known is what was shown; none shows all. */
export function arrivals<T extends { id: string }>(fresh: T[], known: string[] | undefined): { rows: T[]; waiting: number } {
  if (!known) return { rows: fresh, waiting: 0 }
  const at = new Map(known.map((id, i) => [id, i]))
  const rows = fresh.filter((r) => at.has(r.id)).sort((a, b) => at.get(a.id)! - at.get(b.id)!)
  return { rows, waiting: fresh.length - rows.length }
}

/** Wraps the selection in Markdown marks, or takes them off again. */
export function marked(text: string, from: number, to: number, mark: string): { text: string; from: number; to: number } {
  const inner = text.slice(from, to)
  const n = mark.length
  if (text.slice(from - n, from) === mark && text.slice(to, to + n) === mark)
    return { text: text.slice(0, from - n) + inner + text.slice(to + n), from: from - n, to: to - n }
  return { text: text.slice(0, from) + mark + inner + mark + text.slice(to), from: from + n, to: to + n }
}

/** The address that somebody means: of the web, where they name no other kind, or of a mailbox. What is none gives nothing. */
export function addressIn(words: string): string | undefined {
  const w = words.trim()
  if (!w || /\s/.test(w)) return undefined
  if (/^(mailto|tel):/i.test(w)) return w
  const [name, host, ...more] = w.split('@')
  if (name && host && more.length === 0 && !/[/:]/.test(w)) return /[^.]\.[^.]/.test(host) ? 'mailto:' + w : undefined
  const whole = /^https?:\/\//i.test(w) ? w : 'https://' + w
  if (!URL.canParse(whole)) return undefined
  const u = new URL(whole)
  return u.username || (whole !== w && !/[^.]\.[^.]/.test(u.hostname)) ? undefined : whole
}

/** A link in Markdown. */
export const linkTo = (label: string, address: string): string =>
  `[${label.replace(/[[\]\\]/g, '\\$&')}](${address.replace(/[()<>]/g, (c) => '%' + c.charCodeAt(0).toString(16))})`

/** What came since a message was the newest that one knew of. */
export function fresh<T extends { messageId: string }>(known: string, items: T[]): T[] {
  return items.filter((i) => i.messageId > known)
}
