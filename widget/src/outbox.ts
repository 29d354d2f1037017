// The messenger's outbox: a first message begins its conversation, later ones follow into it.

import { CallError } from '../sdk/core/src/api.ts'
import { Outbox } from '../sdk/core/src/outbox.ts'
import { live, session, store, workspaceId } from './frame.ts'

type Began = (clientId: string, conversationId: string) => void
export const began = new Set<Began>()

export const outbox = new Outbox(store, 'deskbell.outbox.' + workspaceId, async (l) => {
  try {
    if (l.conversationId) {
      await session.call('messages.send', {
        conversationId: l.conversationId,
        content: l.content,
        attachmentIds: l.attachmentIds,
        clientId: l.clientId,
      })
      return
    }
    const s = await session.call<{ conversation: { id: string } }>('conversations.start', {
      content: l.content,
      attachmentIds: l.attachmentIds,
      clientId: l.clientId,
    })
    outbox.began(l.clientId, s.conversation.id)
    for (const fn of began) fn(l.clientId, s.conversation.id)
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
