// The backup: how old it is, and how to take it along.

import { useLive, workspace } from '../server.ts'
import { exact, size, t } from '../text.ts'

export function Backup() {
  const { value: b } = useLive<{ lastBackupAt: number | null; size: number; error: string | null; mine: boolean }>('backups.status')
  return (
    <div className="card">
      <p>
        {b?.lastBackupAt ? t(b.mine ? 'lastBackup' : 'lastBackupAt', { at: exact(b.lastBackupAt), size: size(b.size) }) : t('noBackup')}
      </p>
      {b?.error && <p className="bad">{b.error}</p>}
      <p className="faint">{t('backupHint')}</p>
      {b?.mine ? (
        <a className="btn primary" href={'/api/backups.download?workspaceId=' + workspace()}>
          {t('download')}
        </a>
      ) : (
        <p className="faint">{t('backupNotMine')}</p>
      )}
    </div>
  )
}
