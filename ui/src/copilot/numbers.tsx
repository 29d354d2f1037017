// What the AI agent did, in numbers: how it ended, why people took over, what it cost.

import { money } from '../ai/parts.tsx'
import { t } from '../text.ts'
import { percent, wide, type Report } from './types.ts'

export function Numbers({ r }: { r: Report }) {
  const voted = r.helpful + r.notHelpful
  const judged = r.right + r.partly + r.wrong
  const of = (n: number, all: number): string => (all ? percent(n / all) : '–')
  return (
    <dl className="numbers">
      <div>
        <dt>{t('c_resolved')}</dt>
        <dd>
          {of(r.resolved, r.conversations)}
          <small>{t('c_resolvedOf', { n: r.resolved, of: r.conversations })}</small>
        </dd>
      </div>
      <div>
        <dt>{t('ai_handed')}</dt>
        <dd>
          {of(r.handedOver, r.conversations)}
          <small>{t('c_handedOf', { n: r.handedOver })}</small>
        </dd>
      </div>
      <div>
        <dt>{t('c_answeredQ')}</dt>
        <dd>
          {of(r.answered, r.questions)}
          <small>{t('c_answeredOf', { n: r.answered, of: r.questions })}</small>
        </dd>
      </div>
      <div>
        <dt>{t('ai_helped')}</dt>
        <dd>
          {of(r.helpful, voted)}
          <small>{t('c_votes', { n: voted })}</small>
        </dd>
      </div>
      <div>
        <dt>{t('c_judgedRight')}</dt>
        <dd>
          {of(r.right, judged)}
          <small>{t('c_reviews', { n: judged })}</small>
        </dd>
      </div>
    </dl>
  )
}

export function Bars({ rows }: { rows: Array<{ label: string; n: number }> }) {
  const most = Math.max(...rows.map((x) => x.n))
  return (
    <ul className="plain bars">
      {rows.map((x) => (
        <li key={x.label}>
          <span>{x.label}</span>
          <i aria-hidden="true">
            <b style={{ width: wide(x.n / most) }} />
          </i>
          <small>{x.n}</small>
        </li>
      ))}
    </ul>
  )
}

export function Spent({ r }: { r: Report }) {
  const sum = r.spent.reduce((n, x) => ({ tokens: n.tokens + x.tokens, cents: n.cents + x.cents }), { tokens: 0, cents: 0 })
  const names: Record<string, string> = {
    answer: t('c_p_answer'),
    check: t('c_p_check'),
    draft: t('c_draft'),
    summary: t('c_sum'),
    rewrite: t('c_p_rewrite'),
    translate: t('c_translate'),
    article: t('c_makeArticle'),
  }
  return (
    <table className="ledger">
      <thead>
        <tr>
          <th>{t('c_purpose')}</th>
          <th className="end">{t('c_calls')}</th>
          <th className="end">{t('c_tokens')}</th>
          <th className="end">{t('c_cost')}</th>
        </tr>
      </thead>
      <tbody>
        {r.spent.map((x) => (
          <tr key={x.purpose}>
            <td>
              {names[x.purpose] ?? x.purpose}
              {x.failed > 0 && <small> {t('c_failed', { n: x.failed })}</small>}
            </td>
            <td className="end">{x.calls}</td>
            <td className="end">{x.tokens.toLocaleString()}</td>
            <td className="end">{money(x.cents)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th>{t('c_total')}</th>
          <td />
          <td className="end">{sum.tokens.toLocaleString()}</td>
          <td className="end">{money(sum.cents)}</td>
        </tr>
      </tfoot>
    </table>
  )
}
