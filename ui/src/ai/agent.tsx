// The AI agent's settings: whether it answers and how sure it has to be, the model it speaks with, how it speaks, and when a
// person takes over.

import { useState } from 'react'
import { tried, type Report } from '../copilot/types.ts'
import { Following } from '../following.tsx'
import { Field, Form, Skeleton } from '../parts.tsx'
import { go } from '../route.ts'
import { call, useLive } from '../server.ts'
import { t } from '../text.ts'
import type { Membership } from '../types.ts'
import './ai.css'
import { Embedder } from './embedder.tsx'
import { HandOver } from './handover.tsx'
import { Model } from './model.tsx'
import { Try } from './try.tsx'
import { pick, type AgentSettings, type Save } from './types.ts'
import { Voice } from './voice.tsx'

const percent = (n: number): string => Math.round(n * 100) + ' %'

export function Agent({ here }: { here: Membership }) {
  const can = (p: string): boolean => here.permissions.includes(p)
  const { value: s } = useLive<AgentSettings>('aiAgent.getSettings')
  if (!s) return <Skeleton />
  return (
    <div className="agent">
      <Following value={pick(s, ['enabled', 'name', 'threshold', 'maxTurns'])}>
        {(v, save) => <Answers s={{ ...s, ...v }} can={can} save={save} />}
      </Following>
      {can('settings.integrations') && <Model />}
      <Following value={pick(s, ['useModel', 'instructions', 'tone', 'language', 'guidance', 'neverSay', 'linkOrigins'])}>
        {(v, save) => <Voice s={v} save={save} />}
      </Following>
      <Following value={pick(s, ['handoffNotice', 'awayNotice', 'topics', 'rules', 'hours'])}>
        {(v, save) => <HandOver s={v} save={save} />}
      </Following>
      {can('settings.integrations') && <Embedder />}
      {can('conversations.read') && <Try />}
    </div>
  )
}

/** Whether it answers; beside the threshold, what it would have meant for conversations of late. */
function Answers({ s, can, save }: { s: AgentSettings; can: (p: string) => boolean; save: Save<AgentSettings> }) {
  const [threshold, setThreshold] = useState(s.threshold)
  const { value: report } = useLive<Report>(can('conversations.read') ? 'aiAgent.getReport' : null)
  const then = report && tried(report.outcomes, threshold)
  const judged = then ? then.answered + then.person : 0
  return (
    <section className="card" aria-labelledby="a-answers">
      <h2 id="a-answers">{t('a_answers')}</h2>
      <Form
        submit={t('save')}
        action={(f) =>
          save(
            call<AgentSettings>('aiAgent.updateSettings', {
              enabled: f.get('enabled') === 'on',
              name: f.get('name'),
              threshold,
              maxTurns: Number(f.get('turns')),
            }),
          )
        }
      >
        <label className="check">
          <input type="checkbox" name="enabled" defaultChecked={s.enabled} />
          {t('ai_enabled')}
        </label>
        <p className="faint">
          {t('a_hint')} {s.pieces > 0 ? t('ai_indexed', { done: s.indexed, of: s.pieces }) : t('ai_nothing')}
        </p>
        <div className="row">
          <Field label={t('name')}>
            <input name="name" defaultValue={s.name} required maxLength={60} />
          </Field>
          <Field label={t('ai_turns')}>
            <input name="turns" type="number" min={1} max={50} defaultValue={s.maxTurns} />
          </Field>
        </div>
        <Field
          label={t('ai_threshold', { at: percent(threshold) })}
          hint={then && judged > 0 ? t('a_whatif', { sent: then.answered, of: judged }) : t('ai_thresholdHint')}
        >
          <input type="range" min={0.3} max={0.95} step={0.05} value={threshold} onChange={(e) => setThreshold(Number(e.target.value))} />
        </Field>
      </Form>
      {can('conversations.read') && (
        <p>
          <button className="link" onClick={() => go('/app/ai')}>
            {t('a_how')}
          </button>
        </p>
      )}
    </section>
  )
}
