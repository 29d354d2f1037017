// The set-up wizard: who one is, the workspace, and the way onto one's site.

import {
  ArrowRight,
  BookOpen,
  Check,
  ConciergeBell,
  DatabaseBackup,
  Inbox,
  MessageCircle,
  Monitor,
  Send,
  Smartphone,
  Sparkles,
  Wifi,
} from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { Gate } from '../auth.tsx'
import { Colour, NewPassword } from '../fields.tsx'
import { Empty, Field, Form, said } from '../parts.tsx'
import { go } from '../route.ts'
import { ask, call, CallError, enter, live, workspace } from '../server.ts'
import { Install, snippet } from '../settings/install.tsx'
import { originsOf } from '../sites.ts'
import { t, type Key } from '../text.ts'
import { Preview, Site, useMessenger } from './site.tsx'
import './setup.css'

interface In {
  workspaces: Array<{ id: string }>
}
interface Space {
  name: string
  accentColor: string
  site: string
}

export function Setup({ token, onIn }: { token: string; onIn: () => void }) {
  const [good, setGood] = useState<boolean>()
  const [step, setStep] = useState(1)
  const [you, setYou] = useState<Record<string, string>>({})
  const [bad, setBad] = useState('') // what the server does not take of the first step
  const [space, setSpace] = useState<Space>({ name: '', accentColor: '#0b7262', site: '' })
  useEffect(() => {
    ask<{ tokenValid: boolean }>('setup.status', { token })
      .then((s) => s.tokenValid)
      .catch(() => false)
      .then(async (valid) => {
        // Whoever comes back to the link after it was used, and is signed in, goes on where they were.
        if (!valid && (await ask('users.me').catch(() => undefined))) {
          onIn()
          go('/app/start', true)
        } else setGood(valid)
      })
  }, [token])
  useEffect(() => {
    // The browser's own way back leads to the first step, until there is something that cannot be taken back.
    const turned = (): void => setStep((n) => (n === 2 ? 1 : n))
    addEventListener('popstate', turned)
    return () => removeEventListener('popstate', turned)
  }, [])
  const back = (why = ''): void => {
    setBad(why)
    history.back()
  }
  if (good === undefined) return null
  if (!good)
    return (
      <Gate>
        <Empty alone title={t('linkBad')} hint={t('linkBadHint')} />
        <a className="btn wide" href="/app/">
          {t('signIn')}
        </a>
      </Gate>
    )
  if (step === 1)
    return (
      <You
        you={you}
        bad={bad}
        onNext={(v) => {
          setYou(v)
          setBad('')
          history.pushState(null, '', location.href)
          setStep(2)
        }}
      />
    )
  if (step === 2) return <Workspace token={token} you={you} space={space} onSpace={setSpace} onBack={back} onNext={() => setStep(3)} />
  return <Done you={you} space={space} onIn={onIn} />
}

const steps: Key[] = ['su_you', 'su_space', 'su_done']

/** One step: what is asked at the side where one reads first, and beside it what comes of it. */
function Step({ n, title, hint, children, beside }: { n: number; title: string; hint: string; children: ReactNode; beside: ReactNode }) {
  return (
    <div className="wiz">
      <main className="wiz-asks">
        <header>
          <span className="mark" aria-hidden="true">
            <ConciergeBell size={18} strokeWidth={1.75} />
          </span>
          <b className="grow">Deskbell</b>
          <ol className="dots" aria-label={t('step', { n })}>
            {steps.map((k, i) => (
              <li key={k} className={i + 1 < n ? 'done' : i + 1 === n ? 'on' : ''} aria-current={i + 1 === n ? 'step' : undefined}>
                <i aria-hidden="true">{i + 1 < n ? <Check size={12} strokeWidth={2} /> : i + 1}</i>
                <span>
                  {t(k)}
                  {i + 1 < n && <span className="sr">: {t('st_isDone')}</span>}
                </span>
              </li>
            ))}
          </ol>
        </header>
        <div className="wiz-form">
          <h1>{title}</h1>
          <p className="lead">{hint}</p>
          {children}
        </div>
        <small>{t('su_foot')}</small>
      </main>
      {beside}
    </div>
  )
}

const facts = [
  [MessageCircle, 'su_fact1', 'su_fact1Hint'],
  [Inbox, 'su_fact2', 'su_fact2Hint'],
  [BookOpen, 'su_fact3', 'su_fact3Hint'],
  [Sparkles, 'su_fact4', 'su_fact4Hint'],
  [DatabaseBackup, 'su_fact5', 'su_fact5Hint'],
] as const

function You({ you, bad, onNext }: { you: Record<string, string>; bad: string; onNext: (you: Record<string, string>) => void }) {
  return (
    <Step
      n={1}
      title={t('setupYou')}
      hint={t('setupYouHint')}
      beside={
        <aside className="wiz-shows facts">
          <ul>
            {facts.map(([Icon, title, hint]) => (
              <li key={title}>
                <span aria-hidden="true">
                  <Icon size={20} strokeWidth={1.75} />
                </span>
                <b>{t(title)}</b>
                <p>{t(hint)}</p>
              </li>
            ))}
          </ul>
        </aside>
      }
    >
      <Form
        submit={t('next')}
        icon={<ArrowRight size={16} aria-hidden="true" />}
        beside={<small>{t('su_long')}</small>}
        action={async (v) => onNext(Object.fromEntries([...v].map(([k, x]) => [k, String(x)])))}
      >
        <Field label={t('name')}>
          <input name="name" autoComplete="name" required maxLength={100} autoFocus defaultValue={you.name ?? ''} />
        </Field>
        <Field label={t('email')} hint={t('su_emailHint')}>
          <input name="email" type="email" autoComplete="username" required defaultValue={you.email ?? ''} />
        </Field>
        <NewPassword label={t('password')} name="password" value={you.password ?? ''} />
        {bad && (
          <p className="bad" role="alert">
            {bad}
          </p>
        )}
      </Form>
    </Step>
  )
}

function Workspace({
  token,
  you,
  space,
  onSpace,
  onBack,
  onNext,
}: {
  token: string
  you: Record<string, string>
  space: Space
  onSpace: (space: Space) => void
  onBack: (why?: string) => void
  onNext: () => void
}) {
  const made = useRef(false)
  const [phone, setPhone] = useState(false)
  const { name, accentColor, site } = space
  return (
    <Step
      n={2}
      title={t('setupSpace')}
      hint={t('setupSpaceHint')}
      beside={
        <aside className="wiz-shows" aria-label={t('preview')}>
          <header>
            <b>{t('preview')}</b>
            <small className="grow">{t('su_asYouType')}</small>
            <span className="modes" role="group" aria-label={t('su_screen')}>
              <button type="button" aria-pressed={!phone} onClick={() => setPhone(false)}>
                <Monitor size={14} aria-hidden="true" />
                {t('su_desktop')}
              </button>
              <button type="button" aria-pressed={phone} onClick={() => setPhone(true)}>
                <Smartphone size={14} aria-hidden="true" />
                {t('su_phone')}
              </button>
            </span>
          </header>
          <Site address={addressOf(site)} accent={accentColor} phone={phone}>
            <Preview settings={{ name, accentColor, themeMode: 'system', welcomeMessage: t('setupGreeting'), team: [] }} />
          </Site>
        </aside>
      }
    >
      <Form
        submit={t('su_create')}
        beside={
          <button type="button" className="btn ghost" onClick={() => onBack()}>
            {t('back')}
          </button>
        }
        action={async () => {
          const allowedOrigins = originsOf(site)
          if (!allowedOrigins) throw new Error(t('setupSiteBad'))
          if (!made.current) {
            try {
              const welcomeMessage = t('setupGreeting') // the one that the preview shows
              const s = await ask<In>('setup.complete', { token, ...you, workspaceName: name, accentColor, welcomeMessage })
              enter(s.workspaces[0].id)
            } catch (e) {
              if (e instanceof CallError && e.problem.errors?.some((x) => x.field in you)) onBack(said(e))
              throw e
            }
            made.current = true // whatever fails from here on, it is there
          }
          if (allowedOrigins.length > 0) await call('workspaces.update', { allowedOrigins })
          live.start()
          onNext()
        }}
      >
        <Field label={t('workspaceName')}>
          <input required maxLength={100} autoFocus value={name} onChange={(e) => onSpace({ ...space, name: e.target.value })} />
        </Field>
        <Colour label={t('color')} value={accentColor} onChange={(c) => onSpace({ ...space, accentColor: c })} />
        <Field label={t('setupSite')} hint={t('setupSiteHint')}>
          <input
            inputMode="url"
            autoCapitalize="none"
            autoComplete="url"
            spellCheck={false}
            maxLength={200}
            placeholder="shop.example"
            value={site}
            onChange={(e) => onSpace({ ...space, site: e.target.value })}
          />
        </Field>
      </Form>
    </Step>
  )
}

/** What a browser would show of a site's address. */
const addressOf = (site: string): string =>
  site
    .trim()
    .replace(/^https?:\/\//i, '')
    .split('/')[0] || 'shop.example'

function Done({ you, space, onIn }: { you: Record<string, string>; space: Space; onIn: () => void }) {
  const [tried, setTried] = useState(false)
  // The messenger is the real one: what is written there goes to the inbox like any visitor's words.
  const { frame, say } = useMessenger(() => {
    say({ do: 'start', user: { name: t('testOf', { name: you.name }) }, page: { url: location.origin + '/app/', title: 'Deskbell' } })
    say({ do: 'open' })
  })
  const leave = (to: string): void => {
    onIn()
    go(to, true)
  }
  return (
    <Step
      n={3}
      title={t('setupInstall')}
      hint={t('installHint')}
      beside={
        <aside className="wiz-shows" aria-label={t('su_live')}>
          <header>
            <b>{t('su_live')}</b>
            <span className="badge good">
              <Wifi size={12} strokeWidth={2} aria-hidden="true" />
              {t('su_realTime')}
            </span>
          </header>
          <Site address={addressOf(space.site)} accent={space.accentColor}>
            <iframe className="preview" ref={frame} title={t('su_live')} src={'/widget/messenger.html?workspace=' + workspace()} />
          </Site>
        </aside>
      }
    >
      <Install />
      <div className="card try">
        <div className="grow">
          <b>{t('st_answerDo')}</b>
          <p>{t(tried ? 'su_tried' : 'su_try')}</p>
        </div>
        <button
          type="button"
          className="btn"
          onClick={() => {
            say({ do: 'compose', text: t('su_anybody') })
            frame.current?.scrollIntoView({ block: 'nearest' })
            frame.current?.focus()
            setTried(true)
          }}
        >
          <Send size={14} aria-hidden="true" />
          {t('su_tryDo')}
        </button>
      </div>
      <div className="row">
        <button type="button" className="btn primary" onClick={() => leave('/app/inbox/all')}>
          {t('finish')}
        </button>
        <button type="button" className="btn ghost" onClick={() => leave('/app/start')}>
          {t('su_next')}
        </button>
        <span className="fill" />
        <a className="link" href={letter(you.name ?? '')}>
          {t('su_developer')}
        </a>
      </div>
    </Step>
  )
}

/** A letter with the lines to paste, for whoever looks after the site. */
const letter = (from: string): string =>
  `mailto:?subject=${encodeURIComponent(t('su_letter'))}&body=${encodeURIComponent(t('su_letterBody') + '\n\n' + snippet() + '\n\n' + from)}`
