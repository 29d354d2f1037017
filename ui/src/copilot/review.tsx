// What the AI agent did in a conversation: what it found, what it would have said, why it decided so, and what the team says of it.

import { Check, ChevronDown, Minus, X } from 'lucide-react'
import { useState } from 'react'
import { ByModel } from '../ai/run.tsx'
import { draft, giveBack, keep } from '../drafts.ts'
import { said } from '../parts.tsx'
import { go, inboxPath } from '../route.ts'
import { call, useLive } from '../server.ts'
import { ago, exact, t, type Key } from '../text.ts'
import { done } from '../toast.tsx'
import type { Page } from '../types.ts'
import './copilot.css'
import { placeOf } from './panel.tsx'
import { percent, wide, type Run, type Verdict } from './types.ts'

export const why = (reason: string | null): string => (reason ? t((reason === 'turns' ? 'ai_turns_over' : 'ai_' + reason) as Key) : '')

export function Review({ id, can }: { id: string; can: boolean }) {
  const { value } = useLive<Page<Run>>('aiAgent.getConversationResponses', { conversationId: id })
  if (!value || value.items.length === 0) return null
  return (
    <section>
      <h3>{t('ai')}</h3>
      <ul className="plain runs">
        {value.items.toReversed().map((r, k) => (
          <RunLine key={r.id} r={r} can={can} open={k === 0} onCorrect={() => correct(r)} />
        ))}
      </ul>
    </section>
  )
}

/** Puts what the agent said, or would have, into the draft, to be corrected. */
export function correct(r: Run): void {
  const before = draft(r.conversationId).text
  giveBack(r.conversationId, r.candidate, [])
  const after = draft(r.conversationId).text
  done(t('c_inserted'), async () => {
    if (draft(r.conversationId).text !== after) throw new Error(t('c_changedSince'))
    keep(r.conversationId, { text: before })
  })
  document.querySelector<HTMLTextAreaElement>('.composer textarea')?.focus()
}

const verdicts: Array<[Verdict, typeof Check]> = [
  ['right', Check],
  ['partly', Minus],
  ['wrong', X],
]

export function RunLine({
  r,
  can,
  open: first,
  onCorrect,
  named,
}: {
  r: Run
  can: boolean
  open: boolean
  onCorrect?: () => void
  named?: boolean
}) {
  const [open, setOpen] = useState(first)
  const [note, setNote] = useState<string>()
  const [bad, setBad] = useState('')
  const judge = (verdict: Verdict | null, text = '', asks = false): void => {
    call('aiAgent.judge', { runId: r.id, verdict, ...(text ? { note: text } : {}) }).then(
      () => {
        setBad('')
        setNote(asks ? text : undefined)
      },
      (e: unknown) => setBad(said(e)),
    )
  }
  const body = 'run-' + r.id
  return (
    <li className="run">
      <button className="run-head" aria-expanded={open} aria-controls={body} onClick={() => setOpen(!open)}>
        <ChevronDown size={14} aria-hidden="true" />
        <span className="grow">{r.question.slice(0, 140)}</span>
        <span className={'badge' + (r.decision === 'answered' ? ' ai' : ' warn')}>
          {r.decision === 'answered' ? t('ai_answered') : t('ai_handed')}
        </span>
        {r.review && <span className={'badge v-' + r.review.verdict}>{t(`c_v_${r.review.verdict}`)}</span>}
      </button>
      {open && (
        <div className="run-body" id={body}>
          <p className="faint">
            {r.reason ? why(r.reason) + ' ' : ''}
            {t('c_sure', { at: percent(r.confidence), of: percent(r.threshold) })} ·{' '}
            <span title={exact(r.createdAt)}>{ago(r.createdAt)}</span>
            {r.helpful !== null && <> · {t(r.helpful ? 'c_saidGood' : 'c_saidBad')}</>}
          </p>
          {r.candidate ? (
            <>
              <h4>{r.decision === 'answered' ? t('c_saidThis') : t('c_wouldSay')}</h4>
              <div className="said" tabIndex={0} dangerouslySetInnerHTML={{ __html: r.candidateHtml }} />
            </>
          ) : (
            <p className="faint">{t('c_noCandidate')}</p>
          )}
          <ByModel r={r} />
          {r.found.length > 0 && (
            <>
              <h4>{t('c_foundThis')}</h4>
              <ul className="plain found-list">
                {r.found.map((p, i) => (
                  <li key={i}>
                    <a
                      href={placeOf(p.source, p.sourceId)}
                      onClick={(e) => {
                        e.preventDefault()
                        go(placeOf(p.source, p.sourceId))
                      }}
                    >
                      {p.cited ? <b>{p.title}</b> : p.title}
                    </a>
                    {p.heading && <small>{p.heading}</small>}
                    <span className="meter" title={t('c_scores', { words: p.words.toFixed(1), meaning: p.meaning.toFixed(2) })}>
                      <i style={{ width: wide(p.score) }} />
                    </span>
                  </li>
                ))}
              </ul>
            </>
          )}
          {can && r.candidate && (
            <div className="judge" role="group" aria-label={t('c_judge')}>
              {verdicts.map(([v, Icon]) => (
                <button
                  key={v}
                  className={'btn small v-' + v}
                  aria-pressed={r.review?.verdict === v}
                  onClick={() => {
                    if (r.review?.verdict === v) judge(null)
                    else judge(v, r.review?.note ?? '', v !== 'right')
                  }}
                >
                  <Icon size={14} aria-hidden="true" />
                  {t(`c_v_${v}`)}
                </button>
              ))}
              {onCorrect && (
                <button className="link" onClick={onCorrect}>
                  {t('c_correct')}
                </button>
              )}
            </div>
          )}
          {r.review && note === undefined && (
            <p className="faint">
              {r.review.note && <span className="quote">{r.review.note} </span>}
              {t('c_judgedBy', { who: r.review.by })}{' '}
              {can && (
                <button className="link" onClick={() => setNote(r.review?.note ?? '')}>
                  {t(r.review.note ? 'edit' : 'c_addNote')}
                </button>
              )}
            </p>
          )}
          {note !== undefined && r.review && (
            <form
              className="note-form"
              onSubmit={(e) => {
                e.preventDefault()
                judge(r.review?.verdict ?? 'wrong', note.trim())
              }}
            >
              <textarea
                aria-label={t('c_whatRight')}
                placeholder={t('c_whatRight')}
                rows={2}
                maxLength={2000}
                value={note}
                onChange={(e) => setNote(e.target.value)}
              />
              <div className="row">
                <button className="btn small primary">{t('save')}</button>
                <button type="button" className="btn small" onClick={() => setNote(undefined)}>
                  {t('cancel')}
                </button>
              </div>
            </form>
          )}
          {bad && (
            <p className="bad" role="alert">
              {bad}
            </p>
          )}
          {named && (
            <button className="link" onClick={() => go(inboxPath({ view: 'all', id: r.conversationId }))}>
              {t('c_openTalk')}
            </button>
          )}
        </div>
      )}
    </li>
  )
}
