// The AI agent: whether it answers, how sure it has to be, what it did, and a place to try it.

import { useState } from 'react'
import { Empty, Field, Form, Skeleton } from './parts.tsx'
import { go } from './route.ts'
import { call, useLive } from './server.ts'
import { ago, exact, t, type Key } from './text.ts'
import type { Page } from './types.ts'

interface AgentSettings { enabled: boolean; name: string; threshold: number; maxTurns: number; handoffNotice: string | null; topics: string[]; indexed: number; pieces: number }
interface Piece { sourceId: string; title: string; heading: string; words: number; meaning: number; score: number; cited: boolean }
interface Tried { answer: string; answerHtml: string; confidence: number; threshold: number; decision: string; reason: string | null; found: Piece[] }
interface Run { id: string; conversationId: string; question: string; candidate: string; decision: string; reason: string | null; confidence: number; helpful: boolean | null; found: Piece[]; createdAt: number }
interface Summary { answered: number; handedOver: number; helpful: number; notHelpful: number }

const percent = (n: number): string => Math.round(n * 100) + ' %'
const why = (reason: string | null): string => (reason ? t((reason === 'turns' ? 'ai_turns_over' : 'ai_' + reason) as Key) : '')

export function Agent() {
  const { value: s } = useLive<AgentSettings>('aiAgent.getSettings')
  const { value: runs } = useLive<Page<Run>>('aiAgent.listRuns', { limit: 100 })
  const { value: sum } = useLive<Summary>('aiAgent.getSummary')
  if (!s) return <Skeleton />
  return <>
    <Rules key={String(s.enabled) + s.name + s.threshold + s.maxTurns} s={s} runs={runs?.items ?? []} />
    <Try />
    {sum && sum.answered + sum.handedOver > 0 && <div className="card"><h2>{t('ai_month')}</h2><dl>
      <dt>{t('ai_answered')}</dt><dd>{sum.answered} · {percent(sum.answered / (sum.answered + sum.handedOver))}</dd><dt>{t('ai_handed')}</dt><dd>{sum.handedOver}</dd>
      <dt>{t('ai_helped')}</dt><dd>{sum.helpful} / {sum.helpful + sum.notHelpful}</dd></dl></div>}
    <h2>{t('ai_review')}</h2>
    {!runs ? <Skeleton /> : runs.items.length === 0 ? <Empty title={t('ai_none')} hint={t('ai_noneHint')} /> : <Runs first={runs} />}
  </>
}

/** Settings; beside the threshold, what it would have meant for the questions of late. */
function Rules({ s, runs }: { s: AgentSettings; runs: Run[] }) {
  const [threshold, setThreshold] = useState(s.threshold)
  const judged = runs.filter((r) => r.decision === 'answered' || r.reason === 'low_confidence')
  const sent = judged.filter((r) => r.candidate && r.confidence >= threshold).length
  return (
    <div className="card"><Form submit={t('save')} action={(f) => call('aiAgent.updateSettings', {
      enabled: f.get('enabled') === 'on', name: f.get('name'), threshold, maxTurns: Number(f.get('turns')), handoffNotice: String(f.get('notice')), topics: String(f.get('topics')).split('\n'),
    })}>
      <label className="check"><input type="checkbox" name="enabled" defaultChecked={s.enabled} />{t('ai_enabled')}</label>
      <p className="faint">{t('ai_hint')} {s.pieces > 0 ? t('ai_indexed', { done: s.indexed, of: s.pieces }) : t('ai_nothing')}</p>
      <div className="row"><Field label={t('name')}><input name="name" defaultValue={s.name} required maxLength={60} /></Field><Field label={t('ai_turns')}><input name="turns" type="number" min={1} max={50} defaultValue={s.maxTurns} /></Field></div>
      <Field label={t('ai_threshold', { at: percent(threshold) })} hint={judged.length > 0 ? t('ai_whatif', { sent, of: judged.length }) : t('ai_thresholdHint')}>
        <input type="range" min={0.3} max={0.95} step={0.05} value={threshold} onChange={(e) => setThreshold(Number(e.target.value))} /></Field>
      <Field label={t('ai_topics')} hint={t('ai_topicsHint')}><textarea name="topics" rows={3} defaultValue={s.topics.join('\n')} /></Field>
      <Field label={t('ai_notice')} hint={t('ai_noticeHint')}><textarea name="notice" rows={2} maxLength={1000} defaultValue={s.handoffNotice ?? ''} /></Field>
    </Form></div>
  )
}

function Try() {
  const [out, set] = useState<Tried>()
  return (
    <div className="card"><h2>{t('ai_try')}</h2>
      <Form submit={t('ai_ask')} wide action={async (f) => set(await call<Tried>('aiAgent.ask', { question: f.get('question') }))}>
        <Field label={t('ai_question')}><input name="question" required maxLength={2000} /></Field></Form>
      {out && <div role="status">
        <p><b>{out.decision === 'answered' ? t('ai_would') : t('ai_wouldNot')}</b> {why(out.reason)} {t('ai_sure', { at: percent(out.confidence) })}</p>
        {out.answer && <div className="well" dangerouslySetInnerHTML={{ __html: out.answerHtml }} />}
        <Found list={out.found} /></div>}
    </div>
  )
}

function Found({ list }: { list: Piece[] }) {
  if (!list.length) return null
  return (
    <table><thead><tr><th>{t('ai_found')}</th><th className="end">{t('ai_words')}</th><th className="end">{t('ai_meaning')}</th></tr></thead><tbody>
      {list.map((p, i) => <tr key={i}><td>{p.cited ? <b>{p.title}</b> : p.title}{p.heading && <small> {p.heading}</small>}</td><td className="end">{p.words.toFixed(1)}</td><td className="end">{p.meaning.toFixed(2)}</td></tr>)}
    </tbody></table>
  )
}

function Runs({ first }: { first: Page<Run> }) {
  const [older, setOlder] = useState<Page<Run>>()
  const rows = [...first.items, ...(older?.items ?? [])]
  const next = older ? older.nextCursor : first.nextCursor
  return <>
    <table><tbody>{rows.map((r) => <tr key={r.id}>
      <td><button className="link" onClick={() => go('/app/inbox/all/' + r.conversationId)}>{r.question.slice(0, 140)}</button></td>
      <td>{r.decision === 'answered' ? t('ai_answered') : why(r.reason)}{r.helpful !== null && <span className="badge">{r.helpful ? t('ai_good') : t('ai_bad')}</span>}</td>
      <td className="end">{percent(r.confidence)}</td><td className="end"><small title={exact(r.createdAt)}>{ago(r.createdAt)}</small></td></tr>)}</tbody></table>
    {next && <button className="btn" onClick={() => { void call<Page<Run>>('aiAgent.listRuns', { limit: 100, before: next }).then((p) => setOlder((o) => ({ items: [...(o?.items ?? []), ...p.items], nextCursor: p.nextCursor }))) }}>{t('more')}</button>}
  </>
}
