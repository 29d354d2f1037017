// The server as the dashboard knows it: calls of doors, and views held open (read with useLive).

import { useEffect, useState } from 'react'
import { call as post, CallError, type DoorName } from '@deskbell/core/api.ts'
import { Live, type Problem, type Status } from '@deskbell/core/live.ts'

export { CallError }

export const live = new Live(location.origin.replace(/^http/, 'ws') + '/live', undefined)

let workspaceId: string | undefined
/** Names the workspace that all calls and views are about. */
export function enter(id: string): void {
  workspaceId = id
}
export function workspace(): string {
  return workspaceId ?? ''
}

export function call<T>(door: DoorName, args: object = {}): Promise<T> {
  return post<T>('', door, workspaceId ? { workspaceId, ...args } : args)
}

/** Calls a door that belongs to no workspace. */
export function ask<T>(door: DoorName, args: object = {}): Promise<T> {
  return post<T>('', door, args)
}

export interface Reading<T> {
  value: T | undefined
  problem: Problem | undefined
}

/** Holds a view open. The value is undefined until it is known; null as name holds nothing. */
export function useLive<T>(name: DoorName | null, args: object = {}): Reading<T> {
  const key = JSON.stringify(args)
  const [state, set] = useState<Reading<T> & { of: string }>({ value: undefined, problem: undefined, of: '' })
  const of = name + key + workspaceId
  useEffect(() => {
    if (!name) return
    const full =
      workspaceId && name !== 'users.me' && name !== 'sessions.list'
        ? { workspaceId, ...(JSON.parse(key) as object) }
        : (JSON.parse(key) as object)
    return live.open<T>(
      name,
      full,
      (value) => set({ value, problem: undefined, of }),
      (problem) => set({ value: undefined, problem, of }),
    )
  }, [name, key, of])
  return state.of === of ? state : { value: undefined, problem: undefined }
}

export function useStatus(): Status {
  const [s, set] = useState<Status>(live.status)
  useEffect(() => live.onStatus(set), [])
  return s
}
