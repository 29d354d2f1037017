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

const shown = 200 // lines of a kind

export function Planned({ plan }: { plan: Plan }) {
  const lines = (list: string[], mark: string, className?: string) => (
    <>
      {list.slice(0, shown).map((name) => (
        <span key={name} className={className}>
          {mark} {name}
        </span>
      ))}
      {list.length > shown && (
        <span className={className}>
          {mark} {t('h_importMore', { n: list.length - shown })}
        </span>
      )}
    </>
  )
  return (
    <>
      <p>{counts(plan)}</p>
      <pre className="diff" tabIndex={0} aria-label={t('h_importWhat')}>
        {lines(
          plan.collections.map((c) => `${t('h_collection')}: ${c}`),
          '+',
          'in',
        )}
        {lines(plan.created, '+', 'in')}
        {lines(plan.updated, '~')}
        {lines(plan.deleted, '−', 'out')}
      </pre>
      {plan.unresolved.length > 0 && <p className="bad">{t('h_importMissing', { names: plan.unresolved.slice(0, 20).join(', ') })}</p>}
    </>
  )
}
