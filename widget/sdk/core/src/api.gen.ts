// Generated from the server's doors (go test ./app -run TestTypes -update). Do not edit.

export type AccountChangePassword = {
  currentPassword: string
  newPassword: string
}

export type AccountEmpty = {
}

export type AccountFounder = {
  accentColor?: string
  email: string
  name: string
  password: string
  token: string
  workspaceName: string
}

export type AccountMe = {
  memberships: Array<AccountMembership>
  session: MeSessionStruct
  user: AccountUser
}

export type AccountMembership = {
  accentColor: string
  name: string
  permissions: Array<string>
  role: string
  workspaceId: string
}

export type AccountRevoke = {
  sessionId: string
}

export type AccountRevoked = {
  revoked: number
}

export type AccountSetupState = {
  needed: boolean
  tokenValid: boolean
}

export type AccountSetupStatus = {
  token?: string
}

export type AccountSign = {
  createdAt: number
  current: boolean
  id: string
  ip: string
  lastSeenAt: number
  userAgent: string
}

export type AccountSignIn = {
  email: string
  password: string
  token?: boolean
}

export type AccountSignedIn = {
  token?: string
  user: AccountUser
  workspaces: Array<AccountWorkspaceOfUser>
}

export type AccountUpdateProfile = {
  name?: string
}

export type AccountUser = {
  avatarUrl: string | null
  createdAt: number
  email: string
  id: string
  name: string
}

export type AccountWorkspaceOfUser = {
  id: string
  name: string
  role: string
}

export type BackupEmpty = {
}

export type BackupStatus = {
  error: string | null
  lastBackupAt: number | null
  size: number
}

export type DoorPageConversation = {
  items: Array<InboxConversation>
  nextCursor: string | null
}

export type DoorPageInvitation = {
  items: Array<WorkspaceInvitation>
  nextCursor: string | null
}

export type DoorPageLabel = {
  items: Array<InboxLabel>
  nextCursor: string | null
}

export type DoorPageMember = {
  items: Array<WorkspaceMember>
  nextCursor: string | null
}

export type DoorPageMessage = {
  items: Array<InboxMessage>
  nextCursor: string | null
}

export type DoorPageSign = {
  items: Array<AccountSign>
  nextCursor: string | null
}

export type DoorPageVisitor = {
  items: Array<VisitorVisitor>
  nextCursor: string | null
}

export type InboxAssign = {
  assigneeId: string | null
  conversationId: string
}

export type InboxAttachment = {
  contentType: string
  filename: string
  height: number | null
  id: string
  size: number
  thumbnailUrl: string | null
  url: string
  width: number | null
}

export type InboxConversation = {
  aiState: string
  assignee: InboxFace
  channel: string
  createdAt: number
  id: string
  lastMessage: InboxLast
  mergedInto: string | null
  messageCount: number
  priority: string
  snoozedUntil: number | null
  status: string
  subject: string | null
  tags: Array<InboxLabel>
  team: InboxNamed
  unread: boolean
  unreadByAgent: number
  unreadByVisitor: number
  updatedAt: number
  visitor: InboxPerson
  workspaceId: string
}

export type InboxCounts = {
  aiHandled: number
  all: number
  closed: number
  handoff: number
  mine: number
  snoozed: number
  unassigned: number
}

export type InboxEditTag = {
  color?: string
  name?: string
  tagId: string
}

export type InboxEmpty = {
}

export type InboxFace = {
  avatarUrl: string | null
  id: string
  name: string
}

export type InboxLabel = {
  color: string
  id: string
  name: string
}

export type InboxLast = {
  at: number
  id: string
  internal: boolean
  preview: string
  senderName: string
  senderType: string
}

export type InboxListIn = {
  ai?: "ai_handled" | "handoff"
  assignee?: string
  channel?: string
  cursor?: string
  limit?: number
  q?: string
  sort?: "newest" | "oldest"
  status?: "open" | "snoozed" | "closed"
  tag?: string
  unread?: boolean
}

export type InboxLook = {
  conversationId: string
  left?: boolean
}

export type InboxMarkAsRead = {
  conversationId: string
}

export type InboxMerge = {
  conversationId: string
  intoConversationId: string
}

export type InboxMessage = {
  attachments: Array<InboxAttachment>
  channel: string
  clientId: string | null
  content: string
  contentHtml: string
  conversationId: string
  createdAt: number
  deliveryStatus: string
  event: unknown
  id: string
  internal: boolean
  kind: string
  seenAt: number | null
  sendAt?: number
  sender: InboxSender
  senderType: string
}

export type InboxNamed = {
  id: string
  name: string
}

export type InboxNewTag = {
  color?: string
  name: string
}

export type InboxOfVisitorIn = {
  visitorId?: string
}

export type InboxPerson = {
  avatarUrl: string | null
  email: string | null
  id: string
  name: string | null
  online: boolean
  readableId: string
  verified: boolean
}

export type InboxPresent = {
  looking: Array<InboxNamed>
  typing: Array<InboxTypist>
}

export type InboxSearchIn = {
  limit?: number
  q: string
}

export type InboxSend = {
  attachmentIds?: Array<string>
  clientId?: string
  close?: boolean
  content: string
  conversationId: string
  delayMs?: number
  internal?: boolean
  lastSeenMessageId?: string
  sendAt?: number
}

export type InboxSender = {
  avatarUrl: string | null
  id: string
  name: string
}

export type InboxSetPriority = {
  conversationId: string
  priority: "none" | "low" | "normal" | "high" | "urgent"
}

export type InboxSetStatus = {
  conversationId: string
  status: "open" | "closed"
}

export type InboxSnooze = {
  conversationId: string
  until: number
}

export type InboxStart = {
  attachmentIds?: Array<string>
  clientId?: string
  content: string
}

export type InboxStarted = {
  conversation: InboxConversation
  message: InboxMessage
}

export type InboxTagging = {
  conversationId: string
  tagId: string
}

export type InboxTestMessage = {
  content?: string
  name?: string
}

export type InboxTested = {
  conversationId: string
}

export type InboxThreadIn = {
  before?: string
  conversationId: string
  limit?: number
}

export type InboxTotal = {
  total: number
}

export type InboxTyping = {
  conversationId: string
  stopped?: boolean
}

export type InboxTypist = {
  id: string
  kind: string
  name: string
}

export type InboxUnreadForMe = {
  items: Array<InboxUnreadTalk>
  total: number
}

export type InboxUnreadTalk = {
  at: number
  id: string
  messageId: string
  mine: boolean
  name: string
  preview: string
}

export type InboxWhich = {
  conversationId: string
}

export type InboxWhichScheduled = {
  messageId: string
}

export type InboxWhichTag = {
  tagId: string
}

export type MeSessionStruct = {
  id: string
}

export type VisitorBeat = {
  title?: string
  url?: string
}

export type VisitorBoot = {
  clientType?: string
  clientVersion?: string
  device?: VisitorHints
  referrer?: string
  sessionId?: string
  title?: string
  url?: string
  user?: VisitorPerson
  workspaceId: string
}

export type VisitorBooted = {
  expiresAt: number
  lifetimeMs: number
  sessionToken: string
  settings: VisitorSettings
  visitor: VisitorVisitor
}

export type VisitorDevice = {
  browser: string
  os: string
  type: string
}

export type VisitorEmpty = {
}

export type VisitorHints = {
  language?: string
  timezone?: string
}

export type VisitorList = {
  cursor?: string
  limit?: number
  online?: boolean
  q?: string
}

export type VisitorOnboarding = {
  backupTakenAt: number | null
  colleagues: number
  invited: number
  steps: VisitorSteps
  widgetSeenAt: number | null
  widgetSeenUrl: string | null
}

export type VisitorPerson = {
  customAttributes?: Record<string, unknown>
  email?: string
  name?: string
  userHash?: string
  userId?: string
  userJwt?: string
}

export type VisitorRefreshed = {
  expiresAt: number
  lifetimeMs: number
  sessionToken: string
}

export type VisitorSettings = {
  accentColor: string
  backgroundColor: string
  bottomSpacing: number
  language: string | null
  launcherIconUrl: string | null
  launcherPosition: string
  mobileEnabled: boolean
  name: string
  privacyPolicyUrl: string | null
  replyTime: string | null
  showLauncher: boolean
  showTeammateAvatars: boolean
  sideSpacing: number
  team: Array<VisitorTeammate>
  teamIntroduction: string | null
  themeMode: string
  welcomeMessage: string
  workspaceId: string
}

export type VisitorSteps = {
  answer: boolean
  backup: boolean
  invite: boolean
  messenger: boolean
  origins: boolean
  widget: boolean
}

export type VisitorTeammate = {
  avatarUrl: string | null
  name: string
  online: boolean
}

export type VisitorUpdate = {
  customAttributes?: Record<string, unknown>
  email?: string | null
  name?: string | null
  visitorId: string
}

export type VisitorUpdateSettings = {
  accentColor?: string | null
  backgroundColor?: string | null
  bottomSpacing?: number
  language?: string | null
  launcherIconUrl?: string | null
  launcherPosition?: "left" | "right"
  mobileEnabled?: boolean
  privacyPolicyUrl?: string | null
  showLauncher?: boolean
  showTeammateAvatars?: boolean
  sideSpacing?: number
  teamIntroduction?: string | null
  themeMode?: "light" | "dark" | "system"
  welcomeMessage?: string
}

export type VisitorVisitor = {
  avatarUrl: string | null
  createdAt: number
  currentTitle: string | null
  currentUrl: string | null
  customAttributes: unknown
  device: VisitorDevice
  email: string | null
  firstSeenAt: number
  id: string
  language: string | null
  lastSeenAt: number
  name: string | null
  online: boolean
  readableId: string
  referrer: string | null
  timezone: string | null
  userId: string | null
  verified: boolean
}

export type VisitorWhich = {
  visitorId: string
}

export type WorkspaceAccept = {
  name?: string
  password?: string
  token: string
}

export type WorkspaceCreate = {
  accentColor?: string
  name: string
}

export type WorkspaceEmpty = {
}

export type WorkspaceInvitation = {
  createdAt: number
  email: string
  expiresAt: number
  id: string
  invitedBy: string
  role: string
  status: string
}

export type WorkspaceInvite = {
  email: string
  role: "admin" | "agent" | "viewer"
}

export type WorkspaceInvited = {
  invitation: WorkspaceInvitation
  url: string
}

export type WorkspaceMember = {
  avatarUrl: string | null
  createdAt: number
  effectivePermissions: Array<string>
  email: string
  id: string
  name: string
  online: boolean
  permissions: Array<string>
  role: string
  userId: string
}

export type WorkspaceOffer = {
  email: string
  inviterName: string
  role: string
  userExists: boolean
  workspaceName: string
}

export type WorkspaceSetPermissions = {
  memberId: string
  permissions: Array<string> | null
}

export type WorkspaceToken = {
  token: string
}

export type WorkspaceUpdate = {
  accentColor?: string
  allowedOrigins?: Array<string>
  name?: string
  sessionLifetimeMs?: number
}

export type WorkspaceUpdateRole = {
  memberId: string
  role: "admin" | "agent" | "viewer"
}

export type WorkspaceWhich = {
  memberId: string
}

export type WorkspaceWhichInvitation = {
  invitationId: string
}

export type WorkspaceWorkspace = {
  accentColor: string
  allowedOrigins: Array<string>
  createdAt: number
  id: string
  name: string
  sessionLifetimeMs: number
}

export interface Doors {
  "auth.changePassword": { in: AccountChangePassword; out: AccountEmpty; view: false }
  "auth.signIn": { in: AccountSignIn; out: AccountSignedIn; view: false }
  "auth.signOut": { in: AccountEmpty; out: AccountEmpty; view: false }
  "backups.status": { in: BackupEmpty & { workspaceId?: string }; out: BackupStatus; view: true }
  "conversations.addTag": { in: InboxTagging & { workspaceId?: string }; out: InboxConversation; view: false }
  "conversations.assign": { in: InboxAssign & { workspaceId?: string }; out: InboxConversation; view: false }
  "conversations.counts": { in: InboxEmpty & { workspaceId?: string }; out: InboxCounts; view: true }
  "conversations.get": { in: InboxWhich & { workspaceId?: string }; out: InboxConversation; view: true }
  "conversations.getTotalUnreadForVisitor": { in: InboxEmpty; out: InboxTotal; view: true }
  "conversations.listForInbox": { in: InboxListIn & { workspaceId?: string }; out: DoorPageConversation; view: true }
  "conversations.listForVisitor": { in: InboxOfVisitorIn & { workspaceId?: string }; out: DoorPageConversation; view: true }
  "conversations.look": { in: InboxLook & { workspaceId?: string }; out: InboxEmpty; view: false }
  "conversations.markAsRead": { in: InboxMarkAsRead & { workspaceId?: string }; out: InboxConversation; view: false }
  "conversations.merge": { in: InboxMerge & { workspaceId?: string }; out: InboxConversation; view: false }
  "conversations.presence": { in: InboxMarkAsRead & { workspaceId?: string }; out: InboxPresent; view: true }
  "conversations.removeTag": { in: InboxTagging & { workspaceId?: string }; out: InboxConversation; view: false }
  "conversations.search": { in: InboxSearchIn & { workspaceId?: string }; out: DoorPageConversation; view: true }
  "conversations.setPriority": { in: InboxSetPriority & { workspaceId?: string }; out: InboxConversation; view: false }
  "conversations.setStatus": { in: InboxSetStatus & { workspaceId?: string }; out: InboxConversation; view: false }
  "conversations.snooze": { in: InboxSnooze & { workspaceId?: string }; out: InboxConversation; view: false }
  "conversations.start": { in: InboxStart; out: InboxStarted; view: false }
  "conversations.unreadForMe": { in: InboxEmpty & { workspaceId?: string }; out: InboxUnreadForMe; view: true }
  "invitations.accept": { in: WorkspaceAccept; out: AccountSignedIn; view: false }
  "invitations.cancel": { in: WorkspaceWhichInvitation & { workspaceId?: string }; out: WorkspaceEmpty; view: false }
  "invitations.get": { in: WorkspaceToken; out: WorkspaceOffer; view: true }
  "invitations.list": { in: WorkspaceEmpty & { workspaceId?: string }; out: DoorPageInvitation; view: true }
  "invitations.resend": { in: WorkspaceWhichInvitation & { workspaceId?: string }; out: WorkspaceInvited; view: false }
  "messages.cancelScheduled": { in: InboxWhichScheduled & { workspaceId?: string }; out: InboxMessage; view: false }
  "messages.list": { in: InboxThreadIn & { workspaceId?: string }; out: DoorPageMessage; view: true }
  "messages.scheduled": { in: InboxWhich & { workspaceId?: string }; out: DoorPageMessage; view: true }
  "messages.send": { in: InboxSend & { workspaceId?: string }; out: InboxMessage; view: false }
  "messages.sendScheduled": { in: InboxWhichScheduled & { workspaceId?: string }; out: InboxMessage; view: false }
  "messages.typing": { in: InboxTyping & { workspaceId?: string }; out: InboxEmpty; view: false }
  "messengerSettings.get": { in: VisitorEmpty & { workspaceId?: string }; out: VisitorSettings; view: true }
  "messengerSettings.update": { in: VisitorUpdateSettings & { workspaceId?: string }; out: VisitorSettings; view: false }
  "onboarding.get": { in: VisitorEmpty & { workspaceId?: string }; out: VisitorOnboarding; view: true }
  "onboarding.sendTestMessage": { in: InboxTestMessage & { workspaceId?: string }; out: InboxTested; view: false }
  "sessions.list": { in: AccountEmpty; out: DoorPageSign; view: true }
  "sessions.revoke": { in: AccountRevoke; out: AccountEmpty; view: false }
  "sessions.revokeOthers": { in: AccountEmpty; out: AccountRevoked; view: false }
  "setup.complete": { in: AccountFounder; out: AccountSignedIn; view: false }
  "setup.status": { in: AccountSetupStatus; out: AccountSetupState; view: true }
  "tags.create": { in: InboxNewTag & { workspaceId?: string }; out: InboxLabel; view: false }
  "tags.list": { in: InboxEmpty & { workspaceId?: string }; out: DoorPageLabel; view: true }
  "tags.remove": { in: InboxWhichTag & { workspaceId?: string }; out: InboxEmpty; view: false }
  "tags.update": { in: InboxEditTag & { workspaceId?: string }; out: InboxLabel; view: false }
  "users.me": { in: AccountEmpty; out: AccountMe; view: true }
  "users.updateProfile": { in: AccountUpdateProfile; out: AccountUser; view: false }
  "visitors.get": { in: VisitorWhich & { workspaceId?: string }; out: VisitorVisitor; view: true }
  "visitors.heartbeat": { in: VisitorBeat; out: VisitorEmpty; view: false }
  "visitors.identify": { in: VisitorPerson; out: VisitorVisitor; view: false }
  "visitors.list": { in: VisitorList & { workspaceId?: string }; out: DoorPageVisitor; view: true }
  "visitors.update": { in: VisitorUpdate & { workspaceId?: string }; out: VisitorVisitor; view: false }
  "widgetSessions.boot": { in: VisitorBoot; out: VisitorBooted; view: false }
  "widgetSessions.refresh": { in: VisitorEmpty; out: VisitorRefreshed; view: false }
  "widgetSessions.revoke": { in: VisitorEmpty; out: VisitorEmpty; view: false }
  "workspaceMembers.invite": { in: WorkspaceInvite & { workspaceId?: string }; out: WorkspaceInvited; view: false }
  "workspaceMembers.leave": { in: WorkspaceEmpty & { workspaceId?: string }; out: WorkspaceEmpty; view: false }
  "workspaceMembers.list": { in: WorkspaceEmpty & { workspaceId?: string }; out: DoorPageMember; view: true }
  "workspaceMembers.remove": { in: WorkspaceWhich & { workspaceId?: string }; out: WorkspaceEmpty; view: false }
  "workspaceMembers.setPermissions": { in: WorkspaceSetPermissions & { workspaceId?: string }; out: WorkspaceMember; view: false }
  "workspaceMembers.transferOwnership": { in: WorkspaceWhich & { workspaceId?: string }; out: WorkspaceEmpty; view: false }
  "workspaceMembers.updateRole": { in: WorkspaceUpdateRole & { workspaceId?: string }; out: WorkspaceMember; view: false }
  "workspaces.create": { in: WorkspaceCreate; out: WorkspaceWorkspace; view: false }
  "workspaces.get": { in: WorkspaceEmpty & { workspaceId?: string }; out: WorkspaceWorkspace; view: true }
  "workspaces.update": { in: WorkspaceUpdate & { workspaceId?: string }; out: WorkspaceWorkspace; view: false }
}
