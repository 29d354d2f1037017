// A visitor's session: booted with a secret of the client's own, refreshed before it ends, booted anew when it has.

import { call, CallError, secret, type DoorName } from './api.ts'
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
export interface Booted {
  visitor: Visitor
  sessionToken: string
  expiresAt: number
  lifetimeMs: number
  settings: Settings
}

export class Session {
  private token: string | undefined
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

  private secret(): string {
    const key = 'deskbell.secret.' + this.workspaceId
    let s: string | null = null
    try {
      s = this.store.getItem(key)
    } catch {
      /* blocked */
    }
    if (!s) {
      s = secret()
      try {
        this.store.setItem(key, s)
      } catch {
        /* blocked: a visitor for the life of the page */
      }
    }
    return s
  }

  boot(): Promise<Booted> {
    this.booting ??= call<Booted>(this.base, 'widgetSessions.boot', {
      workspaceId: this.workspaceId,
      sessionId: this.secret(),
      ...this.about(),
    })
      .then((b) => {
        this.keep(b.sessionToken, b.expiresAt, b.lifetimeMs)
        this.booted = b
        return b
      })
      .finally(() => {
        this.booting = undefined
      })
    return this.booting
  }

  private keep(token: string, ends: number, life: number): void {
    this.token = token
    this.ends = ends
    this.life = life
  }

  /** A token that still works: refreshed below a quarter of its life, booted anew after its end (also after sleep). */
  async fresh(): Promise<string> {
    if (!this.token || this.now() >= this.ends) return (await this.boot()).sessionToken
    if (this.ends - this.now() < this.life / 4) {
      this.refreshing ??= call<{ sessionToken: string; expiresAt: number; lifetimeMs: number }>(
        this.base,
        'widgetSessions.refresh',
        {},
        { token: this.token },
      )
        .then((r) => this.keep(r.sessionToken, r.expiresAt, r.lifetimeMs))
        .catch((e: unknown) => {
          if (e instanceof CallError && e.status === 401) this.token = undefined
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
      return await call<T>(this.base, door, args, { token })
    } catch (e) {
      if (!(e instanceof CallError) || e.status !== 401) throw e
      if (this.token === token) this.token = undefined
      return call<T>(this.base, door, args, { token: await this.fresh() })
    }
  }

  async end(): Promise<void> {
    if (this.token) await call(this.base, 'widgetSessions.revoke', {}, { token: this.token }).catch(() => undefined)
    this.token = undefined
    try {
      this.store.removeItem('deskbell.secret.' + this.workspaceId)
    } catch {
      /* blocked */
    }
  }
}
