// What a page may set and say of its user, under our names and Intercom's.

export interface Options {
  workspaceId?: string
  app_id?: string
  user?: Record<string, unknown>
  intercomCompat?: boolean
  hideLauncher?: boolean
  hide_default_launcher?: boolean
  hide_notifications?: boolean
  custom_launcher_selector?: string
  language?: string
  language_override?: string
  theme_mode?: string
  action_color?: string
  background_color?: string
  alignment?: string
  horizontal_padding?: number
  vertical_padding?: number
  z_index?: number
  page_title?: string
  session_duration?: number
  utm_source?: string
  utm_medium?: string
  utm_campaign?: string
  utm_term?: string
  utm_content?: string
  [key: string]: unknown
}
/** What a page gives where a text is wanted. */
export const text = (v: unknown): string => (typeof v === 'string' || typeof v === 'number' ? String(v) : '')

/** The campaign that led here: as the page names it, else as its address does. */
function campaign(said: Record<string, unknown>): Record<string, string> {
  const address = new URLSearchParams(location.search)
  const found: Record<string, string> = {}
  for (const k of ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content']) {
    const v = text(said[k]) || address.get(k)
    if (v) found[k] = v.slice(0, 200)
  }
  return found
}

/** The person as the page names them, in our words or Intercom's. What else stands there is not sent: a page often says more. */
export function person(o: Options): Record<string, unknown> | undefined {
  const said: Record<string, unknown> = { ...o, ...o.user }
  const u: Record<string, unknown> = {}
  for (const [from, to] of [
    ['email', 'email'],
    ['name', 'name'],
    ['user_id', 'userId'],
    ['userId', 'userId'],
    ['user_hash', 'userHash'],
    ['userHash', 'userHash'],
    ['userJwt', 'userJwt'],
  ])
    if (typeof said[from] === 'string' || typeof said[from] === 'number') u[to] = String(said[from])
  const company = said.company as Record<string, unknown> | undefined
  const own: Record<string, unknown> = {
    phone: said.phone,
    created_at: said.created_at,
    company: company?.name ?? company,
    ...campaign(said),
    ...(said.customAttributes as object),
  }
  const kept = Object.entries(own).filter(([, v]) => v === null || /^(string|number|boolean)$/.test(typeof v))
  if (kept.length) u.customAttributes = Object.fromEntries(kept)
  return Object.keys(u).length ? u : undefined
}

/**
 * Tells where one is, twice a minute and at once where it changed. Many pages are called something else only after they are
 * shown: that is told when it has settled, and a title that blinks is not told each time. What it gives is called when all is
 * told anew.
 */
export function follow(on: () => boolean, tell: () => void): () => void {
  let last = location.href
  let titled = ''
  let settling = 0
  setInterval(() => {
    if (!on()) return
    const moved = location.href !== last
    if (settling) settling--
    if (moved || (document.visibilityState === 'visible' && Date.now() % 30000 < 1000) || (settling === 1 && document.title !== titled)) {
      if (moved) settling = 3
      last = location.href
      titled = document.title
      tell()
    }
  }, 1000)
  return () => {
    titled = document.title
    settling = 3
  }
}
