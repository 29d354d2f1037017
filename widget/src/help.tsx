// The help space: browse, search, read, say whether it helped, and write if it did not.

import { useEffect, useRef, useState } from 'preact/hooks'
import { post, preview, session } from './frame.ts'
import { Back, Book, Close, Find, Next } from './icons.tsx'
import { linked } from './linked.ts'
import type { About } from './suggest.tsx'
import { t } from './text.ts'

interface Shelf {
  id: string
  parentId: string | null
  name: string
  description: string | null
  articleCount: number
}
interface Brief {
  id: string
  title: string
  description: string | null
}
interface Hit {
  articleId: string
  title: string
  titleMarked: string
  excerptMarked: string
}
interface Home {
  collections: Shelf[]
  articles: Brief[]
}
interface Contents {
  collection: Shelf
  collections: Shelf[]
  articles: Brief[]
}
interface Article {
  id: string
  title: string
  contentHtml: string
  related: Brief[]
  url: string
  language: string
}

const language = (): string => document.documentElement.lang

function useAnswer<T>(
  door: 'helpCenter.get' | 'helpCenter.getCollection' | 'helpCenter.getArticle',
  args: object,
  on = true,
): { value: T | undefined; failed: boolean } {
  const [state, set] = useState<{ value: T | undefined; failed: boolean }>({ value: undefined, failed: false })
  useEffect(() => {
    if (!on) return
    let here = true
    set({ value: undefined, failed: false })
    session.call<T>(door, { language: language(), ...args }).then(
      (value) => {
        if (here) set({ value, failed: false })
      },
      () => {
        if (here) set({ value: undefined, failed: true })
      },
    )
    return () => {
      here = false
    }
  }, [door, JSON.stringify(args)])
  return state
}

/** at is what is open: nothing, c:<collection> or a:<article>, the last one on top. */
export function Help({ at, go, onAsk }: { at: string[]; go: (at: string[]) => void; onAsk: (text: string, about?: About) => void }) {
  const top = at.at(-1) ?? ''
  const [q, setQ] = useState('')
  const open = (place: string) => (): void => go([...at, place])
  return (
    <>
      <header class="head">
        {top ? (
          <button class="ib" onClick={() => go(at.slice(0, -1))} aria-label={t('back')}>
            <Back />
          </button>
        ) : (
          ''
        )}
        <h1 class={top ? '' : 'first'}>{t('help')}</h1>
        <button class="ib" onClick={() => post({ is: 'close' })} aria-label={t('close')}>
          <Close />
        </button>
      </header>
      <div class="list help" key={top}>
        {!top && (
          <label class="seek">
            <Find />
            <input
              type="search"
              value={q}
              placeholder={t('helpSearch')}
              aria-label={t('helpSearch')}
              maxLength={200}
              onInput={(e) => setQ(e.currentTarget.value)}
            />
          </label>
        )}
        {top.startsWith('a:') ? (
          <Reading id={top.slice(2)} open={open} onAsk={onAsk} />
        ) : top ? (
          <Shelved id={top.slice(2)} open={open} />
        ) : q.trim().length > 1 ? (
          <Found q={q.trim()} open={open} onAsk={onAsk} />
        ) : (
          <Front open={open} />
        )}
      </div>
    </>
  )
}

/** On the home: the way to search, and the first things to read. */
export function Ways({ open }: { open: (place?: string) => void }) {
  const { value } = useAnswer<Home>('helpCenter.get', {}, !preview)
  if (!preview && (!value || value.collections.length + value.articles.length === 0)) return null
  const { collections, articles } = value ?? { collections: [], articles: [] }
  const top = collections.filter((c) => !c.parentId)
  const rows = [...articles.map((a) => ({ at: 'a:' + a.id, name: a.title })), ...top.map((c) => ({ at: 'c:' + c.id, name: c.name }))]
  return (
    <div class="card ways">
      <button class="seek" onClick={() => open()}>
        <Find />
        {t('helpSearch')}
      </button>
      {rows.slice(0, 4).map((r) => (
        <button class="way" key={r.at} onClick={() => open(r.at)}>
          <span class="line" dir="auto">
            {r.name}
          </span>
          <Next />
        </button>
      ))}
    </div>
  )
}

type Open = (place: string) => () => void

function Shelves({ list, open }: { list: Shelf[]; open: Open }) {
  return (
    <>
      {list.map((c) => (
        <button class="card" key={c.id} onClick={open('c:' + c.id)}>
          <Book />
          <span class="grow">
            <b>{c.name}</b>
            <span class="line">{c.description ?? t('articles', { n: c.articleCount })}</span>
          </span>
        </button>
      ))}
    </>
  )
}

function Briefs({ list, open }: { list: Brief[]; open: Open }) {
  return (
    <>
      {list.map((a) => (
        <button class="card" key={a.id} onClick={open('a:' + a.id)}>
          <span class="grow">
            <b>{a.title}</b>
            {a.description && <span class="line">{a.description}</span>}
          </span>
        </button>
      ))}
    </>
  )
}

function Front({ open }: { open: Open }) {
  const { value, failed } = useAnswer<Home>('helpCenter.get', {})
  if (!value) return failed ? <div class="empty">{t('noHelp')}</div> : null
  if (!value.collections.length && !value.articles.length) return <div class="empty">{t('noHelp')}</div>
  return (
    <>
      <Shelves list={value.collections.filter((c) => !c.parentId)} open={open} />
      <Briefs list={value.articles} open={open} />
    </>
  )
}

function Shelved({ id, open }: { id: string; open: Open }) {
  const { value, failed } = useAnswer<Contents>('helpCenter.getCollection', { collectionId: id })
  if (!value) return failed ? <div class="empty">{t('noHelp')}</div> : null
  return (
    <>
      <h2>{value.collection.name}</h2>
      <Shelves list={value.collections} open={open} />
      <Briefs list={value.articles} open={open} />
    </>
  )
}

function Found({ q, open, onAsk }: { q: string; open: Open; onAsk: (text: string) => void }) {
  const [hits, set] = useState<Hit[]>()
  useEffect(() => {
    let on = true
    const timer = setTimeout(() => {
      session.call<{ items: Hit[] }>('helpCenter.search', { q, language: language(), limit: 10 }).then(
        (r) => {
          if (on) set(r.items)
        },
        () => undefined,
      )
    }, 150)
    return () => {
      on = false
      clearTimeout(timer)
    }
  }, [q])
  return (
    <div role="status">
      {hits?.map((h) => (
        <button class="card" key={h.articleId} onClick={open('a:' + h.articleId)}>
          <span class="grow">
            <b dangerouslySetInnerHTML={{ __html: h.titleMarked }} />
            <span class="line two" dangerouslySetInnerHTML={{ __html: h.excerptMarked }} />
          </span>
        </button>
      ))}
      {hits?.length === 0 && (
        <div class="still">
          <p>{t('noArticle')}</p>
          <button class="btn" onClick={() => onAsk(q)}>
            {t('ask')}
          </button>
        </div>
      )}
    </div>
  )
}

function Reading({ id, open, onAsk }: { id: string; open: Open; onAsk: (text: string, about?: About) => void }) {
  const { value: a, failed } = useAnswer<Article>('helpCenter.getArticle', { articleId: id })
  const [vote, setVote] = useState<boolean>()
  const [sent, setSent] = useState(false)
  const box = useRef<HTMLElement>(null)
  useEffect(() => {
    box.current?.focus()
  }, [a?.id])
  if (!a) return failed ? <div class="empty">{t('noArticle')}</div> : null
  const say = (helpful: boolean, comment?: string): void => {
    void session
      .call('helpCenter.submitFeedback', { articleId: id, helpful, language: language(), ...(comment ? { comment } : {}) })
      .catch(() => undefined)
  }
  return (
    <article ref={box} tabIndex={-1}>
      <h2>{a.title}</h2>
      <div
        class="prose"
        dangerouslySetInnerHTML={{ __html: a.contentHtml }}
        onClick={(e) => {
          const link = (e.target as Element).closest('a')
          const to = link ? linked(link.href, a) : undefined
          if (to) {
            e.preventDefault()
            void session.call<Article>('helpCenter.getArticle', to).then(
              (x) => open('a:' + x.id)(),
              () => undefined,
            )
          }
        }}
      />
      <div class="vote">
        {vote === undefined ? (
          <>
            <b>{t('helped')}</b>
            <button
              class="small"
              onClick={() => {
                setVote(true)
                say(true)
              }}
            >
              {t('yes')}
            </button>
            <button
              class="small"
              onClick={() => {
                setVote(false)
                say(false)
              }}
            >
              {t('no')}
            </button>
          </>
        ) : (
          <div role="status">
            <b>{t('thanks')}</b>
            {!vote && !sent && (
              <form
                onSubmit={(e) => {
                  e.preventDefault()
                  say(false, String(new FormData(e.currentTarget).get('c')))
                  setSent(true)
                }}
              >
                <textarea name="c" rows={2} required maxLength={2000} aria-label={t('better')} placeholder={t('better')} />
                <button class="small">{t('sendIt')}</button>
              </form>
            )}
          </div>
        )}
      </div>
      <div class="still">
        <p>{t('still')}</p>
        <button class="btn" onClick={() => onAsk('', { title: a.title, url: a.url })}>
          {t('ask')}
        </button>
      </div>
      {a.related.length > 0 && (
        <>
          <h3>{t('related')}</h3>
          <Briefs list={a.related} open={open} />
        </>
      )}
    </article>
  )
}
