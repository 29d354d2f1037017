// Articles that may answer what somebody is about to ask, while they write their first message.

import { useEffect, useState } from 'preact/hooks'
import { session } from './frame.ts'
import { Close } from './icons.tsx'
import { t } from './text.ts'

interface Hit {
  articleId: string
  title: string
  excerpt: string
}

/** What the next message is about: an article that was read before. */
export interface About {
  title: string
  url: string
}

/** The article as the first line of the message that asks about it. */
export const told = (a: About): string => t('aboutArticle', { link: `[${a.title.replace(/[[\]\\]/g, '\\$&')}](${a.url})` }) + '\n\n'

const enough = (q: string): boolean => q.length >= 8 || (q.length >= 5 && q.includes(' '))

export function Suggest({ q, open, close }: { q: string; open: (article: string) => void; close: () => void }) {
  const [hits, set] = useState<Hit[]>([])
  const wanted = q.trim().slice(-300)
  useEffect(() => {
    if (!enough(wanted)) {
      set([])
      return
    }
    let on = true
    const timer = setTimeout(() => {
      session.call<{ items: Hit[] }>('helpCenter.search', { q: wanted, language: document.documentElement.lang, limit: 3 }).then(
        (r) => {
          if (on) set(r.items)
        },
        () => undefined,
      )
    }, 350)
    return () => {
      on = false
      clearTimeout(timer)
    }
  }, [wanted])
  if (!hits.length) return <p class="sr" role="status" />
  return (
    <section class="suggest" aria-label={t('suggest')}>
      <div>
        <b>{t('suggest')}</b>
        <button type="button" class="ib" aria-label={t('suggestClose')} onClick={close}>
          <Close />
        </button>
      </div>
      <ul>
        {hits.map((h) => (
          <li key={h.articleId}>
            <button type="button" onClick={() => open(h.articleId)}>
              <b>{h.title}</b>
              <span class="line">{h.excerpt}</span>
            </button>
          </li>
        ))}
      </ul>
      <p class="sr" role="status">
        {t('suggested', { n: hits.length })}
      </p>
    </section>
  )
}
