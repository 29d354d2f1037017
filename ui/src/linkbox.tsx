// Makes a link of what is selected, or of words that are asked for.

import { useState } from 'react'
import { addressIn, linkTo } from './list.ts'
import { Dialog, Field } from './parts.tsx'
import { t } from './text.ts'

export function LinkBox({ label, onLink, onClose }: { label: string; onLink: (markdown: string) => void; onClose: () => void }) {
  const [words, setWords] = useState(label)
  const [address, setAddress] = useState(addressIn(label) ?? '')
  const [bad, setBad] = useState(false)
  return (
    <Dialog title={t('linkDo')} onClose={onClose}>
      <form
        onSubmit={(e) => {
          e.preventDefault()
          const to = addressIn(address)
          if (to) onLink(linkTo(words.trim() || address.trim(), to))
          else setBad(true)
        }}
      >
        <Field label={t('linkTo')}>
          <input
            value={address}
            autoFocus
            required
            inputMode="url"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={2000}
            placeholder="shop.example/returns"
            aria-invalid={bad}
            onChange={(e) => {
              setAddress(e.target.value)
              setBad(false)
            }}
          />
        </Field>
        <Field label={t('linkText')}>
          <input value={words} maxLength={500} placeholder={address} onChange={(e) => setWords(e.target.value)} />
        </Field>
        {bad && (
          <p className="bad" role="alert">
            {t('addressBad')}
          </p>
        )}
        <div className="row end">
          <button type="button" className="btn" onClick={onClose}>
            {t('cancel')}
          </button>
          <button className="btn primary">{t('linkDo')}</button>
        </div>
      </form>
    </Dialog>
  )
}
