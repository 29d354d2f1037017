// How the messenger looks, and how it gets onto a site.

import { useEffect, useRef, useState } from 'react'
import type { VisitorSettings } from '@deskbell/core/api.gen.ts'
import { Copy, Field, Form, said, Skeleton } from '../parts.tsx'
import { call, useLive, workspace } from '../server.ts'
import { onThisMachine } from '../sites.ts'
import { exact, t } from '../text.ts'
import type { Workspace } from '../types.ts'

/** What is set here, of all that the messenger is told. */
const fields = [
  'accentColor',
  'themeMode',
  'launcherPosition',
  'sideSpacing',
  'bottomSpacing',
  'showLauncher',
  'welcomeMessage',
  'teamIntroduction',
  'showTeammateAvatars',
] as const
type Look = Pick<VisitorSettings, (typeof fields)[number]>

/** The messenger as it will look, drawn by the messenger itself. */
export function Preview({ settings }: { settings: object }) {
  const frame = useRef<HTMLIFrameElement>(null)
  const show = (): void => {
    frame.current?.contentWindow?.postMessage({ deskbell: 1, do: 'settings', settings }, location.origin)
  }
  useEffect(show, [settings])
  useEffect(() => {
    const ready = (e: MessageEvent): void => {
      if (e.origin === location.origin && e.data?.is === 'ready') setTimeout(show, 50)
    }
    addEventListener('message', ready)
    return () => removeEventListener('message', ready)
  })
  return <iframe className="preview" ref={frame} title={t('preview')} src="/widget/messenger.html?preview=1" onLoad={show} />
}

export function Messenger() {
  const { value: s } = useLive<Look>('messengerSettings.get')
  const [draft, setDraft] = useState<Look>()
  const shown = draft ?? s
  if (!s || !shown) return <Skeleton />
  const set = (change: Partial<Look>): void => setDraft({ ...shown, ...change })
  return (
    <div className="two">
      <div>
        <div className="card">
          <Form
            submit={t('save')}
            action={async () => {
              await call('messengerSettings.update', Object.fromEntries(fields.map((k) => [k, shown[k]])))
              setDraft(undefined)
            }}
          >
            <div className="row">
              <Field label={t('color')}>
                <input type="color" value={shown.accentColor} onChange={(e) => set({ accentColor: e.target.value })} />
              </Field>
              <Field label={t('theme')}>
                <select value={shown.themeMode} onChange={(e) => set({ themeMode: e.target.value })}>
                  {(['system', 'light', 'dark'] as const).map((m) => (
                    <option key={m} value={m}>
                      {t(m)}
                    </option>
                  ))}
                </select>
              </Field>
              <Field label={t('position')}>
                <select value={shown.launcherPosition} onChange={(e) => set({ launcherPosition: e.target.value })}>
                  <option value="right">{t('right')}</option>
                  <option value="left">{t('left')}</option>
                </select>
              </Field>
            </div>
            <div className="row">
              <Field label={t('sideSpace')}>
                <input
                  type="number"
                  min={0}
                  max={100}
                  value={shown.sideSpacing}
                  onChange={(e) => set({ sideSpacing: Number(e.target.value) })}
                />
              </Field>
              <Field label={t('bottomSpace')}>
                <input
                  type="number"
                  min={0}
                  max={100}
                  value={shown.bottomSpacing}
                  onChange={(e) => set({ bottomSpacing: Number(e.target.value) })}
                />
              </Field>
            </div>
            <Field label={t('welcome')}>
              <textarea rows={2} maxLength={500} value={shown.welcomeMessage} onChange={(e) => set({ welcomeMessage: e.target.value })} />
            </Field>
            <Field label={t('introduction')}>
              <textarea
                rows={2}
                maxLength={500}
                value={shown.teamIntroduction ?? ''}
                onChange={(e) => set({ teamIntroduction: e.target.value || null })}
              />
            </Field>
            <label className="check">
              <input type="checkbox" checked={shown.showLauncher} onChange={(e) => set({ showLauncher: e.target.checked })} />
              {t('showLauncher')}
            </label>
            <label className="check">
              <input type="checkbox" checked={shown.showTeammateAvatars} onChange={(e) => set({ showTeammateAvatars: e.target.checked })} />
              {t('showFaces')}
            </label>
          </Form>
        </div>
        <h2>{t('install')}</h2>
        <Install />
      </div>
      <div>
        <h2>{t('preview')}</h2>
        <Preview settings={shown} />
      </div>
    </div>
  )
}

/** The lines to paste, where they may be pasted, and whether they work yet. */
export function Install() {
  const { value: o } = useLive<{ widgetSeenAt: number | null; widgetSeenUrl: string | null }>('onboarding.get')
  const { value: w } = useLive<Workspace>('workspaces.get')
  const [bad, setBad] = useState('')
  const snippet = `<script>window.deskbellSettings = {workspaceId: "${workspace()}"}</script>\n<script async src="${location.origin}/widget.js"></script>`
  const sites = w?.allowedOrigins ?? []
  return (
    <div className="card">
      <p>{t('installHint')}</p>
      <pre className="well">
        <code>{snippet}</code>
      </pre>
      <div className="row">
        <Copy text={snippet} />
        <span role="status" className={o?.widgetSeenAt ? 'good' : 'faint'}>
          {o?.widgetSeenAt ? t('connected', { at: exact(o.widgetSeenAt), url: o.widgetSeenUrl ?? '' }) : t('waiting')}
        </span>
      </div>
      {w && (
        <div className="where">
          <p className="faint">{sites.length > 0 ? t('loadsOn') : t('loadsAnywhere')}</p>
          {sites.length > 0 && (
            <div className="badges">
              {sites.map((s) => (
                <span className="badge" key={s}>
                  <span className="clip">{s}</span>
                </span>
              ))}
            </div>
          )}
          {sites.length > 0 && !sites.includes(onThisMachine) && (
            <button
              className="link"
              onClick={() => {
                call('workspaces.update', { allowedOrigins: [...sites, onThisMachine] }).then(
                  () => setBad(''),
                  (e: unknown) => setBad(said(e)),
                )
              }}
            >
              {t('allowLocal')}
            </button>
          )}
          {bad && (
            <p className="bad" role="alert">
              {bad}
            </p>
          )}
        </div>
      )}
    </div>
  )
}
