// What a visitor wrote in another language, in that of whoever reads: asked for with one click, once for the whole team; the
// original is one click away again.

import { Languages } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { said } from '../parts.tsx'
import { go } from '../route.ts'
import { call, useLive } from '../server.ts'
import { t, tongue, useLanguage } from '../text.ts'
import type { ModelState } from './types.ts'

export interface Translated {
  messageId: string
  from: string
  html: string | null
}
interface Translations {
  visitor: string
  items: Translated[]
}
export interface Reader {
  visitor: string
  items: Map<string, Translated>
  original: Set<string>
  busy: string
  bad: string
  all: boolean
  ready: boolean
  translate: (message: string) => void
  flip: (message: string) => void
  setAll: (on: boolean) => void
}

/** Conversations that are being read in translation, until the page is loaded again. */
const whole = new Set<string>()

/** Reads a conversation in one's own language. */
export function useReader(id: string): Reader {
  const to = useLanguage()
  const { value } = useLive<Translations>('copilot.getTranslations', { conversationId: id, to })
  const { value: model } = useLive<ModelState>('aiAgent.getModel')
  const [original, setOriginal] = useState<Set<string>>(new Set())
  const [busy, setBusy] = useState('')
  const [bad, setBad] = useState('')
  const [all, setState] = useState(whole.has(id))
  const setAll = (on: boolean): void => {
    if (on) whole.add(id)
    else whole.delete(id)
    setBad('')
    setOriginal(new Set())
    setState(on)
  }
  useEffect(() => {
    setState(whole.has(id))
    setOriginal(new Set())
    setBad('')
    setBusy('')
  }, [id])
  const ready = model?.ready ?? false
  const translate = (message: string): void => {
    if (model && !ready) {
      setBad('model')
      return
    }
    setBusy(message)
    setBad('')
    call('copilot.translateMessage', { conversationId: id, messageId: message, to })
      .catch((e: unknown) => {
        setBad(said(e))
        if (whole.delete(id)) setState(false)
      })
      .finally(() => setBusy(''))
  }
  const next = all && !busy && !bad ? value?.items.findLast((x) => x.html === null)?.messageId : undefined
  useEffect(() => {
    if (next) translate(next)
  }, [next])
  return {
    visitor: value?.visitor ?? '',
    items: new Map((value?.items ?? []).map((x) => [x.messageId, x])),
    original,
    busy,
    bad,
    all,
    ready,
    translate,
    setAll,
    flip: (m) => {
      const s = new Set(original)
      if (!s.delete(m)) s.add(m)
      setOriginal(s)
    },
  }
}

/** Whether a message is shown in translation now. A single one that was asked for is; all of them, where the reader wants that. */
export const inTranslation = (r: Reader, message: string): string | null => {
  const x = r.items.get(message)
  return x?.html && !r.original.has(message) ? x.html : null
}

/** Under a message in another language: what it was, and the way to the other text. */
export function Translation({ r, message }: { r: Reader; message: string }): ReactNode {
  const x = r.items.get(message)
  if (!x) return null
  if (x.html === null)
    return (
      <button type="button" className="link tiny" disabled={r.busy !== ''} onClick={() => r.translate(message)}>
        <Languages size={12} aria-hidden="true" />
        {t(r.busy === message ? 'c_working' : 'c_translate')}
      </button>
    )
  const shown = !r.original.has(message)
  return (
    <p className="tiny">
      <Languages size={12} aria-hidden="true" />
      {x.from ? t(shown ? 'c_from' : 'c_isIn', { language: tongue(x.from) }) : t(shown ? 'c_isTranslated' : 'c_isOriginalOf')}
      <button type="button" className="link" onClick={() => r.flip(message)}>
        {t(shown ? 'c_showOriginal' : 'c_showTranslation')}
      </button>
    </p>
  )
}

/** Above the place to answer, where there is something to translate: who writes in which language, and all of it at once. */
export function Foreign({ r, name, canSet }: { r: Reader; name: string; canSet: boolean }): ReactNode {
  const mine = useLanguage()
  const rest = r.visitor !== mine && [...r.items.values()].some((x) => x.html === null)
  if (!r.bad && !r.all && !rest) return null
  const from = r.visitor || [...r.items.values()].at(-1)?.from
  return (
    <div className={'foreign' + (r.bad ? ' trouble' : '')} role={r.bad ? 'alert' : 'status'}>
      <Languages size={16} aria-hidden="true" />
      <span className="grow">
        {r.bad === 'model' ? (
          <>
            <b>{t('c_needsModel')}.</b> {!canSet && t('c_translateAsk')}
          </>
        ) : (
          r.bad || (from ? t('c_writesIn', { name, language: tongue(from) }) : t('c_writesOther', { name }))
        )}
      </span>
      {r.bad === 'model' && canSet && (
        <button type="button" className="btn small" onClick={() => go('/app/settings/ai')}>
          {t('c_setModel')}
        </button>
      )}
      {r.bad !== 'model' && (
        <button
          type="button"
          className="btn small"
          aria-pressed={r.all}
          onClick={() => (r.ready || r.all ? r.setAll(!r.all) : r.translate([...r.items.keys()][0] ?? ''))}
        >
          {t(r.all ? 'c_translateStop' : 'c_translateAll')}
        </button>
      )}
    </div>
  )
}
