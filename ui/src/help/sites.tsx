// Bringing articles in from another help center: its pages are listed, some are chosen and fetched in the background,
// and what that would change is shown before anything does.

import { useState } from 'react'
import { sentence } from '../faults.ts'
import { Field, Form, said } from '../parts.tsx'
import { call, useLive } from '../server.ts'
import { t } from '../text.ts'
import { Planned, type Plan } from './plan.tsx'

interface SitePage {
  url: string
  name: string
}
interface SiteImport {
  id: string
  state: 'fetching' | 'ready' | 'failed' | 'applied' | 'discarded'
  address: string
  total: number
  done: number
  publish: boolean
  plan: Plan | null
  problems: Array<{ url: string; why: string }>
  leftOut: string[]
  failure: string | null
}

const most = 300

export function Sites() {
  const { value } = useLive<{ items: SiteImport[] }>('helpCenter.listSites')
  const [found, setFound] = useState<{ address: string; pages: SitePage[]; more: boolean }>()
  const now = value?.items[0]
  const open = now && (now.state === 'fetching' || now.state === 'ready' || now.state === 'failed') ? now : undefined
  return (
    <div className="card sites">
      <h2>{t('h_sites')}</h2>
      <p className="faint">{t('h_sitesHint')}</p>
      {found ? (
        <Choose {...found} onDone={() => setFound(undefined)} />
      ) : (
        <Form
          submit={t('h_sitesLook')}
          action={async (f) => {
            const address = String(f.get('address'))
            setFound({ address, ...(await call<{ pages: SitePage[]; more: boolean }>('helpCenter.mapSite', { address })) })
          }}
        >
          <Field label={t('h_sitesAddress')}>
            <input name="address" required maxLength={2000} placeholder="https://help.example.com" />
          </Field>
        </Form>
      )}
      {open && !found && <Fetched site={open} />}
    </div>
  )
}

function Choose({ address, pages, more, onDone }: { address: string; pages: SitePage[]; more: boolean; onDone: () => void }) {
  const [chosen, setChosen] = useState<Set<string>>(() => new Set())
  const [q, setQ] = useState('')
  const words = q.trim().toLowerCase()
  const shown = words ? pages.filter((p) => (p.name + p.url).toLowerCase().includes(words)) : pages
  const flip = (url: string, on: boolean): void =>
    setChosen((old) => {
      const next = new Set(old)
      if (on) next.add(url)
      else next.delete(url)
      return next
    })
  const all = shown.slice(0, most).every((p) => chosen.has(p.url))
  return (
    <Form
      submit={t('h_sitesFetch', { n: chosen.size })}
      action={async (f) => {
        if (!chosen.size) throw t('h_sitesNone')
        await call('helpCenter.fetchSite', {
          address,
          urls: [...chosen].slice(0, most),
          pictureHosts: String(f.get('hosts') ?? '')
            .split(/[\s,]+/)
            .filter(Boolean),
          publish: f.get('publish') === 'on',
        })
        onDone()
      }}
    >
      <div className="row">
        <input
          type="search"
          className="grow"
          value={q}
          placeholder={t('h_sitesFilter')}
          aria-label={t('h_sitesFilter')}
          onChange={(e) => setQ(e.target.value)}
        />
        <button
          type="button"
          className="btn"
          onClick={() =>
            setChosen(
              (old) =>
                new Set(
                  all ? [...old].filter((u) => !shown.some((p) => p.url === u)) : [...old, ...shown.map((p) => p.url)].slice(0, most),
                ),
            )
          }
        >
          {all ? t('h_sitesClear') : t('h_sitesAll')}
        </button>
      </div>
      <ul className="plain pages" tabIndex={0} aria-label={t('h_sites')}>
        {shown.slice(0, 500).map((p) => (
          <li key={p.url}>
            <label className="check grow">
              <input
                type="checkbox"
                checked={chosen.has(p.url)}
                disabled={!chosen.has(p.url) && chosen.size >= most}
                onChange={(e) => flip(p.url, e.target.checked)}
              />
              <span className="grow">
                {p.name}
                <small>{p.url}</small>
              </span>
            </label>
          </li>
        ))}
      </ul>
      {(more || shown.length > 500) && <p className="faint">{t('h_sitesMore')}</p>}
      <Field label={t('h_sitesHosts')} hint={t('h_sitesHostsHint')}>
        <input name="hosts" placeholder="cdn.example.com" />
      </Field>
      <label className="check">
        <input type="checkbox" name="publish" />
        {t('h_sitesPublish')}
      </label>
      <button type="button" className="link" onClick={onDone}>
        {t('cancel')}
      </button>
    </Form>
  )
}

function Fetched({ site: s }: { site: SiteImport }) {
  const [bad, setBad] = useState('')
  const [busy, setBusy] = useState(false)
  const act = (door: 'helpCenter.applySite' | 'helpCenter.discardSite'): void => {
    setBusy(true)
    call(door, { siteImportId: s.id })
      .then(
        () => setBad(''),
        (e: unknown) => setBad(said(e)),
      )
      .finally(() => setBusy(false))
  }
  return (
    <div className="well" role="status">
      <b>{s.address}</b>
      {s.state === 'fetching' && (
        <p>
          {t('h_sitesProgress', { done: s.done, total: s.total })} <progress value={s.done} max={s.total} aria-label={t('h_sites')} />
        </p>
      )}
      {s.failure && <p className="bad">{sentence(s.failure)}</p>}
      {s.plan && <Planned plan={s.plan} />}
      {s.leftOut.length > 0 && <p className="faint">{t('h_sitesLeftOut', { hosts: s.leftOut.join(', ') })}</p>}
      {s.problems.length > 0 && (
        <details>
          <summary>{t('h_sitesProblems', { n: s.problems.length })}</summary>
          <ul className="plain">
            {s.problems.map((p) => (
              <li key={p.url}>
                <span className="grow">
                  {p.url}
                  <small>{sentence(p.why)}</small>
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {bad && (
        <p className="bad" role="alert">
          {bad}
        </p>
      )}
      {s.state !== 'failed' && (
        <div className="row">
          {s.state === 'ready' && (
            <button className="btn primary" disabled={busy} onClick={() => act('helpCenter.applySite')}>
              {t('h_importApply')}
            </button>
          )}
          <button className="btn" disabled={busy} onClick={() => act('helpCenter.discardSite')}>
            {s.state === 'ready' ? t('h_sitesDiscard') : t('cancel')}
          </button>
        </div>
      )}
    </div>
  )
}
