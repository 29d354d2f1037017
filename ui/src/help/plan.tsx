// What an import would change, before it does.

import { t } from '../text.ts'

export interface Plan {
  created: string[]
  updated: string[]
  deleted: string[]
  collections: string[]
  unresolved: string[]
}

type Count = number | string[]
const n = (v: Count): number => (typeof v === 'number' ? v : v.length)

export const counts = (x: { created: Count; updated: Count; deleted: Count }): string =>
  t('h_importPlan', { created: n(x.created), updated: n(x.updated), deleted: n(x.deleted) })

export function Planned({ plan }: { plan: Plan }) {
  return (
    <>
      <p>{counts(plan)}</p>
      <pre className="diff" tabIndex={0} aria-label={t('h_importWhat')}>
        {plan.collections.map((c) => (
          <span key={'c ' + c} className="in">
            + {t('h_collection')}: {c}
          </span>
        ))}
        {plan.created.map((p) => (
          <span key={p} className="in">
            + {p}
          </span>
        ))}
        {plan.updated.map((p) => (
          <span key={p}>~ {p}</span>
        ))}
        {plan.deleted.map((p) => (
          <span key={p} className="out">
            − {p}
          </span>
        ))}
      </pre>
      {plan.unresolved.length > 0 && <p className="bad">{t('h_importMissing', { names: plan.unresolved.slice(0, 20).join(', ') })}</p>}
    </>
  )
}
