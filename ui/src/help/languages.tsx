// The languages of an article: which one is shown, and in which it says nothing yet.

import { go } from '../route.ts'
import { t, tongue } from '../text.ts'
import { spoken, type Article, type Center } from './types.ts'

export function Languages({ article, center }: { article: Article; center: Center }) {
  return (
    <select
      className="tongues"
      aria-label={t('h_language')}
      value={article.language}
      onChange={(e) => go(`/app/help/${article.id}${e.target.value === center.language ? '' : '?l=' + e.target.value}`)}
    >
      {spoken(center).map((l) => (
        <option key={l} value={l}>
          {article.languages.includes(l) ? tongue(l) : t('h_notBegun', { language: tongue(l) })}
        </option>
      ))}
    </select>
  )
}
