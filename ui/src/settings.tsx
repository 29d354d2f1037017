// Settings: which there are, and the workspace.

import { Building2, DatabaseBackup, KeyRound, MessageCircle, MessageSquareQuote, Sparkles, Tag, User, Users } from 'lucide-react'
import { Fragment, lazy, Suspense, useState } from 'react'
import { Colour } from './fields.tsx'
import { Field, Fold, Form, Skeleton } from './parts.tsx'
import { go } from './route.ts'
import { call, useLive } from './server.ts'
import { originsOf } from './sites.ts'
import { t, type Key } from './text.ts'
import type { Me, Membership, Workspace } from './types.ts'
import { Backup } from './settings/backup.tsx'
import { Members } from './settings/members.tsx'
import { Messenger } from './settings/messenger.tsx'
import { Profile } from './settings/profile.tsx'
import { Tags } from './tags.tsx'

const Agent = lazy(() => import('./ai/agent.tsx').then((m) => ({ default: m.Agent })))
const Keys = lazy(() => import('./settings/keys.tsx').then((m) => ({ default: m.Keys })))
const Replies = lazy(() => import('./copilot/replies.tsx').then((m) => ({ default: m.Replies })))

const icons: Record<string, typeof User> = {
  profile: User,
  workspace: Building2,
  members: Users,
  tags: Tag,
  replies: MessageSquareQuote,
  messenger: MessageCircle,
  ai: Sparkles,
  backup: DatabaseBackup,
}
const shelf: Record<string, Key> = {
  profile: 'g_you',
  workspace: 'g_team',
  members: 'g_team',
  tags: 'g_team',
  replies: 'g_team',
  messenger: 'g_visitors',
  ai: 'g_visitors',
}

/** The pages by whom they are about; what is about nobody is about the data. */
function shelved(open: string[]): Array<[Key, string[]]> {
  return (['g_you', 'g_team', 'g_visitors', 'g_data'] as Key[])
    .map((s): [Key, string[]] => [s, open.filter((p) => (shelf[p] ?? 'g_data') === s)])
    .filter(([, inside]) => inside.length > 0)
}

export function Settings({ me, here, page }: { me: Me; here: Membership; page: string }) {
  const can = (p: string): boolean => here.permissions.includes(p)
  const pages: Array<[string, boolean]> = [
    ['workspace', can('settings.workspace')],
    ['members', can('users.read')],
    ['messenger', can('settings.workspace')],
    ['replies', can('conversations.read')],
    ['tags', can('settings.workspace')],
    ['ai', can('settings.workspace')],
    ['keys', can('settings.integrations')],
    ['profile', true],
    ['backup', can('data.export')],
  ]
  const open = pages.filter(([, may]) => may).map(([p]) => p)
  const at = open.includes(page) ? page : open[0]
  const shelves = shelved(open)
  return (
    <div className="settings">
      <nav className="views" aria-label={t('settings')}>
        <h2>{t('settings')}</h2>
        {shelves.map(([shelf, inside]) => (
          <Fragment key={shelf}>
            <h3>{t(shelf)}</h3>
            {inside.map((p) => {
              const Icon = icons[p] ?? KeyRound
              return (
                <a
                  key={p}
                  href={'/app/settings/' + p}
                  aria-current={at === p ? 'page' : undefined}
                  onClick={(e) => {
                    e.preventDefault()
                    go('/app/settings/' + p)
                  }}
                >
                  <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
                  <span>{t(p as Key)}</span>
                </a>
              )
            })}
          </Fragment>
        ))}
      </nav>
      <main className="page" aria-label={t(at as Key)}>
        <header className="bar">
          <h1>
            <Fold at="phone" title={t(at as Key)} label={t('settings')} value={at} onChange={(e) => go('/app/settings/' + e.target.value)}>
              {shelves.map(([shelf, inside]) => (
                <optgroup key={shelf} label={t(shelf)}>
                  {inside.map((p) => (
                    <option key={p} value={p}>
                      {t(p as Key)}
                    </option>
                  ))}
                </optgroup>
              ))}
            </Fold>
          </h1>
        </header>
        <div className="scroll pad">
          {at === 'workspace' ? (
            <Space />
          ) : at === 'members' ? (
            <Members me={me} here={here} />
          ) : at === 'messenger' ? (
            <Messenger />
          ) : at === 'replies' ? (
            <Suspense>
              <Replies here={here} />
            </Suspense>
          ) : at === 'tags' ? (
            <Tags />
          ) : at === 'ai' ? (
            <Suspense fallback={<Skeleton />}>
              <Agent here={here} />
            </Suspense>
          ) : at === 'keys' ? (
            <Suspense fallback={<Skeleton />}>
              <Keys here={here} />
            </Suspense>
          ) : at === 'profile' ? (
            <Profile me={me} />
          ) : (
            <Backup />
          )}
        </div>
      </main>
    </div>
  )
}

function Space() {
  const { value: w } = useLive<Workspace>('workspaces.get')
  const [colour, setColour] = useState<string>()
  if (!w) return <Skeleton />
  return (
    <div className="card" key={w.id}>
      <Form
        submit={t('save')}
        action={(f) =>
          call('workspaces.update', {
            name: f.get('name'),
            accentColor: colour,
            allowedOrigins: String(f.get('origins'))
              .split('\n')
              .map((s) => s.trim())
              .filter(Boolean)
              .flatMap((s) => (s.includes('://') ? s : (originsOf(s) ?? s))), // as the wizard takes it: shop.example
            sessionLifetimeMs: Number(f.get('life')) * 3600e3,
          })
        }
      >
        <Field label={t('name')}>
          <input name="name" defaultValue={w.name} required maxLength={100} />
        </Field>
        <Colour label={t('color')} value={colour ?? w.accentColor} onChange={setColour} />
        <Field label={t('origins')} hint={t('originsHint')}>
          <textarea name="origins" rows={4} defaultValue={w.allowedOrigins.join('\n')} />
        </Field>
        <Field label={t('life')} hint={t('lifeHint')}>
          <select name="life" defaultValue={w.sessionLifetimeMs / 3600e3}>
            {[1, 8, 24, 72, 168].map((h) => (
              <option key={h} value={h}>
                {h < 48 ? t('hours', { n: h }) : t('days', { n: h / 24 })}
              </option>
            ))}
          </select>
        </Field>
      </Form>
    </div>
  )
}
