// The messenger's outbox: a first message begins its conversation, later ones follow into it.

import { CallError } from '../sdk/core/src/api.ts'
import { Outbox, threadOf } from '../sdk/core/src/outbox.ts'
import { live, outboxKey, session, store } from './frame.ts'

type Began = (thread: string, conversationId: string) => void
export const began = new Set<Began>()

export const outbox = new Outbox(store, outboxKey, async (l) => {
  try {
    const { clientId, content, attachmentIds } = l
    const thread = threadOf(l)
    if (!thread.startsWith('new:')) {
      await session.call('messages.send', { conversationId: thread, content, attachmentIds, clientId })
      return
    }
    const s = await session.call<{ conversation: { id: string } }>('conversations.start', { content, attachmentIds, clientId })
    outbox.began(thread, s.conversation.id)
    for (const fn of began) fn(thread, s.conversation.id)
  } catch (e) {
    const again = !(e instanceof CallError) || e.status === 0 || e.status >= 500 || e.status === 429
    throw again ? e : Object.assign(new Error((e as Error).message), { final: true })
  }
})

live.onStatus((s) => {
  if (s === 'open') void outbox.flush()
})
setInterval(() => {
  if (outbox.waiting.length) void outbox.flush()
}, 5000)
addEventListener('storage', (e) => {
  if (e.key === outboxKey) outbox.changed()
})
