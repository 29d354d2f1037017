// The help center's own settings: where it is, who may read it, what words mean.

import { Field, Form, Skeleton } from '../parts.tsx'
import { call, useLive } from '../server.ts'
import { ago, t } from '../text.ts'
import type { Center } from './types.ts'

const words = (v: FormDataEntryValue | null): string[] => String(v ?? '').split(/[\s,]+/).filter(Boolean)
const lines = (v: FormDataEntryValue | null): string[] => String(v ?? '').split('\n').map((s) => s.trim()).filter(Boolean)

export function Centre({ can }: { can: (p: string) => boolean }) {
  const { value: c } = useLive<Center>('helpCenter.getSettings')
  if (!c) return <main className="page"><Skeleton /></main>
  return (
    <main className="page"><header className="bar"><h1>{t('h_settings')}</h1></header><div className="scroll pad">
      {can('settings.workspace') && <div className="card" key={c.slug}><Form submit={t('save')} action={(f) => call('helpCenter.updateSettings', {
        title: f.get('title') || null, tagline: f.get('tagline') || null, siteUrl: f.get('site') || null, slug: f.get('slug'), domain: f.get('domain') || null, accessPolicy: f.get('policy'), language: f.get('language'), languages: words(f.get('languages')), synonyms: lines(f.get('synonyms')),
      })}>
        <Field label={t('h_siteTitle')}><input name="title" defaultValue={c.title ?? ''} maxLength={100} /></Field>
        <Field label={t('h_tagline')}><input name="tagline" defaultValue={c.tagline ?? ''} maxLength={300} /></Field>
        <Field label={t('h_site')}><input name="site" type="url" defaultValue={c.siteUrl ?? ''} placeholder="https://" /></Field>
        <div className="row"><Field label={t('h_address')} hint={c.url}><input name="slug" defaultValue={c.slug} required maxLength={60} /></Field><Field label={t('h_domain')} hint={t('h_domainHint')}><input name="domain" defaultValue={c.domain ?? ''} /></Field></div>
        <Field label={t('h_policy')}><select name="policy" defaultValue={c.accessPolicy}><option value="public">{t('h_public')}</option><option value="restricted">{t('h_restricted')}</option></select></Field>
        <div className="row"><Field label={t('h_mainLanguage')}><input name="language" defaultValue={c.language} required maxLength={12} /></Field><Field label={t('h_languages')} hint={t('h_languagesHint')}><input name="languages" defaultValue={c.languages.join(' ')} /></Field></div>
        <Field label={t('h_synonyms')} hint={t('h_synonymsHint')}><textarea name="synonyms" rows={4} defaultValue={c.synonyms.join('\n')} /></Field>
      </Form></div>}
      <div className="card"><h2>{t('h_failed')}</h2>{c.failedSearches.length === 0 ? <p className="faint">{t('h_failedNone')}</p> : <ul className="plain">{c.failedSearches.map((f) => <li key={f.query}><span className="grow">{f.query}</span><small>{ago(f.lastAt)}</small><span className="badge">{f.count}</span></li>)}</ul>}</div>
    </div></main>
  )
}
