// The copilot beside the composer: what fits the last question, a draft, a summary, other words, another language. It only ever
// writes into the draft.

import { BookOpen, Languages, Lock, MessageSquareQuote, MessagesSquare, PenLine, Sparkles, TextQuote, X } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { said, Skeleton } from '../parts.tsx'
import { go } from '../route.ts'
import { call, useLive } from '../server.ts'
import { t, tongue, type Key } from '../text.ts'
import './copilot.css'
import { linkOf } from './picker.tsx'
import { percent, type Drafted, type Item, type ModelState, type Suggested, type Summed } from './types.ts'

interface Props {
  id: string
  text: string
  visitor: string
  canSet: boolean
  onInsert: (text: string) => void
  onChange: (text: string, label: string) => void
  onNote: (text: string) => void
  onClose: () => void
}
type Shown =
  | { kind: 'suggest'; value?: Suggested }
  | { kind: 'draft'; value: Drafted }
  | { kind: 'sum'; value: Summed }
  | { kind: 'model' }
  | { kind: 'bad'; why: string }

const tongues = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'sv', 'da', 'tr', 'uk', 'ar', 'zh', 'ja']
const styles = ['shorter', 'friendlier', 'formal', 'fix'] as const

export function Panel({ id, text, visitor, canSet, onInsert, onChange, onNote, onClose }: Props) {
  const { value: model } = useLive<ModelState>('aiAgent.getModel')
  const [shown, show] = useState<Shown>({ kind: 'suggest' })
  const [busy, setBusy] = useState('')
  const box = useRef<HTMLDivElement>(null)
  const work = (what: string, then: () => Promise<void>): void => {
    setBusy(what)
    then()
      .catch((e: unknown) => show({ kind: 'bad', why: said(e) }))
      .finally(() => setBusy(''))
  }
  const suggest = (): void =>
    work('suggest', async () => show({ kind: 'suggest', value: await call<Suggested>('copilot.suggest', { conversationId: id }) }))
  useEffect(() => {
    suggest()
    box.current?.focus()
    const away = (e: PointerEvent): void => {
      if (!(e.target as Element).closest('.composer')) onClose()
    }
    addEventListener('pointerdown', away)
    return () => removeEventListener('pointerdown', away)
  }, [id])
  const rewrite = (door: 'copilot.rewrite' | 'copilot.translate', args: object, label: string): void => {
    if (model && !model.ready) {
      show({ kind: 'model' })
      return
    }
    work(label, async () => onChange((await call<{ text: string }>(door, { text, ...args })).text, label))
  }
  const empty = !text.trim()
  const button = (icon: ReactNode, label: string, run: () => void, off = false): ReactNode => (
    <button
      type="button"
      className="btn small"
      key={label}
      disabled={off || busy !== ''}
      title={off ? t('c_writeFirst') : undefined}
      onClick={run}
    >
      {icon}
      {busy === label ? t('c_working') : label}
    </button>
  )
  return (
    <div
      className="assist"
      ref={box}
      role="dialog"
      aria-label={t('c_copilot')}
      tabIndex={-1}
      onKeyDown={(e) => {
        if (e.key === 'Escape') {
          e.stopPropagation()
          onClose()
        }
      }}
    >
      <div className="assist-head">
        <Sparkles size={16} aria-hidden="true" />
        <b className="grow">{t('c_copilot')}</b>
        <button type="button" className="icon" aria-label={t('closeIt')} onClick={onClose}>
          <X size={16} />
        </button>
      </div>
      <div className="assist-tools">
        {button(<TextQuote size={14} />, t('c_suggest'), suggest)}
        {button(<PenLine size={14} />, t('c_draft'), () =>
          work(t('c_draft'), async () => show({ kind: 'draft', value: await call<Drafted>('copilot.draft', { conversationId: id }) })),
        )}
        {button(<MessagesSquare size={14} />, t('c_sum'), () =>
          work(t('c_sum'), async () => show({ kind: 'sum', value: await call<Summed>('copilot.summarize', { conversationId: id }) })),
        )}
        <i className="split-line" aria-hidden="true" />
        {styles.map((s) => button(null, t(`c_${s}`), () => rewrite('copilot.rewrite', { style: s }, t(`c_${s}`)), empty))}
        {visitor &&
          button(
            <Languages size={14} />,
            t('c_toVisitor', { language: tongue(visitor) }),
            () => rewrite('copilot.translate', { conversationId: id, to: visitor }, t('c_inLanguage', { language: tongue(visitor) })),
            empty,
          )}
        <label className="btn small pick" aria-disabled={empty}>
          <Languages size={14} aria-hidden="true" />
          {t('c_translate')}
          <select
            aria-label={t('c_translateTo')}
            value=""
            disabled={empty || busy !== ''}
            onChange={(e) => rewrite('copilot.translate', { to: e.target.value }, t('c_inLanguage', { language: tongue(e.target.value) }))}
          >
            <option value="" disabled>
              {t('c_translateTo')}
            </option>
            {tongues.map((l) => (
              <option key={l} value={l}>
                {tongue(l)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div className="assist-body" aria-live="polite" aria-busy={busy !== ''}>
        {shown.kind === 'bad' ? (
          <p className="bad" role="alert">
            {shown.why}
          </p>
        ) : shown.kind === 'model' ? (
          <div className="notice">
            <b>{t('c_needsModel')}</b>
            <p>{t(canSet ? 'c_needsModelDo' : 'c_needsModelAsk')}</p>
            {canSet && (
              <button type="button" className="btn" onClick={() => go('/app/settings/ai')}>
                {t('c_setModel')}
              </button>
            )}
          </div>
        ) : shown.kind === 'draft' ? (
          <Draft d={shown.value} onInsert={onInsert} />
        ) : shown.kind === 'sum' ? (
          <>
            <div className="said" tabIndex={0} dangerouslySetInnerHTML={{ __html: shown.value.summaryHtml }} />
            <How how={shown.value.how} why={shown.value.why} kind="sum" />
            <div className="row">
              <button type="button" className="btn primary" onClick={() => onNote(shown.value.summary)}>
                {t('c_asNote')}
              </button>
            </div>
          </>
        ) : !shown.value ? (
          <Skeleton rows={3} height={52} />
        ) : shown.value.items.length === 0 ? (
          <p className="faint">{t('c_nothingFits')}</p>
        ) : (
          <>
            <p className="faint clip-line">{t('c_for', { question: shown.value.question })}</p>
            <ul className="plain fits">
              {shown.value.items.map((i) => (
                <Fit key={i.source + i.id} i={i} onInsert={onInsert} />
              ))}
            </ul>
          </>
        )}
      </div>
    </div>
  )
}

/** How something was made; what a model could not do is said. */
export function How({ how, why, kind }: { how: 'extractive' | 'model'; why: string | null; kind: 'draft' | 'sum' | 'article' }) {
  return (
    <p className="how">
      <span className={'badge' + (how === 'model' ? ' ai' : '')}>{how === 'model' ? t('c_byModel') : t('c_ownWords')}</span>{' '}
      <small>{why ? t('c_modelFailed', { why }) : how === 'model' ? t('c_checkIt') : t(`c_own_${kind}`)}</small>
    </p>
  )
}

function Draft({ d, onInsert }: { d: Drafted; onInsert: (text: string) => void }) {
  if (!d.content) return <p className="faint">{t('c_noDraft')}</p>
  return (
    <>
      <div className="said" tabIndex={0} dangerouslySetInnerHTML={{ __html: d.contentHtml }} />
      <How how={d.how} why={d.why} kind="draft" />
      <div className="row">
        <button type="button" className="btn primary" onClick={() => onInsert(d.content)}>
          {t('c_insertDraft')}
        </button>
        <span className="badges">
          <small>{t('sources')}</small>
          {d.sources.map((i) => (
            <Origin key={i.id} i={i} />
          ))}
        </span>
      </div>
    </>
  )
}

const icons = { article: BookOpen, internal_article: Lock, saved_reply: MessageSquareQuote, conversation: MessagesSquare }
export const placeOf = (source: string, id: string): string =>
  source === 'conversation' ? '/app/inbox/all/' + id : source === 'saved_reply' ? '/app/settings/replies' : '/app/help/' + id

/** What something rests on, as a link to where it stands. */
function Origin({ i }: { i: Item }) {
  const to = placeOf(i.source, i.id)
  return (
    <a
      className="badge"
      href={to}
      onClick={(e) => {
        e.preventDefault()
        go(to)
      }}
    >
      {i.title}
    </a>
  )
}

function Fit({ i, onInsert }: { i: Item; onInsert: (text: string) => void }) {
  const Icon = icons[i.source]
  const to = placeOf(i.source, i.id)
  return (
    <li>
      <Icon size={16} aria-hidden="true" />
      <div className="grow">
        <b>{i.title}</b>
        <p>{i.excerpt}</p>
        <span className="badges">
          <span className="badge">{t(`c_from_${i.source}` as Key)}</span>
          {i.confidence > 0 && (
            <span className="badge" title={t('c_fitsHint')}>
              {t('c_fits', { n: percent(i.confidence) })}
            </span>
          )}
        </span>
      </div>
      <span className="deeds">
        {i.text && (
          <button type="button" className="btn small" onClick={() => onInsert(i.text)} aria-label={t('c_insertThis', { what: i.title })}>
            {t('c_insert')}
          </button>
        )}
        {i.url && (
          <button type="button" className="btn small" onClick={() => onInsert(linkOf(i))} aria-label={t('c_linkThis', { what: i.title })}>
            {t('c_link')}
          </button>
        )}
        <button type="button" className="link" onClick={() => go(to)} aria-label={t('c_openThis', { what: i.title })}>
          {t('c_open')}
        </button>
      </span>
    </li>
  )
}
