// When a person takes over, what visitors are told then, and when people are there.

import { useState } from 'react'
import { Field, Form } from '../parts.tsx'
import { call } from '../server.ts'
import { t } from '../text.ts'
import { listed, type AgentSettings, type Open, type Save } from './types.ts'

const clock = (minutes: number): string => String(Math.floor(minutes / 60)).padStart(2, '0') + ':' + String(minutes % 60).padStart(2, '0')
const minutes = (s: string): number => Number(s.slice(0, 2)) * 60 + Number(s.slice(3, 5))
const week = [1, 2, 3, 4, 5, 6, 0] // Monday first
const dayName = (day: number): string =>
  new Intl.DateTimeFormat(document.documentElement.lang || 'en', { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2026, 1, 1 + day)) // a Sunday

/** Rules as lines: "plan = enterprise"; without a value, whoever has the attribute. */
const toRules = (lines: string[]): Array<{ attribute: string; value: string }> =>
  lines.map((l) => {
    const at = l.indexOf('=')
    return { attribute: (at < 0 ? l : l.slice(0, at)).trim(), value: at < 0 ? '' : l.slice(at + 1).trim() }
  })
const fromRules = (rules: Array<{ attribute: string; value: string }>): string =>
  rules.map((r) => r.attribute + (r.value ? ' = ' + r.value : '')).join('\n')

type Handing = Pick<AgentSettings, 'handoffNotice' | 'awayNotice' | 'topics' | 'rules' | 'hours'>

export function HandOver({ s, save }: { s: Handing; save: Save<AgentSettings> }) {
  const [always, setAlways] = useState(s.hours === null)
  const [zone, setZone] = useState(s.hours?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone)
  const [days, setDays] = useState<Open[]>(s.hours?.days ?? week.slice(0, 5).map((day) => ({ day, from: 540, to: 1020 })))
  const change = (day: number, open?: Partial<Open>): void =>
    setDays((all) => {
      const was = all.find((d) => d.day === day)
      const rest = all.filter((d) => d.day !== day)
      return open ? [...rest, { day, from: 540, to: 1020, ...was, ...open }] : rest
    })
  return (
    <section className="card" aria-labelledby="a-hand">
      <h2 id="a-hand">{t('a_hand')}</h2>
      <Form
        submit={t('save')}
        action={(f) =>
          save(
            call<AgentSettings>('aiAgent.updateSettings', {
              topics: listed(f.get('topics')),
              rules: toRules(listed(f.get('rules'))),
              handoffNotice: String(f.get('notice')),
              awayNotice: String(f.get('away') ?? ''),
              hours: always ? { zone: '', days: [] } : { zone, days },
            }),
          )
        }
      >
        <Field label={t('ai_topics')} hint={t('ai_topicsHint')}>
          <textarea name="topics" rows={2} defaultValue={s.topics.join('\n')} />
        </Field>
        <Field label={t('a_rules')} hint={t('a_rulesHint')}>
          <textarea name="rules" rows={2} defaultValue={fromRules(s.rules)} placeholder="plan = enterprise" />
        </Field>
        <Field label={t('ai_notice')} hint={t('ai_noticeHint')}>
          <textarea name="notice" rows={2} maxLength={1000} defaultValue={s.handoffNotice ?? ''} />
        </Field>
        <label className="check">
          <input type="checkbox" checked={!always} onChange={(e) => setAlways(!e.target.checked)} />
          {t('a_hours')}
        </label>
        {!always && (
          <fieldset className="hours">
            <legend className="sr">{t('a_hours')}</legend>
            <Field label={t('a_zone')}>
              <select value={zone} onChange={(e) => setZone(e.target.value)}>
                {[...new Set([zone, 'UTC', ...Intl.supportedValuesOf('timeZone')])].map((z) => (
                  <option key={z}>{z}</option>
                ))}
              </select>
            </Field>
            {week.map((day) => {
              const open = days.find((d) => d.day === day)
              return (
                <div className="day" key={day}>
                  <label className="check">
                    <input type="checkbox" checked={!!open} onChange={(e) => change(day, e.target.checked ? {} : undefined)} />
                    {dayName(day)}
                  </label>
                  {open ? (
                    <span>
                      <input
                        type="time"
                        aria-label={t('a_from', { day: dayName(day) })}
                        value={clock(open.from)}
                        required
                        onChange={(e) => change(day, { from: minutes(e.target.value) })}
                      />{' '}
                      –{' '}
                      <input
                        type="time"
                        aria-label={t('a_to', { day: dayName(day) })}
                        value={clock(Math.min(open.to, 1439))}
                        required
                        onChange={(e) => change(day, { to: e.target.value === '23:59' ? 1440 : minutes(e.target.value) })}
                      />
                    </span>
                  ) : (
                    <span className="faint">{t('a_closed')}</span>
                  )}
                </div>
              )
            })}
            <Field label={t('a_away')} hint={t('ai_noticeHint')}>
              <textarea name="away" rows={2} maxLength={1000} defaultValue={s.awayNotice ?? ''} />
            </Field>
          </fieldset>
        )}
      </Form>
    </section>
  )
}
