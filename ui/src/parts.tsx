// Small pieces that every screen is made of.

import { ArrowLeft, ChevronDown, X } from 'lucide-react'
import { useLayoutEffect, useRef, useState, type ComponentProps, type ReactNode } from 'react'
import { told } from './faults.ts'
import { go } from './route.ts'
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

/** A person in a row of a table: face, name, and what goes under it. */
export function Who({
  id,
  name,
  online,
  mark,
  children,
}: {
  id: string
  name: string
  online?: boolean
  mark?: string
  children?: ReactNode
}) {
  return (
    <span className="who-cell">
      <Face id={id} name={name} online={online} />
      <span>
        <b dir="auto">{name}</b>
        {mark && <span className="badge">{mark}</span>}
        {children && <small>{children}</small>}
      </span>
    </span>
  )
}

/** A choice that looks like what was chosen: an icon, a face, a few words. The list is the system's own, also on a phone. */
export function Pick({
  label,
  shown,
  on,
  children,
  ...rest
}: { label: string; shown: ReactNode; on?: boolean; children: ReactNode } & Omit<ComponentProps<'select'>, 'className'>) {
  return (
    <span className={'pick' + (on ? ' on' : '')} title={label}>
      {shown}
      <select aria-label={label} {...rest}>
        {children}
      </select>
    </span>
  )
}

/** The way up, on a phone, where the list has no room beside what was opened. */
export function Back({ to }: { to: string }) {
  return (
    <a
      className="icon phone-only"
      href={to}
      aria-label={t('back')}
      onClick={(e) => {
        e.preventDefault()
        go(to)
      }}
    >
      <ArrowLeft size={18} />
    </a>
  )
}

/** Where one is. On a narrow screen, where the places beside it have no room, it is also the way to them. */
export function Fold({
  at,
  title,
  label,
  children,
  ...rest
}: { at: 'narrow' | 'phone'; title: string; label: string; children: ReactNode } & Omit<ComponentProps<'select'>, 'className'>) {
  return (
    <>
      <span className={'not-' + at} dir="auto">
        {title}
      </span>
      <span className={at + '-only fold'}>
        <Pick
          label={label}
          shown={
            <>
              <span className="clip" dir="auto">
                {title}
              </span>
              <ChevronDown size={16} aria-hidden="true" />
            </>
          }
          {...rest}
        >
          {children}
        </Pick>
      </span>
    </>
  )
}

/** The colour of a tag, if it has one. */
export function Dot({ color }: { color: string }) {
  return color ? <i className="dot" style={{ background: color }} aria-hidden="true" /> : null
}

/** Says why there is nothing here, and what to do; alone on a page it is the page's heading. */
export function Empty({ title, hint, alone, children }: { title: string; hint: string; alone?: boolean; children?: ReactNode }) {
  const Title = alone ? 'h1' : 'b'
  return (
    <div className="empty">
      <div>
        <Title>{title}</Title>
        <p>{hint}</p>
        {children}
      </div>
    </div>
  )
}

/** The shape of what is coming: lines, rows with a face, or what two people said to each other. */
export function Skeleton({ rows = 6, height = 64, as = 'lines' }: { rows?: number; height?: number; as?: 'lines' | 'faces' | 'talk' }) {
  return (
    <div className={'coming ' + as} aria-hidden="true">
      {Array.from({ length: rows }, (_, i) =>
        as === 'faces' ? (
          <div style={{ height }} key={i}>
            <i />
            <span>
              <i />
              <i />
            </span>
          </div>
        ) : (
          <i style={{ height: as === 'talk' ? 36 + ((i * 23) % 40) : height - 12 }} key={i} />
        ),
      )}
    </div>
  )
}

/** What a person may read of a failure; fields say what is wrong with them. */
export function said(e: unknown): string {
  if (e instanceof CallError) return told(e.problem)
  return e instanceof Error ? e.message : String(e)
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
/** Points at the first field that must be filled in and holds nothing but spaces: to the browser that is something. */
function blank(form: HTMLFormElement): boolean {
  const fields = form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input[required]:not([type=password]), textarea[required]')
  const field = [...fields].find((f) => f.value.trim() === '')
  field?.addEventListener('input', () => field.setCustomValidity(''), { once: true })
  field?.setCustomValidity(t('fillIn'))
  return field?.reportValidity() === false
}

export function Form({
  action,
  submit,
  icon,
  beside,
  children,
  wide,
  reset,
}: {
  action: (values: FormData) => Promise<unknown>
  submit: string
  icon?: ReactNode
  /** What stands beside the button. */
  beside?: ReactNode
  children: ReactNode
  wide?: boolean
  reset?: boolean
}) {
  const [state, set] = useState<{ busy?: boolean; bad?: string; good?: boolean }>({})
  return (
    <form
      onInput={() => {
        if (state.good) set({}) // what is written now is not saved
      }}
      onSubmit={(e) => {
        e.preventDefault()
        const form = e.currentTarget
        if (blank(form)) return
        set({ busy: true })
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
          {icon}
        </button>
        {beside}
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
    // What wanted the focus was not shown yet when it asked, so that the cross has it.
    if (dialog?.querySelector('.dialog-head')?.contains(document.activeElement))
      dialog.querySelector<HTMLElement>(':is(.dialog-head ~ *, .dialog-head ~ * *):is(input, select, textarea, button):enabled')?.focus()
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

/** Puts words where they can be pasted from; also on a page without TLS, where browsers do it only in the old way. */
async function copied(text: string): Promise<void> {
  if (navigator.clipboard as Clipboard | undefined) return navigator.clipboard.writeText(text)
  const put = (e: ClipboardEvent): void => {
    e.preventDefault()
    e.clipboardData?.setData('text/plain', text)
  }
  document.addEventListener('copy', put, { once: true })
  const did = document.execCommand('copy')
  document.removeEventListener('copy', put)
  if (!did) throw new Error(t('copyNot'))
}

export function Copy({ text }: { text: string }) {
  const [done, set] = useState(false)
  const [bad, setBad] = useState('')
  return (
    <button
      type="button"
      className="btn"
      onClick={() => {
        copied(text).then(
          () => set(true),
          (e: unknown) => setBad(said(e)),
        )
      }}
    >
      {bad || (done ? t('copied') : t('copy'))}
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
