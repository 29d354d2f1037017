// What the team is told when the server's disk fills up: before, and when nothing new is saved any longer.

import { TriangleAlert } from 'lucide-react'
import { useLive } from './server.ts'
import { size, t } from './text.ts'

export interface Storage {
  room: 'ok' | 'low' | 'full'
  freeBytes: number
  percentFree: number
}

export function StorageBanner() {
  const { value: s } = useLive<Storage>('storage.get')
  if (!s || s.room === 'ok') return null
  const full = s.room === 'full'
  return (
    <div className={'banner' + (full ? ' full' : '')} role={full ? 'alert' : 'status'}>
      <TriangleAlert size={16} aria-hidden="true" />
      <span>
        <b>{t(full ? 'diskFull' : 'diskLow')}</b>{' '}
        {t(full ? 'diskFullHint' : 'diskLowHint', { size: size(s.freeBytes), percent: s.percentFree })}
      </span>
    </div>
  )
}
