// Messages that wait to be sent: kept over reloads, sent once and in order when the server can be reached. The server
// knows a message by its clientId, so that one whose answer was lost is not sent twice. Several tabs share what is kept:
// each reads it again before it changes it.

export interface Letter {
  clientId: string
  /** The conversation; null begins one; `new:<clientId>` follows into the one which that letter begins. */
  conversationId: string | null
  content: string
  attachmentIds: string[]
  at: number
  failed?: string
}

export interface Store {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

const most = 50

/** The conversation a letter belongs to, where it has no id yet. */
export const threadOf = (l: Letter): string => l.conversationId ?? 'new:' + l.clientId

/** What is kept may be of another version, or of somebody who changed it: what is no letter is left out. */
function letters<L extends Letter>(kept: string | null): L[] {
  const all: unknown = JSON.parse(kept ?? '[]')
  if (!Array.isArray(all)) return []
  return (all as Array<Partial<L> | null>)
    .filter(
      (l): l is L =>
        typeof l?.clientId === 'string' &&
        typeof l.content === 'string' &&
        (l.conversationId === null || typeof l.conversationId === 'string') &&
        Array.isArray(l.attachmentIds) &&
        l.attachmentIds.every((id) => typeof id === 'string') &&
        (l.failed === undefined || typeof l.failed === 'string'),
    )
    .slice(0, most)
}

export class Outbox<L extends Letter = Letter> {
  private letters: L[] = []
  private busy = false
  private blocked = false
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

  /** Takes a letter in; false where too many wait already. */
  add(l: L): boolean {
    if (this.read().length >= most) return false
    this.change((all) => [...all, l])
    void this.flush()
    return true
  }

  /** A new conversation has its id now: what waits for it follows. */
  began(thread: string, conversationId: string): void {
    this.change((all) => all.map((l) => (l.conversationId === thread ? { ...l, conversationId } : l)))
  }

  drop(clientId: string): void {
    this.change((all) => all.filter((l) => l.clientId !== clientId))
  }

  /** Tries again what was refused, perhaps with something changed. */
  retry(clientId: string, change: Partial<L> = {}): void {
    this.change((all) => all.map((l) => (l.clientId === clientId ? { ...l, ...change, failed: undefined } : l)))
    void this.flush()
  }

  /** Another tab changed what is kept. */
  changed(): void {
    this.letters = this.read()
    this.tell()
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
          this.change((all) => all.map((x) => (x.clientId === clientId ? { ...x, ...change, failed: message } : x)))
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
    if (this.blocked) return this.letters
    try {
      return letters(this.store.getItem(this.key))
    } catch {
      return this.letters
    }
  }

  private change(fn: (all: L[]) => L[]): void {
    this.letters = fn(this.read())
    try {
      if (this.letters.length) this.store.setItem(this.key, JSON.stringify(this.letters))
      else this.store.removeItem(this.key)
      this.blocked = false
    } catch {
      this.blocked = true // storage is full or refused: the letters live as long as the page
    }
    this.tell()
  }

  private tell(): void {
    for (const listener of this.listeners) listener(this.letters)
  }
}
