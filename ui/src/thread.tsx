// One conversation as the team sees it, and the place to answer.

import { GitMerge } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useActions } from './actions.ts'
import { Bubble, follows } from './bubble.tsx'
import { Composer } from './composer.tsx'
import { Foreign, useReader } from './copilot/translated.tsx'
import { draft, giveBack, keep } from './drafts.ts'
import { useMessages } from './messages.ts'
import { useRead } from './read.ts'
import { useWaiting } from './outbox.ts'
import { Empty } from './parts.tsx'
import { go, inboxPath, messageIn, useAddress, withAsked } from './route.ts'
import { chosen } from './selection.ts'
import { call, useLive } from './server.ts'
import { Talk } from './talk.tsx'
import { exact, t } from './text.ts'
import { ThreadBar } from './threadbar.tsx'
import { done } from './toast.tsx'
import { Unsent, Waiting } from './unsent.tsx'
import { nine } from './when.ts'
import { nameOf, type Conversation, type Me, type Membership, type Message, type Page } from './types.ts'

interface Present {
  typing: Array<{ id: string; name: string; kind: string; html?: string }>
  looking: Array<{ id: string; name: string }>
}

export function Thread({
  id,
  me,
  here,
  onBack,
  onDetails,
}: {
  id: string
  me: Me
  here: Membership
  onBack: () => void
  onDetails: () => void
}) {
  const { value: c, problem } = useLive<Conversation>('conversations.get', { conversationId: id })
  const messages = useMessages(id)
  const { value: waiting } = useLive<Page<Message>>('messages.scheduled', { conversationId: id })
  const { value: present } = useLive<Present>('conversations.presence', { conversationId: id })
  const reader = useReader(id)
  const [since] = useState(() => ({ id: '' as string | null }))
  const aim = messageIn(useAddress())
  const { items } = messages
  const lastId = items.at(-1)?.id
  const readTo = items.findLast((m) => m.kind === 'message' && m.senderType !== 'visitor' && m.seenAt)
  const unsent = useWaiting(
    id,
    [...items, ...(waiting?.items ?? [])].map((m) => m.clientId),
  )
  if (c && since.id === '')
    since.id = c.unread ? (items.findLast((m) => m.senderType !== 'visitor' && m.kind === 'message')?.id ?? null) : null
  const can = (p: string): boolean => here.permissions.includes(p)
  const stands = c?.mergedInto === null
  useRead(id, stands ? lastId : undefined)
  useEffect(() => {
    const look = (): void => {
      void call('conversations.look', { conversationId: id }).catch(() => undefined)
    }
    look()
    const timer = setInterval(look, 30000)
    return () => {
      clearInterval(timer)
      void call('conversations.look', { conversationId: id, left: true }).catch(() => undefined)
    }
  }, [id])
  useEffect(() => {
    const press = (e: KeyboardEvent): void => {
      if (
        e.ctrlKey ||
        e.metaKey ||
        e.altKey ||
        /INPUT|TEXTAREA|SELECT/.test((e.target as HTMLElement).tagName) ||
        document.querySelector('dialog[open]') ||
        chosen().size > 0 // then keys are about all that are
      )
        return
      if (e.key === 'e' && c && can('conversations.close')) void close()
      const field = { a: 'assignee', s: 'snooze', t: 'add-tag' }[e.key]
      const box = field && document.getElementById(field)
      if (!box) return
      e.preventDefault()
      box.focus()
      if (box instanceof HTMLSelectElement) box.showPicker?.()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
  const back =
    stands && c.aiState === 'handoff' && can('conversations.reply')
      ? (): void => {
          void call('aiAgent.handBack', { conversationId: id })
        }
      : undefined
  useActions(
    'thread',
    !c || !stands
      ? []
      : [
          ...(can('conversations.close')
            ? [
                {
                  key: 'close',
                  label: c.status === 'open' ? t('a_close') : t('open'),
                  hint: 'E',
                  run: () => {
                    void close()
                  },
                },
              ]
            : []),
          ...(can('conversations.close')
            ? [
                {
                  key: 'snooze',
                  label: t('a_snooze'),
                  hint: 'S',
                  run: () => {
                    void snooze(nine(1))
                  },
                },
              ]
            : []),
          ...(back ? [{ key: 'back', label: t('handBack'), run: back }] : []),
          ...(can('conversations.assign') && c.assignee?.id !== me.user.id
            ? [
                {
                  key: 'mine',
                  label: t('a_mine'),
                  run: () => {
                    void call('conversations.assign', { conversationId: id, assigneeId: me.user.id })
                  },
                },
              ]
            : []),
          ...(can('conversations.reply') && can('conversations.close')
            ? [{ key: 'merge', label: t('a_merge'), run: () => go(withAsked('merge'), true) }]
            : []),
        ],
  )
  if (problem)
    return (
      <section className="thread-pane">
        <Empty title={t('gone')} hint={t('goneHint')}>
          <button className="btn" onClick={() => go('/app/inbox')}>
            {t('toInbox')}
          </button>
        </Empty>
      </section>
    )

  const name = c ? nameOf(c.visitor) : ''
  const again = (): Promise<unknown> => call('conversations.setStatus', { conversationId: id, status: 'open' })
  async function close(): Promise<void> {
    const was = c?.status
    await call('conversations.setStatus', { conversationId: id, status: was === 'open' ? 'closed' : 'open' })
    if (was === 'open') done(t('didClose', { name }), again)
  }
  async function snooze(until: number): Promise<void> {
    await call('conversations.snooze', { conversationId: id, until })
    done(t('snoozeUntil', { at: exact(until) }), again)
  }
  const typing = present?.typing.filter((p) => p.id !== me.user.id && (p.kind !== 'bot' || items.at(-1)?.senderType === 'visitor')) ?? []
  const grown = typing.find((p) => p.html)?.html
  return (
    <section className="thread-pane" aria-label={c ? nameOf(c.visitor) : ''}>
      <ThreadBar
        id={id}
        c={c}
        looking={present?.looking ?? []}
        can={can}
        onBack={onBack}
        onDetails={onDetails}
        onHandBack={back}
        onSnooze={(until) => {
          void snooze(until)
        }}
        onClose={() => {
          void close()
        }}
      />
      <Talk
        messages={messages}
        since={since.id}
        aim={aim}
        grown={[waiting?.items.length, unsent.length, typing.length, grown].join()}
        tail={
          <>
            {waiting?.items.map((m) => (
              <Waiting key={m.id} m={m} id={id} can={can('conversations.reply')} />
            ))}
            {unsent.map((a) => (
              <Unsent key={a.clientId} a={a} last={lastId} />
            ))}
            {grown && (
              <div className="m ours growing">
                <div className="bubble" dangerouslySetInnerHTML={{ __html: grown }} />
              </div>
            )}
            {typing.map((p) => (
              <p className="typing" key={p.kind + p.id}>
                {t('typing', { name: p.name || (c ? nameOf(c.visitor) : '') })}
              </p>
            ))}
          </>
        }
      >
        {(m, before, after) => (
          <Bubble
            m={m}
            first={!follows(before, m)}
            last={!follows(m, after)}
            visitor={c?.visitor}
            reader={can('conversations.reply') ? reader : undefined}
            read={m.id === readTo?.id ? readTo.seenAt : null}
          />
        )}
      </Talk>
      {c?.mergedInto && (
        <div className="merged">
          <GitMerge size={16} aria-hidden="true" />
          <span>{t('wasMerged')}</span>
          <button
            className="btn"
            onClick={() => {
              const { text, files } = draft(id)
              keep(id, { text: '', files: [] })
              if (text || files.length) giveBack(c.mergedInto ?? '', text, files) // begun when it was merged
              go(inboxPath({ view: 'all', id: c.mergedInto ?? '' }))
            }}
          >
            {t('openIt')}
          </button>
        </div>
      )}
      {stands && can('conversations.reply') && (
        <>
          <Foreign r={reader} name={name} canSet={can('settings.integrations')} />
          <Composer
            id={id}
            last={lastId}
            queue={unsent.length > 0}
            visitor={reader.visitor}
            canClose={can('conversations.close')}
            canSet={can('settings.integrations')}
          />
        </>
      )}
    </section>
  )
}
