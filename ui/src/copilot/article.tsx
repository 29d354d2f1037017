// An article made of a solved conversation, or of questions that nobody wrote the answer to: what there is already comes first, so
// that nothing is written twice.

import { useEffect, useState } from 'react'
import { Dialog, Field, said, Skeleton } from '../parts.tsx'
import { go } from '../route.ts'
import { call } from '../server.ts'
import { t } from '../text.ts'
import './copilot.css'
import { How } from './panel.tsx'
import { percent, type ArticleDraft, type Nearest } from './types.ts'

/** What an article is made of. */
export type Origin = { conversationId: string } | { runIds: string[] }

export function ArticleFrom({ from, onClose }: { from: Origin; onClose: () => void }) {
  const [d, set] = useState<ArticleDraft>()
  const [title, setTitle] = useState('')
  const [content, setContent] = useState('')
  const [bad, setBad] = useState('')
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    call<ArticleDraft>('runIds' in from ? 'copilot.draftFromQuestions' : 'copilot.draftArticle', from).then(
      (x) => {
        set(x)
        setTitle(x.title)
        setContent(x.content)
      },
      (e: unknown) => setBad(said(e)),
    )
  }, [JSON.stringify(from)])
  const go2 = (p: Promise<string>): void => {
    setBusy(true)
    p.then(
      (article) => {
        onClose()
        go('/app/help/' + article)
      },
      (e: unknown) => {
        setBusy(false)
        setBad(said(e))
      },
    )
  }
  const create = async (): Promise<string> => (await call<{ id: string }>('articles.create', { title, content })).id
  const amend = async (n: Nearest): Promise<string> => {
    const a = await call<{ content: string; revision: number }>('articles.get', { articleId: n.articleId })
    await call('articles.update', {
      articleId: n.articleId,
      content: a.content.trimEnd() + '\n\n## ' + title.replace(/\n/g, ' ') + '\n\n' + content,
      revision: a.revision,
    })
    return n.articleId
  }
  return (
    <Dialog title={t('c_makeArticle')} onClose={onClose} wide>
      {!d && !bad && <Skeleton rows={4} height={48} />}
      {bad && (
        <p className="bad" role="alert">
          {bad}
        </p>
      )}
      {d && (
        <>
          {d.near.length > 0 && (
            <div className="notice">
              <b>{d.near.some((n) => n.same) ? t('c_thereIs') : t('c_nearThis')}</b>
              <ul className="plain fits">
                {d.near.map((n) => (
                  <li key={n.articleId}>
                    <div className="grow">
                      <b>{n.title}</b>
                      <p>{n.excerpt}</p>
                      <span className="badges">
                        {n.same && <span className="badge warn">{t('c_same')}</span>}
                        {n.teamOnly && <span className="badge">{t('h_team')}</span>}
                        {n.likeness > 0 && <span className="badge">{t('c_like', { n: percent(n.likeness) })}</span>}
                      </span>
                    </div>
                    <span className="deeds">
                      <button
                        type="button"
                        className={'btn small' + (n.same ? ' primary' : '')}
                        disabled={busy || !content.trim()}
                        onClick={() => go2(amend(n))}
                        aria-label={t('c_amendThis', { what: n.title })}
                      >
                        {t('c_amend')}
                      </button>
                      <button
                        type="button"
                        className="link"
                        onClick={() => {
                          onClose()
                          go('/app/help/' + n.articleId)
                        }}
                        aria-label={t('c_openThis', { what: n.title })}
                      >
                        {t('c_open')}
                      </button>
                    </span>
                  </li>
                ))}
              </ul>
            </div>
          )}
          <How how={d.how} why={d.why} kind="article" />
          <Field label={t('h_title')}>
            <input value={title} maxLength={200} onChange={(e) => setTitle(e.target.value)} />
          </Field>
          <Field label={t('h_text')}>
            <textarea rows={6} value={content} onChange={(e) => setContent(e.target.value)} />
          </Field>
          <p className="faint">{t('c_articleHint')}</p>
          <div className="row end">
            <button type="button" className="btn" onClick={onClose}>
              {t('cancel')}
            </button>
            <button type="button" className="btn primary" disabled={busy || !title.trim()} onClick={() => go2(create())}>
              {t('c_newDraft')}
            </button>
          </div>
        </>
      )}
    </Dialog>
  )
}
