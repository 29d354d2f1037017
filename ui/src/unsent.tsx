// Answers that have not gone out: they wait for their time, or for the connection.

import { CalendarClock } from 'lucide-react'
import { takeBack } from './composer.tsx'
import { again, takeBackWaiting, type Answer } from './outbox.ts'
import { call } from './server.ts'
import { exact, t } from './text.ts'
import type { Message } from './types.ts'

/** An answer that waits for its time. Only the team sees it. */
export function Waiting({ m, id, can }: { m: Message; id: string; can: boolean }) {
  const soon = (m.sendAt ?? 0) - Date.now() < 90000
  return (
    <div className="m ours waits">
      <div className="by">
        <CalendarClock size={12} />
        {soon ? t('sendsSoon') : t('sendsAt', { at: exact(m.sendAt ?? 0) })} · {m.sender?.name}
      </div>
      {m.contentHtml && <div className="bubble" dangerouslySetInnerHTML={{ __html: m.contentHtml }} />}
      {m.attachments.length > 0 && (
        <div className="badges">
          {m.attachments.map((a) => (
            <span className="badge" key={a.id}>
              {a.filename}
            </span>
          ))}
        </div>
      )}
      {can && (
        <div className="row">
          <button
            className="link"
            onClick={() => {
              void takeBack(id, m.id).catch(() => undefined)
            }}
          >
            {t('takeBack')}
          </button>
          <button
            className="link"
            onClick={() => {
              void call('messages.sendScheduled', { messageId: m.id }).catch(() => undefined)
            }}
          >
            {t('sendNow')}
          </button>
        </div>
      )}
    </div>
  )
}

/** An answer that waits for the connection, or was refused when it was back. What it was refused for must be there to read
 * before it is tried again: it would be refused again. */
export function Unsent({ a, last }: { a: Answer; last: string | undefined }) {
  return (
    <div className="m ours waits">
      <div className="bubble pre">{a.content || a.files.map((f) => f.filename).join(', ')}</div>
      {a.failed ? (
        <p className="bad" role="alert">
          {a.failed}
        </p>
      ) : (
        <div className="by" role="status">
          {t('waitsForLine')}
        </div>
      )}
      <div className="row">
        <button className="link" onClick={() => takeBackWaiting(a)}>
          {t('takeBack')}
        </button>
        {a.failed && (!a.missed || (last && last >= a.missed)) && (
          <button className="link" onClick={() => again(a, last)}>
            {t('again')}
          </button>
        )}
      </div>
    </div>
  )
}
