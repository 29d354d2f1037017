// Two conversations of one person become one.

import { useState } from 'react'
import { Dialog, said } from './parts.tsx'
import { go, inboxPath, readInbox } from './route.ts'
import { call } from './server.ts'
import { ago, t } from './text.ts'
import { done } from './toast.tsx'
import type { Conversation } from './types.ts'

export function Merge({
  into,
  others,
  first,
  onClose,
}: {
  into: Conversation
  others: Conversation[]
  first?: string
  onClose: () => void
}) {
  const [from, setFrom] = useState(first ?? others[0]?.id)
  const [state, set] = useState<{ busy?: boolean; bad?: string }>({})
  async function merge(): Promise<void> {
    set({ busy: true })
    try {
      await call('conversations.merge', { conversationId: from, intoConversationId: into.id })
      go(inboxPath({ ...readInbox(new URL(location.href)), id: into.id }), true)
      done(t('merged'))
      onClose()
    } catch (e) {
      set({ bad: said(e) })
    }
  }
  return (
    <Dialog title={t('mergeTitle')} onClose={onClose}>
      <p>{t('mergeHint')}</p>
      <div className="choices" role="radiogroup" aria-label={t('mergeWhich')}>
        {others.map((c) => (
          <label key={c.id}>
            <input type="radio" name="from" checked={from === c.id} onChange={() => setFrom(c.id)} />
            <span className="grow">
              <b>{c.lastMessage.preview}</b>
              <small>
                {t('messageCount', { n: c.messageCount })} · {ago(c.lastMessage.at)}
              </small>
            </span>
          </label>
        ))}
      </div>
      {state.bad && (
        <p className="bad" role="alert">
          {state.bad}
        </p>
      )}
      <div className="row end">
        <button className="btn" autoFocus onClick={onClose}>
          {t('cancel')}
        </button>
        <button
          className="btn primary"
          disabled={!from || state.busy}
          onClick={() => {
            void merge()
          }}
        >
          {t('merge')}
        </button>
      </div>
    </Dialog>
  )
}
