// What one has looked at is read, also where the server could not be told at once.

import { useEffect } from 'react'
import { unanswered } from './outbox.ts'
import { call, CallError, live } from './server.ts'

/** Tells that a conversation is read up to its last message, while one looks at it; until it is told, it is tried again. */
export function useRead(id: string, last: string | undefined): void {
  useEffect(() => {
    if (!last) return
    let told = false
    let gone = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const read = (): void => {
      clearTimeout(timer)
      if (gone || document.visibilityState !== 'visible') return
      call('conversations.markAsRead', { conversationId: id }).then(
        () => {
          told = true
        },
        (e: unknown) => {
          const wait = e instanceof CallError ? e.waitMs : undefined
          if (!gone && unanswered(e)) timer = setTimeout(read, Math.max(5000, wait ?? 0))
        },
      )
    }
    document.addEventListener('visibilitychange', read)
    const off = live.onStatus((s) => {
      if (s === 'open' && !told) read()
    })
    return () => {
      gone = true
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', read)
      off()
    }
  }, [id, last])
}
