// A visitor's session: booted with a secret of the client's own, refreshed before it ends, booted anew when it has.

import { call, CallError, secret, type CallOptions, type DoorName } from './api.ts'
import type { Store } from './outbox.ts'

export interface Settings {
  workspaceId: string
  name: string
  accentColor: string
  backgroundColor: string
  themeMode: 'light' | 'dark' | 'system'
  launcherPosition: 'right' | 'left'
  sideSpacing: number
  bottomSpacing: number
  launcherIconUrl: string | null
  showLauncher: boolean
  welcomeMessage: string
  teamIntroduction: string | null
  showTeammateAvatars: boolean
  privacyPolicyUrl: string | null
  mobileEnabled: boolean
  language: string | null
  replyTime: string | null
  team: Array<{ name: string; avatarUrl: string | null; online: boolean }>
}
export interface Visitor {
  id: string
  name: string | null
  email: string | null
  readableId: string
}
interface Booted {
  visitor: Visitor
  sessionToken: string
  expiresAt: number
  lifetimeMs: number
  settings: Settings
}

const within: CallOptions = { within: 30_000 }

export class Session {
  private token: string | undefined
  private own = ''
  private ends = 0
  private life = 0
  private booting: Promise<Booted> | undefined
  private refreshing: Promise<void> | undefined
  booted: Booted | undefined

  constructor(
    private base: string,
    private workspaceId: string,
    private store: Store,
    private about: () => Record<string, unknown>,
    private now: () => number = Date.now,
  ) {}

  /** Where nothing can be kept, somebody is the same visitor for the life of the page. */
  private secret(): string {
    const key = 'deskbell.secret.' + this.workspaceId
    try {
      const kept = this.store.getItem(key) ?? ''
      this.own = /^[\w-]{43}$/.test(kept) ? kept : this.own || secret()
      this.store.setItem(key, this.own)
    } catch {
      this.own ||= secret()
    }
    return this.own
  }

  boot(): Promise<Booted> {
    this.booting ??= call<Booted>(
      this.base,
      'widgetSessions.boot',
      { workspaceId: this.workspaceId, sessionId: this.secret(), ...this.about() },
      within,
    )
      .then((b) => {
        this.keep(b)
        this.booted = b
        return b
      })
      .finally(() => {
        this.booting = undefined
      })
    return this.booting
  }

  /** The end is told by this device's own clock, which may be days away from the server's. */
  private keep(given: { sessionToken: string; lifetimeMs: number }): void {
    this.token = given.sessionToken
    this.ends = this.now() + given.lifetimeMs
    this.life = given.lifetimeMs
  }

  /** A token that still works: refreshed below a quarter of its life, booted anew after its end (also after sleep), or when it was refused. */
  async fresh(refused = false): Promise<string> {
    if (refused && !this.booting) this.token = undefined
    if (!this.token || this.now() >= this.ends) return (await this.boot()).sessionToken
    if (this.ends - this.now() < this.life / 4) {
      const old = this.token
      this.refreshing ??= call<{ sessionToken: string; lifetimeMs: number }>(
        this.base,
        'widgetSessions.refresh',
        {},
        { token: old, ...within },
      )
        .then((r) => this.keep(r))
        .catch((e: unknown) => {
          if (e instanceof CallError && e.status === 401 && this.token === old) this.token = undefined
        })
        .finally(() => {
          this.refreshing = undefined
        })
      await this.refreshing
      if (!this.token) return (await this.boot()).sessionToken
    }
    return this.token
  }

  /** Calls a door as the visitor; a session that has ended is booted anew, once. */
  async call<T>(door: DoorName, args: unknown): Promise<T> {
    const token = await this.fresh()
    try {
      return await call<T>(this.base, door, args, { token, ...within })
    } catch (e) {
      if (!(e instanceof CallError) || e.status !== 401) throw e
      if (this.token === token) this.token = undefined
      return call<T>(this.base, door, args, { token: await this.fresh(), ...within })
    }
  }

  async end(): Promise<void> {
    const token = this.token
    this.token = undefined
    this.own = ''
    try {
      this.store.removeItem('deskbell.secret.' + this.workspaceId) // at once: the page may take us away before the server answers
    } catch {
      /* blocked */
    }
    if (token) await call(this.base, 'widgetSessions.revoke', {}, { token, ...within }).catch(() => undefined)
  }
}
