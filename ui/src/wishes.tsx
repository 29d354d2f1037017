// How one wants to be told of messages, and how long one's answers wait.

import { useState } from 'react'
import { holdMs, setHoldMs } from './drafts.ts'
import { ring, wish, wishes } from './notify.ts'
import { Field } from './parts.tsx'
import { t } from './text.ts'

export function WishesCard() {
  const [w, set] = useState(wishes)
  const [hold, setHold] = useState(holdMs)
  const [denied, setDenied] = useState(false)
  const save = (to: typeof w): void => {
    wish(to)
    set(to)
  }
  async function browser(on: boolean): Promise<void> {
    if (on && typeof Notification !== 'undefined' && Notification.permission !== 'granted') {
      const said = await Notification.requestPermission()
      setDenied(said !== 'granted')
      if (said !== 'granted') return
    }
    save({ ...w, browser: on })
  }
  return (
    <div className="card">
      <h2>{t('notices')}</h2>
      <p className="faint">{t('noticesHint')}</p>
      <label className="check">
        <input
          type="checkbox"
          checked={w.sound}
          onChange={(e) => {
            save({ ...w, sound: e.target.checked })
            if (e.target.checked) ring()
          }}
        />
        {t('sound')}
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={w.browser && (typeof Notification === 'undefined' || Notification.permission === 'granted')}
          disabled={typeof Notification === 'undefined'}
          onChange={(e) => {
            void browser(e.target.checked)
          }}
        />
        {t('browserNotice')}
      </label>
      {denied && (
        <p className="bad" role="alert">
          {t('noticeDenied')}
        </p>
      )}
      <Field label={t('undoTime')} hint={t('undoTimeHint')}>
        <select
          value={hold}
          onChange={(e) => {
            setHoldMs(Number(e.target.value))
            setHold(Number(e.target.value))
          }}
        >
          {[0, 5000, 10000, 20000].map((ms) => (
            <option key={ms} value={ms}>
              {ms ? t('seconds', { n: ms / 1000 }) : t('off')}
            </option>
          ))}
        </select>
      </Field>
    </div>
  )
}
