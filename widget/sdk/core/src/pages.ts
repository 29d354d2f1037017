// A list that is known from its end on: the newest page is held open, and older ones are read before it.

export interface Page<T> {
  items: T[]
  nextCursor: string | null
}

/** The newest page, after what was read before it. Where something is missing between the two, only the newest stays. */
function joined<T extends { id: string }>(kept: Page<T> | undefined, fresh: Page<T>): Page<T> {
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

/** Whether something may be missing between what was read and a newer page. */
const apart = <T extends { id: string }>(kept: Page<T> | undefined, page: Page<T>): boolean =>
  !!kept?.items.length &&
  page.items.length > 0 &&
  !kept.items.some((x) => x.id === page.items[0].id) &&
  !page.items.some((x) => x.id === kept.items.at(-1)!.id)

const farthest = 20 // pages that are read back to reach what was read before

/**
 * A list as far as it was read, up to its newest page. Where more came meanwhile than that page holds, for somebody was away,
 * what is between is read first, and what was there is shown until then. Where that is too far, or fails, only the newest stays.
 */
export class Reached<T extends { id: string }> {
  kept: Page<T> | undefined
  private newest: Page<T> | undefined
  private filling = false

  constructor(
    private ask: (before: string) => Promise<Page<T>>,
    private changed: () => void,
  ) {}

  /** Takes the newest page as it is now; none forgets everything. */
  take(page: Page<T> | undefined): void {
    if (page === this.newest) return
    this.newest = page
    if (!page) this.kept = undefined
    else if (this.filling)
      return // what is being read ends with the newest
    else if (apart(this.kept, page)) void this.fill()
    else this.kept = joined(this.kept, page)
  }

  private async fill(): Promise<void> {
    this.filling = true
    let page: Page<T> | undefined
    for (let n = 0; this.newest; n++) {
      page = joined(page, this.newest)
      if (!apart(this.kept, page)) break
      const before = page.items[0].id
      const older = n < farthest && page.nextCursor ? await this.ask(before).catch(() => undefined) : undefined
      if (!older) {
        this.kept = undefined
        break
      }
      page = preceded(page, older, before)
    }
    this.filling = false
    this.kept = this.newest && page && joined(this.kept, page)
    this.changed()
  }
}
