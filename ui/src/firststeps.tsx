// The first steps: each ticks itself as soon as it is true.

import { Check, DatabaseBackup, Download } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { said, Skeleton } from './parts.tsx'
import { go } from './route.ts'
import { call, useLive, workspace } from './server.ts'
import { exact, t } from './text.ts'
import type { Me, Membership, Onboarding } from './types.ts'

interface Step {
  key: keyof Onboarding['steps']
  needs: string
  title: string
  hint: string
  fact?: string
  act: ReactNode
}

const hidden = (): string => 'deskbell.steps.hidden.' + workspace()
export const stepsHidden = (): boolean => localStorage.getItem(hidden()) === '1'

/** Writes to oneself as a visitor would, and says where the conversation stands. */
async function tryOut(): Promise<string> {
  return (
    '/app/inbox/all/' +
    (await call<{ conversationId: string }>('onboarding.sendTestMessage', { name: t('testName'), content: t('testText') })).conversationId
  )
}

/** The steps that somebody may take, and how many of them are done. */
export function progress(o: Onboarding, here: Membership): { done: number; of: number } {
  const mine = Object.entries(needs)
    .filter(([k, p]) => here.permissions.includes(p) && (k !== 'backup' || takesBackups(o, here)))
    .map(([k]) => k as keyof Onboarding['steps'])
  return { done: mine.filter((k) => o.steps[k]).length, of: mine.length }
}
const takesBackups = (o: Onboarding, here: Membership): boolean => o.first && here.role === 'owner'
const needs: Record<keyof Onboarding['steps'], string> = {
  widget: 'settings.workspace',
  answer: 'conversations.reply',
  invite: 'users.invite',
  messenger: 'settings.workspace',
  origins: 'settings.security',
  backup: 'data.export',
}

export function FirstSteps({ me, here }: { me: Me; here: Membership }) {
  const { value: o } = useLive<Onboarding>('onboarding.get')
  const [bad, setBad] = useState('')
  if (!o)
    return (
      <main className="page steps">
        <Skeleton rows={6} height={72} />
      </main>
    )
  const open = (to: string, label: string) => (
    <button className="btn" onClick={() => go('/app/settings/' + to)}>
      {label}
    </button>
  )
  const test = async (): Promise<void> => {
    try {
      go(await tryOut())
    } catch (e) {
      setBad(said(e))
    }
  }
  const steps: Step[] = (
    [
      {
        key: 'widget',
        title: t('st_widget'),
        hint: t('st_widgetHint'),
        fact: o.widgetSeenAt ? `${o.widgetSeenUrl ? new URL(o.widgetSeenUrl).host + ', ' : ''}${exact(o.widgetSeenAt)}` : '',
        act: open('messenger', t('st_widgetDo')),
      },
      {
        key: 'answer',
        title: t('st_answer'),
        hint: t('st_answerHint'),
        act: (
          <button
            className="btn"
            onClick={() => {
              void test()
            }}
          >
            {t('st_answerDo')}
          </button>
        ),
      },
      {
        key: 'invite',
        title: t('st_invite'),
        hint: o.invited ? t('st_invited', { n: o.invited }) : t('st_inviteHint'),
        fact: t('st_joined', { n: o.colleagues }),
        act: open('members', t('st_inviteDo')),
      },
      { key: 'messenger', title: t('st_messenger'), hint: t('st_messengerHint'), act: open('messenger', t('st_messengerDo')) },
      { key: 'origins', title: t('st_origins'), hint: t('st_originsHint'), act: open('workspace', t('st_originsDo')) },
    ] as Step[]
  )
    .map((s) => ({ ...s, needs: needs[s.key] }))
    .filter((s) => here.permissions.includes(s.needs))
  const n = progress(o, here)
  const next = steps.find((s) => !o.steps[s.key])?.key
  return (
    <main className="page steps">
      <div className="scroll">
        <div className="column">
          <header>
            <div>
              <h1>{t('st_title', { name: me.user.name.split(' ')[0] })}</h1>
              <p>{n.done === n.of ? t('st_all') : t('st_lead')}</p>
            </div>
            <div className="progress">
              <span>{t('st_done', { n: n.done, of: n.of })}</span>
              <button
                className="link"
                onClick={() => {
                  localStorage.setItem(hidden(), '1')
                  go('/app/inbox/mine')
                }}
              >
                {t('st_hide')}
              </button>
              <progress max={n.of} value={n.done} aria-label={t('st_done', { n: n.done, of: n.of })} />
            </div>
          </header>
          <ol className="ticks">
            {steps.map((s) => {
              const did = o.steps[s.key]
              return (
                <li key={s.key} className={did ? 'did' : s.key === next ? 'next' : ''}>
                  <span className="tick">{did && <Check size={14} aria-hidden="true" />}</span>
                  <div className="grow">
                    <b>
                      {s.title}
                      {did && <span className="sr">: {t('st_isDone')}</span>}
                    </b>
                    {!did && <p>{s.hint}</p>}
                    {s.key === next && <div className="row">{s.act}</div>}
                  </div>
                  {did ? s.fact && <small>{s.fact}</small> : s.key !== next && s.act}
                </li>
              )
            })}
          </ol>
          {bad && (
            <p className="bad" role="alert">
              {bad}
            </p>
          )}
          {takesBackups(o, here) && (
            <div className="ticks lone">
              <DatabaseBackup size={20} aria-hidden="true" />
              <div className="grow">
                <b>{t('st_backup')}</b>
                <p>{o.backupTakenAt ? t('st_backupDone', { at: exact(o.backupTakenAt) }) : t('st_backupHint')}</p>
              </div>
              <a className="btn" href={'/api/backups.download?workspaceId=' + workspace()}>
                <Download size={14} />
                {t('st_backupDo')}
              </a>
            </div>
          )}
        </div>
      </div>
    </main>
  )
}
