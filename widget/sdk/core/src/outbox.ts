// Messages that wait to be sent: kept over reloads, sent once and in order when the server can be reached. The server
// knows a message by its clientId, so that one whose answer was lost is not sent twice.

export interface Letter {
  clientId: string
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

export class Outbox {
  private letters: Letter[]
  private busy = false
  private listeners = new Set<(l: Letter[]) => void>()

  /** post sends one letter; it throws {final: true} where another try cannot help. */
  constructor(
    private store: Store,
    private key: string,
    private post: (l: Letter) => Promise<void>,
  ) {
    try {
      this.letters = JSON.parse(store.getItem(key) ?? '[]') as Letter[]
    } catch {
      this.letters = []
    }
  }

  get waiting(): Letter[] {
    return this.letters
  }

  on(fn: (l: Letter[]) => void): () => void {
    this.listeners.add(fn)
    fn(this.letters)
    return () => {
      this.listeners.delete(fn)
    }
  }

  add(l: Letter): boolean {
    if (this.letters.length >= most) return false
    this.set([...this.letters, l])
    void this.flush()
    return true
  }

  /** A new conversation has its id now: what waits for it follows. */
  began(clientId: string, conversationId: string): void {
    this.set(this.letters.map((l) => (l.conversationId === 'new:' + clientId ? { ...l, conversationId } : l)))
  }

  drop(clientId: string): void {
    this.set(this.letters.filter((l) => l.clientId !== clientId))
  }

  retry(clientId: string): void {
    this.set(this.letters.map((l) => (l.clientId === clientId ? { ...l, failed: undefined } : l)))
    void this.flush()
  }

  async flush(): Promise<void> {
    if (this.busy) return
    this.busy = true
    try {
      for (;;) {
        const l = this.letters.find((x) => !x.failed && !x.conversationId?.startsWith('new:'))
        if (!l) return
        try {
          await this.post(l)
          this.drop(l.clientId)
        } catch (e) {
          if (!(e as { final?: boolean }).final) return
          this.set(this.letters.map((x) => (x === l ? { ...x, failed: (e as Error).message } : x)))
        }
      }
    } finally {
      this.busy = false
    }
  }

  private set(letters: Letter[]): void {
    this.letters = letters
    try {
      if (letters.length) this.store.setItem(this.key, JSON.stringify(letters))
      else this.store.removeItem(this.key)
    } catch {
      /* storage is full or blocked: the letters live as long as the page */
    }
    for (const fn of this.listeners) fn(letters)
  }
}
