// Fields that know more of what is written into them: a new password, a colour.

import { Check, Eye, EyeOff } from 'lucide-react'
import { useId, useState } from 'react'
import { contrastOn, textOn } from '@deskbell/core/colour.ts'
import { t, type Key } from './text.ts'

/** How good a password is, from 0 to 4: its length counts, and that it does not repeat itself. */
function strength(password: string): number {
  if (password.length < 8) return 0
  const useful = Math.min(password.length, new Set(password).size * 2)
  return useful < 8 ? 1 : useful < 12 ? 2 : useful < 16 ? 3 : 4
}
const says: Key[] = ['passwordHint', 'strength1', 'strength2', 'strength3', 'strength4']

/** A password that is chosen: it can be looked at, and one sees how good it is. */
export function NewPassword({ label, name, value = '' }: { label: string; name: string; value?: string }) {
  const id = useId()
  const [words, set] = useState(value)
  const [shown, show] = useState(false)
  const good = strength(words)
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <span className="eyed">
        <input
          id={id}
          name={name}
          type={shown ? 'text' : 'password'}
          autoComplete="new-password"
          autoCapitalize="none"
          spellCheck={false}
          required
          minLength={8}
          value={words}
          onChange={(e) => set(e.target.value)}
          aria-describedby={id + 'h'}
        />
        <button
          type="button"
          className="icon"
          aria-label={t('reveal')}
          title={t('reveal')}
          aria-pressed={shown}
          onClick={() => show(!shown)}
        >
          {shown ? <EyeOff size={16} /> : <Eye size={16} />}
        </button>
      </span>
      <span className={'strength m' + good} aria-hidden="true">
        {[1, 2, 3, 4].map((n) => (
          <i key={n} className={n <= good ? 'on' : ''} />
        ))}
      </span>
      <small id={id + 'h'}>{t(says[good])}</small>
    </div>
  )
}

const offered = ['#0b7262', '#1b56b0', '#5b3fc4', '#b02525', '#824c00', '#2b3330']

/** A colour of the site's own: some that are good, any other, and whether its text can be read. */
export function Colour({ label, value, onChange }: { label: string; value: string; onChange: (colour: string) => void }) {
  const id = useId()
  const [typed, type] = useState<string>()
  const ratio = contrastOn(value).toLocaleString(undefined, { maximumFractionDigits: 1 })
  return (
    <fieldset className="field colours">
      <legend>{label}</legend>
      <div className="row">
        {offered.map((c) => (
          <button
            type="button"
            key={c}
            className="swatch"
            style={{ background: c, color: textOn(c) }}
            aria-label={c}
            aria-pressed={c === value}
            onClick={() => {
              type(undefined)
              onChange(c)
            }}
          >
            {c === value && <Check size={14} aria-hidden="true" />}
          </button>
        ))}
        <span className="hex">
          <input
            type="color"
            aria-label={t('anyColor')}
            value={value}
            onChange={(e) => {
              type(undefined)
              onChange(e.target.value)
            }}
          />
          <input
            aria-label={t('colorCode')}
            aria-describedby={id}
            value={typed ?? value}
            maxLength={7}
            size={8}
            spellCheck={false}
            autoCapitalize="none"
            pattern="#?[0-9A-Fa-f]{6}"
            onChange={(e) => {
              type(e.target.value)
              const given = /^#?([0-9a-f]{6})$/i.exec(e.target.value.trim())
              if (given) onChange('#' + given[1].toLowerCase())
            }}
            onBlur={() => type(undefined)}
          />
        </span>
      </div>
      <small id={id}>{t(textOn(value) === '#fff' ? 'readsWhite' : 'readsDark', { ratio })}</small>
    </fieldset>
  )
}
