// Settings: the workspace, its members, the messenger, oneself, the backup.

import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { Rights } from './rights.tsx'
import { Tags } from './tags.tsx'
import { WishesCard } from './wishes.tsx'
import { Copy, Dialog, Face, Field, Form, Skeleton } from './parts.tsx'
import { go } from './route.ts'
import { ask, call, useLive, workspace } from './server.ts'
import { exact, languages, speak, t, useLanguage, type Key } from './text.ts'
import type { Invitation, Me, Member, Membership, Page, Workspace } from './types.ts'

const Agent = lazy(() => import('./ai/agent.tsx').then((m) => ({ default: m.Agent })))
const Replies = lazy(() => import('./copilot/replies.tsx').then((m) => ({ default: m.Replies })))

export function Settings({ me, here, page }: { me: Me; here: Membership; page: string }) {
  const can = (p: string): boolean => here.permissions.includes(p)
  const pages: Array<[string, boolean]> = [['workspace', can('settings.workspace')], ['members', can('users.read')], ['messenger', can('settings.workspace')], ['replies', can('conversations.read')], ['tags', can('settings.workspace')], ['ai', can('settings.workspace')], ['profile', true], ['backup', can('data.export')]]
  const open = pages.filter(([, may]) => may).map(([p]) => p)
  const at = open.includes(page) ? page : open[0]
  return (
    <div className="settings">
      <nav className="views" aria-label={t('settings')}><h2>{t('settings')}</h2>{open.map((p) => <a key={p} href={'/app/settings/' + p} aria-current={at === p ? 'page' : undefined} onClick={(e) => { e.preventDefault(); go('/app/settings/' + p) }}>{t(p as Key)}</a>)}</nav>
      <main className="page"><header className="bar"><h1>{t(at as Key)}</h1></header><div className="scroll pad">
        {at === 'workspace' ? <Space /> : at === 'members' ? <Members me={me} here={here} /> : at === 'messenger' ? <Messenger /> : at === 'replies' ? <Suspense><Replies here={here} /></Suspense> : at === 'tags' ? <Tags /> : at === 'ai' ? <Suspense fallback={<Skeleton />}><Agent here={here} /></Suspense> : at === 'profile' ? <Profile me={me} /> : <Backup />}
      </div></main>
    </div>
  )
}

function Space() {
  const { value: w } = useLive<Workspace>('workspaces.get')
  if (!w) return <Skeleton />
  return (
    <div className="card" key={w.id}><Form submit={t('save')} action={(f) => call('workspaces.update', { name: f.get('name'), accentColor: f.get('color'), allowedOrigins: String(f.get('origins')).split('\n').map((s) => s.trim()).filter(Boolean), sessionLifetimeMs: Number(f.get('life')) * 3600e3 })}>
      <Field label={t('name')}><input name="name" defaultValue={w.name} required maxLength={100} /></Field>
      <Field label={t('color')}><input name="color" type="color" defaultValue={w.accentColor} /></Field>
      <Field label={t('origins')} hint={t('originsHint')}><textarea name="origins" rows={4} defaultValue={w.allowedOrigins.join('\n')} /></Field>
      <Field label={t('life')} hint={t('lifeHint')}><select name="life" defaultValue={w.sessionLifetimeMs / 3600e3}>{[1, 8, 24, 72, 168].map((h) => <option key={h} value={h}>{h < 48 ? t('hours', { n: h }) : t('days', { n: h / 24 })}</option>)}</select></Field>
    </Form></div>
  )
}

function Members({ me, here }: { me: Me; here: Membership }) {
  const { value: members } = useLive<Page<Member>>('workspaceMembers.list')
  const { value: invited } = useLive<Page<Invitation>>('invitations.list')
  const [link, setLink] = useState<{ url: string; email: string }>()
  const [gone, setGone] = useState<Member>()
  const [rights, setRights] = useState<Member>()
  const can = (p: string): boolean => here.permissions.includes(p)
  if (!members) return <Skeleton height={44} />
  return <>
    {can('users.invite') && <div className="card"><Form submit={t('invite')} action={async (f) => { const i = await call<{ url: string; invitation: Invitation }>('workspaceMembers.invite', { email: f.get('email'), role: f.get('role') }); setLink({ url: i.url, email: i.invitation.email }) }}>
      <div className="row"><Field label={t('email')}><input name="email" type="email" required /></Field><Field label={t('role')}><select name="role" defaultValue="agent"><option value="admin">{t('admin')}</option><option value="agent">{t('agent')}</option><option value="viewer">{t('viewer')}</option></select></Field></div></Form>
      {link && <div className="well"><p>{t('inviteLink', { email: link.email })}</p><code>{link.url}</code><div className="row"><Copy text={link.url} /><small>{t('inviteHint')}</small></div></div>}</div>}
    <table><thead><tr><th>{t('name')}</th><th>{t('role')}</th><th><span className="sr">{t('actions')}</span></th></tr></thead><tbody>
      {members.items.map((m) => <tr key={m.id}><td><Face id={m.userId} name={m.name} online={m.online} /> {m.name}<small> {m.email}</small>{m.permissions && <span className="badge">{t('r_own')}</span>}</td>
        <td>{m.role !== 'owner' && m.userId !== me.user.id && can('users.manage') ? <select aria-label={t('role')} value={m.role} onChange={(e) => { void call('workspaceMembers.updateRole', { memberId: m.id, role: e.target.value }) }}>{(['admin', 'agent', 'viewer'] as const).map((r) => <option key={r} value={r}>{t(r)}</option>)}</select> : t(m.role as Key)}</td>
        <td className="end">{m.role !== 'owner' && m.userId !== me.user.id && can('users.manage') && <button className="link" onClick={() => setRights(m)} aria-label={t('rightsOf', { name: m.name })}>{t('rights')}</button>}{here.role === 'owner' && m.role !== 'owner' && <button className="link" onClick={() => { void call('workspaceMembers.transferOwnership', { memberId: m.id }) }}>{t('makeOwner')}</button>}{m.role !== 'owner' && m.userId !== me.user.id && can('users.remove') && <button className="link danger" onClick={() => setGone(m)}>{t('remove')}</button>}</td></tr>)}
      {invited?.items.map((i) => <tr key={i.id}><td>{i.email} <span className="badge">{t('pending')}</span></td><td>{t(i.role as Key)}</td><td className="end">{can('users.invite') && <><button className="link" onClick={() => { void call<{ url: string }>('invitations.resend', { invitationId: i.id }).then((r) => setLink({ url: r.url, email: i.email })) }}>{t('resend')}</button><button className="link danger" onClick={() => { void call('invitations.cancel', { invitationId: i.id }) }}>{t('cancelInvite')}</button></>}</td></tr>)}
    </tbody></table>
    {rights && <Rights member={rights} here={here} onClose={() => setRights(undefined)} />}
    {gone && <Dialog title={t('removeMember', { name: gone.name })} onClose={() => setGone(undefined)}><p>{t('removeMemberHint')}</p><div className="row end"><button className="btn" autoFocus onClick={() => setGone(undefined)}>{t('cancel')}</button><button className="btn danger" onClick={() => { void call('workspaceMembers.remove', { memberId: gone.id }).finally(() => setGone(undefined)) }}>{t('remove')}</button></div></Dialog>}
  </>
}

interface Look { accentColor: string; themeMode: string; launcherPosition: string; sideSpacing: number; bottomSpacing: number; showLauncher: boolean; welcomeMessage: string; teamIntroduction: string | null; showTeammateAvatars: boolean }

function Messenger() {
  const { value: s } = useLive<Look>('messengerSettings.get')
  const [draft, setDraft] = useState<Look>()
  const frame = useRef<HTMLIFrameElement>(null)
  const shown = draft ?? s
  const show = (): void => { frame.current?.contentWindow?.postMessage({ deskbell: 1, do: 'settings', settings: shown }, location.origin) }
  useEffect(show, [shown])
  useEffect(() => {
    const ready = (e: MessageEvent): void => { if (e.origin === location.origin && e.data?.is === 'ready') setTimeout(show, 50) }
    addEventListener('message', ready)
    return () => removeEventListener('message', ready)
  })
  if (!s || !shown) return <Skeleton />
  const set = (change: Partial<Look>): void => setDraft({ ...shown, ...change })
  return (
    <div className="two">
      <div>
        <div className="card"><Form submit={t('save')} action={async () => { const { accentColor, themeMode, launcherPosition, sideSpacing, bottomSpacing, showLauncher, welcomeMessage, teamIntroduction, showTeammateAvatars } = shown; await call('messengerSettings.update', { accentColor, themeMode, launcherPosition, sideSpacing, bottomSpacing, showLauncher, welcomeMessage, teamIntroduction, showTeammateAvatars }); setDraft(undefined) }}>
          <div className="row"><Field label={t('color')}><input type="color" value={shown.accentColor} onChange={(e) => set({ accentColor: e.target.value })} /></Field>
            <Field label={t('theme')}><select value={shown.themeMode} onChange={(e) => set({ themeMode: e.target.value })}>{(['system', 'light', 'dark'] as const).map((m) => <option key={m} value={m}>{t(m)}</option>)}</select></Field>
            <Field label={t('position')}><select value={shown.launcherPosition} onChange={(e) => set({ launcherPosition: e.target.value })}><option value="right">{t('right')}</option><option value="left">{t('left')}</option></select></Field></div>
          <div className="row"><Field label={t('sideSpace')}><input type="number" min={0} max={100} value={shown.sideSpacing} onChange={(e) => set({ sideSpacing: Number(e.target.value) })} /></Field><Field label={t('bottomSpace')}><input type="number" min={0} max={100} value={shown.bottomSpacing} onChange={(e) => set({ bottomSpacing: Number(e.target.value) })} /></Field></div>
          <Field label={t('welcome')}><textarea rows={2} maxLength={500} value={shown.welcomeMessage} onChange={(e) => set({ welcomeMessage: e.target.value })} /></Field>
          <Field label={t('introduction')}><textarea rows={2} maxLength={500} value={shown.teamIntroduction ?? ''} onChange={(e) => set({ teamIntroduction: e.target.value || null })} /></Field>
          <label className="check"><input type="checkbox" checked={shown.showLauncher} onChange={(e) => set({ showLauncher: e.target.checked })} />{t('showLauncher')}</label>
          <label className="check"><input type="checkbox" checked={shown.showTeammateAvatars} onChange={(e) => set({ showTeammateAvatars: e.target.checked })} />{t('showFaces')}</label>
        </Form></div>
        <h2>{t('install')}</h2><Install />
      </div>
      <div><h2>{t('preview')}</h2><iframe className="preview" ref={frame} title={t('preview')} src="/widget/messenger.html?preview=1" onLoad={show} /></div>
    </div>
  )
}

/** The lines to paste, and whether they work yet. */
export function Install() {
  const { value: o } = useLive<{ widgetSeenAt: number | null; widgetSeenUrl: string | null }>('onboarding.get')
  const snippet = `<script>window.deskbellSettings = {workspaceId: "${workspace()}"}</script>\n<script async src="${location.origin}/widget.js"></script>`
  return (
    <div className="card"><p>{t('installHint')}</p><pre className="well"><code>{snippet}</code></pre>
      <div className="row"><Copy text={snippet} /><span role="status" className={o?.widgetSeenAt ? 'good' : 'faint'}>{o?.widgetSeenAt ? t('connected', { at: exact(o.widgetSeenAt), url: o.widgetSeenUrl ?? '' }) : t('waiting')}</span></div></div>
  )
}

interface Sign { id: string; current: boolean; userAgent: string; ip: string; lastSeenAt: number }

function Profile({ me }: { me: Me }) {
  const { value: sessions } = useLive<Page<Sign>>('sessions.list')
  const language = useLanguage()
  const [theme, setTheme] = useState(localStorage.getItem('deskbell.theme') ?? 'system')
  const dress = (v: string): void => {
    setTheme(v)
    if (v === 'system') localStorage.removeItem('deskbell.theme')
    else localStorage.setItem('deskbell.theme', v)
    document.documentElement.dataset.theme = v === 'system' ? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light') : v
  }
  return <>
    <div className="card"><Form submit={t('save')} action={(f) => ask('users.updateProfile', { name: f.get('name') })}><Field label={t('name')}><input name="name" defaultValue={me.user.name} required maxLength={100} /></Field></Form>
      <div className="row"><Field label={t('theme')}><select value={theme} onChange={(e) => dress(e.target.value)}>{(['system', 'light', 'dark'] as const).map((m) => <option key={m} value={m}>{t(m)}</option>)}</select></Field><Field label={t('language')}><select value={language} onChange={(e) => speak(e.target.value)}>{Object.keys(languages).map((l) => <option key={l} value={l}>{new Intl.DisplayNames([l], { type: 'language' }).of(l)}</option>)}</select></Field></div></div>
    <WishesCard />
    <div className="card"><h2>{t('changePassword')}</h2><Form submit={t('changePassword')} action={(f) => ask('auth.changePassword', { currentPassword: f.get('old'), newPassword: f.get('new') })}><Field label={t('currentPassword')}><input name="old" type="password" autoComplete="current-password" required /></Field><Field label={t('newPassword')} hint={t('passwordHint')}><input name="new" type="password" autoComplete="new-password" required minLength={8} /></Field></Form></div>
    <div className="card"><h2>{t('sessions')}</h2><ul className="plain">{sessions?.items.map((s) => <li key={s.id}><span className="grow clip">{s.userAgent || '–'}<small>{s.ip} · {exact(s.lastSeenAt)}</small></span>{s.current ? <span className="badge">{t('current')}</span> : <button className="link danger" onClick={() => { void ask('sessions.revoke', { sessionId: s.id }) }}>{t('signOutThere')}</button>}</li>)}</ul><button className="btn" onClick={() => { void ask('sessions.revokeOthers') }}>{t('signOutOthers')}</button></div>
  </>
}

function Backup() {
  const { value: b } = useLive<{ lastBackupAt: number | null; size: number; error: string | null; mine: boolean }>('backups.status')
  return <div className="card"><p>{b?.lastBackupAt ? t(b.mine ? 'lastBackup' : 'lastBackupAt', { at: exact(b.lastBackupAt), size: (b.size / 1e6).toFixed(1) }) : t('noBackup')}</p>{b?.error && <p className="bad">{b.error}</p>}<p className="faint">{t('backupHint')}</p>{b?.mine ? <a className="btn primary" href={'/api/backups.download?workspaceId=' + workspace()}>{t('download')}</a> : <p className="faint">{t('backupNotMine')}</p>}</div>
}
