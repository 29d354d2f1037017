// Whose vectors the knowledge is found by.

import { useState } from 'react'
import { Following } from '../following.tsx'
import { Field, Form, Skeleton } from '../parts.tsx'
import { call, useLive } from '../server.ts'
import { t } from '../text.ts'
import { bare, KeyField } from './parts.tsx'
import { pick, type EmbedderSettings, type Save } from './types.ts'

export function Embedder() {
  const { value: e } = useLive<EmbedderSettings>('aiAgent.getEmbedder')
  if (!e) return <Skeleton rows={2} />
  const learning = e.total > 0 && e.done < e.total
  return (
    <section className="card" aria-labelledby="a-embedder">
      <h2 id="a-embedder">{t('a_embedder')}</h2>
      <p className="faint">{t('a_embedderHint')}</p>
      {learning && (
        <div role="status">
          <progress max={e.total} value={e.done} aria-label={t('a_learning', { done: e.done, of: e.total })} />
          <small>{t('a_learning', { done: e.done, of: e.total })}</small>
        </div>
      )}
      {e.trouble && (
        <div className="trouble" role="status">
          <b>{t('a_stuck')}</b>
          <code>{e.trouble}</code>
        </div>
      )}
      <Following value={pick(e, ['protocol', 'baseUrl', 'model', 'dims'])}>
        {(v, save) => <Choice e={{ ...e, ...v }} save={save} />}
      </Following>
    </section>
  )
}

function Choice({ e, save }: { e: EmbedderSettings; save: Save<EmbedderSettings> }) {
  const [protocol, setProtocol] = useState(e.protocol)
  const [base, setBase] = useState(e.baseUrl)
  const [key, setKey] = useState('')
  const same = protocol === e.protocol && bare(base) === e.baseUrl
  const chosen = (f: FormData): object => ({
    protocol,
    baseUrl: base,
    model: f.get('model'),
    dims: Math.round(Number(f.get('dims') || 0)),
    price: Math.round(Number(f.get('price') || 0)),
    ...(key ? { key } : {}),
  })
  return (
    <Form
      submit={t('save')}
      action={async (f) => {
        await save(call<EmbedderSettings>('aiAgent.updateEmbedder', protocol ? chosen(f) : { protocol: '' }))
        setKey('')
      }}
    >
      <div className="row">
        <Field label={t('a_provider')}>
          <select
            value={protocol}
            onChange={(x) => {
              setProtocol(x.target.value)
              setBase('')
            }}
          >
            <option value="">{t('a_builtin')}</option>
            <option value="openai">{t('a_openai')}</option>
            <option value="ollama">Ollama</option>
          </select>
        </Field>
        {protocol && (
          <Field label={t('a_base')}>
            <input
              value={base}
              onChange={(x) => setBase(x.target.value)}
              required
              placeholder={protocol === 'openai' ? 'https://api.openai.com/v1' : 'http://127.0.0.1:11434'}
              maxLength={300}
              inputMode="url"
            />
          </Field>
        )}
      </div>
      {protocol && (
        <div className="row">
          <KeyField
            value={key}
            onChange={setKey}
            kept={same && e.keySet}
            end={e.keyEnd}
            moved={!same && e.keySet}
            onForget={() => {
              void call('aiAgent.updateEmbedder', {
                protocol: e.protocol,
                baseUrl: e.baseUrl,
                model: e.model,
                dims: e.dims,
                price: e.price,
                key: null,
              })
            }}
          />
          <Field label={t('a_name')}>
            <input
              name="model"
              defaultValue={e.model}
              required
              maxLength={200}
              spellCheck={false}
              placeholder={protocol === 'openai' ? 'text-embedding-3-small' : 'nomic-embed-text'}
            />
          </Field>
          <Field label={t('a_dims')}>
            <input name="dims" type="number" min={0} max={8192} defaultValue={e.dims || ''} placeholder={t('a_own')} />
          </Field>
          <Field label={t('a_priceIn')}>
            <input name="price" type="number" min={0} max={1000000} defaultValue={e.price || ''} />
          </Field>
        </div>
      )}
    </Form>
  )
}
