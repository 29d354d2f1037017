// What the doors of the AI agent's settings answer, as far as the dashboard shows it.

export interface Open {
  day: number
  from: number
  to: number
}
export interface AgentSettings {
  enabled: boolean
  name: string
  threshold: number
  maxTurns: number
  handoffNotice: string | null
  awayNotice: string | null
  topics: string[]
  rules: Array<{ attribute: string; value: string }>
  hours: { zone: string; days: Open[] } | null
  useModel: boolean
  instructions: string
  tone: string
  language: string
  guidance: string[]
  neverSay: string[]
  linkOrigins: string[]
  indexed: number
  pieces: number
}
export interface Spent {
  tokens: number
  cents: number
}
export interface ModelSettings {
  provider: string
  baseUrl: string
  model: string
  keySet: boolean
  keyEnd: string
  enabled: boolean
  ready: boolean
  priceIn: number
  priceOut: number
  budgetUnit: string
  visitorBudget: number
  dayBudget: number
  monthBudget: number
  today: Spent
  month: Spent
  trouble: { kind: string; complaint: string; failures: number; at: number; pausedUntil: number | null } | null
  privateHosts: boolean
}
export interface EmbedderSettings {
  protocol: string
  baseUrl: string
  model: string
  dims: number
  price: number
  keySet: boolean
  keyEnd: string
  serving: string
  done: number
  total: number
  trouble: string | null
}
interface ToolUse {
  tool: string
  asked?: string
  failed?: string
}
export interface ModelRun {
  model: string
  draft: string
  fallback: string | null
  tokensIn: number
  tokensOut: number
  cents: number
  selfCheck: number | null
  tookMs: number
  tools: ToolUse[]
  candidate: string
}

export const listed = (v: FormDataEntryValue | null): string[] =>
  String(v ?? '')
    .split('\n')
    .map((s) => s.trim())
    .filter(Boolean)

/** Some of an object's values: those that one form is about. */
export const pick = <T extends object, K extends keyof T>(from: T, keys: K[]): Pick<T, K> =>
  Object.fromEntries(keys.map((k) => [k, from[k]])) as Pick<T, K>
/** Takes the promise of a change that was sent, as Following gives it to a form. */
export type Save<T> = (sent: Promise<T>) => Promise<void>
