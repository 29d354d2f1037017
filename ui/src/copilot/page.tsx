// How the AI agent does: what it resolves, why it hands over, what nobody wrote down yet, whether it knows what it knows.

import { RefreshCw } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { money } from '../ai/parts.tsx'
import { Empty, said, Skeleton } from '../parts.tsx'
import { Further, usePages } from '../further.tsx'
import { go } from '../route.ts'
import { call, useLive } from '../server.ts'
import { ago, exact, t } from '../text.ts'
import { done } from '../toast.tsx'
import type { Membership } from '../types.ts'
import './copilot.css'
import './page.css'
import { Plot } from './plot.tsx'
import { RunLine, why } from './review.tsx'
import { percent, tried, wide, type Group, type Groups, type Outcome, type Report, type Run } from './types.ts'

const ArticleFrom = lazy(() => import('./article.tsx').then((m) => ({ default: m.ArticleFrom })))

interface Agent {
  enabled: boolean
  threshold: number
}

export function AIPage({ here }: { here: Membership }) {
  const [days, setDays] = useState(30)
  const can = (p: string): boolean => here.permissions.includes(p)
  const { value: r } = useLive<Report>('aiAgent.getReport', { days })
  const { value: agent } = useLive<Agent>('aiAgent.getSettings')
  return (
    <main className="page ai-page">
      <header className="bar">
        <h1>{t('ai')}</h1>
        <select aria-label={t('c_period')} value={days} onChange={(e) => setDays(Number(e.target.value))}>
          {[7, 30, 90].map((n) => (
            <option key={n} value={n}>
              {t('c_days', { n })}
            </option>
          ))}
        </select>
        {can('settings.workspace') && (
          <button className="btn" onClick={() => go('/app/settings/ai')}>
            {t('settings')}
          </button>
        )}
      </header>
      <div className="scroll pad">
        {!r || !agent ? (
          <Skeleton rows={5} height={120} />
        ) : (
          <>
            {!agent.enabled && (
              <div className="notice">
                <b>{t('c_agentOff')}</b>
                <p>{t('c_agentOffHint')}</p>
                {can('settings.workspace') && (
                  <button className="btn" onClick={() => go('/app/settings/ai')}>
                    {t('c_turnOn')}
                  </button>
                )}
              </div>
            )}
            <Numbers r={r} />
            <div className="ai-grid">
              <Unanswered can={can} />
              <div className="pile">
                <section className="card" aria-labelledby="c-reasons">
                  <h2 id="c-reasons">{t('c_reasons')}</h2>
                  {r.reasons.length === 0 ? (
                    <p className="faint">{t('c_noReasons')}</p>
                  ) : (
                    <Bars rows={r.reasons.map((x) => ({ label: why(x.reason), n: x.count }))} />
                  )}
                </section>
                <section className="card" aria-labelledby="c-whatif">
                  <h2 id="c-whatif">{t('c_whatif')}</h2>
                  <WhatIf outcomes={r.outcomes} now={agent.threshold} />
                </section>
                <Learning can={can('settings.workspace')} />
              </div>
              <div className="pile">
                <section className="card" aria-labelledby="c-plot">
                  <h2 id="c-plot">{t('c_reliable')}</h2>
                  <Plot r={r} />
                </section>
                {r.spent.length > 0 && (
                  <section className="card" aria-labelledby="c-spent">
                    <h2 id="c-spent">{t('c_spent')}</h2>
                    <Spent r={r} />
                  </section>
                )}
              </div>
            </div>
            <Latest can={can('conversations.reply')} />
          </>
        )}
      </div>
    </main>
  )
}

function Numbers({ r }: { r: Report }) {
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

function Bars({ rows }: { rows: Array<{ label: string; n: number }> }) {
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

function Unanswered({ can }: { can: (p: string) => boolean }) {
  const [g, set] = useState<Groups>()
  const [bad, setBad] = useState('')
  const load = (): void => {
    call<Groups>('aiAgent.listUnanswered').then(
      (x) => {
        set(x)
        setBad('')
      },
      (e: unknown) => setBad(said(e)),
    )
  }
  useEffect(load, [])
  return (
    <section className="card wide" aria-labelledby="c-open">
      <div className="row">
        <h2 id="c-open" className="grow">
          {t('c_unanswered')}
        </h2>
        <button className="icon" aria-label={t('c_again')} title={t('c_again')} onClick={load}>
          <RefreshCw size={16} />
        </button>
      </div>
      {bad && (
        <p className="bad" role="alert">
          {bad}
        </p>
      )}
      {!g ? (
        !bad && <Skeleton rows={3} height={44} />
      ) : g.items.length === 0 ? (
        <Empty title={t('c_allAnswered')} hint={t('c_allAnsweredHint')} />
      ) : (
        <>
          <p className="faint">
            {t('c_unansweredHint', { n: g.total })}
            {g.pending > 0 && ' ' + t('c_pending', { n: g.pending })}
            {!g.complete && ' ' + t('c_newestOnly')}
          </p>
          <ul className="plain groups">
            {g.items.map((x) => (
              <OpenGroup key={x.runIds[0]} g={x} can={can} onGone={load} />
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function OpenGroup({ g, can, onGone }: { g: Group; can: (p: string) => boolean; onGone: () => void }) {
  const [open, setOpen] = useState(false)
  const [writing, setWriting] = useState(false)
  return (
    <li>
      <div className="row">
        <span className="tally" aria-label={t('c_times', { n: g.count })}>
          {g.count}
        </span>
        <button className="grow ask-again" aria-expanded={open} onClick={() => setOpen(!open)}>
          {g.question}
        </button>
        {g.answered > 0 && <span className="badge">{t('c_answeredByTeam', { n: g.answered })}</span>}
        {can('articles.create') && (
          <button className="btn small" onClick={() => setWriting(true)} aria-label={t('c_writeThis', { what: g.question })}>
            {t('c_writeOne')}
          </button>
        )}
        {can('conversations.reply') && (
          <button
            className="link"
            onClick={() => {
              call('aiAgent.settleQuestions', { runIds: g.runIds }).then(onGone, (e: unknown) => done(said(e), undefined, 'bad'))
            }}
            aria-label={t('c_settleThis', { what: g.question })}
          >
            {t('c_settle')}
          </button>
        )}
      </div>
      {writing && (
        <Suspense>
          <ArticleFrom from={{ runIds: g.runIds }} onClose={() => setWriting(false)} />
        </Suspense>
      )}
      {open && (
        <div className="asked">
          {g.near && (
            <p className="faint">
              {t('c_nearest')}{' '}
              <a
                href={'/app/help/' + g.near.articleId}
                onClick={(e) => {
                  e.preventDefault()
                  go('/app/help/' + g.near?.articleId)
                }}
              >
                {g.near.title}
              </a>
            </p>
          )}
          <ul className="plain">
            {g.questions.map((q) => (
              <li key={q.runId}>
                <button className="link" onClick={() => go('/app/inbox/all/' + q.conversationId)}>
                  {q.question}
                </button>
                <small title={exact(q.createdAt)}>
                  {ago(q.createdAt)}
                  {q.answered && ' · ' + t('c_wasAnswered')}
                </small>
              </li>
            ))}
          </ul>
        </div>
      )}
    </li>
  )
}

/** What another threshold would have meant for the last conversations. */
export function WhatIf({ outcomes, now }: { outcomes: Outcome[]; now: number }) {
  const [at, setAt] = useState(now)
  if (outcomes.length === 0) return <p className="faint">{t('c_noTalks')}</p>
  const is = tried(outcomes, now)
  const would = tried(outcomes, at)
  const part = (n: number): string => wide(n / outcomes.length)
  return (
    <>
      <label className="field">
        <span>{t('ai_threshold', { at: percent(at) })}</span>
        <input type="range" min={0.1} max={0.95} step={0.05} value={at} onChange={(e) => setAt(Number(e.target.value))} />
      </label>
      <div
        className="stack"
        role="img"
        aria-label={t('c_wouldBe', { answered: would.answered, person: would.person + would.forced, of: outcomes.length })}
      >
        <i className="ai" style={{ width: part(would.answered) }} />
        <i className="hand" style={{ width: part(would.person) }} />
        <i style={{ width: part(would.forced) }} />
      </div>
      <dl className="legend">
        <div>
          <dt>
            <i className="ai" />
            {t('c_wouldAnswer')}
          </dt>
          <dd>
            {would.answered}
            {would.answered !== is.answered && (
              <small>
                {' '}
                {would.answered > is.answered ? '+' : ''}
                {would.answered - is.answered}
              </small>
            )}
          </dd>
        </div>
        <div>
          <dt>
            <i className="hand" />
            {t('c_wouldHand')}
          </dt>
          <dd>{would.person}</dd>
        </div>
        <div>
          <dt>
            <i />
            {t('c_always')}
          </dt>
          <dd>{would.forced}</dd>
        </div>
      </dl>
      <p className="faint">
        {t('c_ofLast', { n: outcomes.length })}{' '}
        {would.right + would.wrong > 0 ? t('c_ofThose', { n: would.right + would.wrong, right: would.right }) : t('c_noneJudged')}
      </p>
    </>
  )
}

function Spent({ r }: { r: Report }) {
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

function Learning({ can }: { can: boolean }) {
  const { value: s } = useLive<{ learnConversations: boolean; learned: number }>('copilot.getSettings')
  const [bad, setBad] = useState('')
  if (!s) return null
  return (
    <section className="card" aria-labelledby="c-learn">
      <h2 id="c-learn">{t('c_learning')}</h2>
      <label className="check wrap">
        <input
          type="checkbox"
          checked={s.learnConversations}
          disabled={!can}
          onChange={(e) => {
            call('copilot.updateSettings', { learnConversations: e.target.checked }).then(
              () => setBad(''),
              (x: unknown) => setBad(said(x)),
            )
          }}
        />
        {t('c_learnTalks')}
      </label>
      <p className="faint">
        {t('c_learnHint')} {s.learnConversations && t('c_learned', { n: s.learned })}
      </p>
      {bad && (
        <p className="bad" role="alert">
          {bad}
        </p>
      )}
    </section>
  )
}

function Latest({ can }: { can: boolean }) {
  const list = usePages<Run>('aiAgent.listRuns', { limit: 30 }, 'before')
  const { rows } = list
  if (!rows) return <Skeleton rows={3} height={44} />
  return (
    <section aria-labelledby="c-latest">
      <h2 id="c-latest" className="loose">
        {t('ai_review')}
      </h2>
      {rows.length === 0 ? (
        <Empty title={t('ai_none')} hint={t('ai_noneHint')} />
      ) : (
        <ul className="plain runs card">
          {rows.map((r) => (
            <RunLine key={r.id} r={r} can={can} open={false} named />
          ))}
        </ul>
      )}
      <Further list={list} />
    </section>
  )
}
