// A line of the list of conversations.

import { Hand, Mail, Pencil, Sparkles } from 'lucide-react'
import { Dot, Face } from './parts.tsx'
import { ago, exact, t } from './text.ts'
import { nameOf, type Conversation } from './types.ts'

/** A conversation of the list. Its face is where one chooses it, to do something with several. */
export function Row({
  c,
  open,
  chosen,
  choosing,
  begun,
  onOpen,
  onChoose,
}: {
  c: Conversation
  open: boolean
  chosen: boolean
  choosing: boolean
  /** What one has begun to write there: an answer (false) or a note (true). */
  begun: boolean | undefined
  onOpen: () => void
  onChoose: (range: boolean) => void
}) {
  const m = c.lastMessage
  const news = c.unread ? c.unreadByAgent : 0
  const low = begun !== undefined || c.aiState !== 'none' || c.tags.length > 0 || c.mergedInto !== null || c.priority !== 'none'
  const who = m.senderType === 'visitor' ? '' : (m.internal ? t('note') : m.senderName.split(' ')[0]) + ': '
  return (
    <div className={'pickable' + (choosing ? ' choosing' : '') + (chosen ? ' chosen' : '')}>
      <label className="choose">
        <input
          type="checkbox"
          checked={chosen}
          tabIndex={choosing ? 0 : -1}
          aria-label={t('b_choose', { name: nameOf(c.visitor) })}
          onChange={() => undefined}
          onClick={(e) => onChoose(e.shiftKey)}
        />
      </label>
      <button
        className={'conv' + (open ? ' on' : '') + (c.unread ? ' unread' : '')}
        aria-current={open ? 'true' : undefined}
        onClick={(e) => (e.shiftKey || e.ctrlKey || e.metaKey ? onChoose(e.shiftKey) : onOpen())}
      >
        <Face id={c.visitor.id} name={nameOf(c.visitor)} online={c.visitor.online} />
        <span className="grow">
          <span className="line">
            <b dir="auto">{nameOf(c.visitor)}</b>
            {c.channel === 'email' && <Mail size={14} strokeWidth={1.75} aria-label={t('email')} />}
            <time title={exact(m.at)}>{ago(m.at)}</time>
          </span>
          <span className="line">
            <span className={'what' + (low ? '' : ' two')} dir="auto">
              {who && <span className="faint">{who}</span>}
              {m.preview}
            </span>
            {news > 0 && <span className="count">{news > 99 ? '99+' : news}</span>}
          </span>
          {low && (
            <span className="line">
              <span className="badges">
                {begun !== undefined && (
                  <span className="badge begun">
                    <Pencil size={12} strokeWidth={2} aria-hidden="true" />
                    {t(begun ? 'noteBegun' : 'begun')}
                  </span>
                )}
                {c.aiState === 'handoff' && (
                  <span className="badge ai">
                    <Hand size={12} strokeWidth={2} aria-hidden="true" />
                    {t('handoff')}
                  </span>
                )}
                {c.aiState === 'ai_handled' && (
                  <span className="badge ai">
                    <Sparkles size={12} strokeWidth={2} aria-hidden="true" />
                    {t('ai_answered')}
                  </span>
                )}
                {c.priority !== 'none' && <span className="badge warn">{t(('p_' + c.priority) as 'p_high')}</span>}
                {c.mergedInto && <span className="badge">{t('mergedBadge')}</span>}
                {c.tags.slice(0, 2).map((x) => (
                  <span className="badge" key={x.id}>
                    <Dot color={x.color} />
                    <span className="clip">{x.name}</span>
                  </span>
                ))}
                {c.tags.length > 2 && <span className="badge">+{c.tags.length - 2}</span>}
              </span>
            </span>
          )}
        </span>
      </button>
    </div>
  )
}
