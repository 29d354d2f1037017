// The help center's own settings: where it is, who may read it, what words mean.

import { useState } from 'react'
import { sentence } from '../faults.ts'
import { Back, Copy, Field, Form, said, Skeleton } from '../parts.tsx'
import { call, CallError, useLive, workspace } from '../server.ts'
import { ago, exact, t } from '../text.ts'
import type { Page } from '../types.ts'
import { counts, Planned, type Plan } from './plan.tsx'
import { Sites } from './sites.tsx'
import type { Center } from './types.ts'

const words = (v: FormDataEntryValue | null): string[] =>
  String(v ?? '')
    .split(/[\s,]+/)
    .filter(Boolean)
const lines = (v: FormDataEntryValue | null): string[] =>
  String(v ?? '')
    .split('\n')
    .map((s) => s.trim())
    .filter(Boolean)

export function Centre({ can }: { can: (p: string) => boolean }) {
  const { value: c } = useLive<Center>('helpCenter.getSettings')
  if (!c)
    return (
      <main className="page">
        <Skeleton />
      </main>
    )
  return (
    <main className="page">
      <header className="bar">
        <Back to="/app/help" />
        <h1>{t('h_settings')}</h1>
      </header>
      <div className="scroll pad">
        {can('settings.workspace') && (
          <div className="card" key={c.slug}>
            <Form
              submit={t('save')}
              action={(f) =>
                call('helpCenter.updateSettings', {
                  title: f.get('title') || null,
                  tagline: f.get('tagline') || null,
                  siteUrl: f.get('site') || null,
                  slug: f.get('slug'),
                  domain: f.get('domain') || null,
                  accessPolicy: f.get('policy'),
                  language: f.get('language'),
                  languages: words(f.get('languages')),
                  synonyms: lines(f.get('synonyms')),
                })
              }
            >
              <Field label={t('h_siteTitle')}>
                <input name="title" defaultValue={c.title ?? ''} maxLength={100} />
              </Field>
              <Field label={t('h_tagline')}>
                <input name="tagline" defaultValue={c.tagline ?? ''} maxLength={300} />
              </Field>
              <Field label={t('h_site')}>
                <input name="site" type="url" defaultValue={c.siteUrl ?? ''} placeholder="https://" />
              </Field>
              <div className="row">
                <Field label={t('h_address')} hint={c.url}>
                  <input name="slug" defaultValue={c.slug} required maxLength={60} />
                </Field>
                <Field label={t('h_domain')} hint={t('h_domainHint')}>
                  <input name="domain" defaultValue={c.domain ?? ''} />
                </Field>
              </div>
              <Field label={t('h_policy')}>
                <select name="policy" defaultValue={c.accessPolicy}>
                  <option value="public">{t('h_public')}</option>
                  <option value="link">{t('h_byLink')}</option>
                  <option value="restricted">{t('h_restricted')}</option>
                </select>
              </Field>
              {c.link && (
                <div className="row linked">
                  <input className="grow" readOnly value={c.link} aria-label={t('h_theLink')} onFocus={(e) => e.target.select()} />
                  <Copy text={c.link} />
                  <button
                    type="button"
                    className="btn"
                    onClick={() => {
                      void call('helpCenter.updateSettings', { newLink: true })
                    }}
                  >
                    {t('h_newLink')}
                  </button>
                </div>
              )}
              <div className="row">
                <Field label={t('h_mainLanguage')}>
                  <input name="language" defaultValue={c.language} required maxLength={12} />
                </Field>
                <Field label={t('h_languages')} hint={t('h_languagesHint')}>
                  <input name="languages" defaultValue={c.languages.join(' ')} />
                </Field>
              </div>
              <Field label={t('h_synonyms')} hint={t('h_synonymsHint')}>
                <textarea name="synonyms" rows={4} defaultValue={c.synonyms.join('\n')} />
              </Field>
            </Form>
          </div>
        )}
        <div className="card">
          <h2>{t('h_failed')}</h2>
          {c.failedSearches.length === 0 ? (
            <p className="faint">{t('h_failedNone')}</p>
          ) : (
            <ul className="plain">
              {c.failedSearches.map((f) => (
                <li key={f.query}>
                  <span className="grow">{f.query}</span>
                  <small>{ago(f.lastAt)}</small>
                  <span className="badge">{f.count}</span>
                </li>
              ))}
            </ul>
          )}
        </div>
        {can('articles.publish') && (
          <>
            <Markdown can={can} />
            <Sites />
          </>
        )}
      </div>
    </main>
  )
}

interface Run {
  id: string
  source: string
  author: string
  created: number
  updated: number
  deleted: number
  state: 'applying' | 'undoing' | 'failed' | 'restoring' | 'done'
  failure: string | null
  restoredAt: number | null
  createdAt: number
}

async function send(file: File, dryRun: boolean): Promise<Plan> {
  const form = new FormData()
  form.append('file', file)
  const r = await fetch(`/api/helpCenter.import?workspaceId=${workspace()}&dryRun=${dryRun}`, { method: 'POST', body: form })
  const out = (await r.json()) as Plan & CallError['problem']
  if (!r.ok) throw new CallError(out, r.status)
  return out
}

/** Brings Markdown in and out. What would change is shown before anything does. */
function Markdown({ can }: { can: (p: string) => boolean }) {
  const { value: runs } = useLive<Page<Run>>('helpCenter.listImports')
  const [file, setFile] = useState<File>()
  const [plan, setPlan] = useState<Plan>()
  const [bad, setBad] = useState('')
  const [busy, setBusy] = useState(false)
  const run = (f: File, dry: boolean): void => {
    setBusy(true)
    setBad('')
    if (dry) setPlan(undefined)
    send(f, dry)
      .then(
        (p) => {
          setPlan(dry ? p : undefined)
          setFile(dry ? f : undefined)
        },
        (e: unknown) => {
          setBad(said(e))
          setPlan(undefined)
        },
      )
      .finally(() => setBusy(false))
  }
  return (
    <div className="card">
      <h2>{t('h_import')}</h2>
      <p className="faint">{t('h_importHint')}</p>
      <div className="row">
        <label className="btn">
          {t('h_pickFile')}
          <input
            type="file"
            accept=".zip"
            hidden
            disabled={busy}
            onChange={(e) => {
              const f = e.target.files?.[0]
              if (f) run(f, true)
              e.target.value = ''
            }}
          />
        </label>
        {can('data.export') && (
          <a className="btn" href={'/api/helpCenter.export?workspaceId=' + workspace()} download>
            {t('h_export')}
          </a>
        )}
      </div>
      {bad && (
        <p className="bad" role="alert">
          {bad}
        </p>
      )}
      {busy && !plan && (
        <p className="faint" role="status">
          {t('h_importBusy')}
        </p>
      )}
      {plan && file && (
        <div className="well" role="status">
          <Planned plan={plan} />
          <button className="btn primary" disabled={busy} onClick={() => run(file, false)}>
            {t('h_importApply')}
          </button>
        </div>
      )}
      {runs && runs.items.length > 0 && (
        <>
          <h3 className="runs">{t('h_runs')}</h3>
          <ul className="plain">
            {runs.items.map((r) => (
              <li key={r.id}>
                <span className="grow">
                  {r.source}
                  <small title={exact(r.createdAt)}>
                    {counts(r)} · {r.author} · {ago(r.createdAt)}
                  </small>
                  {r.failure && <small>{sentence(r.failure)}</small>}
                </span>
                {r.restoredAt ? (
                  <span className="badge">{t('h_takenBack')}</span>
                ) : r.state === 'failed' ? (
                  <span className="badge warn">{t('h_runFailed')}</span>
                ) : r.state !== 'done' ? (
                  <span className="badge">{t('h_runUnderWay')}</span>
                ) : (
                  <button
                    className="btn"
                    onClick={() => {
                      call('helpCenter.restoreImport', { importId: r.id }).then(
                        () => setBad(''),
                        (e: unknown) => setBad(said(e)),
                      )
                    }}
                  >
                    {t('h_takeBack')}
                  </button>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
