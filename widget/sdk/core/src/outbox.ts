// Messages that wait to be sent: kept over reloads, sent once and in order when the server can be reached. The server
// knows a message by its clientId, so that one whose answer was lost is not sent twice. Several tabs share what is kept.
// Each letter is kept by itself: two tabs that write at the same moment take nothing from each other.

export interface Letter {
  clientId: string
  /** The conversation; null begins one; `new:<clientId>` follows into the one which that letter begins. */
  conversationId: string | null
  content: string
  attachmentIds: string[]
  at: number
  failed?: string
}

/** What a browser's storage offers, as far as it is used here. */
export interface Store {
  readonly length: number
  key(n: number): string | null
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** The keys that begin with a word. */
export function keysOf(store: Store, word: string): string[] {
  const all: string[] = []
  for (let n = 0; n < store.length; n++) {
    const key = store.key(n)
    if (key?.startsWith(word)) all.push(key)
  }
  return all
}

const most = 50

/** The conversation a letter belongs to, where it has no id yet. */
export const threadOf = (l: Letter): string => l.conversationId ?? 'new:' + l.clientId

/** What is kept may be of another version, or of somebody who changed it: what is no letter is left out. */
function letter<L extends Letter>(kept: string | null): L | undefined {
  let l: Partial<L> | null
  try {
    l = JSON.parse(kept ?? 'null') as Partial<L> | null
  } catch {
    return undefined
  }
  return typeof l?.clientId === 'string' &&
    typeof l.content === 'string' &&
    typeof l.at === 'number' &&
    (l.conversationId === null || typeof l.conversationId === 'string') &&
    Array.isArray(l.attachmentIds) &&
    l.attachmentIds.every((id) => typeof id === 'string') &&
    (l.failed === undefined || typeof l.failed === 'string')
    ? (l as L)
    : undefined
}

export class Outbox<L extends Letter = Letter> {
  private letters: L[] = []
  private unkept = new Map<string, L>() // storage is full or refused: they live as long as the page
  private busy = false
  private until = 0
  private listeners = new Set<(l: L[]) => void>()

  /** post sends one letter; it throws {final: true} where another try cannot help, {waitMs} where the server wants rest.
   * With final, {change} is kept with the letter. */
  constructor(
    private store: Store,
    private key: string,
    private post: (l: L) => Promise<void>,
    private now: () => number = Date.now,
  ) {
    this.letters = this.read()
  }

  get waiting(): L[] {
    return this.letters
  }

  on(fn: (l: L[]) => void): () => void {
    this.listeners.add(fn)
    fn(this.letters)
    return () => {
      this.listeners.delete(fn)
    }
  }

  /** Takes a letter in, behind those that wait; false where too many do already. */
  add(l: L): boolean {
    const all = this.read()
    if (all.length >= most) return false
    this.put({ ...l, at: Math.max(l.at, (all.at(-1)?.at ?? -Infinity) + 1) })
    this.tell()
    void this.flush()
    return true
  }

  /** A new conversation has its id now: what waits for it follows. */
  began(thread: string, conversationId: string): void {
    for (const l of this.read()) if (l.conversationId === thread) this.put({ ...l, conversationId })
    this.tell()
  }

  drop(clientId: string): void {
    this.unkept.delete(clientId)
    try {
      this.store.removeItem(this.key + '.' + clientId)
    } catch {
      /* refused */
    }
    this.tell()
  }

  /** Tries again what was refused, perhaps with something changed. */
  retry(clientId: string, change: Partial<L> = {}): void {
    this.change(clientId, { ...change, failed: undefined })
    void this.flush()
  }

  /** Another tab changed what is kept under a key; null is everything. */
  heard(key: string | null): void {
    if (key === null || key.startsWith(this.key + '.')) this.tell()
  }

  async flush(): Promise<void> {
    if (this.busy || this.now() < this.until) return
    this.busy = true
    try {
      for (let l = this.first(); l; l = this.first()) {
        const { clientId } = l
        try {
          await this.post(l)
          this.drop(clientId)
        } catch (e) {
          const { final, message, waitMs, change } = e as { final?: boolean; message: string; waitMs?: number; change?: Partial<L> }
          if (!final) {
            this.until = this.now() + (waitMs ?? 0)
            return
          }
          this.change(clientId, { ...change, failed: message } as Partial<L>)
        }
      }
    } finally {
      this.busy = false
    }
  }

  /** The next letter: not one that waits for another to begin its conversation. Where that one was given up, it begins it. */
  private first(): L | undefined {
    return this.letters.find(
      (l) => !l.failed && !this.letters.some((x) => x !== l && threadOf(x) === threadOf(l) && x.conversationId === null),
    )
  }

  private read(): L[] {
    const all = new Map<string, L>()
    try {
      for (const key of keysOf(this.store, this.key + '.')) {
        const l = letter<L>(this.store.getItem(key))
        if (l && key === this.key + '.' + l.clientId) all.set(l.clientId, l)
      }
    } catch {
      /* refused */
    }
    for (const [id, l] of this.unkept) all.set(id, l)
    return [...all.values()].sort((a, b) => a.at - b.at || (a.clientId < b.clientId ? -1 : 1)).slice(0, most)
  }

  private put(l: L): void {
    try {
      this.store.setItem(this.key + '.' + l.clientId, JSON.stringify(l))
      this.unkept.delete(l.clientId)
    } catch {
      this.unkept.set(l.clientId, l)
    }
  }

  /** Changes a letter; one that is gone, perhaps by another tab, stays gone. */
  private change(clientId: string, change: Partial<L>): void {
    const l = this.read().find((x) => x.clientId === clientId)
    if (l) this.put({ ...l, ...change })
    this.tell()
  }

  private tell(): void {
    this.letters = this.read()
    for (const listener of this.listeners) listener(this.letters)
  }
}
