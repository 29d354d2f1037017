// An address for answers, where none is known.

import { useState } from 'preact/hooks'
import { post, session, store } from './frame.ts'
import { t } from './text.ts'

/** Asks for an address once, after the first message, where none is known. */
export function Email() {
  const key = 'deskbell.email.' + session.booted?.visitor.id
  const [state, set] = useState<'ask' | 'done' | 'no'>(session.booted?.visitor.email || store.getItem(key) ? 'no' : 'ask')
  const [bad, setBad] = useState('')
  if (state === 'no') return null
  if (state === 'done') return <p class="note">{t('emailGood')}</p>
  return (
    <form
      class="ask"
      onSubmit={async (e) => {
        e.preventDefault()
        const email = String(new FormData(e.currentTarget as HTMLFormElement).get('email'))
        try {
          await session.call('visitors.identify', { email })
          store.setItem(key, '1')
          post({ is: 'email', email })
          set('done')
        } catch {
          setBad(t('emailBad'))
        }
      }}
    >
      <label for="email">{t('emailAsk')}</label>
      <div>
        <input id="email" name="email" type="email" autocomplete="email" required aria-describedby="bad" />
        <button class="btn">{t('emailSave')}</button>
      </div>
      {bad && (
        <span class="bad" id="bad" role="alert">
          {bad}
        </span>
      )}
      {session.booted?.settings.privacyPolicyUrl && (
        <a class="meta" href={session.booted.settings.privacyPolicyUrl} target="_blank" rel="noopener">
          {t('privacy')}
        </a>
      )}
    </form>
  )
}
