// What the copilot's doors and those of the AI agent's review answer, as far as the dashboard shows it.

import type { ModelRun } from '../ai/types.ts'

export interface Item {
  source: 'article' | 'internal_article' | 'saved_reply' | 'conversation'
  id: string
  title: string
  shortcut: string | null
  excerpt: string
  text: string
  url: string | null
  teamOnly: boolean
  confidence: number
}
export interface Suggested {
  question: string
  items: Item[]
}
export interface Drafted {
  content: string
  contentHtml: string
  how: 'extractive' | 'model'
  sources: Item[]
  confidence: number
  why: string | null
}
export interface Summed {
  summary: string
  summaryHtml: string
  how: 'extractive' | 'model'
  why: string | null
}
export interface Nearest {
  articleId: string
  title: string
  excerpt: string
  teamOnly: boolean
  likeness: number
  same: boolean
}
export interface ArticleDraft {
  title: string
  content: string
  how: 'extractive' | 'model'
  why: string | null
  near: Nearest[]
}
export interface SavedReply {
  id: string
  shared: boolean
  name: string
  shortcut: string | null
  folder: string | null
  content: string
  forAi: boolean
  author: string
  updatedAt: number
}
export interface Piece {
  source: string
  sourceId: string
  title: string
  heading: string
  words: number
  meaning: number
  score: number
  cited: boolean
}
export type Verdict = 'right' | 'partly' | 'wrong'
export interface Run extends ModelRun {
  id: string
  conversationId: string
  answerId: string | null
  question: string
  candidateHtml: string
  decision: 'answered' | 'handed_over'
  reason: string | null
  confidence: number
  threshold: number
  helpful: boolean | null
  found: Piece[]
  review: { verdict: Verdict; note: string | null; by: string; at: number } | null
  createdAt: number
}
export interface Bucket {
  from: number
  to: number
  count: number
  right: number
  said: number
  low: number
  high: number
}
export interface Outcome {
  conversationId: string
  least: number
  forced: boolean
  right: boolean | null
}
export interface Report {
  conversations: number
  resolved: number
  handedOver: number
  questions: number
  answered: number
  reasons: Array<{ reason: string; count: number }>
  helpful: number
  notHelpful: number
  right: number
  partly: number
  wrong: number
  judged: number
  buckets: Bucket[]
  outcomes: Outcome[]
  complete: boolean
  spent: Array<{ purpose: string; calls: number; failed: number; tokens: number; cents: number }>
}
export interface Group {
  question: string
  count: number
  answered: number
  lastAt: number
  questions: Array<{ runId: string; conversationId: string; question: string; answered: boolean; createdAt: number }>
  runIds: string[]
  near: { articleId: string; title: string } | null
}
export interface Groups {
  items: Group[]
  total: number
  pending: number
  complete: boolean
}
export interface ModelState {
  ready: boolean
  provider: string
  enabled: boolean
}

/** A part of the whole as a width, 0 to 1. */
export const wide = (n: number): string => Math.max(0, Math.min(1, n)) * 100 + '%'
export const percent = (n: number): string => Math.round(n * 100) + ' %'

/** What another threshold would have meant for conversations. */
export function tried(
  outcomes: Outcome[],
  threshold: number,
): { answered: number; person: number; forced: number; right: number; wrong: number } {
  const out = { answered: 0, person: 0, forced: 0, right: 0, wrong: 0 }
  for (const o of outcomes) {
    if (o.forced) out.forced++
    else if (o.least < threshold) out.person++
    else {
      out.answered++
      if (o.right === true) out.right++
      if (o.right === false) out.wrong++
    }
  }
  return out
}

/** Puts a text where the cursor of a draft stands, with an empty line around it where it begins or ends in the middle of words. */
export function placed(text: string, from: number, to: number, what: string): { text: string; from: number; to: number } {
  const before = text.slice(0, from)
  const after = text.slice(to)
  const lead = before && !before.slice(before.trimEnd().length).includes('\n') && what.includes('\n') ? '\n\n' : ''
  const tail = after && !/^\s*\n/.test(after) && what.includes('\n') ? '\n\n' : ''
  return { text: before + lead + what + tail + after, from, to: from + lead.length + what.length }
}
