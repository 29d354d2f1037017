// The messages of a conversation as far as they were read: the newest follow by themselves, older ones come when asked for.

import { useRef, useState } from 'react'
import { ending, preceded, Reached } from '@deskbell/core/pages.ts'
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
  const busy = useRef(false)
  const [, redraw] = useState(0)
  const before = (before: string): Promise<Page<Message>> => call('messages.list', { conversationId: id, before, limit: many })
  const [reached] = useState(() => new Reached(before, () => redraw((n) => n + 1)))
  if (page) reached.take(page)
  const { kept } = reached
  const none = useRef<Message[]>([])
  return {
    items: kept?.items ?? none.current,
    known: !!kept,
    more: !!kept?.nextCursor,
    async older() {
      const first = reached.kept?.items[0]?.id
      if (busy.current || !first || !reached.kept?.nextCursor) return undefined
      busy.current = true
      try {
        const p = await before(first)
        return () => {
          reached.kept = preceded(reached.kept, p, first)
          redraw((n) => n + 1)
        }
      } catch {
        return undefined // the button is still there
      } finally {
        busy.current = false
      }
    },
    trim() {
      if (!reached.kept || reached.kept.items.length <= enough) return
      reached.kept = ending(reached.kept, many)
      redraw((n) => n + 1)
    },
  }
}
