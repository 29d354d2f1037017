// Until when something is put away.

import { AlarmClock } from 'lucide-react'
import { useState } from 'react'
import { Dialog, Field, Pick } from './parts.tsx'
import { t } from './text.ts'
import { local, nine, toMonday } from './when.ts'

export function SnoozePick({ id, onPick }: { id: string; onPick: (until: number) => void }) {
  const [own, setOwn] = useState<string>()
  const until = own ? new Date(own).getTime() : 0
  return (
    <>
      <Pick
        id={id}
        label={t('snooze')}
        value=""
        onChange={(e) => (e.target.value === 'own' ? setOwn(local(nine(2))) : onPick(Number(e.target.value)))}
        shown={<AlarmClock size={16} aria-hidden="true" />}
      >
        <option value="" disabled>
          {t('snooze')}
        </option>
        <option value={Date.now() + 3 * 3600e3}>{t('laterToday')}</option>
        <option value={nine(1)}>{t('tomorrow')}</option>
        <option value={nine(toMonday())}>{t('nextWeek')}</option>
        <option value="own">{t('snoozeOwn')}</option>
      </Pick>
      {own !== undefined && (
        <Dialog title={t('snooze')} onClose={() => setOwn(undefined)}>
          <form
            onSubmit={(e) => {
              e.preventDefault()
              setOwn(undefined)
              onPick(until)
            }}
          >
            <Field label={t('snoozeWhen')}>
              <input
                type="datetime-local"
                autoFocus
                required
                value={own}
                min={local(Date.now() + 60000)}
                onChange={(e) => setOwn(e.target.value)}
              />
            </Field>
            <div className="row end">
              <button type="button" className="btn" onClick={() => setOwn(undefined)}>
                {t('cancel')}
              </button>
              <button className="btn primary" disabled={!(until > Date.now())}>
                {t('snooze')}
              </button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  )
}
