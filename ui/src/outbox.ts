// Answers that wait for the connection: kept over a reload, sent once and in order when the server can be reached.

import { useEffect, useState } from 'react'
import { unanswered as silent, type Attachment } from '@deskbell/core/api.ts'
import { Outbox, type Letter } from '@deskbell/core/outbox.ts'
import { giveBack } from './drafts.ts'
import { said } from './parts.tsx'
import { ask, call, CallError, live } from './server.ts'
import { t } from './text.ts'
import type { Me } from './types.ts'

export interface Answer extends Letter {
  conversationId: string
  files: Attachment[]
  internal?: boolean
  lastSeenMessageId?: string
  sendAt?: number
  delayMs?: number
  close?: boolean
  /** The newest message that it was refused for. */
  missed?: string
}

/** Whether the same may be asked again: nothing was answered, or nothing was wrong with what was asked but who asked it. */
export const unanswered = (e: unknown): boolean => silent(e) || (e instanceof CallError && e.status === 401)

/** What a person reads of an answer that was refused. */
export const why = (e: unknown): string => (missedBy(e) ? t('missed') : t('notSent', { why: said(e) }))

/** The newest message that somebody wrote meanwhile, where an answer was refused for it. */
const missedBy = (e: unknown): string | undefined =>
  e instanceof CallError && e.problem.missed ? (e.problem.missed as Array<{ id: string }>).at(-1)?.id : undefined

export function post<T>({
  clientId,
  conversationId,
  content,
  attachmentIds,
  internal,
  lastSeenMessageId,
  sendAt,
  delayMs,
  close,
}: Answer): Promise<T> {
  return call<T>('messages.send', { clientId, conversationId, content, attachmentIds, internal, lastSeenMessageId, sendAt, delayMs, close })
}

let box: Outbox<Answer> | undefined
let opened = ''

/** Opens what this person left in this workspace; nobody else's is sent, also where another tab signed somebody else in. */
export function openOutbox(user: string, workspace: string): void {
  const key = `deskbell.outbox.${user}.${workspace}`
  if (opened === key) return
  opened = key
  const mine = new Outbox<Answer>(localStorage, key, (a) =>
    post(a).then(
      () => undefined,
      (e: unknown) => {
        throw unanswered(e) ? e : Object.assign(new Error(why(e)), { final: true, change: { missed: missedBy(e) } })
      },
    ),
  )
  box = mine
  const flush = async (): Promise<void> => {
    if (!mine.waiting.length || box !== mine) return
    const me = await ask<Me>('users.me').catch(() => undefined)
    if (me?.user.id === user && box === mine) await mine.flush()
  }
  live.onStatus((s) => {
    if (s === 'open') void flush()
  })
  setInterval(() => {
    void flush()
  }, 5000)
  addEventListener('storage', (e) => mine.heard(e.key))
}

/** Whoever was signed in is not any more: what they left waits for them. */
export function closeOutbox(): void {
  box = undefined
  opened = ''
}

/** Lets an answer wait; false where too many do already. */
export const wait = (a: Answer): boolean => box?.add(a) ?? false
/** Tries again, by somebody who has read up to a message. */
export const again = (a: Answer, lastSeenMessageId: string | undefined): void =>
  box?.retry(a.clientId, { lastSeenMessageId, missed: undefined })
export function takeBackWaiting(a: Answer): void {
  box?.drop(a.clientId)
  giveBack(a.conversationId, a.content, a.files)
}

/** The answers to a conversation that wait; what the server has is not among them. */
export function useWaiting(conversation: string, known: Array<string | null>): Answer[] {
  const [all, set] = useState<Answer[]>([])
  useEffect(() => box?.on(set), [])
  const mine = all.filter((a) => a.conversationId === conversation)
  const there = mine.filter((a) => known.includes(a.clientId)).map((a) => a.clientId)
  useEffect(() => {
    for (const id of there) box?.drop(id)
  }, [there.join()])
  return mine.filter((a) => !there.includes(a.clientId))
}
