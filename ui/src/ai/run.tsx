// What the model had to do with a run of the agent.

import { percent } from '../copilot/types.ts'
import { t, type Key } from '../text.ts'
import { money } from './parts.tsx'
import type { ModelRun } from './types.ts'

/** Why the model's words were not used, as a sentence. */
export const fellBack = (fallback: string | null): string => (fallback && fallback !== 'off' ? t(('a_k_' + fallback) as Key) : '')

export function ByModel({ r }: { r: ModelRun }) {
  if (!r.model && !r.fallback && !r.draft) return null
  const tokens = r.tokensIn + r.tokensOut
  return (
    <div className="by-model">
      <p className="faint how-made">
        {r.model && t('a_by', { model: r.model })} {fellBack(r.fallback)}{' '}
        {r.selfCheck !== null && t('a_self', { at: percent(r.selfCheck) })} {tokens > 0 && t('a_nTokens', { n: tokens })}
        {r.cents > 0 && ` (${money(r.cents)})`} {r.tookMs >= 100 && `${(r.tookMs / 1000).toFixed(1)} s`}
      </p>
      {r.tools.length > 0 && <p className="faint">{r.tools.map((x) => x.tool + (x.failed ? ' ✕' : '')).join(', ')}</p>}
      {r.draft && r.draft.trim() !== r.candidate && (
        <details>
          <summary>{t('a_draft')}</summary>
          <p className="said">{r.draft}</p>
        </details>
      )}
    </div>
  )
}
