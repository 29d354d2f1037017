// Beside the article: who reads it and where it stands, what it said before, what readers thought.

import { ThumbsDown, ThumbsUp, X } from 'lucide-react'
import { useState } from 'react'
import { Dialog, Field, said } from '../parts.tsx'
import { call, useLive } from '../server.ts'
import { ago, exact, t } from '../text.ts'
import type { Page } from '../types.ts'
import { BesideIt } from './beside.tsx'
import { around, diff } from './diff.ts'
import { tree, type Article, type Collection, type Line, type Version, type Vote } from './types.ts'

interface Props {
  article: Article
  collections: Collection[]
  can: (p: string) => boolean
  words: string
  flush: () => Promise<number>
}

export function Panel({ shown, onClose, ...p }: Props & { shown: boolean; onClose: () => void }) {
  const [tab, setTab] = useState<'settings' | 'versions' | 'feedback'>('settings')
  return (
    <aside className={'details beside' + (shown ? ' shown' : '')}>
      <div className="tabs">
        <div role="tablist">
          {(
            [
              ['settings', 'h_tabSettings'],
              ['versions', 'h_tabVersions'],
              ['feedback', 'h_tabFeedback'],
            ] as const
          ).map(([k, label]) => (
            <button key={k} role="tab" aria-selected={tab === k} onClick={() => setTab(k)}>
              {t(label)}
            </button>
          ))}
        </div>
        <button className="icon details-only" onClick={onClose} aria-label={t('hide')}>
          <X size={16} />
        </button>
      </div>
      <div className="scroll">{tab === 'settings' ? <Place {...p} /> : tab === 'versions' ? <Versions {...p} /> : <Votes {...p} />}</div>
    </aside>
  )
}

function Place({ article: a, collections, can }: Props) {
  const [bad, setBad] = useState('')
  // What has no words in this language yet cannot have an address of its own; where the article stands can be said of any.
  const begun = a.languages.includes(a.language)
  const set = (args: object): void => {
    call('articles.update', { articleId: a.id, language: begun ? a.language : a.languages[0], ...args }).then(
      () => setBad(''),
      (e: unknown) => setBad(said(e)),
    )
  }
  const off = !can('articles.create')
  return (
    <>
      {bad && (
        <p className="bad pad" role="alert">
          {bad}
        </p>
      )}
      <section>
        <h2>{t('h_who')}</h2>
        <div className="modes wide" role="group">
          {(['public', 'internal'] as const).map((v) => (
            <button key={v} disabled={off} aria-pressed={a.visibility === v} onClick={() => set({ visibility: v })}>
              {t(v === 'public' ? 'h_everyone' : 'h_team')}
            </button>
          ))}
        </div>
      </section>
      <section>
        <Field label={t('h_collection')}>
          <select value={a.collectionId ?? ''} disabled={off} onChange={(e) => set({ collectionId: e.target.value || null })}>
            <option value="">{t('h_loose')}</option>
            {tree(collections).map((c) => (
              <option key={c.id} value={c.id}>
                {'\u2003'.repeat(c.depth) + c.name}
              </option>
            ))}
          </select>
        </Field>
        {a.collectionId && !off && <Stands key={a.collectionId} article={a} shelf={a.collectionId} onProblem={setBad} />}
        <Field label={t('tags')} hint={t('h_tagsHint')}>
          <input
            key={a.tags.join()}
            defaultValue={a.tags.join(', ')}
            disabled={off}
            onBlur={(e) => {
              if (e.target.value !== a.tags.join(', '))
                set({
                  tags: e.target.value
                    .split(',')
                    .map((s) => s.trim())
                    .filter(Boolean),
                })
            }}
          />
        </Field>
      </section>
      <BesideIt article={a} off={off} set={(relatedIds) => set({ relatedIds })} />
      <section>
        <h2>{t('h_engines')}</h2>
        <Field label={t('h_address')} hint={t('h_addressHint')}>
          <input
            key={a.slug}
            defaultValue={a.slug}
            disabled={off || !begun}
            maxLength={100}
            onBlur={(e) => {
              if (e.target.value && e.target.value !== a.slug) set({ slug: e.target.value })
            }}
          />
        </Field>
        <Field label={t('h_seoTitle')}>
          <input
            key={a.seoTitle ?? ''}
            defaultValue={a.seoTitle ?? ''}
            placeholder={a.title}
            disabled={off || !begun}
            maxLength={120}
            onBlur={(e) => {
              if (e.target.value !== (a.seoTitle ?? '')) set({ seoTitle: e.target.value || null, revision: a.revision })
            }}
          />
        </Field>
        <div className="found">
          <small>/help/…/{a.slug}</small>
          <b>{a.seoTitle ?? a.title}</b>
          <span>{a.description ?? a.excerpt}</span>
        </div>
      </section>
    </>
  )
}

/** Before which article of its collection one stands, for readers. */
function Stands({ article, shelf, onProblem }: { article: Article; shelf: string; onProblem: (text: string) => void }) {
  const { value } = useLive<Page<Line>>('articles.list', { collectionId: shelf, limit: 100 })
  const list = value?.items.toSorted((x, y) => x.position - y.position || (x.id < y.id ? -1 : 1)) ?? []
  const next = list[list.findIndex((x) => x.id === article.id) + 1]
  if (list.length < 2) return null
  return (
    <Field label={t('h_before')}>
      <select
        value={next?.id ?? ''}
        onChange={(e) => {
          call('articles.move', { articleId: article.id, collectionId: shelf, beforeId: e.target.value || null }).then(
            () => onProblem(''),
            (x: unknown) => onProblem(said(x)),
          )
        }}
      >
        {list
          .filter((x) => x.id !== article.id)
          .map((x) => (
            <option key={x.id} value={x.id}>
              {x.title}
            </option>
          ))}
        <option value="">{t('h_last')}</option>
      </select>
    </Field>
  )
}

function Versions({ article: a, can, words, flush }: Props) {
  const { value } = useLive<Page<Version>>('articles.listVersions', { articleId: a.id, language: a.language })
  const [open, setOpen] = useState<Version>()
  const [bad, setBad] = useState('')
  return (
    <>
      {value?.items.length === 0 && <p className="faint pad">{t('h_noVersions')}</p>}
      <ul className="plain versions">
        {value?.items.map((v) => (
          <li key={v.id}>
            <button
              className="grow"
              onClick={() => {
                void call<Version>('articles.getVersion', { articleId: a.id, versionId: v.id }).then(setOpen)
              }}
            >
              <b>{v.title}</b>
              <small title={exact(v.createdAt)}>
                {v.author.name} · {ago(v.createdAt)}
              </small>
            </button>
            {v.published && (
              <span className={'badge' + (a.live?.revision === v.revision ? ' good' : '')}>
                {a.live?.revision === v.revision ? t('h_liveNow') : t('h_published')}
              </span>
            )}
          </li>
        ))}
      </ul>
      {open && (
        <Dialog title={open.title} onClose={() => setOpen(undefined)}>
          <p className="faint">{t('h_compare')}</p>
          {open.content === words ? (
            <p>{t('h_same')}</p>
          ) : (
            <pre className="diff" tabIndex={0} aria-label={t('h_compare')}>
              {around(diff(open.content, words)).map((l, i) => (
                <span key={i} className={l.kind}>
                  {l.text + '\n'}
                </span>
              ))}
            </pre>
          )}
          {bad && (
            <p className="bad" role="alert">
              {bad}
            </p>
          )}
          <div className="row end">
            <button className="btn" autoFocus onClick={() => setOpen(undefined)}>
              {t('cancel')}
            </button>
            {can('articles.create') && (
              <button
                className="btn primary"
                onClick={() => {
                  void flush()
                    .then((revision) => call('articles.restoreVersion', { articleId: a.id, versionId: open.id, revision }))
                    .then(
                      () => setOpen(undefined),
                      (e: unknown) => setBad(said(e)),
                    )
                }}
              >
                {t('h_restore')}
              </button>
            )}
          </div>
        </Dialog>
      )}
    </>
  )
}

function Votes({ article: a }: Props) {
  const { value } = useLive<Page<Vote>>('articles.listFeedback', { articleId: a.id })
  const all = a.helpful + a.notHelpful
  return (
    <>
      <p className="pad">
        <b>{all ? t('h_views', { yes: a.helpful, all }) : t('h_noFeedback')}</b>
      </p>
      <ul className="plain versions">
        {value?.items.map((v) => (
          <li key={v.id}>
            {v.helpful ? <ThumbsUp size={16} aria-label={t('h_helpful')} /> : <ThumbsDown size={16} aria-label={t('h_notHelpful')} />}
            <span className="grow">
              {v.comment ?? ''}
              <small title={exact(v.createdAt)}>{ago(v.createdAt)}</small>
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
