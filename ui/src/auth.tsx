// Before one is in: the set-up wizard, sign-in, and taking up an invitation.

import { ConciergeBell } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Empty, Field, Form } from './parts.tsx'
import { tryOut } from './firststeps.tsx'
import { Install, Preview } from './settings/messenger.tsx'
import { go } from './route.ts'
import { ask, call, enter, live } from './server.ts'
import { originsOf } from './sites.ts'
import { t, type Key } from './text.ts'

interface In {
  workspaces: Array<{ id: string }>
}

function Gate({ children, wide, beside }: { children: React.ReactNode; wide?: boolean; beside?: React.ReactNode }) {
  return (
    <main className={'gate' + (beside ? ' shows' : '')}>
      <div className={'panel' + (wide ? ' wide' : '')}>
        <div className="mark" aria-hidden="true">
          <ConciergeBell size={20} strokeWidth={1.75} />
        </div>
        {children}
      </div>
      {beside}
    </main>
  )
}

export function SignIn({ onIn }: { onIn: () => void }) {
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
    </Gate>
  )
}

export function Setup({ token, onIn }: { token: string; onIn: () => void }) {
  const [good, setGood] = useState<boolean>()
  const [step, setStep] = useState(1)
  const [you, setYou] = useState<Record<string, unknown>>({})
  const [look, setLook] = useState({ name: '', accentColor: '#0b7262' })
  const made = useRef(false)
  useEffect(() => {
    ask<{ tokenValid: boolean }>('setup.status', { token }).then(
      (s) => setGood(s.tokenValid),
      () => setGood(false),
    )
  }, [token])
  if (good === undefined) return null
  if (!good && step < 3)
    return (
      <Gate>
        <Empty title={t('linkBad')} hint={t('linkBadHint')} />
        <a className="btn wide" href="/app/">
          {t('signIn')}
        </a>
      </Gate>
    )
  if (step === 1)
    return (
      <Gate>
        <small>{t('step', { n: 1 })}</small>
        <h1>{t('setupYou')}</h1>
        <p>{t('setupYouHint')}</p>
        <Form
          wide
          submit={t('next')}
          action={async (v) => {
            setYou(Object.fromEntries(v))
            setStep(2)
          }}
          key="you"
        >
          <Field label={t('name')}>
            <input name="name" autoComplete="name" required maxLength={100} autoFocus defaultValue={String(you.name ?? '')} />
          </Field>
          <Field label={t('email')}>
            <input name="email" type="email" autoComplete="username" required defaultValue={String(you.email ?? '')} />
          </Field>
          <Field label={t('password')} hint={t('passwordHint')}>
            <input name="password" type="password" autoComplete="new-password" required minLength={8} />
          </Field>
        </Form>
      </Gate>
    )
  if (step === 2)
    return (
      <Gate
        beside={
          <aside className="shown" aria-label={t('preview')}>
            <Preview settings={{ ...look, themeMode: 'system', welcomeMessage: t('setupGreeting'), team: [] }} />
          </aside>
        }
      >
        <small>{t('step', { n: 2 })}</small>
        <h1>{t('setupSpace')}</h1>
        <p>{t('setupSpaceHint')}</p>
        <Form
          wide
          submit={t('next')}
          key="space"
          action={async (v) => {
            const allowedOrigins = originsOf(String(v.get('site')))
            if (!allowedOrigins) throw new Error(t('setupSiteBad'))
            if (!made.current) {
              const s = await ask<In>('setup.complete', {
                token,
                name: you.name,
                email: you.email,
                password: you.password,
                workspaceName: v.get('workspaceName'),
                accentColor: v.get('accentColor'),
              })
              enter(s.workspaces[0].id)
              made.current = true // whatever fails from here on, it is there
            }
            if (allowedOrigins.length > 0) await call('workspaces.update', { allowedOrigins })
            live.start()
            setStep(3)
          }}
        >
          <Field label={t('workspaceName')}>
            <input
              name="workspaceName"
              required
              maxLength={100}
              autoFocus
              value={look.name}
              onChange={(e) => setLook({ ...look, name: e.target.value })}
            />
          </Field>
          <Field label={t('color')}>
            <input
              name="accentColor"
              type="color"
              value={look.accentColor}
              onChange={(e) => setLook({ ...look, accentColor: e.target.value })}
            />
          </Field>
          <Field label={t('setupSite')} hint={t('setupSiteHint')}>
            <input
              name="site"
              inputMode="url"
              autoCapitalize="none"
              autoComplete="url"
              spellCheck={false}
              maxLength={200}
              placeholder="shop.example"
            />
          </Field>
        </Form>
        <button className="btn wide" onClick={() => setStep(1)}>
          {t('back')}
        </button>
      </Gate>
    )
  return (
    <Gate wide>
      <small>{t('step', { n: 3 })}</small>
      <h1>{t('setupInstall')}</h1>
      <Install />
      <button className="btn primary wide" onClick={onIn}>
        {t('finish')}
      </button>
      <button
        className="btn wide"
        onClick={() => {
          void tryOut().then((to) => {
            onIn()
            go(to, true)
          })
        }}
      >
        {t('st_answerDo')}
      </button>
      <button
        className="btn wide"
        onClick={() => {
          onIn()
          go('/app/start', true)
        }}
      >
        {t('firstSteps')}
      </button>
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
        <Empty title={t('inviteBad')} hint={t('inviteBadHint')} />
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
        <Field label={t('password')} hint={offer.userExists ? t('joinExists') : t('passwordHint')}>
          <input
            name="password"
            type="password"
            required
            minLength={8}
            autoComplete={offer.userExists ? 'current-password' : 'new-password'}
          />
        </Field>
      </Form>
    </Gate>
  )
}
