// The place to answer: now, with closing, or later; as a reply or as a note of the team.

import { ChevronDown, Lock, Reply as ReplyIcon, Sparkles } from 'lucide-react'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { filesOf, secret } from '@deskbell/core/api.ts'
import { seldom } from '@deskbell/core/typing.ts'
import { useActions } from './actions.ts'
import { useAttaching } from './attaching.ts'
import { placed } from './copilot/types.ts'
import { draft, giveBack, holdMs, keep, useDraft } from './drafts.ts'
import { LinkBox } from './linkbox.tsx'
import { addressIn, linkTo, marked } from './list.ts'
import { SendMenu } from './sendmenu.tsx'
import { Tools, type Opened } from './tools.tsx'
import { post, unanswered, wait, why, type Answer } from './outbox.ts'
import { call, live } from './server.ts'
import { exact, t } from './text.ts'
import { done } from './toast.tsx'
import type { Message } from './types.ts'

const Picker = lazy(() => import('./copilot/picker.tsx').then((m) => ({ default: m.Picker })))
const Panel = lazy(() => import('./copilot/panel.tsx').then((m) => ({ default: m.Panel })))
const Emoji = lazy(() => import('./emoji.tsx').then((m) => ({ default: m.Emoji })))

/** Takes an answer back that waits, and puts it where it was written. */
export async function takeBack(conversation: string, message: string): Promise<void> {
  const m = await call<Message>('messages.cancelScheduled', { messageId: message })
  giveBack(conversation, m.content, m.attachments)
}

export function Composer({
  id,
  last,
  visitor,
  queue,
  canClose,
  canSet,
}: {
  id: string
  last: string | undefined
  visitor: string
  /** Others wait for the connection: this one waits behind them. */
  queue: boolean
  canClose: boolean
  canSet: boolean
}) {
  const { text, files, other, note = false } = useDraft(id)
  const setNote = (v: boolean): void => keep(id, { note: v })
  const [state, set] = useState<{ busy?: boolean; bad?: string }>({})
  const { part, add } = useAttaching(id, (bad) => set({ bad }))
  const [open, setOpen] = useState<Opened>()
  const area = useRef<HTMLTextAreaElement>(null)
  const again = useRef('')
  const typing = useRef(seldom())
  useEffect(() => {
    const press = (e: KeyboardEvent): void => {
      if (e.ctrlKey || e.metaKey || e.altKey || (e.key !== 'r' && e.key !== 'n')) return
      if (/INPUT|TEXTAREA|SELECT/.test((e.target as HTMLElement).tagName) || document.querySelector('dialog[open]')) return
      e.preventDefault()
      setNote(e.key === 'n')
      area.current?.focus()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
  const shut = (back?: boolean): void => {
    setOpen(undefined)
    if (back) area.current?.focus()
  }
  function write(v: string): void {
    keep(id, { text: v })
    again.current = ''
    if (!note && v) typing.current(() => call('messages.typing', { conversationId: id }))
  }
  async function send(how: { close?: boolean; at?: number }): Promise<void> {
    setOpen(undefined)
    if ((!text.trim() && !files.length) || state.busy || part !== undefined) return
    again.current ||= secret(12)
    const delayMs = note || how.at ? 0 : holdMs()
    const answer: Answer = {
      clientId: again.current,
      conversationId: id,
      content: text,
      attachmentIds: files.map((f) => f.id),
      files,
      internal: note || undefined,
      lastSeenMessageId: note ? undefined : last,
      delayMs: delayMs || undefined,
      sendAt: how.at,
      close: (how.close && !note) || undefined,
      at: Date.now(),
    }
    const gone = (): void => {
      again.current = ''
      keep(id, { text: '', files: [], other: undefined })
      set({})
    }
    if (queue || live.status !== 'open') {
      if (wait(answer)) gone()
      else set({ bad: t('tooManyWait') })
    } else {
      set({ busy: true })
      try {
        const m = await post<Message>(answer)
        gone()
        if (how.at) done(t('sendsAt', { at: exact(how.at) }), () => takeBack(id, m.id))
        else if (delayMs) done(t('sendsSoon'), () => takeBack(id, m.id), 'send', delayMs)
      } catch (e) {
        if (unanswered(e) && wait(answer)) gone()
        else set({ bad: why(e) })
      }
    }
    area.current?.focus()
  }
  const put = (v: { text: string; from: number; to: number }): void => {
    write(v.text)
    requestAnimationFrame(() => {
      area.current?.focus()
      area.current?.setSelectionRange(v.from, v.to)
    })
  }
  const mark = (m: string): void => put(marked(text, area.current!.selectionStart, area.current!.selectionEnd, m))
  const insert = (s: string): void => {
    const { selectionStart: a, selectionEnd: b } = area.current!
    put({ text: text.slice(0, a) + s + text.slice(b), from: a + s.length, to: a + s.length })
  }
  /** Puts a link where the words are selected, as typing would, so that the browser's own undo takes it out again. */
  const link = (markdown: string, from: number, to: number): void => {
    const a = area.current!
    a.focus()
    a.setSelectionRange(from, to)
    if (!document.execCommand('insertText', false, markdown)) insert(markdown)
  }
  const span = useRef([0, 0]) // what was selected when the link was asked for: the dialog takes it away
  const askLink = (): void => {
    span.current = [area.current!.selectionStart, area.current!.selectionEnd]
    setOpen('link')
  }
  useActions('composer', [
    { key: 'link', label: t('linkDo'), run: askLink },
    { key: 'saved', label: t('c_saved'), hint: '/', run: () => setOpen('saved') },
    { key: 'copilot', label: t('c_copilot'), run: () => setOpen('copilot') },
  ])
  /** Changes the draft as typing would, so that the browser's own undo goes back too, and says how to go back. */
  function change(
    to: { text: string; from: number; to: number },
    label: string,
    kept?: { text: string; label: string; original: boolean },
  ): void {
    const before = draft(id)
    setOpen(undefined)
    const a = area.current!
    a.focus()
    a.select()
    if (!document.execCommand('insertText', false, to.text)) put(to)
    keep(id, { text: to.text, other: kept ?? before.other })
    requestAnimationFrame(() => a.setSelectionRange(to.to, to.to))
    done(label, async () => {
      if (draft(id).text !== to.text) throw new Error(t('c_changedSince'))
      keep(id, { text: before.text, other: before.other })
    })
  }
  const place = (s: string): void => {
    const a = area.current!
    change(placed(text, a.selectionStart, a.selectionEnd, s), t('c_inserted'))
  }
  const swap = (): void => {
    if (other) keep(id, { text: other.text, other: { text, label: other.label, original: !other.original } })
  }
  return (
    <>
      {open === 'link' && (
        <LinkBox
          label={text.slice(span.current[0], span.current[1])}
          onLink={(s) => {
            setOpen(undefined)
            requestAnimationFrame(() => link(s, span.current[0], span.current[1])) // when the focus is back
          }}
          onClose={() => shut(true)}
        />
      )}
      <form
        className={'composer' + (note ? ' note' : '')}
        onSubmit={(e) => {
          e.preventDefault()
          void send({})
        }}
      >
        <div className="tabs">
          <button type="button" aria-pressed={!note} onClick={() => setNote(false)}>
            <ReplyIcon size={14} />
            {t('reply')}
            <kbd aria-hidden="true">R</kbd>
          </button>
          <button type="button" aria-pressed={note} onClick={() => setNote(true)}>
            <Lock size={14} />
            {t('note')}
            <kbd aria-hidden="true">N</kbd>
          </button>
          {text && <small>{t('draft')}</small>}
        </div>
        <textarea
          ref={area}
          value={text}
          rows={Math.min(10, Math.max(2, text.split('\n').length))}
          maxLength={20000}
          aria-label={note ? t('note') : t('reply')}
          placeholder={note ? t('writeNote') : t('writeReply')}
          onChange={(e) => write(e.target.value)}
          onPaste={(e) => {
            const pasted = filesOf(e.clipboardData)
            const words = text.slice(e.currentTarget.selectionStart, e.currentTarget.selectionEnd)
            const address = e.clipboardData.getData('text/plain').trim()
            if (pasted.length) {
              e.preventDefault()
              void add(pasted)
            } else if (words.trim() && !addressIn(words) && /^https?:/i.test(address) && addressIn(address)) {
              e.preventDefault() // an address over words links them
              link(linkTo(words, address), e.currentTarget.selectionStart, e.currentTarget.selectionEnd)
            }
          }}
          onKeyDown={(e) => {
            if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
              e.preventDefault()
              void send({ close: e.shiftKey && canClose })
            }
            if (e.key === 'k' && (e.ctrlKey || e.metaKey) && e.currentTarget.selectionStart !== e.currentTarget.selectionEnd) {
              e.preventDefault()
              e.stopPropagation() // with nothing selected it is the palette's
              askLink()
            }
            if (e.key === 'Escape') e.currentTarget.blur()
            if (
              e.key === '/' &&
              !e.ctrlKey &&
              !e.metaKey &&
              !e.nativeEvent.isComposing &&
              /(^|\n)$/.test(text.slice(0, e.currentTarget.selectionStart))
            ) {
              e.preventDefault()
              setOpen('saved')
            }
          }}
        />
        {other && (
          <p className="kept">
            <Sparkles size={12} aria-hidden="true" />
            {other.original ? other.label : t('c_isOriginal')}
            <button type="button" className="link" onClick={swap}>
              {t(other.original ? 'c_showOriginal' : 'c_showChanged')}
            </button>
          </p>
        )}
        {(files.length > 0 || part !== undefined) && (
          <div className="badges">
            {files.map((f) => (
              <button
                type="button"
                className="badge"
                key={f.id}
                onClick={() => keep(id, { files: files.filter((x) => x !== f) })}
                title={t('remove')}
              >
                {f.filename} ×
              </button>
            ))}
            {part !== undefined && <span className="badge">{Math.round(part * 100)} %</span>}
          </div>
        )}
        {state.bad && (
          <p className="bad" role="alert">
            {state.bad}
          </p>
        )}
        <div className="tools">
          <Tools open={open} onOpen={(what) => (what === 'link' ? askLink() : setOpen(what))} onMark={mark} onFiles={add} />
          {open === 'saved' && (
            <Suspense>
              <Picker id={id} onPick={place} onClose={() => shut(true)} />
            </Suspense>
          )}
          {open === 'copilot' && (
            <Suspense>
              <Panel
                id={id}
                text={text}
                visitor={visitor}
                canSet={canSet}
                onInsert={place}
                onChange={(s, label) =>
                  change({ text: s, from: s.length, to: s.length }, label, { text: draft(id).text, label, original: true })
                }
                onNote={(s) => {
                  setNote(true)
                  place(s)
                }}
                onClose={() => shut(true)}
              />
            </Suspense>
          )}
          {open === 'emoji' && (
            <Suspense>
              <Emoji
                onPick={(e) => {
                  setOpen(undefined)
                  insert(e)
                }}
                onClose={() => shut(true)}
              />
            </Suspense>
          )}
          <span className="fill" />
          {!note && canClose && (
            <button
              type="button"
              className="btn wide-send"
              disabled={state.busy}
              onClick={() => {
                void send({ close: true })
              }}
            >
              {t('sendClose')}
            </button>
          )}
          <span className="split">
            <button className="btn primary" disabled={state.busy || part !== undefined}>
              {state.busy ? t('sending') : t('send')}
            </button>
            {!note && (
              <button
                type="button"
                className="btn primary"
                aria-label={t('howSend')}
                aria-haspopup="menu"
                aria-expanded={open === 'send'}
                disabled={state.busy}
                onClick={() => setOpen(open === 'send' ? undefined : 'send')}
              >
                <ChevronDown size={14} />
              </button>
            )}
            {open === 'send' && (
              <SendMenu
                canClose={canClose}
                onSend={(how) => {
                  void send(how)
                }}
                onClose={shut}
              />
            )}
          </span>
        </div>
      </form>
    </>
  )
}
