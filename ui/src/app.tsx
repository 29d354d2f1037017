// The shell: who one is, where one is, and the way everywhere else.

import { BookOpen, ConciergeBell, Inbox as InboxIcon, ListChecks, Search, Settings as Cog, Sparkles, Users, WifiOff } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { Invite, SignIn } from './auth.tsx'
import { closeDrafts, openDrafts } from './drafts.ts'
import { Inbox } from './inbox.tsx'
import { FirstSteps, progress, stepsHidden } from './firststeps.tsx'
import { Guard } from './guard.tsx'
import { useNotices } from './notify.ts'
import { closeOutbox, openOutbox } from './outbox.ts'
import { Palette } from './palette.tsx'
import { Skeleton } from './parts.tsx'
import { People } from './people.tsx'
import { go, useAddress } from './route.ts'
import { ask, enter, live, useLive, useStatus, workspace } from './server.ts'
import { Settings } from './settings.tsx'
import { Shortcuts } from './shortcuts.tsx'
import { t, useLanguage } from './text.ts'
import { StorageBanner } from './storage.tsx'
import { Toasts } from './toast.tsx'
import type { Me, Membership, Onboarding, UnreadForMe } from './types.ts'
import { Account, NewSpace } from './who.tsx'

const Help = lazy(() => import('./help/help.tsx').then((m) => ({ default: m.Help })))
const Setup = lazy(() => import('./setup/setup.tsx').then((m) => ({ default: m.Setup })))
const AIPage = lazy(() => import('./copilot/page.tsx').then((m) => ({ default: m.AIPage })))

export function App() {
  useLanguage()
  const at = useAddress()
  const [me, setMe] = useState<Me | null>()
  const load = (): void => {
    ask<Me>('users.me').then(
      (m) => {
        const kept = localStorage.getItem('deskbell.workspace')
        const first = m.memberships.find((x) => x.workspaceId === kept) ?? m.memberships[0]
        if (first) {
          enter(first.workspaceId)
          openOutbox(m.user.id, first.workspaceId)
          openDrafts(m.user.id, first.workspaceId)
        }
        live.start()
        setMe(m)
      },
      () => setMe(null),
    )
  }
  useEffect(load, [])
  useEffect(
    () =>
      live.onStatus((s) => {
        if (s === 'refused') {
          live.stop()
          closeOutbox()
          closeDrafts()
          setMe(null)
        }
      }),
    [],
  )
  useEffect(() => {
    // Signed in in another tab is signed in here.
    if (me !== null) return
    const seen = (): void => {
      if (document.visibilityState === 'visible') load()
    }
    addEventListener('visibilitychange', seen)
    addEventListener('focus', seen)
    return () => {
      removeEventListener('visibilitychange', seen)
      removeEventListener('focus', seen)
    }
  }, [me])
  const token = at.searchParams.get('token') ?? ''
  const inside = (): void => {
    go('/app/inbox/all', true)
    load()
  }
  if (at.pathname === '/setup')
    return (
      <Suspense fallback={null}>
        <Setup token={token} onIn={inside} />
      </Suspense>
    )
  if (at.pathname === '/app/invite') return <Invite token={token} onIn={inside} />
  if (me === undefined) return null
  if (me === null)
    return (
      <SignIn
        onIn={() => {
          if (at.pathname.startsWith('/app/sign-in')) go('/app/', true)
          load()
        }}
      />
    )
  const here = me.memberships.find((m) => m.workspaceId === workspace())
  if (!here) return <SignIn onIn={load} />
  return (
    <Shell
      me={me}
      here={here}
      path={at.pathname}
      onMe={(now) => {
        if (now.user.id !== me.user.id)
          location.reload() // another tab signed somebody else in
        else setMe(now)
      }}
      onSwitch={(id, to = '') => {
        localStorage.setItem('deskbell.workspace', id)
        location.assign('/app/' + to)
      }}
    />
  )
}

/** A page whose code is on its way. */
function Coming() {
  return (
    <main className="page">
      <Skeleton />
    </main>
  )
}

function Shell({
  me,
  here,
  path,
  onMe,
  onSwitch,
}: {
  me: Me
  here: Membership
  path: string
  onMe: (now: Me) => void
  onSwitch: (id: string, to?: string) => void
}) {
  const status = useStatus()
  const { value: now } = useLive<Me>('users.me')
  useEffect(() => {
    if (now) onMe(now)
  }, [now])
  const can = (p: string): boolean => here.permissions.includes(p)
  const { value: unread } = useLive<UnreadForMe>(can('conversations.read') ? 'conversations.unreadForMe' : null)
  const { value: steps } = useLive<Onboarding>('onboarding.get')
  const [palette, setPalette] = useState(false)
  const [help, setHelp] = useState(false)
  const [making, setMaking] = useState(false)
  useEffect(() => {
    let before = ''
    const key = (e: KeyboardEvent): void => {
      if ((e.ctrlKey || e.metaKey) && e.key === 'k') {
        e.preventDefault()
        setPalette(true)
      }
      if (
        e.ctrlKey ||
        e.metaKey ||
        e.altKey ||
        /INPUT|TEXTAREA|SELECT/.test((e.target as HTMLElement).tagName) ||
        document.querySelector('dialog[open]')
      )
        return
      if (e.key === '?') setHelp(true)
      if (before === 'g' && e.key === 'i') go('/app/inbox/mine')
      if (before === 'g' && e.key === 'p' && can('users.read')) go('/app/people')
      before = e.key
    }
    addEventListener('keydown', key)
    return () => removeEventListener('keydown', key)
  }, [])
  useNotices(unread, here.name)
  const section = path.split('/')[2] || 'inbox'
  const places: Array<[string, string, typeof InboxIcon]> = [['inbox', t('inbox'), InboxIcon]]
  if (can('users.read')) places.push(['people', t('people'), Users])
  if (can('articles.read')) places.push(['help', t('h_short'), BookOpen])
  if (can('conversations.read')) places.push(['ai', t('c_short'), Sparkles])
  const todo = steps && progress(steps, here)
  if (section === 'start' || (todo && todo.done < todo.of && !stepsHidden())) places.push(['start', t('start'), ListChecks])
  places.push(['settings', t('settingsShort'), Cog])
  return (
    <div className="desk">
      <StorageBanner />
      <div className="shell">
        <nav className="rail" aria-label="Deskbell">
          <div className="mark" aria-hidden="true">
            <ConciergeBell size={20} strokeWidth={1.75} />
          </div>
          {places.map(([key, label, Icon]) => (
            <a
              key={key}
              href={`/app/${key}`}
              aria-current={section === key ? 'page' : undefined}
              onClick={(e) => {
                e.preventDefault()
                go(`/app/${key}`)
              }}
            >
              <Icon size={18} strokeWidth={1.75} />
              <span className="clip">{label}</span>
              {key === 'inbox' && unread && unread.total > 0 && (
                <b aria-label={t('unreadMany', { n: unread.total })}>{unread.total > 99 ? '99+' : unread.total}</b>
              )}
            </a>
          ))}
          <span className="fill" />
          <button onClick={() => setPalette(true)} aria-label={t('palette')} title="Ctrl K">
            <Search size={18} strokeWidth={1.75} />
            <span className="clip">{t('search')}</span>
          </button>
          <span className={'status ' + status} role="status">
            {status === 'open' ? t('live') : status === 'connecting' ? t('connecting') : t('offline')}
          </span>
          <Account me={me} here={here} online={status === 'open'} onNew={() => setMaking(true)} onSwitch={onSwitch} />
        </nav>
        <Guard whole key={section}>
          {section === 'help' ? (
            <Suspense fallback={<Coming />}>
              <Help here={here} />
            </Suspense>
          ) : section === 'ai' && can('conversations.read') ? (
            <Suspense fallback={<Coming />}>
              <AIPage here={here} />
            </Suspense>
          ) : section === 'people' ? (
            <People />
          ) : section === 'start' ? (
            <FirstSteps me={me} here={here} />
          ) : section === 'settings' ? (
            <Settings me={me} here={here} page={path.split('/')[3] ?? ''} />
          ) : (
            <Inbox me={me} here={here} />
          )}
        </Guard>
        {status === 'offline' && (
          <p className="cut-off" role="alert">
            <WifiOff size={16} aria-hidden="true" />
            {t('offlineHint')}
          </p>
        )}
        {palette && <Palette permissions={here.permissions} onHelp={() => setHelp(true)} onClose={() => setPalette(false)} />}
        {help && <Shortcuts onClose={() => setHelp(false)} />}
        {making && <NewSpace onMade={(id) => onSwitch(id, 'start')} onClose={() => setMaking(false)} />}
        <Toasts />
      </div>
    </div>
  )
}
