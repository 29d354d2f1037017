// A small menu beside a button: arrows walk, Escape and a click elsewhere shut it.

import { MoreHorizontal } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'

/** What a menu is drawn in. The first of it takes the focus. */
export function MenuBox({ className, onClose, children }: { className: string; onClose: (back?: boolean) => void; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    box.current?.querySelector('button')?.focus()
    const away = (e: PointerEvent): void => {
      if (!box.current?.parentElement?.contains(e.target as Node)) onClose()
    }
    addEventListener('pointerdown', away)
    return () => removeEventListener('pointerdown', away)
  }, [])
  const move = (e: React.KeyboardEvent): void => {
    if (e.key === 'Escape') {
      e.stopPropagation()
      onClose(true)
    }
    if (e.key !== 'ArrowDown' && e.key !== 'ArrowUp') return
    e.preventDefault()
    const all = [...box.current!.querySelectorAll('button')]
    all[(all.indexOf(document.activeElement as HTMLButtonElement) + (e.key === 'ArrowDown' ? 1 : all.length - 1)) % all.length].focus()
  }
  return (
    <div className={'menu ' + className} ref={box} onKeyDown={move}>
      {children}
    </div>
  )
}

export interface Act {
  label: string
  icon: ReactNode
  danger?: boolean
  run: () => void
}

/** What else can be done with something: three dots, and what is behind them. */
export function More({ label, acts }: { label: string; acts: Act[] }) {
  const [open, setOpen] = useState(false)
  const dots = useRef<HTMLButtonElement>(null)
  if (acts.length === 0) return null
  return (
    <span className="more">
      <button
        type="button"
        className="icon"
        ref={dots}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={label}
        title={label}
        onClick={() => setOpen(!open)}
      >
        <MoreHorizontal size={16} aria-hidden="true" />
      </button>
      {open && (
        <MenuBox
          className="down"
          onClose={(back) => {
            setOpen(false)
            if (back) dots.current?.focus()
          }}
        >
          <div role="menu" aria-label={label}>
            {acts.map((a) => (
              <button
                type="button"
                role="menuitem"
                key={a.label}
                className={a.danger ? 'danger' : undefined}
                onClick={() => {
                  setOpen(false)
                  dots.current?.focus()
                  a.run()
                }}
              >
                {a.icon}
                {a.label}
              </button>
            ))}
          </div>
        </MenuBox>
      )}
    </span>
  )
}
