// Whose conversation it is, and what can be done with it.

import { ArrowLeft, Bot, Check, ChevronDown, CircleDashed, PanelRight, RotateCcw } from 'lucide-react'
import { Face, Pick } from './parts.tsx'
import { call, useLive } from './server.ts'
import { SnoozePick } from './snooze.tsx'
import { exact, t } from './text.ts'
import { nameOf, type Conversation, type Member, type Page } from './types.ts'

export function ThreadBar({
  id,
  c,
  looking,
  can,
  onBack,
  onDetails,
  onHandBack,
  onSnooze,
  onClose,
}: {
  id: string
  c: Conversation | undefined
  looking: Array<{ id: string; name: string }>
  can: (permission: string) => boolean
  onBack: () => void
  onDetails: () => void
  onHandBack: (() => void) | undefined
  onSnooze: (until: number) => void
  onClose: () => void
}) {
  const { value: members } = useLive<Page<Member>>('workspaceMembers.list')
  const stands = c?.mergedInto === null
  const name = c ? nameOf(c.visitor) : ''
  return (
    <header className="bar">
      <button className="icon narrow-only" onClick={onBack} aria-label={t('back')}>
        <ArrowLeft size={16} />
      </button>
      <h2>
        <span className="clip" dir="auto">
          {(c?.subject || name) ?? ''}
        </span>
        <small dir="auto">
          {!c
            ? ''
            : c.status === 'snoozed'
              ? t('snoozeUntil', { at: exact(c.snoozedUntil ?? 0) })
              : [c.subject && name, t(c.channel === 'email' ? 'email' : 'chat'), c.status === 'closed' && t('closed')]
                  .filter(Boolean)
                  .join(' · ')}
          {c?.assignee && <span className="phone-only">&nbsp;· {c.assignee.name.split(' ')[0]}</span>}
        </small>
      </h2>
      {looking.map((p) => (
        <span key={p.id} title={t('looking', { name: p.name })}>
          <Face id={p.id} name={p.name} size={20} />
        </span>
      ))}
      {stands && can('conversations.assign') && (
        <Pick
          id="assignee"
          label={t('assignee')}
          value={c?.assignee?.id ?? ''}
          onChange={(e) => {
            void call('conversations.assign', { conversationId: id, assigneeId: e.target.value || null })
          }}
          shown={
            <>
              {c?.assignee ? (
                <Face id={c.assignee.id} name={c.assignee.name} size={22} />
              ) : (
                <CircleDashed size={18} strokeWidth={1.75} aria-hidden="true" />
              )}
              <span className="clip not-phone">{c?.assignee ? c.assignee.name.split(' ')[0] : t('nobody')}</span>
              <ChevronDown size={14} aria-hidden="true" />
            </>
          }
        >
          <option value="">{t('nobody')}</option>
          {members?.items.map((m) => (
            <option key={m.userId} value={m.userId}>
              {m.name}
            </option>
          ))}
        </Pick>
      )}
      {onHandBack && (
        <button className="icon" onClick={onHandBack} title={t('handBack')} aria-label={t('handBack')}>
          <Bot size={16} />
        </button>
      )}
      {stands && can('conversations.close') && <SnoozePick id="snooze" onPick={onSnooze} />}
      {stands && can('conversations.close') && (
        <button className="btn" onClick={onClose} aria-label={c?.status === 'open' ? undefined : t('open')}>
          {c?.status === 'open' ? (
            <>
              <Check size={14} />
              {t('close')}
            </>
          ) : (
            <>
              <RotateCcw size={14} aria-hidden="true" />
              <span className="not-phone">{t('open')}</span>
            </>
          )}
        </button>
      )}
      <button className="icon details-only" onClick={onDetails} aria-label={t('details')}>
        <PanelRight size={16} />
      </button>
    </header>
  )
}
