// What helps to write: marks, a link, files, emoji, saved replies, the copilot.

import { Bold, Italic, Link2, Paperclip, Slash, Smile, Sparkles } from 'lucide-react'
import { useRef } from 'react'
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
      <button
        type="button"
        className="icon"
        aria-label={t('emoji')}
        aria-expanded={open === 'emoji'}
        onClick={() => onOpen(open === 'emoji' ? undefined : 'emoji')}
      >
        <Smile size={14} />
      </button>
      <button
        type="button"
        className="icon"
        aria-label={t('c_saved')}
        title={t('c_saved') + ' (/)'}
        aria-expanded={open === 'saved'}
        onClick={() => onOpen(open === 'saved' ? undefined : 'saved')}
      >
        <Slash size={14} />
      </button>
      <button
        type="button"
        className="icon ai"
        aria-label={t('c_copilot')}
        title={t('c_copilot')}
        aria-expanded={open === 'copilot'}
        onClick={() => onOpen(open === 'copilot' ? undefined : 'copilot')}
      >
        <Sparkles size={14} />
      </button>
    </>
  )
}
