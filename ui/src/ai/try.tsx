// A place to try the agent: what it would say, and why.

import { useState } from 'react'
import { why } from '../copilot/review.tsx'
import { percent, type Piece } from '../copilot/types.ts'
import { Field, Form } from '../parts.tsx'
import { call } from '../server.ts'
import { t } from '../text.ts'
import { fellBack } from './run.tsx'

interface Tried {
  answer: string
  answerHtml: string
  confidence: number
  threshold: number
  decision: string
  reason: string | null
  found: Piece[]
  model: string
  fallback: string | null
  tookMs: number
}

export function Try() {
  const [out, set] = useState<Tried>()
  return (
    <section className="card" aria-labelledby="a-try">
      <h2 id="a-try">{t('ai_try')}</h2>
      <Form submit={t('ai_ask')} wide action={async (f) => set(await call<Tried>('aiAgent.ask', { question: f.get('question') }))}>
        <Field label={t('ai_question')}>
          <input name="question" required maxLength={2000} />
        </Field>
      </Form>
      {out && (
        <div role="status">
          <p>
            <b>{out.decision === 'answered' ? t('ai_would') : t('ai_wouldNot')}</b> {why(out.reason)}{' '}
            {t('ai_sure', { at: percent(out.confidence) })}{' '}
            {out.model && !out.fallback ? t('a_by', { model: out.model }) : fellBack(out.fallback)}
          </p>
          {out.answer && <div className="well answer" dangerouslySetInnerHTML={{ __html: out.answerHtml }} />}
          <Found list={out.found} />
        </div>
      )}
    </section>
  )
}

function Found({ list }: { list: Piece[] }) {
  if (!list.length) return null
  return (
    <table className="ledger">
      <thead>
        <tr>
          <th>{t('ai_found')}</th>
          <th className="end">{t('ai_words')}</th>
          <th className="end">{t('ai_meaning')}</th>
        </tr>
      </thead>
      <tbody>
        {list.map((p, i) => (
          <tr key={i}>
            <td>
              {p.cited ? <b>{p.title}</b> : p.title}
              {p.heading && <small> {p.heading}</small>}
            </td>
            <td className="end">{p.words.toFixed(1)}</td>
            <td className="end">{p.meaning.toFixed(2)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
