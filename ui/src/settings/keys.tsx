// API keys: how programs come in. A key is shown once; afterwards only its last characters are known.

import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { told } from '../faults.ts'
import { Copy, Dialog, Empty, Field, Form, Skeleton, Sure, said } from '../parts.tsx'
import { PermissionList } from '../rights.tsx'
import { call, useLive } from '../server.ts'
import { ago, exact, t, type Key } from '../text.ts'
import { done } from '../toast.tsx'
import type { ApiKey, Membership, Page } from '../types.ts'

export function Keys({ here }: { here: Membership }) {
  const { value, problem } = useLive<Page<ApiKey>>('apiKeys.list')
  const [making, setMaking] = useState(false)
  const [gone, setGone] = useState<ApiKey>()
  if (problem)
    return (
      <p className="bad" role="alert">
        {told(problem)}
      </p>
    )
  if (!value) return <Skeleton height={56} />
  const add = (
    <button className="btn primary" onClick={() => setMaking(true)}>
      <Plus size={14} aria-hidden="true" />
      {t('k_new')}
    </button>
  )
  return (
    <>
      {value.items.length === 0 ? (
        <Empty title={t('k_none')} hint={t('k_hint')}>
          {add}
        </Empty>
      ) : (
        <>
          <div className="row keys-head">
            <p className="faint grow">{t('k_hint')}</p>
            {add}
          </div>
          <ul className="plain keys">
            {value.items.map((k) => (
              <li key={k.id}>
                <KeyRound size={16} aria-hidden="true" />
                <div className="grow">
                  <p>
                    <b>{k.name}</b> <code>…{k.hint}</code>
                    {k.expiresAt !== null && k.expiresAt <= Date.now() && <span className="badge warn">{t('k_expired')}</span>}
                  </p>
                  <p className="faint" title={k.scopes.map((p) => t(('r_' + p) as Key)).join(', ')}>
                    {k.scopes.map((p) => t(('r_' + p) as Key)).join(' · ')}
                  </p>
                  <small>
                    <span title={exact(k.createdAt)}>{t('k_made', { name: k.createdBy, at: ago(k.createdAt) })}</span>
                    {' · '}
                    <span title={k.lastUsedAt ? exact(k.lastUsedAt) : undefined}>
                      {k.lastUsedAt ? t('k_used', { at: ago(k.lastUsedAt) }) : t('k_unused')}
                    </span>
                    {' · '}
                    {k.expiresAt ? t('k_until', { at: exact(k.expiresAt) }) : t('k_forever')}
                  </small>
                </div>
                <button className="link danger" onClick={() => setGone(k)} aria-label={t('k_revokeOf', { name: k.name })}>
                  {t('k_revoke')}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {making && <NewKey here={here} onClose={() => setMaking(false)} />}
      {gone && (
        <Sure
          title={t('k_revokeOf', { name: gone.name })}
          hint={t('k_revokeHint')}
          act={t('k_revoke')}
          onNo={() => setGone(undefined)}
          onYes={() => {
            setGone(undefined)
            call('apiKeys.revoke', { keyId: gone.id }).then(
              () => done(t('k_revoked', { name: gone.name })),
              (e: unknown) => done(said(e), undefined, 'bad'),
            )
          }}
        />
      )}
    </>
  )
}

function NewKey({ here, onClose }: { here: Membership; onClose: () => void }) {
  const [scopes, setScopes] = useState(() => new Set<string>())
  const [made, setMade] = useState<{ key: ApiKey; token: string }>()
  if (made)
    return (
      <Dialog title={made.key.name} onClose={onClose}>
        <p>{t('k_once')}</p>
        <div className="well">
          <code className="secret">{made.token}</code>
          <Copy text={made.token} />
        </div>
        <p className="faint">{t('k_how')}</p>
        <div className="row end">
          <button className="btn primary" onClick={onClose}>
            {t('k_kept')}
          </button>
        </div>
      </Dialog>
    )
  return (
    <Dialog title={t('k_new')} onClose={onClose} wide>
      <Form
        wide
        submit={t('k_make')}
        action={async (f) => {
          setMade(
            await call<{ key: ApiKey; token: string }>('apiKeys.create', {
              name: f.get('name'),
              scopes: [...scopes],
              expiresInDays: Number(f.get('days')),
            }),
          )
        }}
      >
        <div className="row">
          <Field label={t('name')} hint={t('k_nameHint')}>
            <input name="name" required maxLength={100} autoFocus />
          </Field>
          <Field label={t('k_expires')} hint={t('k_expiresHint')}>
            <select name="days" defaultValue="365">
              {[30, 90, 365].map((n) => (
                <option key={n} value={n}>
                  {t('days', { n })}
                </option>
              ))}
              <option value="0">{t('k_never')}</option>
            </select>
          </Field>
        </div>
        <PermissionList here={here} held={scopes} onChange={setScopes} />
      </Form>
    </Dialog>
  )
}
