// The messages of a conversation as far as they were read: the newest follow by themselves, older ones come when asked for.

import { useRef, useState } from 'react'
import { ending, joined, preceded } from '@deskbell/core/pages.ts'
import { call, useLive } from './server.ts'
import type { Message, Page } from './types.ts'

const many = 100 // of a page when it is read back
const enough = 400 // of what is kept while one looks at the newest

export interface Messages {
  items: Message[]
  known: boolean
  more: boolean
  /** Reads what came before; answers with the step that shows it, so that whoever looks can hold still meanwhile. */
  older: () => Promise<(() => void) | undefined>
  /** Lets go of what is far above the newest. */
  trim: () => void
}

export function useMessages(id: string): Messages {
  const { value: page } = useLive<Page<Message>>('messages.list', { conversationId: id })
  const joinedTo = useRef<Page<Message>>(undefined)
  const kept = useRef<Page<Message>>(undefined)
  const busy = useRef(false)
  const [, redraw] = useState(0)
  if (page && page !== joinedTo.current) {
    joinedTo.current = page
    kept.current = joined(kept.current, page)
  }
  const none = useRef<Message[]>([])
  return {
    items: kept.current?.items ?? none.current,
    known: !!kept.current,
    more: !!kept.current?.nextCursor,
    async older() {
      const before = kept.current?.items[0]?.id
      if (busy.current || !before || !kept.current?.nextCursor) return undefined
      busy.current = true
      try {
        const p = await call<Page<Message>>('messages.list', { conversationId: id, before, limit: many })
        return () => {
          kept.current = preceded(kept.current, p, before)
          redraw((n) => n + 1)
        }
      } catch {
        return undefined // the button is still there
      } finally {
        busy.current = false
      }
    },
    trim() {
      if (!kept.current || kept.current.items.length <= enough) return
      kept.current = ending(kept.current, many)
      redraw((n) => n + 1)
    },
  }
}
