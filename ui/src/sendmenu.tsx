// How to send: at once, with closing, or at a time.

import { CalendarClock, Check, Send } from 'lucide-react'
import { useState } from 'react'
import { MenuBox } from './menu.tsx'
import { Field } from './parts.tsx'
import { exact, t } from './text.ts'
import { local, nine, toMonday } from './when.ts'

export function SendMenu({
  canClose,
  onSend,
  onClose,
}: {
  canClose: boolean
  onSend: (how: { close?: boolean; at?: number }) => void
  /** back: the focus goes back to the words. */
  onClose: (back?: boolean) => void
}) {
  const [own, setOwn] = useState<string>()
  const times: Array<[string, number]> = [
    [t('send_hour'), Date.now() + 3600e3],
    [t('send_tomorrow'), nine(1)],
    [t('send_monday'), nine(toMonday())],
  ]
  const at = own ? new Date(own).getTime() : 0
  return (
    <MenuBox className="up" onClose={onClose}>
      {own === undefined ? (
        <div role="menu" aria-label={t('howSend')}>
          <button type="button" role="menuitem" onClick={() => onSend({})}>
            <Send size={14} />
            {t('send')}
            <kbd>Ctrl ↵</kbd>
          </button>
          {canClose && (
            <button type="button" role="menuitem" onClick={() => onSend({ close: true })}>
              <Check size={14} />
              {t('sendClose')}
              <kbd>Ctrl ⇧ ↵</kbd>
            </button>
          )}
          {times.map(([label, ms]) => (
            <button type="button" role="menuitem" key={label} title={exact(ms)} onClick={() => onSend({ at: ms })}>
              <CalendarClock size={14} />
              {label}
            </button>
          ))}
          <button type="button" role="menuitem" onClick={() => setOwn(local(Date.now() + 7200e3))}>
            <CalendarClock size={14} />
            {t('sendAtTime')}
          </button>
        </div>
      ) : (
        <div className="own">
          <Field label={t('sendAtTime')}>
            <input
              type="datetime-local"
              autoFocus
              value={own}
              min={local(Date.now() + 60000)}
              onChange={(e) => setOwn(e.target.value)}
              onKeyDown={(e) => {
                if (e.key === 'Enter') e.preventDefault()
              }}
            />
          </Field>
          <button type="button" className="btn primary" disabled={!(at > Date.now())} onClick={() => onSend({ at })}>
            {t('schedule')}
          </button>
        </div>
      )}
    </MenuBox>
  )
}
