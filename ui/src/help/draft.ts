// What one writes, saved by itself. The server refuses a save that was made from an older revision than the newest: then
// both texts are shown, and the writer decides.

import { useEffect, useRef, useState } from 'react'
import { CallError, call, workspace } from '../server.ts'
import { said } from '../parts.tsx'
import type { Article } from './types.ts'

export interface Words {
  title: string
  description: string
  content: string
}
export interface Draft {
  words: Words
  state: 'saved' | 'unsaved' | 'saving'
  problem: string
  conflict: Article | undefined
  loads: number
}

const wordsOf = (a: Article): Words => ({ title: a.title, description: a.description ?? '', content: a.content })
const alike = (a: Words, b: Words): boolean => a.title === b.title && a.description === b.description && a.content === b.content

/** What one writes of an article in the language that it is shown in. own is the help center's own language. */
export function useDraft(
  article: Article,
  own: string,
): Draft & { write: (w: Partial<Words>) => void; flush: () => Promise<number>; keepMine: () => void; takeTheirs: () => void } {
  const key = `deskbell.article.${workspace()}.${article.id}${article.language === own ? '' : '.' + article.language}`
  const base = useRef({ revision: article.revision, words: wordsOf(article) })
  const words = useRef(base.current.words)
  const running = useRef<Promise<void>>(undefined)
  const timer = useRef(0)
  const keep = useRef(false)
  const [state, set] = useState<Omit<Draft, 'words'>>({ state: 'saved', problem: '', conflict: undefined, loads: 0 })

  const save = async (): Promise<void> => {
    clearTimeout(timer.current)
    await running.current
    if (alike(words.current, base.current.words)) return
    const sent = words.current
    set((s) => ({ ...s, state: 'saving' }))
    running.current = call<Article>('articles.update', {
      articleId: article.id,
      language: article.language,
      revision: base.current.revision,
      ...sent,
      description: sent.description || null,
      ...(keep.current ? { keep: true } : {}),
    })
      .then(
        (a) => {
          keep.current = false
          base.current = { revision: a.revision, words: sent }
          if (alike(words.current, sent)) localStorage.removeItem(key)
          set((s) => ({ ...s, state: alike(words.current, sent) ? 'saved' : 'unsaved', problem: '' }))
        },
        (e: unknown) => {
          const current = e instanceof CallError ? (e.problem.current as Article | undefined) : undefined
          set((s) => ({ ...s, state: 'unsaved', problem: current ? '' : said(e), conflict: current }))
          if (!current && (!(e instanceof CallError) || e.problem.code !== 'invalid'))
            timer.current = window.setTimeout(() => void save(), 5000)
        },
      )
      .finally(() => {
        running.current = undefined
      })
    await running.current
    if (!alike(words.current, base.current.words) && alike(sent, base.current.words)) await save()
  }

  // What somebody else saved comes in while nothing is unsaved here.
  useEffect(() => {
    if (article.revision <= base.current.revision || running.current) return
    if (!alike(words.current, base.current.words)) {
      void save()
      return
    }
    base.current = { revision: article.revision, words: wordsOf(article) }
    words.current = base.current.words
    set((s) => ({ ...s, loads: s.loads + 1 }))
  }, [article.revision])

  // What a closed tab had not saved yet.
  useEffect(() => {
    try {
      const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as { revision: number; words: Words } | null
      if (kept && !alike(kept.words, base.current.words)) {
        base.current = { ...base.current, revision: kept.revision }
        words.current = kept.words
        set((s) => ({ ...s, state: 'unsaved', loads: s.loads + 1 }))
        void save()
      }
    } catch {
      /* not ours */
    }
    const leave = (e: BeforeUnloadEvent): void => {
      if (!alike(words.current, base.current.words)) {
        void save()
        e.preventDefault()
      }
    }
    addEventListener('beforeunload', leave)
    return () => {
      removeEventListener('beforeunload', leave)
      clearTimeout(timer.current)
      void save()
    }
  }, [])

  return {
    ...state,
    words: words.current,
    write: (w) => {
      words.current = { ...words.current, ...w }
      if (alike(words.current, base.current.words)) return
      localStorage.setItem(key, JSON.stringify({ revision: base.current.revision, words: words.current }))
      set((s) => ({ ...s, state: 'unsaved' }))
      clearTimeout(timer.current)
      if (!state.conflict) timer.current = window.setTimeout(() => void save(), 800)
    },
    flush: async () => {
      await save()
      return base.current.revision
    },
    keepMine: () => {
      keep.current = true
      if (state.conflict) base.current = { revision: state.conflict.revision, words: wordsOf(state.conflict) }
      set((s) => ({ ...s, conflict: undefined }))
      void save()
    },
    takeTheirs: () => {
      if (state.conflict) base.current = { revision: state.conflict.revision, words: wordsOf(state.conflict) }
      words.current = base.current.words
      localStorage.removeItem(key)
      set((s) => ({ ...s, conflict: undefined, state: 'saved', loads: s.loads + 1 }))
    },
  }
}
