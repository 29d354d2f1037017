// What one looks at is read.

import { useEffect } from 'react'
import { telling } from '@deskbell/core/reads.ts'
import { call, live } from './server.ts'

/** Tells that a conversation is read up to its last message, while one looks at it; until it is told, it is tried again. */
export function useRead(id: string, last: string | undefined): void {
  useEffect(() => {
    if (!last) return
    const read = telling(
      () => call('conversations.markAsRead', { conversationId: id }),
      live,
      () => document.visibilityState === 'visible',
    )
    document.addEventListener('visibilitychange', read.now)
    return () => {
      document.removeEventListener('visibilitychange', read.now)
      read.stop()
    }
  }, [id, last])
}
