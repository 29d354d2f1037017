// How the AI agent does: what it resolves, why it hands over, what nobody wrote down yet, whether it knows what it knows.

import { useState } from 'react'
import { Empty, said, Skeleton } from '../parts.tsx'
import { Further, usePages } from '../further.tsx'
import { go } from '../route.ts'
import { call, useLive } from '../server.ts'
import { t } from '../text.ts'
import type { Membership } from '../types.ts'
import './copilot.css'
import './page.css'
import { Plot } from './plot.tsx'
import { RunLine, why } from './review.tsx'
import type { Report, Run } from './types.ts'
import { Bars, Numbers, Spent } from './numbers.tsx'
import { Unanswered } from './unanswered.tsx'
import { WhatIf } from './whatif.tsx'

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
