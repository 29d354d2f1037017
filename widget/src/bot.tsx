// What stands under an answer of the AI agent: what it rests on, whether it helped, and the way to a person.

import { useState } from 'preact/hooks'
import { session, store } from './frame.ts'
import { Book, Next } from './icons.tsx'
import { t } from './text.ts'

export interface Source {
  articleId: string
  title: string
  url?: string
}

/** Where an answer is from. Articles open here, in the messenger; what is not published any longer is only named. */
export function Sources({ list, open }: { list: Source[]; open: (article: string) => void }) {
  return (
    <div class="sources">
      <span class="meta">{t('sources')}</span>
      {list.map((s) =>
        s.url && s.articleId ? (
          <button type="button" onClick={() => open(s.articleId)} key={s.articleId}>
            <Book />
            <span class="line">{s.title}</span>
            <Next />
          </button>
        ) : (
          <span key={s.articleId}>
            <Book />
            <span class="line">{s.title}</span>
          </span>
        ),
      )}
    </div>
  )
}

/** Asked under the newest answer only; what was said is said once. */
export function Helped({ conversation, message, open }: { conversation: string; message: string; open: boolean }) {
  const key = 'deskbell.helped.' + message
  const [state, set] = useState(store.getItem(key) ?? '')
  async function rate(helpful: boolean): Promise<void> {
    try {
      await session.call('aiAgent.submitFeedback', { conversationId: conversation, messageId: message, helpful })
      store.setItem(key, helpful ? 'yes' : 'no')
      set(helpful ? 'yes' : 'no')
    } catch {
      set('bad')
    }
  }
  async function person(): Promise<void> {
    try {
      await session.call('aiAgent.handoffToHuman', { conversationId: conversation })
    } catch {
      set('bad')
    }
  }
  return (
    <div class="helped" role="group" aria-label={t('helped')}>
      {state === 'yes' ? (
        <span class="meta" role="status">
          {t('helpedYes')}
        </span>
      ) : state === '' ? (
        <>
          <span class="meta">{t('helped')}</span>
          <button
            onClick={() => {
              void rate(true)
            }}
          >
            {t('yes')}
          </button>
          <button
            onClick={() => {
              void rate(false)
            }}
          >
            {t('no')}
          </button>
        </>
      ) : state === 'bad' ? (
        <span class="bad" role="alert">
          {t('offline')}
        </span>
      ) : (
        <span class="meta" role="status">
          {t('helpedNo')}
        </span>
      )}
      {open && (
        <button
          onClick={() => {
            void person()
          }}
        >
          {t('person')}
        </button>
      )}
    </div>
  )
}
