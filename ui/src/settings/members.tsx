// Who works here, and who is invited.

import { Crown, ShieldCheck, UserMinus, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { More } from '../menu.tsx'
import { Rights } from '../rights.tsx'
import { Copy, Field, Form, Skeleton, Sure, Who } from '../parts.tsx'
import { call, useLive } from '../server.ts'
import { exact, t, type Key } from '../text.ts'
import type { Invitation, Me, Member, Membership, Page } from '../types.ts'

export function Members({ me, here }: { me: Me; here: Membership }) {
  const { value: members } = useLive<Page<Member>>('workspaceMembers.list')
  const { value: invited } = useLive<Page<Invitation>>('invitations.list')
  const [link, setLink] = useState<{ url: string; invitation: Invitation }>()
  const [gone, setGone] = useState<Member>()
  const [heir, setHeir] = useState<Member>()
  const [rights, setRights] = useState<Member>()
  const can = (p: string): boolean => here.permissions.includes(p)
  const [known, setKnown] = useState('') // that the list has had: what is missing from it then is used or revoked
  const listed = invited?.items.some((i) => i.id === link?.invitation.id)
  useEffect(() => {
    if (!link || !invited) return
    if (listed) setKnown(link.invitation.id)
    else if (known === link.invitation.id) setLink(undefined)
  }, [link, invited, listed])
  if (!members) return <Skeleton as="faces" rows={4} height={56} />
  return (
    <>
      {can('users.invite') && (
        <div className="card">
          <Form
            submit={t('invite')}
            action={async (f) => {
              setLink(await call('workspaceMembers.invite', { email: f.get('email'), role: f.get('role') }))
            }}
            reset
          >
            <div className="row">
              <Field label={t('email')}>
                <input name="email" type="email" required />
              </Field>
              <Field label={t('role')}>
                <select name="role" defaultValue="agent">
                  <option value="admin">{t('admin')}</option>
                  <option value="agent">{t('agent')}</option>
                  <option value="viewer">{t('viewer')}</option>
                </select>
              </Field>
            </div>
          </Form>
          {link && (
            <div className="well">
              <p>{t('inviteLink', { email: link.invitation.email })}</p>
              <code>{link.url}</code>
              <div className="row">
                <Copy text={link.url} />
                <small>{t('inviteHint')}</small>
              </div>
            </div>
          )}
        </div>
      )}
      <div className="card">
        <table className="ledger members">
          <thead>
            <tr>
              <th>{t('person')}</th>
              <th>{t('role')}</th>
              <th>
                <span className="sr">{t('actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {members.items.map((m) => (
              <tr key={m.id}>
                <td>
                  <Who id={m.userId} name={m.name} online={m.online} mark={m.userId === me.user.id ? t('you') : undefined}>
                    {m.email}
                  </Who>
                </td>
                <td>
                  {m.role !== 'owner' && m.userId !== me.user.id && can('users.manage') ? (
                    <select
                      aria-label={t('role')}
                      value={m.role}
                      onChange={(e) => {
                        void call('workspaceMembers.updateRole', { memberId: m.id, role: e.target.value })
                      }}
                    >
                      {(['admin', 'agent', 'viewer'] as const).map((r) => (
                        <option key={r} value={r}>
                          {t(r)}
                        </option>
                      ))}
                    </select>
                  ) : (
                    t(m.role as Key)
                  )}
                  {m.permissions && <span className="badge">{t('r_own')}</span>}
                </td>
                <td className="end">
                  <More
                    label={t('moreOf', { name: m.name })}
                    acts={[
                      ...(m.role !== 'owner' && m.userId !== me.user.id && can('users.manage')
                        ? [{ label: t('rights'), icon: <ShieldCheck size={14} aria-hidden="true" />, run: () => setRights(m) }]
                        : []),
                      ...(here.role === 'owner' && m.role !== 'owner'
                        ? [{ label: t('makeOwner'), icon: <Crown size={14} aria-hidden="true" />, run: () => setHeir(m) }]
                        : []),
                      ...(m.role !== 'owner' && m.userId !== me.user.id && can('users.remove')
                        ? [{ label: t('remove'), icon: <UserMinus size={14} aria-hidden="true" />, danger: true, run: () => setGone(m) }]
                        : []),
                    ]}
                  />
                </td>
              </tr>
            ))}
            {invited?.items.map((i) => (
              <tr key={i.id}>
                <td>
                  <Who id={i.id} name={i.email} />
                </td>
                <td>
                  {t(i.role as Key)}{' '}
                  <span className="badge warn" title={exact(i.expiresAt)}>
                    {t('pendingFor', { n: Math.max(1, Math.ceil((i.expiresAt - Date.now()) / 864e5)) })}
                  </span>
                </td>
                <td className="end">
                  {can('users.invite') && (
                    <>
                      <button
                        className="btn"
                        aria-label={t('resend') + ': ' + i.email}
                        onClick={() => {
                          void call<{ url: string }>('invitations.resend', { invitationId: i.id }).then((r) =>
                            setLink({ url: r.url, invitation: i }),
                          )
                        }}
                      >
                        {t('resend')}
                      </button>
                      <button
                        className="icon"
                        title={t('cancelInvite')}
                        aria-label={t('cancelInvite') + ': ' + i.email}
                        onClick={() => {
                          void call('invitations.cancel', { invitationId: i.id })
                        }}
                      >
                        <X size={16} aria-hidden="true" />
                      </button>
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rights && <Rights member={rights} here={here} onClose={() => setRights(undefined)} />}
      {heir && (
        <Sure
          title={t('makeOwnerOf', { name: heir.name })}
          hint={t('makeOwnerHint', { name: heir.name })}
          act={t('makeOwner')}
          onNo={() => setHeir(undefined)}
          onYes={() => {
            void call('workspaceMembers.transferOwnership', { memberId: heir.id }).finally(() => setHeir(undefined))
          }}
        />
      )}
      {gone && (
        <Sure
          title={t('removeMember', { name: gone.name })}
          hint={t('removeMemberHint')}
          act={t('remove')}
          onNo={() => setGone(undefined)}
          onYes={() => {
            void call('workspaceMembers.remove', { memberId: gone.id }).finally(() => setGone(undefined))
          }}
        />
      )}
    </>
  )
}
