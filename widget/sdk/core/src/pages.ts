// A list that is known from its end on: the newest page is held open, and older ones are read before it.

export interface Page<T> {
  items: T[]
  nextCursor: string | null
}

/** The newest page, after what was read before it. Where something is missing between the two, only the newest stays. */
export function joined<T extends { id: string }>(kept: Page<T> | undefined, fresh: Page<T>): Page<T> {
  const at = kept?.items.findIndex((x) => x.id === fresh.items[0]?.id) ?? -1
  return at < 0 ? fresh : { items: [...kept!.items.slice(0, at), ...fresh.items], nextCursor: kept!.nextCursor }
}

/** An older page before what is known, unless that begins elsewhere by now. */
export function preceded<T extends { id: string }>(kept: Page<T> | undefined, older: Page<T>, before: string): Page<T> | undefined {
  return kept?.items[0]?.id === before ? { items: [...older.items, ...kept.items], nextCursor: older.nextCursor } : kept
}

/** The last of what is known; the rest can be read again. */
export function ending<T extends { id: string }>(kept: Page<T>, n: number): Page<T> {
  const items = kept.items.slice(-n)
  return items.length === kept.items.length ? kept : { items, nextCursor: items[0].id }
}
