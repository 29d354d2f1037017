// What can be done with an article besides writing and publishing it, and what is asked before.

import { MoreHorizontal } from 'lucide-react'
import { useState } from 'react'
import { Dialog } from '../parts.tsx'
import { t, tongue } from '../text.ts'
import type { Article } from './types.ts'

export type Act = (
  door:
    | 'articles.publish'
    | 'articles.unpublish'
    | 'articles.archive'
    | 'articles.discardChanges'
    | 'articles.schedule'
    | 'articles.remove',
  args?: object,
) => void

/** What is asked before it is done. */
export type Asked = 'schedule' | 'delete' | 'deleteText'

interface Props {
  article: Article
  own: string
  live: boolean
  pending: boolean
  can: (p: string) => boolean
  act: Act
  ask: (what: Asked) => void
}

/** own is the help center's own language; pending says that readers see something else than what is written. */
export function Actions({ article, own, live, pending, can, act, ask }: Props) {
  const [open, setOpen] = useState(false)
  const language = tongue(article.language)
  const further = article.language !== own
  const publish = can('articles.publish')
  const item = (label: string, run: () => void) => (
    <button
      onClick={() => {
        setOpen(false)
        run()
      }}
    >
      {label}
    </button>
  )
  return (
    <span className="holds">
      <button className="icon" aria-expanded={open} aria-label={t('actions')} onClick={() => setOpen(!open)}>
        <MoreHorizontal size={16} />
      </button>
      {open && (
        <div className="menu drop">
          {publish && article.publishAt && item(t('h_unschedule'), () => act('articles.schedule', { at: null }))}
          {publish && !article.publishAt && (article.status === 'draft' || pending) && item(t('h_schedule'), () => ask('schedule'))}
          {article.live && article.changed && can('articles.create') && item(t('h_discard'), () => act('articles.discardChanges'))}
          {publish &&
            further &&
            live &&
            item(t('h_unpublishIn', { language }), () => act('articles.unpublish', { language: article.language }))}
          {publish && article.status !== 'draft' && item(t('h_unpublish'), () => act('articles.unpublish'))}
          {publish && article.status !== 'archived' && item(t('h_archive'), () => act('articles.archive'))}
          {can('articles.delete') &&
            further &&
            article.languages.includes(article.language) &&
            item(t('h_deleteIn', { language }), () => ask('deleteText'))}
          {can('articles.delete') && item(t('h_delete'), () => ask('delete'))}
        </div>
      )}
    </span>
  )
}

export function VideoDialog({ onPick, onClose }: { onPick: (url: string) => void; onClose: () => void }) {
  return (
    <Dialog title={t('h_video')} onClose={onClose}>
      <form
        onSubmit={(e) => {
          e.preventDefault()
          onPick(String(new FormData(e.currentTarget).get('url')))
        }}
      >
        <input
          name="url"
          type="url"
          required
          autoFocus
          pattern="https://(www\.|m\.)?(youtube\.com|youtu\.be|vimeo\.com|player\.vimeo\.com)/.+"
          aria-label={t('h_videoHint')}
          placeholder={t('h_videoHint')}
        />
        <div className="row end">
          <button className="btn primary">{t('h_video')}</button>
        </div>
      </form>
    </Dialog>
  )
}

export function ScheduleDialog({ onPick, onClose }: { onPick: (at: number) => void; onClose: () => void }) {
  return (
    <Dialog title={t('h_schedule')} onClose={onClose}>
      <form
        onSubmit={(e) => {
          e.preventDefault()
          onPick(new Date(String(new FormData(e.currentTarget).get('at'))).getTime())
        }}
      >
        <label className="field">
          <span>{t('h_when')}</span>
          <input name="at" type="datetime-local" required autoFocus />
        </label>
        <div className="row end">
          <button className="btn primary">{t('save')}</button>
        </div>
      </form>
    </Dialog>
  )
}
