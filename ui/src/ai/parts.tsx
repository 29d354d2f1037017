// Small pieces of the AI agent's screens.

import { Field } from '../parts.tsx'
import { t } from '../text.ts'

/** An amount that is counted in cents, in whatever currency the prices are. */
export const money = (cents: number): string =>
  (cents / 100).toLocaleString(undefined, { minimumFractionDigits: 2, maximumFractionDigits: cents < 1 ? 5 : 2 })

/** A key that is kept is told by its end and never shown; another address forgets it. */
export function KeyField({
  value,
  onChange,
  kept,
  end,
  moved,
  onForget,
}: {
  value: string
  onChange: (v: string) => void
  kept: boolean
  end: string
  moved: boolean
  onForget: () => void
}) {
  return (
    <Field label={t('a_key')} hint={moved ? t('a_keyMoved') : undefined}>
      <span className="row keyed">
        <input
          type="password"
          value={value}
          onChange={(e) => onChange(e.target.value)}
          placeholder={kept ? (end ? t('a_keyEnds', { end }) : t('a_keySet')) : ''}
          maxLength={500}
          autoComplete="off"
          spellCheck={false}
        />
        {kept && (
          <button type="button" className="link danger" onClick={onForget}>
            {t('a_forget')}
          </button>
        )}
      </span>
    </Field>
  )
}

/** An address as it is kept: without what stands around it, and without slashes at its end. */
export const bare = (address: string): string => address.trim().replace(/(?<!\/)\/+$/, '')
