// What one member may do: as their role, or a list of their own.

import { useState } from 'react'
import { Dialog, said } from './parts.tsx'
import { call } from './server.ts'
import { t, type Key } from './text.ts'
import { done } from './toast.tsx'
import type { Member, Membership } from './types.ts'

const groups: Array<[Key, string[]]> = [
  ['inbox', ['conversations.read', 'conversations.reply', 'conversations.assign', 'conversations.close', 'conversations.delete']],
  ['people', ['users.read', 'users.invite', 'users.manage', 'users.remove']],
  [
    'r_content',
    ['articles.read', 'articles.create', 'articles.publish', 'articles.delete', 'snippets.manage', 'tours.manage', 'checklists.manage'],
  ],
  ['settings', ['settings.workspace', 'settings.security', 'settings.integrations', 'settings.billing']],
  ['r_data', ['data.export', 'data.delete', 'audit.read']],
]

/** All permissions, to choose from; one gives only what one has. */
export function PermissionList({ here, held, onChange }: { here: Membership; held: Set<string>; onChange: (held: Set<string>) => void }) {
  return (
    <div className="keysheet">
      {groups.map(([head, list]) => (
        <fieldset key={head}>
          <legend>{t(head)}</legend>
          {list.map((p) => {
            const mine = here.permissions.includes(p)
            return (
              <label className="check" key={p} title={mine ? undefined : t('r_notMine')}>
                <input
                  type="checkbox"
                  checked={held.has(p)}
                  disabled={!mine}
                  onChange={() => {
                    const s = new Set(held)
                    if (!s.delete(p)) s.add(p)
                    onChange(s)
                  }}
                />
                {t(('r_' + p) as Key)}
              </label>
            )
          })}
        </fieldset>
      ))}
    </div>
  )
}

export function Rights({ member, here, onClose }: { member: Member; here: Membership; onClose: () => void }) {
  const [own, setOwn] = useState(member.permissions !== null)
  const [held, setHeld] = useState(() => new Set(member.permissions ?? member.effectivePermissions))
  const [state, set] = useState<{ busy?: boolean; bad?: string }>({})
  async function save(): Promise<void> {
    set({ busy: true })
    const before = member.permissions
    try {
      await call('workspaceMembers.setPermissions', { memberId: member.id, permissions: own ? [...held] : null })
      done(t('saved'), () => call('workspaceMembers.setPermissions', { memberId: member.id, permissions: before }))
      onClose()
    } catch (e) {
      set({ bad: said(e) })
    }
  }
  return (
    <Dialog title={t('rightsOf', { name: member.name })} onClose={onClose} wide>
      <div className="choices" role="radiogroup" aria-label={t('rights')}>
        <label>
          <input type="radio" name="own" checked={!own} onChange={() => setOwn(false)} />
          <span className="grow">
            <b>{t('r_role', { role: t(member.role as Key) })}</b>
            <small>{t('r_roleHint')}</small>
          </span>
        </label>
        <label>
          <input type="radio" name="own" checked={own} onChange={() => setOwn(true)} />
          <span className="grow">
            <b>{t('r_own')}</b>
            <small>{t('r_ownHint')}</small>
          </span>
        </label>
      </div>
      {own && <PermissionList here={here} held={held} onChange={setHeld} />}
      {state.bad && (
        <p className="bad" role="alert">
          {state.bad}
        </p>
      )}
      <div className="row end">
        <button className="btn" onClick={onClose}>
          {t('cancel')}
        </button>
        <button
          className="btn primary"
          disabled={state.busy}
          onClick={() => {
            void save()
          }}
        >
          {t('save')}
        </button>
      </div>
    </Dialog>
  )
}
