// What the doors answer, as far as the dashboard shows it.

import type { Attachment } from '@deskbell/core/api.ts'

export interface Membership {
  workspaceId: string
  name: string
  accentColor: string
  role: string
  permissions: string[]
}
export interface Me {
  user: { id: string; email: string; name: string; avatarUrl: string | null }
  session: { id: string }
  memberships: Membership[]
}
/** What one has begun to write in a conversation, as the server has it. */
export interface SavedDraft {
  userId: string
  content: string
  internal: boolean
  revision: string | null
}
/** A conversation in which one has begun to write. */
export interface Begun {
  id: string
  internal: boolean
}
/** What came of changing several conversations alike: conflict is one that was merged into another. */
export interface Outcome {
  done: string[]
  failed: Array<{ conversationId: string; code: 'not_found' | 'conflict' }>
}
export interface ApiKey {
  id: string
  name: string
  hint: string
  scopes: string[]
  createdBy: string
  lastUsedAt: number | null
  expiresAt: number | null
  createdAt: number
}
export interface Person {
  id: string
  readableId: string
  name: string | null
  email: string | null
  avatarUrl: string | null
  online: boolean
}
export interface Visitor extends Person {
  currentUrl: string | null
  currentTitle: string | null
  referrer: string | null
  device: { os: string; browser: string; type: string }
  language: string | null
  timezone: string | null
  lastSeenAt: number
  firstSeenAt: number
  customAttributes: Record<string, string | number | boolean>
}
export interface Tag {
  id: string
  name: string
  color: string
}
export interface Conversation {
  id: string
  visitor: Person
  status: 'open' | 'snoozed' | 'closed'
  channel: string
  subject: string | null
  assignee: { id: string; name: string } | null
  priority: string
  tags: Tag[]
  lastMessage: { id: string | null; preview: string; senderType: string; senderName: string; at: number; internal: boolean }
  unreadByAgent: number
  unread: boolean
  snoozedUntil: number | null
  mergedInto: string | null
  aiState: string
  messageCount: number
  createdAt: number
}
export interface Message {
  id: string
  kind: 'message' | 'note' | 'event'
  senderType: string
  sender: { id: string; name: string } | null
  content: string
  contentHtml: string
  event: { type: string; actor: { name: string } | null; target: { name: string } | null; until?: number; reason?: string } | null
  attachments: Attachment[]
  sources?: Array<{ articleId: string; title: string; url?: string }>
  seenAt: number | null
  sendAt?: number
  createdAt: number
  clientId: string | null
}
export interface Page<T> {
  items: T[]
  nextCursor: string | null
}
export interface Member {
  id: string
  userId: string
  name: string
  email: string
  role: string
  permissions: string[] | null
  effectivePermissions: string[]
  online: boolean
}
export interface Invitation {
  id: string
  email: string
  role: string
  invitedBy: string
  expiresAt: number
}
export interface Workspace {
  id: string
  name: string
  accentColor: string
  allowedOrigins: string[]
  sessionLifetimeMs: number
}
export interface Counts {
  mine: number
  unassigned: number
  all: number
  aiHandled: number
  handoff: number
  snoozed: number
  closed: number
}

export interface UnreadTalk {
  id: string
  messageId: string
  name: string
  preview: string
  at: number
  mine: boolean
}
export interface UnreadForMe {
  total: number
  items: UnreadTalk[]
}
export interface Onboarding {
  widgetSeenAt: number | null
  widgetSeenUrl: string | null
  backupTakenAt: number | null
  first: boolean
  colleagues: number
  invited: number
  steps: Record<'widget' | 'answer' | 'invite' | 'origins' | 'messenger' | 'backup', boolean>
}

export const nameOf = (p: Person): string => p.name || p.email || p.readableId
