// How the messenger looks, and how it gets onto a site.

import { useState } from 'react'
import type { VisitorSettings } from '@deskbell/core/api.gen.ts'
import { Colour } from '../fields.tsx'
import { Field, Form, Skeleton } from '../parts.tsx'
import { call, useLive } from '../server.ts'
import { Preview, Site } from '../setup/site.tsx'
import { languages, t, tongue } from '../text.ts'
import { Install } from './install.tsx'

/** What is set here, of all that the messenger is told. */
type Look = Pick<
  VisitorSettings,
  | 'accentColor'
  | 'themeMode'
  | 'launcherPosition'
  | 'sideSpacing'
  | 'bottomSpacing'
  | 'showLauncher'
  | 'welcomeMessage'
  | 'teamIntroduction'
  | 'showTeammateAvatars'
  | 'mobileEnabled'
  | 'language'
  | 'privacyPolicyUrl'
>

export function Messenger() {
  const { value: s } = useLive<Look>('messengerSettings.get')
  const [draft, setDraft] = useState<Partial<Look>>({}) // what is changed here; of the rest a colleague's change shows
  if (!s) return <Skeleton />
  const shown = { ...s, ...draft }
  const set = (change: Partial<Look>): void => setDraft({ ...draft, ...change })
  return (
    <div className="two">
      <div>
        <div className="card">
          <Form
            submit={t('save')}
            action={async () => {
              await call('messengerSettings.update', draft)
              setDraft({})
            }}
          >
            <Colour label={t('color')} value={shown.accentColor} onChange={(accentColor) => set({ accentColor })} />
            <div className="row">
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
                <Pixels value={shown.sideSpacing} onChange={(n) => set({ sideSpacing: n })} />
              </Field>
              <Field label={t('bottomSpace')}>
                <Pixels value={shown.bottomSpacing} onChange={(n) => set({ bottomSpacing: n })} />
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
            <div className="row">
              <Field label={t('messengerLanguage')}>
                <select value={shown.language ?? ''} onChange={(e) => set({ language: e.target.value || null })}>
                  <option value="">{t('followsPage')}</option>
                  {Object.keys(languages).map((l) => (
                    <option key={l} value={l}>
                      {tongue(l)}
                    </option>
                  ))}
                </select>
              </Field>
              <Field label={t('privacyPage')}>
                <input
                  type="url"
                  maxLength={2000}
                  value={shown.privacyPolicyUrl ?? ''}
                  placeholder="https://shop.example/privacy"
                  onChange={(e) => set({ privacyPolicyUrl: e.target.value || null })}
                />
              </Field>
            </div>
            <label className="check">
              <input type="checkbox" checked={shown.showLauncher} onChange={(e) => set({ showLauncher: e.target.checked })} />
              {t('showLauncher')}
            </label>
            <label className="check">
              <input type="checkbox" checked={shown.mobileEnabled} onChange={(e) => set({ mobileEnabled: e.target.checked })} />
              {t('showOnPhones')}
            </label>
            <label className="check">
              <input type="checkbox" checked={shown.showTeammateAvatars} onChange={(e) => set({ showTeammateAvatars: e.target.checked })} />
              {t('showFaces')}
            </label>
          </Form>
        </div>
        <h2>{t('install')}</h2>
        <div className="card">
          <p>{t('installHint')}</p>
          <Install />
        </div>
      </div>
      <div>
        <h2>{t('preview')}</h2>
        <Site address={t('yourSite')} accent={shown.accentColor} side={shown.launcherPosition}>
          <Preview settings={shown} />
        </Site>
      </div>
    </div>
  )
}

/** A number of pixels. While nothing is written in the field, the last one stands. */
function Pixels({ value, onChange }: { value: number; onChange: (n: number) => void }) {
  const [empty, setEmpty] = useState(false)
  return (
    <input
      type="number"
      required
      min={0}
      max={100}
      value={empty ? '' : value}
      onChange={(e) => {
        setEmpty(e.target.value === '')
        if (e.target.value !== '') onChange(Number(e.target.value))
      }}
      onBlur={() => setEmpty(false)}
    />
  )
}
