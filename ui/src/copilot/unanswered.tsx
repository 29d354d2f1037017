// What visitors asked and nobody wrote down yet, gathered by meaning, and the article that it becomes.

import { RefreshCw } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { Empty, said, Skeleton } from '../parts.tsx'
import { go } from '../route.ts'
import { call } from '../server.ts'
import { ago, exact, t } from '../text.ts'
import { done } from '../toast.tsx'
import type { Group, Groups } from './types.ts'

const ArticleFrom = lazy(() => import('./article.tsx').then((m) => ({ default: m.ArticleFrom })))

export function Unanswered({ can }: { can: (p: string) => boolean }) {
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
