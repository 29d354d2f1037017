// Who one is: the menu at the foot of the rail, with one's workspaces, and a new one.

import { useRef, useState } from 'react'
import { leaveDrafts } from './drafts.ts'
import { closeOutbox } from './outbox.ts'
import { MenuBox } from './menu.tsx'
import { Dialog, Face, Field, Form } from './parts.tsx'
import { go } from './route.ts'
import { ask } from './server.ts'
import { t } from './text.ts'
import type { Me, Membership } from './types.ts'

export function Account({
  me,
  here,
  online,
  onNew,
  onSwitch,
}: {
  me: Me
  here: Membership
  online: boolean
  onNew: () => void
  onSwitch: (id: string) => void
}) {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const act = (run: () => void) => (): void => {
    setOpen(false)
    button.current?.focus() // whatever opens now gives it back when it closes
    run()
  }
  return (
    <span className="account">
      <button ref={button} aria-haspopup="true" aria-expanded={open} aria-label={me.user.name} onClick={() => setOpen(!open)}>
        <Face id={me.user.id} name={me.user.name} size={32} online={online} />
      </button>
      {open && (
        <MenuBox
          className=""
          onClose={(back) => {
            setOpen(false)
            if (back) button.current?.focus()
          }}
        >
          <div>
            <b>{me.user.name}</b>
            <small>{me.user.email}</small>
          </div>
          {me.memberships.length > 1 &&
            me.memberships.map((m) => (
              <button
                key={m.workspaceId}
                aria-current={m === here ? 'true' : undefined}
                onClick={act(() => m !== here && onSwitch(m.workspaceId))}
              >
                {m.name}
              </button>
            ))}
          <button onClick={act(onNew)}>{t('newSpace')}</button>
          <button onClick={act(() => go('/app/settings/profile'))}>{t('profile')}</button>
          <button
            onClick={act(() => {
              closeOutbox()
              void leaveDrafts()
                .then(() => ask('auth.signOut'))
                .finally(() => location.assign('/app/'))
            })}
          >
            {t('signOut')}
          </button>
        </MenuBox>
      )}
    </span>
  )
}

/** A workspace more, with a greeting in the language of whoever makes it. */
export function NewSpace({ onMade, onClose }: { onMade: (id: string) => void; onClose: () => void }) {
  return (
    <Dialog title={t('newSpace')} onClose={onClose}>
      <p>{t('newSpaceHint')}</p>
      <Form
        submit={t('newSpaceDo')}
        beside={
          <button type="button" className="btn ghost" onClick={onClose}>
            {t('cancel')}
          </button>
        }
        action={async (v) => {
          const made = await ask<{ id: string }>('workspaces.create', { name: v.get('name'), welcomeMessage: t('setupGreeting') })
          onMade(made.id)
        }}
      >
        <Field label={t('workspaceName')}>
          <input name="name" required maxLength={100} autoFocus autoComplete="organization" />
        </Field>
      </Form>
    </Dialog>
  )
}
