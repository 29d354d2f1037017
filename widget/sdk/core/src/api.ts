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
  ) {
    super(problem.detail)
  }
}

export interface CallOptions {
  token?: string
  signal?: AbortSignal
}

export async function call<T>(base: string, door: DoorName, args: unknown, o: CallOptions = {}): Promise<T> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' }
  if (o.token) headers.Authorization = 'Bearer ' + o.token
  let r: Response
  try {
    r = await fetch(base + '/api/' + door, {
      method: 'POST',
      headers,
      body: JSON.stringify(args),
      credentials: o.token ? 'omit' : 'same-origin',
      signal: o.signal,
    })
  } catch {
    throw new CallError({ code: 'offline', detail: 'The server did not answer.' }, 0)
  }
  const said = (await r.json().catch(() => ({ code: 'internal', detail: 'Something went wrong.' }))) as unknown
  if (!r.ok) throw new CallError(said as Problem & Record<string, unknown>, r.status)
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

/** Uploads a file with progress from 0 to 1. */
export function upload(
  base: string,
  file: File,
  token: string | undefined,
  workspace: string | undefined,
  progress: (part: number) => void,
): Promise<Attachment> {
  return new Promise((done, fail) => {
    const x = new XMLHttpRequest()
    x.open('POST', base + '/api/files.upload' + (workspace ? '?workspaceId=' + workspace : ''))
    if (token) x.setRequestHeader('Authorization', 'Bearer ' + token)
    x.upload.onprogress = (e) => progress(e.total ? e.loaded / e.total : 0)
    x.onerror = () => fail(new CallError({ code: 'offline', detail: 'The server did not answer.' }, 0))
    x.onload = () => {
      let said: unknown
      try {
        said = JSON.parse(x.responseText)
      } catch {
        said = { code: 'internal', detail: 'Something went wrong.' }
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
