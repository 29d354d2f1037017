// One message.

import type { Attachment } from '../sdk/core/src/api.ts'
import { sized } from '../sdk/core/src/words.ts'
import { Sources, type Source } from './bot.tsx'
import { Face } from './face.tsx'
import { t } from './text.ts'

export interface Message {
  id: string
  senderType: string
  sender: { id: string; name: string } | null
  content: string
  contentHtml: string
  attachments: Attachment[]
  sources?: Source[]
  createdAt: number
  seenAt: number | null
  clientId: string | null
}
const lang = (): string => document.documentElement.lang
const clock = (ms: number): string => new Intl.DateTimeFormat(lang(), { timeStyle: 'short' }).format(ms)
export const date = (ms: number): string => new Date(ms).toDateString()

/** Today and yesterday by their names, and else the date. */
export function day(ms: number): string {
  for (const n of [0, 1])
    if (date(ms) === date(Date.now() - n * 864e5)) return new Intl.RelativeTimeFormat(lang(), { numeric: 'auto' }).format(-n, 'day')
  return new Intl.DateTimeFormat(lang(), { day: 'numeric', month: 'long', year: 'numeric' }).format(ms)
}

export function Bubble({ m, open, first, last }: { m: Message; open: (article: string) => void; first: boolean; last: boolean }) {
  const me = m.senderType === 'visitor'
  return (
    <div class={me ? 'm me' : 'm'} data-id={m.id}>
      {first && !me && (
        <div class="by">
          <Face name={m.sender?.name || t('us')} bot={m.senderType === 'bot'} />
          <span class="line">
            <b>{m.sender?.name || t('us')}</b>
            {m.senderType === 'bot' && <> · {t('ai')}</>} · {clock(m.createdAt)}
          </span>
        </div>
      )}
      {m.contentHtml && <div class="bubble" dir="auto" dangerouslySetInnerHTML={{ __html: m.contentHtml }} />}
      {m.attachments.length > 0 && (
        <div class="files">
          {m.attachments.map((a) =>
            a.thumbnailUrl ? (
              <a href={a.url} target="_blank" rel="noopener" key={a.id}>
                <img
                  src={a.thumbnailUrl}
                  alt={a.filename}
                  width={a.width! * Math.min(1, 200 / a.width!, 160 / a.height!)}
                  style={{ aspectRatio: `${a.width!} / ${a.height!}` }}
                />
              </a>
            ) : (
              <a class="file" href={a.url} target="_blank" rel="noopener" key={a.id}>
                {a.filename}
                <span class="meta">{sized(a.size, document.documentElement.lang)}</span>
              </a>
            ),
          )}
        </div>
      )}
      {m.sources && m.sources.length > 0 && <Sources list={m.sources} open={open} />}
      {me && last && m.seenAt && <div class="meta">{t('seen')}</div>}
    </div>
  )
}
