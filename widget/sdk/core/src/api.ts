// Calls of doors: POST /api/<door> with JSON, answers or problems (RFC 9457).

import type { Doors } from './api.gen.ts'
import type { Problem } from './live.ts'

/** The names of the server's doors; a wrong one does not compile. */
export type DoorName = keyof Doors

/** A refusal, or no answer at all (code "offline"). */
export class CallError extends Error {
  constructor(
    readonly problem: Problem & Record<string, unknown>,
    readonly status: number,
    readonly waitMs = 0,
  ) {
    super(problem.detail)
  }
}

/** Whether the server has not said anything about what was asked: another try may help. */
export const unanswered = (e: unknown): boolean => !(e instanceof CallError) || e.status === 0 || e.status >= 500 || e.status === 429

export interface CallOptions {
  token?: string
  /** How long an answer may take, in milliseconds; after that it counts as none. */
  within?: number
}

/** How long the server asks not to be asked again, in milliseconds: at most five minutes, whatever it says. */
const asksToWait = (r: Response): number => {
  const seconds = Number(r.headers.get('Retry-After') ?? 0)
  return seconds > 0 ? Math.min(seconds, 300) * 1000 : 0
}

/** A random part of a time that doubles with each try, so that a thousand clients do not come back at once. */
export const backoff = (tries: number, first: number, most: number, random = Math.random()): number =>
  random * Math.min(most, first * 2 ** Math.min(tries, 30))

const silence = (r?: Response): CallError =>
  new CallError({ code: 'offline', detail: 'The server did not answer.' }, 0, r ? asksToWait(r) : 0)

export async function call<T>(base: string, door: DoorName, args: unknown, o: CallOptions = {}): Promise<T> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' }
  if (o.token) headers.Authorization = 'Bearer ' + o.token
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), o.within ?? 90_000)
  let r: Response | undefined
  let said: unknown
  try {
    r = await fetch(base + '/api/' + door, {
      method: 'POST',
      headers,
      body: JSON.stringify(args),
      credentials: o.token ? 'omit' : 'same-origin',
      signal: late.signal,
    })
    said = await r.json()
  } catch {
    throw silence(r) // no answer, one that was cut off, or one of a proxy: whether something was done is not known
  } finally {
    clearTimeout(timer)
  }
  if (!r.ok) throw new CallError(said as Problem & Record<string, unknown>, r.status, asksToWait(r))
  return said as T
}

export interface Attachment {
  id: string
  filename: string
  contentType: string
  size: number
  width: number | null
  height: number | null
  url: string
  thumbnailUrl: string | null
}

/** How large a file may be, in bytes. The server says the same; asking first spares the way there. */
const largest = 25 << 20

/** The files of what is pasted. Words that an office program copied come with a picture of themselves: those are words. */
export function filesOf(d: DataTransfer | null): File[] {
  if (!d || (d.types.includes('text/plain') && d.types.includes('text/html'))) return []
  return [...d.files]
}

/** Uploads a file with progress from 0 to 1. */
export function upload(
  base: string,
  file: File,
  token: string | undefined,
  workspace: string | undefined,
  progress: (part: number) => void,
): Promise<Attachment> {
  return new Promise((done, fail) => {
    if (file.size > largest) {
      fail(new CallError({ code: 'too_large', detail: 'A file has at most 25 MB.' }, 413))
      return
    }
    const x = new XMLHttpRequest()
    x.open('POST', base + '/api/files.upload' + (workspace ? '?workspaceId=' + workspace : ''))
    if (token) x.setRequestHeader('Authorization', 'Bearer ' + token)
    x.upload.onprogress = (e) => progress(e.total ? e.loaded / e.total : 0)
    x.onerror = () => fail(silence())
    x.onload = () => {
      let said: unknown
      try {
        said = JSON.parse(x.responseText)
      } catch {
        fail(silence())
        return
      }
      if (x.status === 200) done(said as Attachment)
      else fail(new CallError(said as Problem & Record<string, unknown>, x.status))
    }
    const form = new FormData()
    form.append('file', file)
    x.send(form)
  })
}

/** A secret of n random bytes in base64url. Also where crypto.randomUUID is missing (plain http). */
export function secret(n = 32): string {
  const b = crypto.getRandomValues(new Uint8Array(n))
  return btoa(String.fromCharCode(...b))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '')
}
