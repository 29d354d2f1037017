// Generated from the server's doors (go test ./app -run TestGenerated -update). Do not edit.

export type AccountAPIKey = {
  createdAt: number
  createdBy: string
  expiresAt: number | null
  hint: string
  id: string
  lastUsedAt: number | null
  name: string
  scopes: Array<string>
}

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
  welcomeMessage?: string
  workspaceName: string
}

export type AccountMadeKey = {
  key: AccountAPIKey
  token: string
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

export type AccountNewKey = {
  expiresInDays?: number
  name: string
  scopes: Array<string>
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

export type AccountWhichKey = {
  keyId: string
}

export type AccountWorkspaceOfUser = {
  id: string
  name: string
  role: string
}

export type AiAsked = {
  answered: boolean
  conversationId: string
  createdAt: number
  question: string
  runId: string
}

export type AiBucket = {
  count: number
  from: number
  high: number
  low: number
  right: number
  said: number
  to: number
}

export type AiEmpty = {
}

export type AiGroup = {
  answered: number
  count: number
  lastAt: number
  near: AiNearestArt
  question: string
  questions: Array<AiAsked>
  runIds: Array<string>
}

export type AiGroups = {
  complete: boolean
  items: Array<AiGroup>
  pending: number
  total: number
}

export type AiHandedOver = {
  first: boolean
}

export type AiHours = {
  days: Array<AiOpen>
  zone: string
}

export type AiJudge = {
  note?: string
  runId: string
  verdict: "right" | "partly" | "wrong" | null
}

export type AiNearestArt = {
  articleId: string
  title: string
}

export type AiOpen = {
  day: number
  from: number
  to: number
}

export type AiOutcome = {
  conversationId: string
  forced: boolean
  least: number
  right: boolean | null
}

export type AiPiece = {
  cited: boolean
  heading: string
  meaning: number
  score: number
  source: string
  sourceId: string
  title: string
  words: number
}

export type AiRate = {
  conversationId: string
  helpful: boolean
  messageId: string
}

export type AiReason = {
  count: number
  reason: string
}

export type AiReport = {
  answered: number
  buckets: Array<AiBucket>
  complete: boolean
  conversations: number
  handedOver: number
  helpful: number
  judged: number
  notHelpful: number
  outcomes: Array<AiOutcome>
  partly: number
  questions: number
  reasons: Array<AiReason>
  resolved: number
  right: number
  spent: Array<AiSpentByUse>
  wrong: number
}

export type AiReportIn = {
  days?: number
}

export type AiReview = {
  at: number
  by: string
  note: string | null
  verdict: "right" | "partly" | "wrong"
}

export type AiRule = {
  attribute: string
  value: string
}

export type AiRun = {
  answerId: string | null
  candidate: string
  candidateHtml: string
  cents: number
  confidence: number
  conversationId: string
  createdAt: number
  decision: string
  draft: string
  fallback: string | null
  found: Array<AiPiece>
  helpful: boolean | null
  id: string
  model: string
  promptHash: string
  question: string
  questionId: string
  reason: string | null
  review: AiReview
  selfCheck: number | null
  threshold: number
  tokensIn: number
  tokensOut: number
  tookMs: number
  tools: Array<AiToolUse>
}

export type AiRunsIn = {
  before?: string
  decision?: "answered" | "handed_over"
  limit?: number
}

export type AiSettings = {
  awayNotice: string | null
  enabled: boolean
  guidance: Array<string>
  handoffNotice: string | null
  hours: AiHours
  indexed: number
  instructions: string
  language: string
  linkOrigins: Array<string>
  maxTurns: number
  name: string
  neverSay: Array<string>
  pieces: number
  rules: Array<AiRule>
  threshold: number
  tone: string
  topics: Array<string>
  useModel: boolean
}

export type AiSettle = {
  runIds: Array<string>
}

export type AiSettled = {
  count: number
}

export type AiSpentByUse = {
  calls: number
  cents: number
  failed: number
  purpose: string
  tokens: number
}

export type AiSummary = {
  answered: number
  handedOver: number
  helpful: number
  notHelpful: number
}

export type AiToolUse = {
  asked?: string
  failed?: string
  tool: string
}

export type AiTried = {
  answer: string
  answerHtml: string
  confidence: number
  decision: string
  fallback: string | null
  found: Array<AiPiece>
  model: string
  reason: string | null
  sources: Array<Source>
  threshold: number
  tookMs: number
}

export type AiTry = {
  question: string
}

export type AiUpdate = {
  awayNotice?: string
  enabled?: boolean
  guidance?: Array<string>
  handoffNotice?: string
  hours?: AiHours
  instructions?: string
  language?: string
  linkOrigins?: Array<string>
  maxTurns?: number
  name?: string
  neverSay?: Array<string>
  rules?: Array<AiRule>
  threshold?: number
  tone?: "friendly" | "neutral" | "formal" | "brief"
  topics?: Array<string>
  useModel?: boolean
}

export type AiWhich = {
  conversationId: string
}

export type BackupEmpty = {
}

export type BackupStatus = {
  error: string | null
  lastBackupAt: number | null
  mine: boolean
  size: number
}

export type BackupStorage = {
  freeBytes: number
  percentFree: number
  room: "ok" | "low" | "full"
}

export type CopilotArticleDraft = {
  content: string
  how: "extractive" | "model"
  near: Array<CopilotNearest>
  title: string
  why: string | null
}

export type CopilotDrafted = {
  confidence: number
  content: string
  contentHtml: string
  how: "extractive" | "model"
  sources: Array<CopilotItem>
  why: string | null
}

export type CopilotEmpty = {
}

export type CopilotFindIn = {
  conversationId: string
  limit?: number
  q?: string
}

export type CopilotItem = {
  confidence: number
  excerpt: string
  id: string
  shortcut: string | null
  source: string
  teamOnly: boolean
  text: string
  title: string
  url: string | null
}

export type CopilotItems = {
  items: Array<CopilotItem>
}

export type CopilotNearest = {
  articleId: string
  excerpt: string
  likeness: number
  same: boolean
  teamOnly: boolean
  title: string
}

export type CopilotQuestions = {
  runIds: Array<string>
}

export type CopilotRewrite = {
  style: "shorter" | "friendlier" | "formal" | "fix"
  text: string
}

export type CopilotSaid = {
  conversationId: string
  messageId: string
  to: string
}

export type CopilotSettings = {
  learnConversations: boolean
  learned: number
}

export type CopilotSuggested = {
  items: Array<CopilotItem>
  question: string
}

export type CopilotSummed = {
  how: "extractive" | "model"
  summary: string
  summaryHtml: string
  why: string | null
}

export type CopilotTranslate = {
  conversationId?: string
  text: string
  to?: string
}

export type CopilotTranslated = {
  from: string
  html: string | null
  messageId: string
  text: string | null
}

export type CopilotTranslations = {
  items: Array<CopilotTranslated>
  visitor: string
}

export type CopilotTranslationsIn = {
  conversationId: string
  to: string
}

export type CopilotUpdate = {
  learnConversations?: boolean
}

export type CopilotWhich = {
  conversationId: string
}

export type CopilotWritten = {
  text: string
}

export type DoorPageAPIKey = {
  items: Array<AccountAPIKey>
  nextCursor: string | null
}

export type DoorPageBegun = {
  items: Array<InboxBegun>
  nextCursor: string | null
}

export type DoorPageCollection = {
  items: Array<HelpcenterCollection>
  nextCursor: string | null
}

export type DoorPageConversation = {
  items: Array<InboxConversation>
  nextCursor: string | null
}

export type DoorPageImport = {
  items: Array<HelpcenterImport>
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

export type DoorPageLine = {
  items: Array<HelpcenterLine>
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

export type DoorPageReply = {
  items: Array<SavedReply>
  nextCursor: string | null
}

export type DoorPageRun = {
  items: Array<AiRun>
  nextCursor: string | null
}

export type DoorPageSign = {
  items: Array<AccountSign>
  nextCursor: string | null
}

export type DoorPageVersion = {
  items: Array<HelpcenterVersion>
  nextCursor: string | null
}

export type DoorPageVisitor = {
  items: Array<VisitorVisitor>
  nextCursor: string | null
}

export type DoorPageVote = {
  items: Array<HelpcenterVote>
  nextCursor: string | null
}

export type HelpcenterArticle = {
  author: HelpcenterNamed
  changed: boolean
  collectionId: string | null
  content: string
  contentHtml: string
  createdAt: number
  description: string | null
  editor: HelpcenterNamed
  excerpt: string
  helpful: number
  id: string
  language: string
  languages: Array<string>
  live: HelpcenterLive
  notHelpful: number
  position: number
  publishAt: number | null
  publishedAt: number | null
  references: Record<string, string>
  related: Array<HelpcenterBeside>
  revision: number
  seoTitle: string | null
  slug: string
  status: string
  tags: Array<string>
  title: string
  updatedAt: number
  url: string | null
  visibility: string
  workspaceId: string
}

export type HelpcenterArticleIn = {
  articleId: string
  language?: string
}

export type HelpcenterBeside = {
  articleId: string
  status: "draft" | "published" | "archived" | "deleted"
  title: string
  visibility: "public" | "internal"
}

export type HelpcenterBrief = {
  description: string | null
  id: string
  language: string
  slug: string
  title: string
}

export type HelpcenterChosenPages = {
  address: string
  pictureHosts?: Array<string>
  publish?: boolean
  urls: Array<string>
}

export type HelpcenterCollection = {
  articleCount: number
  description: string | null
  icon: string | null
  id: string
  name: string
  parentId: string | null
  position: number
  publishedArticleCount: number
  slug: string
  translations: Array<HelpcenterTranslation>
  updatedAt: number
}

export type HelpcenterContents = {
  articles: Array<HelpcenterBrief>
  collection: HelpcenterShelved
  collections: Array<HelpcenterShelved>
  path: Array<HelpcenterShelved>
}

export type HelpcenterEmpty = {
}

export type HelpcenterFailed = {
  count: number
  lastAt: number
  query: string
}

export type HelpcenterFeedbackIn = {
  articleId: string
  cursor?: string
  limit?: number
}

export type HelpcenterHit = {
  articleId: string
  collectionId: string | null
  excerpt: string
  excerptMarked: string
  language: string
  slug: string
  status: string
  title: string
  titleMarked: string
  url: string | null
  visibility: string
}

export type HelpcenterHome = {
  articles: Array<HelpcenterBrief>
  collections: Array<HelpcenterShelved>
  language: string
  languages: Array<string>
  tagline: string | null
  title: string
  url: string
  workspaceId: string
}

export type HelpcenterImport = {
  author: string
  created: number
  createdAt: number
  deleted: number
  failure: string | null
  id: string
  restoredAt: number | null
  source: string
  state: "applying" | "undoing" | "failed" | "restoring" | "done"
  updated: number
}

export type HelpcenterImportsIn = {
  cursor?: string
  limit?: number
}

export type HelpcenterLine = {
  author: HelpcenterNamed
  changed: boolean
  collectionId: string | null
  createdAt: number
  description: string | null
  editor: HelpcenterNamed
  helpful: number
  id: string
  language: string
  notHelpful: number
  position: number
  publishAt: number | null
  publishedAt: number | null
  slug: string
  status: string
  tags: Array<string>
  title: string
  updatedAt: number
  visibility: string
}

export type HelpcenterListIn = {
  collectionId?: string
  cursor?: string
  language?: string
  limit?: number
  q?: string
  status?: "draft" | "published" | "archived"
  tag?: string
  visibility?: "public" | "internal"
}

export type HelpcenterLive = {
  at: number
  content: string
  description: string | null
  revision: number
  title: string
}

export type HelpcenterMoveArticle = {
  articleId: string
  beforeId?: string | null
  collectionId: string | null
}

export type HelpcenterMoveCollection = {
  beforeId?: string | null
  collectionId: string
  parentId: string | null
}

export type HelpcenterNamed = {
  id: string | null
  name: string
}

export type HelpcenterNewArticle = {
  collectionId?: string
  content?: string
  description?: string
  language?: string
  slug?: string
  tags?: Array<string>
  title: string
  visibility?: "public" | "internal"
}

export type HelpcenterNewCollection = {
  description?: string
  icon?: string
  name: string
  parentId?: string
}

export type HelpcenterNewFeedback = {
  articleId: string
  comment?: string
  helpful: boolean
  language?: string
  workspaceId?: string
}

export type HelpcenterPreviewIn = {
  content: string
  description?: string
  language?: string
  title?: string
}

export type HelpcenterPublished = {
  author: string
  collectionId: string | null
  contentHtml: string
  description: string | null
  id: string
  language: string
  path: Array<HelpcenterShelved>
  related: Array<HelpcenterBrief>
  slug: string
  title: string
  updatedAt: number
  url: string
}

export type HelpcenterPublishing = {
  articleId: string
  language?: string
  revision?: number
}

export type HelpcenterReadIn = {
  articleId?: string
  language?: string
  slug?: string
  workspaceId?: string
}

export type HelpcenterReaderIn = {
  language?: string
  workspaceId?: string
}

export type HelpcenterResults = {
  items: Array<HelpcenterHit>
}

export type HelpcenterSchedule = {
  articleId: string
  at: number | null
}

export type HelpcenterSearchIn = {
  language?: string
  limit?: number
  q: string
  workspaceId?: string
}

export type HelpcenterSettings = {
  accessPolicy: string
  domain: string | null
  failedSearches: Array<HelpcenterFailed>
  language: string
  languages: Array<string>
  link: string | null
  siteUrl: string | null
  slug: string
  synonyms: Array<string>
  tagline: string | null
  title: string | null
  url: string
}

export type HelpcenterShelfIn = {
  collectionId?: string
  language?: string
  slug?: string
  workspaceId?: string
}

export type HelpcenterShelved = {
  articleCount: number
  description: string | null
  icon: string | null
  id: string
  name: string
  parentId: string | null
  slug: string
}

export type HelpcenterShown = {
  document: string
  html: string
}

export type HelpcenterSiteImport = {
  address: string
  author: string
  createdAt: number
  done: number
  failure: string | null
  id: string
  leftOut: Array<string>
  plan: HelpcenterSynced
  problems: Array<SiteProblem>
  publish: boolean
  state: "fetching" | "ready" | "failed" | "applied" | "discarded"
  total: number
}

export type HelpcenterSiteImports = {
  items: Array<HelpcenterSiteImport>
}

export type HelpcenterSiteMap = {
  more: boolean
  pages: Array<HelpcenterSitePage>
}

export type HelpcenterSitePage = {
  name: string
  url: string
}

export type HelpcenterSynced = {
  collections: Array<string>
  created: Array<string>
  deleted: Array<string>
  dryRun: boolean
  files: number
  importId: string | null
  pictures: number
  source: string
  unchanged: number
  unresolved: Array<string>
  updated: Array<string>
}

export type HelpcenterTagList = {
  tags: Array<string>
}

export type HelpcenterTeamSearch = {
  language?: string
  limit?: number
  q: string
}

export type HelpcenterTranslation = {
  description: string | null
  language: string
  name: string
}

export type HelpcenterUpdateArticle = {
  articleId: string
  collectionId?: string | null
  content?: string
  description?: string | null
  keep?: boolean
  language?: string
  relatedIds?: Array<string>
  revision?: number
  seoTitle?: string | null
  slug?: string
  tags?: Array<string>
  title?: string
  visibility?: "public" | "internal"
}

export type HelpcenterUpdateCollection = {
  collectionId: string
  description?: string | null
  icon?: string | null
  language?: string
  name?: string
  slug?: string
}

export type HelpcenterUpdateSettings = {
  accessPolicy?: "public" | "restricted" | "link"
  domain?: string | null
  language?: string
  languages?: Array<string>
  newLink?: boolean
  siteUrl?: string | null
  slug?: string
  synonyms?: Array<string>
  tagline?: string | null
  title?: string | null
}

export type HelpcenterVersion = {
  author: HelpcenterNamed
  content: string
  createdAt: number
  description: string | null
  id: string
  language: string
  published: boolean
  revision: number
  title: string
}

export type HelpcenterVersionsIn = {
  articleId: string
  cursor?: string
  language?: string
  limit?: number
}

export type HelpcenterVote = {
  comment: string | null
  createdAt: number
  helpful: boolean
  id: string
  language: string | null
  visitorId: string | null
}

export type HelpcenterWhereSite = {
  address: string
}

export type HelpcenterWhichArticle = {
  articleId: string
}

export type HelpcenterWhichCollection = {
  collectionId: string
}

export type HelpcenterWhichImport = {
  importId: string
}

export type HelpcenterWhichSite = {
  siteImportId: string
}

export type HelpcenterWhichText = {
  articleId: string
  language?: string
}

export type HelpcenterWhichVersion = {
  articleId: string
  revision?: number
  versionId: string
}

export type InboxAssign = {
  assigneeId: string | null
  conversationId: string
}

export type InboxAssignMany = {
  assigneeId: string | null
  conversationIds: Array<string>
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

export type InboxBegun = {
  id: string
  internal: boolean
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

export type InboxDraft = {
  content: string
  internal: boolean
  revision: string | null
  userId: string
}

export type InboxDraftOf = {
  conversationId: string
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

export type InboxLeft = {
  code: "not_found" | "conflict"
  conversationId: string
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
  unreadForMe?: boolean
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
  sources: Array<Source>
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

export type InboxOutcome = {
  done: Array<string>
  failed: Array<InboxLeft>
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

export type InboxSaveDraft = {
  content: string
  conversationId: string
  internal?: boolean
  userId?: string
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

export type InboxSetStatusMany = {
  conversationIds: Array<string>
  status: "open" | "closed"
}

export type InboxSnooze = {
  conversationId: string
  until: number
}

export type InboxSnoozeMany = {
  conversationIds: Array<string>
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

export type InboxTagMany = {
  conversationIds: Array<string>
  tagId: string
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
  html?: string
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

export type ModelEmbedder = {
  baseUrl: string
  dims: number
  done: number
  keyEnd: string
  keySet: boolean
  model: string
  price: number
  protocol: string
  serving: string
  total: number
  trouble: string | null
}

export type ModelEmbedderUpdate = {
  baseUrl?: string
  dims?: number
  key?: string | null
  model?: string
  price?: number
  protocol: "" | "openai" | "ollama"
}

export type ModelEmpty = {
}

export type ModelFailed = {
  at: number
  complaint: string
  failures: number
  kind: string
  pausedUntil: number | null
}

export type ModelOffered = {
  models: Array<string>
}

export type ModelSettings = {
  baseUrl: string
  budgetUnit: string
  dayBudget: number
  enabled: boolean
  keyEnd: string
  keySet: boolean
  model: string
  month: ModelSpent
  monthBudget: number
  priceIn: number
  priceOut: number
  privateHosts: boolean
  provider: string
  ready: boolean
  today: ModelSpent
  trouble: ModelFailed
  visitorBudget: number
}

export type ModelSpent = {
  cents: number
  tokens: number
}

export type ModelTested = {
  answer: string
  tokens: number
  tookMs: number
}

export type ModelUpdate = {
  baseUrl?: string
  budgetUnit?: "tokens" | "cents"
  dayBudget?: number
  enabled?: boolean
  key?: string | null
  model?: string
  monthBudget?: number
  priceIn?: number
  priceOut?: number
  provider?: "" | "openai" | "anthropic" | "ollama"
  visitorBudget?: number
}

export type ModelWhere = {
  baseUrl?: string
  key?: string
  provider?: "" | "openai" | "anthropic" | "ollama"
}

export type SavedEdit = {
  content?: string
  folder?: string
  forAi?: boolean
  name?: string
  savedReplyId: string
  shared?: boolean
  shortcut?: string
}

export type SavedEmpty = {
}

export type SavedNewReply = {
  content: string
  folder?: string
  forAi?: boolean
  name: string
  shared?: boolean
  shortcut?: string
}

export type SavedReply = {
  author: string
  content: string
  createdAt: number
  folder: string | null
  forAi: boolean
  id: string
  name: string
  shared: boolean
  shortcut: string | null
  updatedAt: number
}

export type SavedWhich = {
  savedReplyId: string
}

export type SiteProblem = {
  url: string
  why: string
}

export type Source = {
  articleId: string
  title: string
  url?: string
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
  first: boolean
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
  welcomeMessage?: string
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
  "aiAgent.ask": { in: AiTry & { workspaceId?: string }; out: AiTried; view: false }
  "aiAgent.getConversationResponses": { in: AiWhich & { workspaceId?: string }; out: DoorPageRun; view: true }
  "aiAgent.getEmbedder": { in: ModelEmpty & { workspaceId?: string }; out: ModelEmbedder; view: true }
  "aiAgent.getModel": { in: ModelEmpty & { workspaceId?: string }; out: ModelSettings; view: true }
  "aiAgent.getReport": { in: AiReportIn & { workspaceId?: string }; out: AiReport; view: true }
  "aiAgent.getSettings": { in: AiEmpty & { workspaceId?: string }; out: AiSettings; view: true }
  "aiAgent.getSummary": { in: AiEmpty & { workspaceId?: string }; out: AiSummary; view: true }
  "aiAgent.handBack": { in: InboxWhich & { workspaceId?: string }; out: InboxConversation; view: false }
  "aiAgent.handoffToHuman": { in: AiWhich & { workspaceId?: string }; out: AiHandedOver; view: false }
  "aiAgent.judge": { in: AiJudge & { workspaceId?: string }; out: AiRun; view: false }
  "aiAgent.listModels": { in: ModelWhere & { workspaceId?: string }; out: ModelOffered; view: false }
  "aiAgent.listRuns": { in: AiRunsIn & { workspaceId?: string }; out: DoorPageRun; view: true }
  "aiAgent.listUnanswered": { in: AiEmpty & { workspaceId?: string }; out: AiGroups; view: false }
  "aiAgent.settleQuestions": { in: AiSettle & { workspaceId?: string }; out: AiSettled; view: false }
  "aiAgent.submitFeedback": { in: AiRate; out: AiEmpty; view: false }
  "aiAgent.testModel": { in: ModelEmpty & { workspaceId?: string }; out: ModelTested; view: false }
  "aiAgent.updateEmbedder": { in: ModelEmbedderUpdate & { workspaceId?: string }; out: ModelEmbedder; view: false }
  "aiAgent.updateModel": { in: ModelUpdate & { workspaceId?: string }; out: ModelSettings; view: false }
  "aiAgent.updateSettings": { in: AiUpdate & { workspaceId?: string }; out: AiSettings; view: false }
  "apiKeys.create": { in: AccountNewKey & { workspaceId?: string }; out: AccountMadeKey; view: false }
  "apiKeys.list": { in: AccountEmpty & { workspaceId?: string }; out: DoorPageAPIKey; view: true }
  "apiKeys.revoke": { in: AccountWhichKey & { workspaceId?: string }; out: AccountEmpty; view: false }
  "articles.archive": { in: HelpcenterWhichArticle & { workspaceId?: string }; out: HelpcenterArticle; view: false }
  "articles.create": { in: HelpcenterNewArticle & { workspaceId?: string }; out: HelpcenterArticle; view: false }
  "articles.discardChanges": { in: HelpcenterPublishing & { workspaceId?: string }; out: HelpcenterArticle; view: false }
  "articles.get": { in: HelpcenterArticleIn & { workspaceId?: string }; out: HelpcenterArticle; view: true }
  "articles.getVersion": { in: HelpcenterWhichVersion & { workspaceId?: string }; out: HelpcenterVersion; view: true }
  "articles.list": { in: HelpcenterListIn & { workspaceId?: string }; out: DoorPageLine; view: true }
  "articles.listFeedback": { in: HelpcenterFeedbackIn & { workspaceId?: string }; out: DoorPageVote; view: true }
  "articles.listTags": { in: HelpcenterEmpty & { workspaceId?: string }; out: HelpcenterTagList; view: true }
  "articles.listVersions": { in: HelpcenterVersionsIn & { workspaceId?: string }; out: DoorPageVersion; view: true }
  "articles.move": { in: HelpcenterMoveArticle & { workspaceId?: string }; out: HelpcenterEmpty; view: false }
  "articles.preview": { in: HelpcenterPreviewIn & { workspaceId?: string }; out: HelpcenterShown; view: true }
  "articles.publish": { in: HelpcenterPublishing & { workspaceId?: string }; out: HelpcenterArticle; view: false }
  "articles.remove": { in: HelpcenterWhichText & { workspaceId?: string }; out: HelpcenterEmpty; view: false }
  "articles.restoreVersion": { in: HelpcenterWhichVersion & { workspaceId?: string }; out: HelpcenterArticle; view: false }
  "articles.schedule": { in: HelpcenterSchedule & { workspaceId?: string }; out: HelpcenterArticle; view: false }
  "articles.search": { in: HelpcenterTeamSearch & { workspaceId?: string }; out: HelpcenterResults; view: true }
  "articles.unpublish": { in: HelpcenterWhichText & { workspaceId?: string }; out: HelpcenterArticle; view: false }
  "articles.update": { in: HelpcenterUpdateArticle & { workspaceId?: string }; out: HelpcenterArticle; view: false }
  "auth.changePassword": { in: AccountChangePassword; out: AccountEmpty; view: false }
  "auth.signIn": { in: AccountSignIn; out: AccountSignedIn; view: false }
  "auth.signOut": { in: AccountEmpty; out: AccountEmpty; view: false }
  "backups.status": { in: BackupEmpty & { workspaceId?: string }; out: BackupStatus; view: true }
  "collections.create": { in: HelpcenterNewCollection & { workspaceId?: string }; out: HelpcenterCollection; view: false }
  "collections.list": { in: HelpcenterEmpty & { workspaceId?: string }; out: DoorPageCollection; view: true }
  "collections.move": { in: HelpcenterMoveCollection & { workspaceId?: string }; out: HelpcenterEmpty; view: false }
  "collections.remove": { in: HelpcenterWhichCollection & { workspaceId?: string }; out: HelpcenterEmpty; view: false }
  "collections.update": { in: HelpcenterUpdateCollection & { workspaceId?: string }; out: HelpcenterCollection; view: false }
  "conversations.addTag": { in: InboxTagging & { workspaceId?: string }; out: InboxConversation; view: false }
  "conversations.addTagMany": { in: InboxTagMany & { workspaceId?: string }; out: InboxOutcome; view: false }
  "conversations.assign": { in: InboxAssign & { workspaceId?: string }; out: InboxConversation; view: false }
  "conversations.assignMany": { in: InboxAssignMany & { workspaceId?: string }; out: InboxOutcome; view: false }
  "conversations.counts": { in: InboxEmpty & { workspaceId?: string }; out: InboxCounts; view: true }
  "conversations.get": { in: InboxWhich & { workspaceId?: string }; out: InboxConversation; view: true }
  "conversations.getTotalUnreadForVisitor": { in: InboxEmpty; out: InboxTotal; view: true }
  "conversations.listForInbox": { in: InboxListIn & { workspaceId?: string }; out: DoorPageConversation; view: true }
  "conversations.listForVisitor": { in: InboxOfVisitorIn & { workspaceId?: string }; out: DoorPageConversation; view: true }
  "conversations.look": { in: InboxLook & { workspaceId?: string }; out: InboxEmpty; view: false }
  "conversations.markAsRead": { in: InboxMarkAsRead & { workspaceId?: string }; out: InboxConversation; view: false }
  "conversations.merge": { in: InboxMerge & { workspaceId?: string }; out: InboxConversation; view: false }
  "conversations.presence": { in: InboxWhich & { workspaceId?: string }; out: InboxPresent; view: true }
  "conversations.removeTag": { in: InboxTagging & { workspaceId?: string }; out: InboxConversation; view: false }
  "conversations.removeTagMany": { in: InboxTagMany & { workspaceId?: string }; out: InboxOutcome; view: false }
  "conversations.search": { in: InboxSearchIn & { workspaceId?: string }; out: DoorPageConversation; view: true }
  "conversations.setPriority": { in: InboxSetPriority & { workspaceId?: string }; out: InboxConversation; view: false }
  "conversations.setStatus": { in: InboxSetStatus & { workspaceId?: string }; out: InboxConversation; view: false }
  "conversations.setStatusMany": { in: InboxSetStatusMany & { workspaceId?: string }; out: InboxOutcome; view: false }
  "conversations.snooze": { in: InboxSnooze & { workspaceId?: string }; out: InboxConversation; view: false }
  "conversations.snoozeMany": { in: InboxSnoozeMany & { workspaceId?: string }; out: InboxOutcome; view: false }
  "conversations.start": { in: InboxStart; out: InboxStarted; view: false }
  "conversations.unreadForMe": { in: InboxEmpty & { workspaceId?: string }; out: InboxUnreadForMe; view: true }
  "copilot.draft": { in: CopilotWhich & { workspaceId?: string }; out: CopilotDrafted; view: false }
  "copilot.draftArticle": { in: CopilotWhich & { workspaceId?: string }; out: CopilotArticleDraft; view: false }
  "copilot.draftFromQuestions": { in: CopilotQuestions & { workspaceId?: string }; out: CopilotArticleDraft; view: false }
  "copilot.find": { in: CopilotFindIn & { workspaceId?: string }; out: CopilotItems; view: true }
  "copilot.getSettings": { in: CopilotEmpty & { workspaceId?: string }; out: CopilotSettings; view: true }
  "copilot.getTranslations": { in: CopilotTranslationsIn & { workspaceId?: string }; out: CopilotTranslations; view: true }
  "copilot.rewrite": { in: CopilotRewrite & { workspaceId?: string }; out: CopilotWritten; view: false }
  "copilot.suggest": { in: CopilotWhich & { workspaceId?: string }; out: CopilotSuggested; view: false }
  "copilot.summarize": { in: CopilotWhich & { workspaceId?: string }; out: CopilotSummed; view: false }
  "copilot.translate": { in: CopilotTranslate & { workspaceId?: string }; out: CopilotWritten; view: false }
  "copilot.translateMessage": { in: CopilotSaid & { workspaceId?: string }; out: CopilotTranslated; view: false }
  "copilot.updateSettings": { in: CopilotUpdate & { workspaceId?: string }; out: CopilotSettings; view: false }
  "drafts.get": { in: InboxDraftOf & { workspaceId?: string }; out: InboxDraft; view: true }
  "drafts.list": { in: InboxEmpty & { workspaceId?: string }; out: DoorPageBegun; view: true }
  "drafts.save": { in: InboxSaveDraft & { workspaceId?: string }; out: InboxDraft; view: false }
  "helpCenter.applySite": { in: HelpcenterWhichSite & { workspaceId?: string }; out: HelpcenterSiteImport; view: false }
  "helpCenter.discardSite": { in: HelpcenterWhichSite & { workspaceId?: string }; out: HelpcenterSiteImport; view: false }
  "helpCenter.fetchSite": { in: HelpcenterChosenPages & { workspaceId?: string }; out: HelpcenterSiteImport; view: false }
  "helpCenter.get": { in: HelpcenterReaderIn; out: HelpcenterHome; view: true }
  "helpCenter.getArticle": { in: HelpcenterReadIn; out: HelpcenterPublished; view: true }
  "helpCenter.getCollection": { in: HelpcenterShelfIn; out: HelpcenterContents; view: true }
  "helpCenter.getSettings": { in: HelpcenterEmpty & { workspaceId?: string }; out: HelpcenterSettings; view: true }
  "helpCenter.listImports": { in: HelpcenterImportsIn & { workspaceId?: string }; out: DoorPageImport; view: true }
  "helpCenter.listSites": { in: HelpcenterEmpty & { workspaceId?: string }; out: HelpcenterSiteImports; view: true }
  "helpCenter.mapSite": { in: HelpcenterWhereSite & { workspaceId?: string }; out: HelpcenterSiteMap; view: false }
  "helpCenter.restoreImport": { in: HelpcenterWhichImport & { workspaceId?: string }; out: HelpcenterEmpty; view: false }
  "helpCenter.search": { in: HelpcenterSearchIn; out: HelpcenterResults; view: true }
  "helpCenter.submitFeedback": { in: HelpcenterNewFeedback; out: HelpcenterEmpty; view: false }
  "helpCenter.updateSettings": { in: HelpcenterUpdateSettings & { workspaceId?: string }; out: HelpcenterSettings; view: false }
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
  "savedReplies.create": { in: SavedNewReply & { workspaceId?: string }; out: SavedReply; view: false }
  "savedReplies.list": { in: SavedEmpty & { workspaceId?: string }; out: DoorPageReply; view: true }
  "savedReplies.remove": { in: SavedWhich & { workspaceId?: string }; out: SavedEmpty; view: false }
  "savedReplies.update": { in: SavedEdit & { workspaceId?: string }; out: SavedReply; view: false }
  "sessions.list": { in: AccountEmpty; out: DoorPageSign; view: true }
  "sessions.revoke": { in: AccountRevoke; out: AccountEmpty; view: false }
  "sessions.revokeOthers": { in: AccountEmpty; out: AccountRevoked; view: false }
  "setup.complete": { in: AccountFounder; out: AccountSignedIn; view: false }
  "setup.status": { in: AccountSetupStatus; out: AccountSetupState; view: true }
  "storage.get": { in: BackupEmpty & { workspaceId?: string }; out: BackupStorage; view: true }
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
