// The language model: where it is, whether it works, and what it may cost.

import { useState } from 'react'
import { Following } from '../following.tsx'
import { Field, Form, said, Skeleton } from '../parts.tsx'
import { call, useLive } from '../server.ts'
import { exact, t, type Key } from '../text.ts'
import { bare, KeyField, money } from './parts.tsx'
import { pick, type ModelSettings, type Save } from './types.ts'

const homes: Record<string, string> = {
  openai: 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com/v1',
  ollama: 'http://127.0.0.1:11434',
}

export function Model() {
  const { value: m } = useLive<ModelSettings>('aiAgent.getModel')
  if (!m) return <Skeleton rows={3} />
  return (
    <section className="card" aria-labelledby="a-model">
      <div className="row">
        <h2 id="a-model" className="grow">
          {t('a_model')}
        </h2>
        <Standing m={m} />
      </div>
      <p className="faint">{t('a_modelHint')}</p>
      <Trouble m={m} />
      <Following value={pick(m, ['provider', 'baseUrl', 'model', 'enabled'])}>
        {(v, save) => <Where m={{ ...m, ...v }} save={save} />}
      </Following>
      <Following value={pick(m, ['priceIn', 'priceOut', 'budgetUnit', 'visitorBudget', 'dayBudget', 'monthBudget'])}>
        {(v, save) => <Costs m={{ ...m, ...v }} save={save} />}
      </Following>
    </section>
  )
}

function Standing({ m }: { m: ModelSettings }) {
  if (!m.provider) return <span className="badge">{t('a_none')}</span>
  if (!m.enabled) return <span className="badge">{t('a_off')}</span>
  return m.ready ? <span className="badge v-right">{t('a_ready')}</span> : <span className="badge warn">{t('a_paused')}</span>
}

function Trouble({ m }: { m: ModelSettings }) {
  if (!m.trouble) return null
  return (
    <div className="trouble" role="status">
      <b>{t(('a_k_' + m.trouble.kind) as Key)}</b>
      <p>
        {t('a_failed', { n: m.trouble.failures, at: exact(m.trouble.at) })}{' '}
        {m.trouble.pausedUntil !== null && t('a_until', { at: exact(m.trouble.pausedUntil) })} {t('a_meanwhile')}
      </p>
      {m.trouble.complaint && <code>{m.trouble.complaint}</code>}
    </div>
  )
}

function Where({ m, save }: { m: ModelSettings; save: Save<ModelSettings> }) {
  const [provider, setProvider] = useState(m.provider)
  const [base, setBase] = useState(m.baseUrl)
  const [key, setKey] = useState('')
  const [models, setModels] = useState<string[]>()
  const [tried, setTried] = useState('')
  const [busy, setBusy] = useState(false)
  const same = provider === m.provider && bare(base) === m.baseUrl
  const run = (what: Promise<string>): void => {
    setBusy(true)
    what.then(setTried, (e: unknown) => setTried(said(e))).finally(() => setBusy(false))
  }
  const list = (): void =>
    run(
      call<{ models: string[] }>('aiAgent.listModels', { provider, baseUrl: base, ...(key ? { key } : {}) }).then((r) => {
        setModels(r.models)
        return t('a_offered', { n: r.models.length })
      }),
    )
  const test = (): void =>
    run(call<{ answer: string; tookMs: number }>('aiAgent.testModel').then((r) => t('a_tested', { ms: r.tookMs, answer: r.answer })))
  return (
    <>
      <Form
        submit={t('save')}
        action={async (f) => {
          await save(
            call<ModelSettings>(
              'aiAgent.updateModel',
              provider
                ? { provider, baseUrl: base, model: f.get('model'), enabled: f.get('on') === 'on', ...(key ? { key } : {}) }
                : { provider: '' },
            ),
          )
          setKey('')
        }}
      >
        <div className="row">
          <Field label={t('a_provider')}>
            <select
              value={provider}
              onChange={(e) => {
                setProvider(e.target.value)
                setBase('')
                setModels(undefined)
              }}
            >
              <option value="">{t('a_noModel')}</option>
              <option value="openai">{t('a_openai')}</option>
              <option value="anthropic">Anthropic</option>
              <option value="ollama">Ollama</option>
            </select>
          </Field>
          {provider && (
            <Field label={t('a_base')} hint={provider === 'ollama' && !m.privateHosts ? t('a_private') : undefined}>
              <input value={base} onChange={(e) => setBase(e.target.value)} placeholder={homes[provider]} maxLength={300} inputMode="url" />
            </Field>
          )}
        </div>
        {provider && (
          <>
            <div className="row">
              <KeyField
                value={key}
                onChange={setKey}
                kept={same && m.keySet}
                end={m.keyEnd}
                onForget={() => {
                  void call('aiAgent.updateModel', { key: null })
                }}
                moved={!same && m.keySet}
              />
              <Field label={t('a_name')}>
                <input name="model" list="a-models" defaultValue={m.model} required maxLength={200} autoComplete="off" spellCheck={false} />
              </Field>
              <datalist id="a-models">
                {models?.map((x) => (
                  <option key={x} value={x} />
                ))}
              </datalist>
            </div>
            <label className="check">
              <input type="checkbox" name="on" defaultChecked={m.provider === '' || m.enabled} />
              {t('a_on')}
            </label>
          </>
        )}
      </Form>
      {provider && (
        <div className="row beside">
          <button type="button" className="btn" disabled={busy} onClick={list}>
            {t('a_list')}
          </button>
          {m.provider && same && (
            <button type="button" className="btn" disabled={busy} onClick={test}>
              {t('a_test')}
            </button>
          )}
          <span role="status" className="faint grow">
            {busy ? t('a_asking') : tried}
          </span>
        </div>
      )}
    </>
  )
}

function Costs({ m, save }: { m: ModelSettings; save: Save<ModelSettings> }) {
  const [unit, setUnit] = useState(m.budgetUnit)
  const number = (f: FormData, name: string): number => Math.round(Number(f.get(name) || 0))
  return (
    <details className="more" open={m.monthBudget + m.dayBudget > 0}>
      <summary>
        {t('a_costs')}
        <small> {t('a_spent', { today: spent(m.today), month: spent(m.month) })}</small>
      </summary>
      <Form
        submit={t('save')}
        action={(f) =>
          save(
            call<ModelSettings>('aiAgent.updateModel', {
              budgetUnit: unit,
              priceIn: number(f, 'in'),
              priceOut: number(f, 'out'),
              visitorBudget: number(f, 'visitor'),
              dayBudget: number(f, 'day'),
              monthBudget: number(f, 'month'),
            }),
          )
        }
      >
        <div className="row">
          <Field label={t('a_priceIn')}>
            <input name="in" type="number" min={0} max={1000000} defaultValue={m.priceIn || ''} />
          </Field>
          <Field label={t('a_priceOut')}>
            <input name="out" type="number" min={0} max={1000000} defaultValue={m.priceOut || ''} />
          </Field>
          <Field label={t('a_unit')}>
            <select value={unit} onChange={(e) => setUnit(e.target.value)}>
              <option value="tokens">{t('a_tokens')}</option>
              <option value="cents">{t('a_cents')}</option>
            </select>
          </Field>
        </div>
        <div className="row">
          <Field label={t('a_visitorBudget')}>
            <input name="visitor" type="number" min={0} defaultValue={m.visitorBudget || ''} />
          </Field>
          <Field label={t('a_dayBudget')}>
            <input name="day" type="number" min={0} defaultValue={m.dayBudget || ''} />
          </Field>
          <Field label={t('a_monthBudget')}>
            <input name="month" type="number" min={0} defaultValue={m.monthBudget || ''} />
          </Field>
        </div>
        <p className="faint">{t('a_budgetHint')}</p>
      </Form>
    </details>
  )
}

const spent = (s: { tokens: number; cents: number }): string =>
  t('a_nTokens', { n: s.tokens }) + (s.cents > 0 ? ` (${money(s.cents)})` : '')
