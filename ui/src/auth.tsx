// Before one is in: sign-in, and taking up an invitation.

import { ConciergeBell } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { NewPassword } from './fields.tsx'
import { Empty, Field, Form } from './parts.tsx'
import { ask } from './server.ts'
import { t, type Key } from './text.ts'

export function Gate({ children }: { children: ReactNode }) {
  return (
    <main className="gate">
      <div className="panel">
        <div className="mark" aria-hidden="true">
          <ConciergeBell size={20} strokeWidth={1.75} />
        </div>
        {children}
      </div>
    </main>
  )
}

export function SignIn({ onIn }: { onIn: () => void }) {
  const [needed, setNeeded] = useState(false)
  useEffect(() => {
    ask<{ needed: boolean }>('setup.status').then(
      (s) => setNeeded(s.needed),
      () => undefined,
    )
  }, [])
  if (needed)
    return (
      <Gate>
        <Empty alone title={t('su_needed')} hint={t('su_neededHint')} />
      </Gate>
    )
  return (
    <Gate>
      <h1>{t('signIn')}</h1>
      <p>{t('signInHint')}</p>
      <Form
        wide
        submit={t('signIn')}
        action={async (v) => {
          await ask('auth.signIn', { email: v.get('email'), password: v.get('password') })
          onIn()
        }}
      >
        <Field label={t('email')}>
          <input name="email" type="email" autoComplete="username" required autoFocus />
        </Field>
        <Field label={t('password')}>
          <input name="password" type="password" autoComplete="current-password" required />
        </Field>
      </Form>
      <p className="forgot">
        {t('signInForgot')} <code>deskbell user reset-password</code>
      </p>
    </Gate>
  )
}

interface Offer {
  workspaceName: string
  email: string
  role: string
  inviterName: string
  userExists: boolean
}

export function Invite({ token, onIn }: { token: string; onIn: () => void }) {
  const [offer, set] = useState<Offer | null>()
  useEffect(() => {
    ask<Offer>('invitations.get', { token }).then(set, () => set(null))
  }, [token])
  if (offer === undefined) return null
  if (!offer)
    return (
      <Gate>
        <Empty alone title={t('inviteBad')} hint={t('inviteBadHint')} />
        <a className="btn wide" href="/app/">
          {t('signIn')}
        </a>
      </Gate>
    )
  return (
    <Gate>
      <h1>{t('join', { name: offer.workspaceName })}</h1>
      <p>{t('joinHint', { inviter: offer.inviterName, role: t(offer.role as Key) })}</p>
      <Form
        wide
        submit={t('join', { name: offer.workspaceName })}
        action={async (v) => {
          await ask('invitations.accept', { token, name: v.get('name') ?? '', password: v.get('password') })
          onIn()
        }}
      >
        <Field label={t('email')}>
          <input value={offer.email} readOnly autoComplete="username" />
        </Field>
        {!offer.userExists && (
          <Field label={t('name')}>
            <input name="name" required autoFocus maxLength={100} />
          </Field>
        )}
        {offer.userExists ? (
          <Field label={t('password')} hint={t('joinExists')}>
            <input name="password" type="password" required autoComplete="current-password" />
          </Field>
        ) : (
          <NewPassword label={t('password')} name="password" />
        )}
      </Form>
    </Gate>
  )
}
