// One message of a conversation, and what happened in it.

import { BookOpen, CheckCheck, FileText, Lock, Sparkles } from 'lucide-react'
import { inTranslation, Translation, type Reader } from './copilot/translated.tsx'
import { Face } from './parts.tsx'
import { go, messagePath } from './route.ts'
import { clock, day, exact, size, t } from './text.ts'
import { nameOf, type Message, type Person } from './types.ts'

/** Whether a message goes on where the one before it stopped: the same author, the same kind, the same day. */
export function follows(before: Message | undefined, m: Message | undefined): boolean {
  return (
    !!before &&
    !!m &&
    before.kind === m.kind &&
    before.senderType === m.senderType &&
    before.sender?.id === m.sender?.id &&
    day(before.createdAt) === day(m.createdAt)
  )
}

export function Bubble({
  m,
  first,
  last,
  visitor,
  reader,
  read,
}: {
  m: Message
  first: boolean
  last: boolean
  visitor: Person | undefined
  reader: Reader | undefined
  read: number | null
}) {
  if (m.kind === 'event') {
    const e = m.event
    const who = e?.actor?.name ?? ''
    const said: Partial<Record<string, () => string>> = {
      closed: () => t('e_closed', { who }),
      opened: () => (who ? t('e_opened', { who }) : t('e_opened_auto')),
      snoozed: () => t('e_snoozed', { who, at: exact(e?.until ?? 0) }),
      assigned: () => (who && who === e?.target?.name ? t('e_took', { who }) : t('e_assigned', { who, target: e?.target?.name ?? '' })),
      unassigned: () => t('e_unassigned', { who }),
      handed_over: () => t('e_handed_over'),
      handed_back: () => t('e_handed_back', { who }),
      merged: () => t('e_merged', { who }),
      merged_in: () => t('e_merged_in', { who, target: e?.target?.name ?? '' }),
    }
    const text = said[e?.type ?? '']?.() ?? m.content
    return (
      <p className="event" title={exact(m.createdAt)}>
        {text}
      </p>
    )
  }
  const ours = m.senderType !== 'visitor'
  const bot = m.senderType === 'bot'
  const name = m.sender?.name || (ours ? '' : visitor ? nameOf(visitor) : '')
  return (
    <div className={'m' + (ours ? ' ours' : '') + (bot ? ' bot' : '') + (m.kind === 'note' ? ' note' : '')}>
      {first && (
        <div className="by">
          {m.kind === 'note' && (
            <>
              <Lock size={12} aria-hidden="true" />
              <span className="clip">{t('onlyTeam')}</span>
            </>
          )}
          <b dir="auto">{name}</b>
          {bot && <span>{t('ai')}</span>}
          <a
            href={messagePath(m.id)}
            tabIndex={-1}
            title={exact(m.createdAt)}
            onClick={(e) => {
              e.preventDefault()
              go(messagePath(m.id), true)
            }}
          >
            <time dateTime={new Date(m.createdAt).toISOString()}>{clock(m.createdAt)}</time>
          </a>
        </div>
      )}
      {last &&
        (bot ? (
          <span className="face agent" aria-hidden="true">
            <Sparkles size={14} strokeWidth={1.75} />
          </span>
        ) : (
          <Face id={(ours ? m.sender?.id : visitor?.id) ?? ''} name={name} size={24} />
        ))}
      {m.contentHtml && (
        <div className="bubble" dir="auto" dangerouslySetInnerHTML={{ __html: (reader && inTranslation(reader, m.id)) ?? m.contentHtml }} />
      )}
      {reader && <Translation r={reader} message={m.id} />}
      {m.sources && m.sources.length > 0 && (
        <div className="badges rests">
          <small>{t('sources')}</small>
          {m.sources.map((s) => (
            <a
              className="badge"
              key={s.articleId}
              href={'/app/help/' + s.articleId}
              onClick={(e) => {
                e.preventDefault()
                go('/app/help/' + s.articleId)
              }}
            >
              <BookOpen size={12} aria-hidden="true" />
              <span className="clip">{s.title}</span>
            </a>
          ))}
        </div>
      )}
      {m.attachments.length > 0 && (
        <div className="files">
          {m.attachments.map((a) => (
            <a key={a.id} href={a.url} target="_blank" rel="noopener noreferrer" className={a.thumbnailUrl ? '' : 'file'}>
              {a.thumbnailUrl ? (
                <img src={a.thumbnailUrl} alt={a.filename} />
              ) : (
                <>
                  <FileText size={18} strokeWidth={1.75} aria-hidden="true" />
                  <span>
                    {a.filename}
                    <small>{size(a.size)}</small>
                  </span>
                </>
              )}
            </a>
          ))}
        </div>
      )}
      {read && (
        <div className="seen" title={exact(read)}>
          <CheckCheck size={14} aria-hidden="true" />
          {t('read')}
        </div>
      )}
    </div>
  )
}
