// The lines for one's site.

import { Check } from 'lucide-react'
import { useState } from 'react'
import { Copy, said } from '../parts.tsx'
import { call, useLive, workspace } from '../server.ts'
import { onThisMachine } from '../sites.ts'
import { ago, exact, pathOf, t } from '../text.ts'
import type { Onboarding, Workspace } from '../types.ts'

/** The lines to paste before </body>. */
export const snippet = (): string =>
  `<script>window.deskbellSettings = {workspaceId: "${workspace()}"}</script>\n<script async src="${location.origin}/widget.js"></script>`

/** The lines to paste, where they may be pasted, and whether they work yet. */
export function Install() {
  const { value: o } = useLive<Onboarding>('onboarding.get')
  const { value: w } = useLive<Workspace>('workspaces.get')
  const [bad, setBad] = useState('')
  const sites = w?.allowedOrigins ?? []
  const seen = o?.widgetSeenAt
  return (
    <div className="install">
      <div className="code">
        <header>
          <span className="grow">HTML</span>
          <Copy text={snippet()} />
        </header>
        <pre tabIndex={0} aria-label={t('install')}>
          <code>{snippet()}</code>
        </pre>
      </div>
      <div className={'visit' + (seen ? ' seen' : '')} role="status">
        <span aria-hidden="true">{seen && <Check size={16} />}</span>
        <div>
          <b>{t(seen ? 'connected' : 'waiting')}</b>
          <p title={seen ? exact(seen) : undefined}>
            {seen ? t('connectedOn', { at: ago(seen), url: pathOf(o.widgetSeenUrl ?? '') }) : t('waitingHint')}
          </p>
        </div>
      </div>
      {w && (
        <div className="where">
          <p className="faint">{sites.length > 0 ? t('loadsOn') : t('loadsAnywhere')}</p>
          {sites.length > 0 && (
            <div className="badges">
              {sites.map((s) => (
                <span className="badge" key={s}>
                  <span className="clip">{s}</span>
                </span>
              ))}
            </div>
          )}
          {sites.length > 0 && !sites.includes(onThisMachine) && (
            <button
              type="button"
              className="link"
              onClick={() => {
                call('workspaces.update', { allowedOrigins: [...sites, onThisMachine] }).then(
                  () => setBad(''),
                  (e: unknown) => setBad(said(e)),
                )
              }}
            >
              {t('allowLocal')}
            </button>
          )}
          {bad && (
            <p className="bad" role="alert">
              {bad}
            </p>
          )}
        </div>
      )}
    </div>
  )
}
