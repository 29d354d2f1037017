// What helps to write: marks, a link, files, emoji, saved replies, the copilot.

import { Bold, Italic, Link2, Paperclip, Slash, Smile, Sparkles, type LucideIcon } from 'lucide-react'
import { useRef, type ReactNode } from 'react'
import { t } from './text.ts'

/** What stands open over the words. */
export type Opened = 'emoji' | 'send' | 'saved' | 'copilot' | 'link'

export function Tools({
  open,
  onOpen,
  onMark,
  onFiles,
}: {
  open: Opened | undefined
  onOpen: (what: Opened | undefined) => void
  onMark: (mark: string) => void
  onFiles: (list: FileList) => Promise<void>
}) {
  const picker = useRef<HTMLInputElement>(null)
  const opener = (what: Opened, label: string, Icon: LucideIcon, title?: string): ReactNode => (
    <button
      type="button"
      className={what === 'copilot' ? 'icon ai' : 'icon'}
      aria-label={label}
      title={title}
      aria-expanded={open === what}
      onClick={() => onOpen(open === what ? undefined : what)}
    >
      <Icon size={14} />
    </button>
  )
  return (
    <>
      <button type="button" className="icon not-phone" aria-label={t('bold')} onClick={() => onMark('**')}>
        <Bold size={14} />
      </button>
      <button type="button" className="icon not-phone" aria-label={t('italic')} onClick={() => onMark('*')}>
        <Italic size={14} />
      </button>
      <button
        type="button"
        className="icon not-phone"
        aria-label={t('link')}
        title={t('link') + ' (Ctrl K)'}
        onClick={() => onOpen('link')}
      >
        <Link2 size={14} />
      </button>
      <button type="button" className="icon" aria-label={t('attach')} onClick={() => picker.current?.click()}>
        <Paperclip size={14} />
      </button>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label={t('attach')}
        onChange={(e) => {
          if (e.target.files)
            void onFiles(e.target.files).then(() => {
              if (picker.current) picker.current.value = ''
            })
        }}
      />
      {opener('emoji', t('emoji'), Smile)}
      {opener('saved', t('c_saved'), Slash, t('c_saved') + ' (/)')}
      {opener('copilot', t('c_copilot'), Sparkles, t('c_copilot'))}
    </>
  )
}
