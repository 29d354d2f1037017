// Whether the agent's confidence means what it says: how sure it was against how often it was judged right.

import { t } from '../text.ts'
import { percent, type Report } from './types.ts'

const side = 260
const left = 38
const top = 10
const x = (n: number): number => left + n * side
const y = (n: number): number => top + (1 - n) * side
const ticks = [0, 0.25, 0.5, 0.75, 1]

export function Plot({ r }: { r: Report }) {
  const full = r.buckets.filter((b) => b.count > 0)
  if (full.length === 0) return <p className="faint">{t('c_notJudged')}</p>
  const most = Math.max(...full.map((b) => b.count))
  return (
    <>
      <svg className="plot" viewBox={`0 0 ${left + side + 12} ${top + side + 38}`} role="img" aria-label={t('c_plotSays', { n: r.judged })}>
        {ticks.map((n) => (
          <g key={n}>
            <line className="grid" x1={x(0)} x2={x(1)} y1={y(n)} y2={y(n)} />
            <text x={left - 6} y={y(n) + 4} textAnchor="end">
              {Math.round(n * 100)}
            </text>
            <text x={x(n)} y={y(0) + 16} textAnchor="middle">
              {Math.round(n * 100)}
            </text>
          </g>
        ))}
        <line className="ideal" x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} />
        {full.map((b) => (
          <g key={b.from}>
            <title>{t('c_bucket', { from: percent(b.from), to: percent(b.to), right: b.right, n: b.count })}</title>
            <line className="whisker" x1={x(b.said)} x2={x(b.said)} y1={y(b.low)} y2={y(b.high)} />
            <circle cx={x(b.said)} cy={y(b.right / b.count)} r={4 + 4 * Math.sqrt(b.count / most)} />
          </g>
        ))}
        <text x={x(0.5)} y={y(0) + 34} textAnchor="middle">
          {t('c_axisSure')}
        </text>
      </svg>
      <p className="faint">
        {t('c_plotHint', { n: r.judged })}
        {r.judged < 30 && ' ' + t('c_few')}
      </p>
      <details>
        <summary>{t('c_asTable')}</summary>
        <table className="ledger">
          <thead>
            <tr>
              <th>{t('c_axisSure')}</th>
              <th className="end">{t('c_judgedN')}</th>
              <th className="end">{t('c_v_right')}</th>
              <th className="end">{t('c_bounds')}</th>
            </tr>
          </thead>
          <tbody>
            {full.map((b) => (
              <tr key={b.from}>
                <td>
                  {percent(b.from)}–{percent(b.to)}
                </td>
                <td className="end">{b.count}</td>
                <td className="end">{percent(b.right / b.count)}</td>
                <td className="end">
                  {percent(b.low)}–{percent(b.high)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  )
}
