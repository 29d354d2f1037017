// What another threshold would have meant.

import { useState } from 'react'
import { t } from '../text.ts'
import { percent, tried, wide, type Outcome } from './types.ts'

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
