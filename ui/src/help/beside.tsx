// What an author put beside an article for readers to go on with.

import { ArrowDown, ArrowUp, X } from 'lucide-react'
import { useState } from 'react'
import { Dialog } from '../parts.tsx'
import { go } from '../route.ts'
import { t, type Key } from '../text.ts'
import { Finder } from './finder.tsx'
import type { Article, Beside } from './types.ts'

const most = 10

/** Why readers do not see it; empty where they do. */
function hidden(b: Beside): Key | '' {
  if (b.status === 'deleted') return 'h_deleted'
  if (b.status === 'archived') return 'h_archived'
  if (b.status === 'draft') return 'draftWord'
  return b.visibility === 'internal' ? 'h_internal' : ''
}

export function BesideIt({ article: a, off, set }: { article: Article; off: boolean; set: (ids: string[]) => void }) {
  const [asks, setAsks] = useState(false)
  const [q, setQ] = useState('')
  const ids = a.related.map((b) => b.articleId)
  const swap = (i: number, by: number): void => set(ids.with(i, ids[i + by]).with(i + by, ids[i]))
  return (
    <section>
      <h2>{t('h_related')}</h2>
      <p className="faint">{t('h_relatedHint')}</p>
      <ol className="plain related">
        {a.related.map((b, i) => {
          const why = hidden(b)
          return (
            <li key={b.articleId}>
              {b.status === 'deleted' ? (
                <span className="grow gone">{b.title}</span>
              ) : (
                <a
                  className="grow"
                  href={'/app/help/' + b.articleId}
                  onClick={(e) => {
                    e.preventDefault()
                    go('/app/help/' + b.articleId)
                  }}
                >
                  {b.title}
                </a>
              )}
              {why && (
                <span className="badge warn" title={t('h_relatedHidden')}>
                  {t(why)}
                </span>
              )}
              {!off && (
                <span className="keys-of">
                  <button
                    className="icon"
                    disabled={i === 0}
                    aria-label={t('h_upNamed', { name: b.title })}
                    title={t('h_up')}
                    onClick={() => swap(i, -1)}
                  >
                    <ArrowUp size={14} />
                  </button>
                  <button
                    className="icon"
                    disabled={i === ids.length - 1}
                    aria-label={t('h_downNamed', { name: b.title })}
                    title={t('h_down')}
                    onClick={() => swap(i, 1)}
                  >
                    <ArrowDown size={14} />
                  </button>
                  <button
                    className="icon"
                    aria-label={t('h_dropNamed', { name: b.title })}
                    title={t('remove')}
                    onClick={() => set(ids.filter((id) => id !== b.articleId))}
                  >
                    <X size={14} />
                  </button>
                </span>
              )}
            </li>
          )
        })}
      </ol>
      {!off && ids.length < most && (
        <button className="btn" onClick={() => setAsks(true)}>
          {t('h_relatedAdd')}
        </button>
      )}
      {asks && (
        <Dialog title={t('h_relatedAdd')} onClose={() => setAsks(false)}>
          <Finder
            q={q}
            onQ={setQ}
            hint={t('h_relatedFind')}
            except={[a.id, ...ids]}
            onPick={(h) => {
              set([...ids, h.articleId])
              setQ('')
              setAsks(false)
            }}
          />
        </Dialog>
      )}
    </section>
  )
}
