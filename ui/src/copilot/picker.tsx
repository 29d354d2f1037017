// Saved replies and articles, found while one types, to put into an answer.

import { BookOpen, CornerDownLeft, Lock, MessageSquareQuote, Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { said } from '../parts.tsx'
import { call } from '../server.ts'
import { t } from '../text.ts'
import './copilot.css'
import type { Item } from './types.ts'

export const linkOf = (i: Item): string => `[${i.title.replaceAll('[', '(').replaceAll(']', ')')}](${i.url ?? ''})`

export function Picker({ id, onPick, onClose }: { id: string; onPick: (text: string) => void; onClose: () => void }) {
  const [q, setQ] = useState('')
  const [at, setAt] = useState(0)
  const [items, set] = useState<Item[]>()
  const [bad, setBad] = useState('')
  const box = useRef<HTMLDivElement>(null)
  const known = useRef<string>(undefined) // what the list is the answer to
  const waiting = useRef(false) // Enter was faster than the answer
  useEffect(() => {
    let live = true
    const timer = setTimeout(
      () => {
        call<{ items: Item[] }>('copilot.find', { conversationId: id, q }).then(
          (r) => {
            if (!live) return
            const list = r.items.filter((i) => i.text || i.url)
            known.current = q
            set(list)
            setAt(0)
            setBad('')
            if (waiting.current) pick(list[0])
            waiting.current = false
          },
          (e: unknown) => {
            if (live) setBad(said(e))
          },
        )
      },
      q ? 80 : 0,
    )
    return () => {
      live = false
      clearTimeout(timer)
    }
  }, [q])
  useEffect(() => {
    const away = (e: PointerEvent): void => {
      if (!box.current?.contains(e.target as Node)) onClose()
    }
    addEventListener('pointerdown', away)
    return () => removeEventListener('pointerdown', away)
  }, [])
  const pick = (i?: Item): void => {
    if (i) onPick(i.text || linkOf(i))
  }
  const move = (to: number): void => {
    setAt(to)
    requestAnimationFrame(() => box.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }))
  }
  const list = items ?? []
  return (
    <div className="assist" ref={box} role="dialog" aria-label={t('c_saved')}>
      <div className="ask">
        <Search size={16} aria-hidden="true" />
        <input
          value={q}
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls="c-found"
          aria-activedescendant={list[at] && 'c-' + list[at].id}
          aria-label={t('c_pick')}
          placeholder={t('c_pick')}
          maxLength={200}
          onChange={(e) => setQ(e.target.value)}
          onKeyDown={(e) => {
            if (e.key === 'Escape') {
              e.stopPropagation()
              onClose()
            }
            if (e.key === 'ArrowDown') {
              e.preventDefault()
              move(Math.min(at + 1, list.length - 1))
            }
            if (e.key === 'ArrowUp') {
              e.preventDefault()
              move(Math.max(at - 1, 0))
            }
            if (e.key === 'Enter') {
              e.preventDefault()
              if (known.current === q) pick(list[at])
              else waiting.current = true
            }
            if (e.key === 'Backspace' && !q) onClose()
            if (e.key === '/' && !q) {
              e.preventDefault()
              onPick('/')
            }
          }}
        />
        <kbd>Esc</kbd>
      </div>
      {bad && (
        <p className="bad pad" role="alert">
          {bad}
        </p>
      )}
      <div className="options" role="listbox" id="c-found" aria-label={t('c_saved')} tabIndex={-1}>
        {list.map((i, k) => (
          <div key={i.id} role="option" id={'c-' + i.id} aria-selected={k === at} onMouseMove={() => setAt(k)} onClick={() => pick(i)}>
            {i.source === 'saved_reply' ? (
              <MessageSquareQuote size={16} aria-hidden="true" />
            ) : i.teamOnly ? (
              <Lock size={16} aria-hidden="true" />
            ) : (
              <BookOpen size={16} aria-hidden="true" />
            )}
            <span>{i.title}</span>
            <small className="grow">{i.excerpt}</small>
            {i.shortcut && <kbd>/{i.shortcut}</kbd>}
            {k === at && <CornerDownLeft size={14} aria-hidden="true" />}
          </div>
        ))}
        {items && list.length === 0 && <p className="faint">{q ? t('c_noneFound') : t('c_noReplies')}</p>}
      </div>
    </div>
  )
}
