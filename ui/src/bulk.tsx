// What can be done with several conversations at once.

import { Check, RotateCcw, Tag as TagIcon, UserPlus, X } from 'lucide-react'
import { useState } from 'react'
import { useActions } from './actions.ts'
import { Pick, said } from './parts.tsx'
import { choose, mostChosen } from './selection.ts'
import { call, useLive } from './server.ts'
import { SnoozePick } from './snooze.tsx'
import { exact, t } from './text.ts'
import { done } from './toast.tsx'
import type { Conversation, Me, Member, Membership, Outcome, Page, Tag } from './types.ts'
import { nine } from './when.ts'

type Door =
  | 'conversations.assignMany'
  | 'conversations.setStatusMany'
  | 'conversations.snoozeMany'
  | 'conversations.addTagMany'
  | 'conversations.removeTagMany'

/** What each group of conversations is to be asked for, so that all of them are as they were. */
type Back = (was: Conversation) => [Door, object] | undefined

const asWas: Back = (c) =>
  c.status === 'snoozed' && (c.snoozedUntil ?? 0) > Date.now()
    ? ['conversations.snoozeMany', { until: c.snoozedUntil }]
    : ['conversations.setStatusMany', { status: c.status === 'closed' ? 'closed' : 'open' }]

async function takeBack(list: Conversation[], back: Back): Promise<void> {
  const groups = new Map<string, { door: Door; args: object; ids: string[] }>()
  for (const c of list) {
    const to = back(c)
    if (!to) continue
    const key = JSON.stringify(to)
    const group = groups.get(key) ?? { door: to[0], args: to[1], ids: [] }
    group.ids.push(c.id)
    groups.set(key, group)
  }
  for (const g of groups.values()) await call(g.door, { ...g.args, conversationIds: g.ids })
}

export function Bulk({ rows, all, me, here }: { rows: Conversation[]; all: Conversation[]; me: Me; here: Membership }) {
  const { value: members } = useLive<Page<Member>>('workspaceMembers.list')
  const { value: tags } = useLive<Page<Tag>>('tags.list')
  const [busy, setBusy] = useState(false)
  const can = (p: string): boolean => here.permissions.includes(p)
  const n = rows.length
  const whole = all.slice(0, mostChosen)
  const every = n >= whole.length
  const selectAll = (): void => choose(every ? [] : whole.map((c) => c.id))

  /** Does something with all that are chosen, says how many it was done with and why not with the others, which stay chosen. */
  async function act(door: Door, args: object, words: (n: number) => string, back: Back): Promise<void> {
    if (busy) return
    setBusy(true)
    try {
      const out = await call<Outcome>(door, { ...args, conversationIds: rows.map((c) => c.id) })
      const were = rows.filter((c) => out.done.includes(c.id))
      choose(out.failed.map((x) => x.conversationId))
      const merged = out.failed.filter((x) => x.code === 'conflict').length
      const gone = out.failed.length - merged
      const text = [were.length > 0 && words(were.length), merged > 0 && t('b_merged', { n: merged }), gone > 0 && t('b_gone', { n: gone })]
      done(text.filter(Boolean).join(' '), were.length > 0 ? () => takeBack(were, back) : undefined, out.failed.length > 0 ? 'bad' : 'done')
    } catch (e) {
      done(said(e), undefined, 'bad')
    } finally {
      setBusy(false)
    }
  }
  const assign = (to: string | null): void => {
    void act(
      'conversations.assignMany',
      { assigneeId: to },
      (n) => t(to ? 'b_assigned' : 'b_unassigned', { n, name: members?.items.find((m) => m.userId === to)?.name ?? me.user.name }),
      (c) => ((c.assignee?.id ?? null) === to ? undefined : ['conversations.assignMany', { assigneeId: c.assignee?.id ?? null }]),
    )
  }
  const move = (status: 'open' | 'closed'): void => {
    void act(
      'conversations.setStatusMany',
      { status },
      (n) => t(status === 'closed' ? 'b_closed' : 'b_opened', { n }),
      (c) => (c.status === status ? undefined : asWas(c)),
    )
  }
  const snooze = (until: number): void => {
    void act('conversations.snoozeMany', { until }, (n) => t('b_snoozed', { n, at: exact(until) }), asWas)
  }
  const label = (tagId: string): void => {
    const name = tags?.items.find((x) => x.id === tagId)?.name ?? ''
    void act(
      'conversations.addTagMany',
      { tagId },
      (n) => t('b_tagged', { n, name }),
      (c) => (c.tags.some((x) => x.id === tagId) ? undefined : ['conversations.removeTagMany', { tagId }]),
    )
  }
  const open = rows.some((c) => c.status !== 'closed')
  const finish = (): void => move(open ? 'closed' : 'open')
  useActions('many', [
    ...(can('conversations.close')
      ? [
          { key: 'many-close', label: t(open ? 'b_close' : 'b_open', { n }), hint: 'E', run: finish },
          { key: 'many-snooze', label: t('b_snooze', { n }), hint: 'S', run: () => snooze(nine(1)) },
        ]
      : []),
    ...(can('conversations.assign') ? [{ key: 'many-mine', label: t('b_mine', { n }), run: () => assign(me.user.id) }] : []),
    ...(every ? [] : [{ key: 'many-all', label: t('b_all'), run: selectAll }]),
    { key: 'many-none', label: t('b_none'), hint: 'Esc', run: () => choose([]) },
  ])
  return (
    <div className="bulk" role="toolbar" aria-label={t('b_chosen', { n })}>
      <label className="check">
        <input
          type="checkbox"
          aria-label={t('b_all')}
          title={t('b_all')}
          checked={every}
          ref={(e) => {
            if (e) e.indeterminate = !every
          }}
          onChange={selectAll}
        />
      </label>
      <span className="grow clip" role="status">
        {t('b_chosen', { n })}
      </span>
      {can('conversations.assign') && (
        <Pick
          id="many-assignee"
          label={t('assign')}
          value="-"
          disabled={busy}
          onChange={(e) => assign(e.target.value || null)}
          shown={<UserPlus size={16} aria-hidden="true" />}
        >
          <option value="-" disabled>
            {t('assign')}
          </option>
          <option value="">{t('nobody')}</option>
          {members?.items.map((m) => (
            <option key={m.userId} value={m.userId}>
              {m.name}
            </option>
          ))}
        </Pick>
      )}
      {can('conversations.reply') && tags && tags.items.length > 0 && (
        <Pick
          id="many-tag"
          label={t('addTag')}
          value=""
          disabled={busy}
          onChange={(e) => label(e.target.value)}
          shown={<TagIcon size={16} aria-hidden="true" />}
        >
          <option value="" disabled>
            {t('addTag')}
          </option>
          {tags.items.map((x) => (
            <option key={x.id} value={x.id}>
              {x.name}
            </option>
          ))}
        </Pick>
      )}
      {can('conversations.close') && <SnoozePick id="many-snooze" onPick={snooze} />}
      {can('conversations.close') && (
        <button
          id="many-close"
          className="icon"
          disabled={busy}
          onClick={finish}
          aria-label={t(open ? 'close' : 'open')}
          title={t(open ? 'close' : 'open')}
        >
          {open ? <Check size={16} aria-hidden="true" /> : <RotateCcw size={16} aria-hidden="true" />}
        </button>
      )}
      <button className="icon" onClick={() => choose([])} aria-label={t('b_none')} title={t('b_none')}>
        <X size={16} aria-hidden="true" />
      </button>
    </div>
  )
}
