// The line to write in, with files, what it is about, and articles that may answer before it is sent.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { filesOf, secret, upload, type Attachment } from '../sdk/core/src/api.ts'
import { seldom } from '../sdk/core/src/typing.ts'
import { base, session, store } from './frame.ts'
import { Attach, Up } from './icons.tsx'
import { write as post } from './outbox.ts'
import { Suggest, told, type About } from './suggest.tsx'
import { sentence, t } from './text.ts'

interface Upload {
  key: string
  name: string
  part: number
  done?: Attachment
  bad?: string
}

export function Composer({
  id,
  text,
  about,
  onBegan,
  onArticle,
}: {
  id: string
  text: string
  about?: About
  onBegan: (client: string) => void
  onArticle: (article: string) => void
}) {
  const key = 'deskbell.draft.' + id
  const [value, setValue] = useState(text || store.getItem(key) || '')
  const [files, setFiles] = useState<Upload[]>([])
  const [topic, setTopic] = useState(about)
  const [quiet, setQuiet] = useState(false)
  const area = useRef<HTMLTextAreaElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const typing = useRef(seldom())
  useEffect(() => {
    area.current?.focus()
  }, [id])
  useEffect(() => {
    const written = (e: StorageEvent): void => {
      if (e.key === key) setValue(e.newValue ?? '') // in another tab, or sent there
    }
    addEventListener('storage', written)
    return () => removeEventListener('storage', written)
  }, [key])
  useLayoutEffect(() => {
    const a = area.current
    if (a) {
      a.style.height = 'auto'
      a.style.height = a.scrollHeight + 'px'
    }
  }, [value])

  const ready = files.every((f) => f.done || f.bad)
  const can = ready && (value.trim() !== '' || files.some((f) => f.done))

  function write(v: string): void {
    setValue(v)
    try {
      if (v) store.setItem(key, v)
      else store.removeItem(key)
    } catch {
      /* full */
    }
    if (!id.startsWith('new')) typing.current(() => session.call('messages.typing', { conversationId: id }))
  }
  function add(list: Iterable<File>): void {
    for (const f of [...list].slice(0, 10 - files.length)) {
      const k = secret(8)
      const change = (u: Partial<Upload>): void => setFiles((all) => all.map((x) => (x.key === k ? { ...x, ...u } : x)))
      setFiles((all) => [...all, { key: k, name: f.name, part: 0 }])
      void session
        .fresh()
        .then((token) => upload(base, f, token, undefined, (part) => change({ part })))
        .then(
          (done) => change({ done }),
          (e: Error) => change({ bad: e.message }),
        )
    }
  }
  const latest = useRef(add)
  latest.current = add
  useEffect(() => {
    // A file may be dropped anywhere: beside the line to write in, a browser would leave the page for it.
    const over = (e: DragEvent): void => {
      if (e.dataTransfer?.types.includes('Files')) e.preventDefault()
    }
    const drop = (e: DragEvent): void => {
      if (!e.dataTransfer?.files.length) return
      e.preventDefault()
      latest.current(e.dataTransfer.files)
    }
    addEventListener('dragover', over)
    addEventListener('drop', drop)
    return () => {
      removeEventListener('dragover', over)
      removeEventListener('drop', drop)
    }
  }, [])
  function send(): void {
    if (!can) return
    const clientId = post(
      id,
      (topic ? told(topic) : '') + value.trim(),
      files.flatMap((f) => f.done?.id ?? []),
    )
    if (!clientId) return
    write('')
    setTopic(undefined)
    setFiles([])
    if (id === 'new') onBegan(clientId)
    area.current?.focus()
  }
  return (
    <form
      class="compose"
      onSubmit={(e) => {
        e.preventDefault()
        send()
      }}
    >
      {id === 'new' && !quiet && (
        <Suggest
          q={value}
          open={(article) => {
            write(value)
            onArticle(article)
          }}
          close={() => {
            setQuiet(true)
            area.current?.focus()
          }}
        />
      )}
      {topic && (
        <div class="chips">
          <span class="chip">
            {t('aboutArticle', { link: topic.title })}
            <button type="button" aria-label={t('discard')} onClick={() => setTopic(undefined)}>
              ×
            </button>
          </span>
        </div>
      )}
      {files.length > 0 && (
        <div class="chips">
          {files.map((f) => (
            <span class="chip" key={f.key}>
              {f.name} {f.bad ? <span class="bad">{sentence(f.bad)}</span> : f.done ? '' : Math.round(f.part * 100) + ' %'}
              <button type="button" aria-label={t('discard')} onClick={() => setFiles((all) => all.filter((x) => x.key !== f.key))}>
                ×
              </button>
            </span>
          ))}
        </div>
      )}
      <div class="field">
        <button type="button" class="ib" aria-label={t('attach')} onClick={() => picker.current?.click()}>
          <Attach />
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(e) => {
            const i = e.currentTarget
            if (i.files) add(i.files)
            i.value = ''
          }}
        />
        <textarea
          ref={area}
          rows={1}
          value={value}
          aria-label={t('write')}
          placeholder={t('write')}
          maxLength={20000}
          onInput={(e) => write(e.currentTarget.value)}
          onPaste={(e) => {
            const pasted = filesOf(e.clipboardData)
            if (!pasted.length) return
            e.preventDefault()
            add(pasted)
          }}
          onKeyDown={(e) => {
            if (e.key === 'Escape' && id === 'new' && !quiet && document.querySelector('.suggest')) {
              e.stopPropagation()
              setQuiet(true)
            } else if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
              e.preventDefault()
              send()
            }
          }}
        />
        <button class="go" disabled={!can} aria-label={t('sendIt')}>
          <Up />
        </button>
      </div>
    </form>
  )
}
