// Finding an article by its words.

import { useEffect, useState, type KeyboardEvent } from 'react'
import { call } from '../server.ts'
import { t } from '../text.ts'
import type { Hit } from './types.ts'

interface Props {
  q: string
  onQ: (q: string) => void
  hint: string
  /** Articles that are not to choose from. */
  except?: string[]
  onPick: (h: Hit) => void
  /** What Enter does instead of choosing, if there is something to do. */
  onEnter?: (() => void) | undefined
}

/** A field for words, and the articles that they find; arrows choose, as in every such list. */
export function Finder({ q, onQ, hint, except = [], onPick, onEnter }: Props) {
  const [found, setFound] = useState<Hit[]>([])
  const [at, setAt] = useState(0)
  const hits = found.filter((h) => !except.includes(h.articleId)).slice(0, 8)
  useEffect(() => {
    let on = true
    setAt(0)
    if (q.trim().length < 2 || /^\w+:/.test(q)) {
      setFound([])
      return
    }
    const timer = setTimeout(() => {
      call<{ items: Hit[] }>('articles.search', { q, limit: 20 }).then(
        (r) => {
          if (on) setFound(r.items)
        },
        () => undefined,
      )
    }, 120)
    return () => {
      on = false
      clearTimeout(timer)
    }
  }, [q])
  const keys = (e: KeyboardEvent): void => {
    const move = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0
    if (move && hits.length) {
      e.preventDefault()
      setAt((at + move + hits.length) % hits.length)
    }
    if (e.key !== 'Enter') return
    e.preventDefault()
    if (onEnter) onEnter()
    else if (hits[at]) onPick(hits[at])
  }
  return (
    <>
      <input
        autoFocus
        value={q}
        role="combobox"
        aria-expanded={hits.length > 0}
        aria-controls="finder"
        aria-activedescendant={hits[at] ? 'finder-' + hits[at].articleId : undefined}
        aria-label={hint}
        placeholder={hint}
        onChange={(e) => onQ(e.target.value)}
        onKeyDown={keys}
      />
      <ul className="options" role="listbox" id="finder" aria-label={t('h_found')}>
        {hits.map((h, i) => (
          <li key={h.articleId} id={'finder-' + h.articleId} role="option" aria-selected={i === at} onClick={() => onPick(h)}>
            {h.title}
            <small>{h.excerpt}</small>
          </li>
        ))}
      </ul>
    </>
  )
}
