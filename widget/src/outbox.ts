// The messenger's outbox: a first message begins its conversation, later ones follow into it.

import { secret, unanswered } from '../sdk/core/src/api.ts'
import { Outbox, threadOf, type Letter } from '../sdk/core/src/outbox.ts'
import { beganKey, live, outboxKey, session, store } from './frame.ts'

type Began = (thread: string, conversationId: string) => void
export const began = new Set<Began>()
const became = new Map<string, string>()

/** A conversation has its id: what waits for it follows, and whoever shows it. */
function led(thread: string, id: string): void {
  became.set(thread, id)
  outbox.began(thread, id)
  for (const fn of began) fn(thread, id)
}

export const outbox = new Outbox(store, outboxKey, async (l) => {
  try {
    const { clientId, content, attachmentIds } = l
    const thread = threadOf(l)
    if (!thread.startsWith('new:')) {
      await session.call('messages.send', { conversationId: thread, content, attachmentIds, clientId })
      return
    }
    const s = await session.call<{ conversation: { id: string } }>('conversations.start', { content, attachmentIds, clientId })
    led(thread, s.conversation.id)
    try {
      store.setItem(beganKey, JSON.stringify([thread, s.conversation.id])) // another tab may show it too
    } catch {
      /* full */
    }
  } catch (e) {
    throw unanswered(e) ? e : Object.assign(new Error((e as Error).message), { final: true })
  }
})

/** Sends words into a conversation; 'new' begins one. Answers with what it is called meanwhile, unless the outbox is full. */
export function write(id: string, content: string, attachmentIds: string[] = []): string | undefined {
  const clientId = secret(12)
  const letter: Letter = { clientId, conversationId: id === 'new' ? null : id, content, attachmentIds, at: Date.now() }
  return outbox.add(letter) ? clientId : undefined
}

live.onStatus((s) => {
  if (s === 'open') void outbox.flush()
})
setInterval(() => {
  if (outbox.waiting.length) void outbox.flush()
}, 5000)
addEventListener('storage', (e) => {
  if (e.key === beganKey && e.newValue) led(...(JSON.parse(e.newValue) as [string, string]))
  outbox.heard(e.key)
})

// What has gone out stays to be seen until the conversation shows it.
const gone = new Map<string, Letter>()
let waited: Letter[] = []
outbox.on((now) => {
  for (const l of waited) if (!l.failed && !now.some((x) => x.clientId === l.clientId)) gone.set(l.clientId, l)
  waited = now
})

/** The letters of a conversation that it does not show by itself yet. */
export function lettersOf(id: string, shown: Set<string | null>): Letter[] {
  for (const clientId of shown) gone.delete(clientId ?? '')
  return [...gone.values(), ...outbox.waiting].filter((l) => (became.get(threadOf(l)) ?? threadOf(l)) === id && !shown.has(l.clientId))
}
