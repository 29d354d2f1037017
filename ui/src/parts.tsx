// Small pieces that every screen is made of.

import { X } from 'lucide-react'
import { useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { CallError } from './server.ts'
import { t } from './text.ts'

export function Face({ id, name, size = 28, online }: { id: string; name: string; size?: number; online?: boolean }) {
  let h = 0
  for (const c of id) h = (h * 31 + c.charCodeAt(0)) >>> 0
  const n = (h % 6) + 1
  const initials = name
    .split(/[\s@._-]+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((w) => w[0])
    .join('')
    .toUpperCase()
  return (
    <span
      className="face"
      style={{ width: size, height: size, background: `var(--face-${n})`, color: `var(--face-${n}-ink)`, fontSize: size * 0.38 }}
      aria-hidden="true"
    >
      {initials}
      {online && <i />}
    </span>
  )
}

/** The colour of a tag, if it has one. */
export function Dot({ color }: { color: string }) {
  return color ? <i className="dot" style={{ background: color }} aria-hidden="true" /> : null
}

export function Empty({ title, hint, children }: { title: string; hint: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <div>
        <b>{title}</b>
        <p>{hint}</p>
        {children}
      </div>
    </div>
  )
}

export function Skeleton({ rows = 6, height = 64 }: { rows?: number; height?: number }) {
  return (
    <div aria-hidden="true">
      {Array.from({ length: rows }, (_, i) => (
        <div className="skeleton" style={{ height: height - 12 }} key={i} />
      ))}
    </div>
  )
}

/** What a person may read of a failure; fields say what is wrong with them. */
export function said(e: unknown): string {
  if (!(e instanceof CallError)) return String(e)
  return e.problem.errors?.[0]?.message && e.problem.code === 'invalid'
    ? e.problem.errors.map((x) => x.message).join(' ')
    : e.problem.detail
}

export function Field({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <label className="field">
      <span>{label}</span>
      {children}
      {hint && <small>{hint}</small>}
    </label>
  )
}

/** A form that says what went wrong, and that it was saved. */
export function Form({
  action,
  submit,
  children,
  wide,
  reset,
}: {
  action: (values: FormData) => Promise<unknown>
  submit: string
  children: ReactNode
  wide?: boolean
  reset?: boolean
}) {
  const [state, set] = useState<{ busy?: boolean; bad?: string; good?: boolean }>({})
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        set({ busy: true })
        const form = e.currentTarget
        action(new FormData(form)).then(
          () => {
            set({ good: true })
            if (reset) form.reset()
          },
          (x: unknown) => set({ bad: said(x) }),
        )
      }}
    >
      {children}
      {state.bad && (
        <p className="bad" role="alert">
          {state.bad}
        </p>
      )}
      <div className="row">
        <button className={'btn primary' + (wide ? ' wide' : '')} disabled={state.busy}>
          {submit}
        </button>
        {state.good && !wide && (
          <span className="good" role="status">
            {t('saved')}
          </span>
        )}
      </div>
    </form>
  )
}

export function Dialog({
  title,
  onClose,
  children,
  wide,
  bare,
}: {
  title: string
  onClose: () => void
  children: ReactNode
  wide?: boolean
  bare?: boolean
}) {
  const ref = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    return () => dialog?.close() // gives the focus back to where it was
  }, [])
  return (
    <dialog
      ref={ref}
      className={wide ? 'wide' : undefined}
      onClose={onClose}
      aria-label={title}
      onClick={(e) => {
        if (e.target === ref.current) onClose()
      }}
    >
      <div className={'dialog' + (bare ? ' bare' : '')}>
        {!bare && (
          <div className="dialog-head">
            <h2>{title}</h2>
            <button type="button" className="icon" aria-label={t('closeIt')} onClick={onClose}>
              <X size={16} />
            </button>
          </div>
        )}
        {children}
      </div>
    </dialog>
  )
}

export function Copy({ text }: { text: string }) {
  const [done, set] = useState(false)
  return (
    <button
      type="button"
      className="btn"
      onClick={() => {
        void navigator.clipboard.writeText(text).then(() => set(true))
      }}
    >
      {done ? t('copied') : t('copy')}
    </button>
  )
}

/** Asks before something is gone for good. The safe answer has the focus. */
export function Sure({ title, hint, act, onYes, onNo }: { title: string; hint: string; act: string; onYes: () => void; onNo: () => void }) {
  return (
    <Dialog title={title} onClose={onNo}>
      <p>{hint}</p>
      <div className="row end">
        <button className="btn" autoFocus onClick={onNo}>
          {t('keep')}
        </button>
        <button className="btn danger" onClick={onYes}>
          {act}
        </button>
      </div>
    </Dialog>
  )
}
