// Oneself: name, password, sessions, notices.

import { useState } from 'react'
import { WishesCard } from '../wishes.tsx'
import { NewPassword } from '../fields.tsx'
import { Field, Form } from '../parts.tsx'
import { ask, useLive } from '../server.ts'
import { exact, languages, speak, t, useLanguage } from '../text.ts'
import { chosen, wear, type Theme } from '../theme.ts'
import type { Me, Page } from '../types.ts'

interface Sign {
  id: string
  current: boolean
  userAgent: string
  ip: string
  lastSeenAt: number
}

export function Profile({ me }: { me: Me }) {
  const { value: sessions } = useLive<Page<Sign>>('sessions.list')
  const language = useLanguage()
  const [turn, setTurn] = useState(0) // of the password: what was chosen does not stand there afterwards
  const [theme, setTheme] = useState(chosen)
  const dress = (v: Theme): void => {
    setTheme(v)
    wear(v)
  }
  return (
    <>
      <div className="card">
        <Form submit={t('save')} action={(f) => ask('users.updateProfile', { name: f.get('name') })}>
          <Field label={t('name')}>
            <input name="name" defaultValue={me.user.name} required maxLength={100} />
          </Field>
        </Form>
        <div className="row">
          <Field label={t('theme')}>
            <select value={theme} onChange={(e) => dress(e.target.value as Theme)}>
              {(['system', 'light', 'dark'] as const).map((m) => (
                <option key={m} value={m}>
                  {t(m)}
                </option>
              ))}
            </select>
          </Field>
          <Field label={t('language')}>
            <select value={language} onChange={(e) => speak(e.target.value)}>
              {Object.keys(languages).map((l) => (
                <option key={l} value={l}>
                  {new Intl.DisplayNames([l], { type: 'language' }).of(l)}
                </option>
              ))}
            </select>
          </Field>
        </div>
      </div>
      <WishesCard />
      <div className="card">
        <h2>{t('changePassword')}</h2>
        <Form
          submit={t('changePassword')}
          action={async (f) => {
            await ask('auth.changePassword', { currentPassword: f.get('old'), newPassword: f.get('new') })
            setTurn((n) => n + 1)
          }}
          reset
        >
          <Field label={t('currentPassword')}>
            <input name="old" type="password" autoComplete="current-password" required />
          </Field>
          <NewPassword key={turn} label={t('newPassword')} name="new" />
        </Form>
      </div>
      <div className="card">
        <h2>{t('sessions')}</h2>
        <ul className="plain">
          {sessions?.items.map((s) => (
            <li key={s.id}>
              <span className="grow clip">
                {s.userAgent || '–'}
                <small>
                  {s.ip} · {exact(s.lastSeenAt)}
                </small>
              </span>
              {s.current ? (
                <span className="badge">{t('current')}</span>
              ) : (
                <button
                  className="link danger"
                  onClick={() => {
                    void ask('sessions.revoke', { sessionId: s.id })
                  }}
                >
                  {t('signOutThere')}
                </button>
              )}
            </li>
          ))}
        </ul>
        <button
          className="btn"
          onClick={() => {
            void ask('sessions.revokeOthers')
          }}
        >
          {t('signOutOthers')}
        </button>
      </div>
    </>
  )
}
