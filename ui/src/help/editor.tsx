// Writing one article.

import { EditorContent, useEditor } from '@tiptap/react'
import { Eye, MoreHorizontal, PanelRight } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Back, Dialog, Empty, said, Skeleton, Sure } from '../parts.tsx'
import { go } from '../route.ts'
import { call, useLive, workspace } from '../server.ts'
import { exact, t } from '../text.ts'
import { around, diff } from './diff.ts'
import { useDraft } from './draft.ts'
import { Panel } from './panel.tsx'
import { Preview } from './preview.tsx'
import { LinkDialog, Slash, Toolbar, tools } from './toolbar.tsx'
import type { Article, Collection } from './types.ts'
import { extensions, insertImage } from './writing.ts'

export function ArticleEditor({ id, collections, can }: { id: string; collections: Collection[]; can: (p: string) => boolean }) {
  const { value, problem } = useLive<Article>('articles.get', { articleId: id })
  if (problem)
    return (
      <main className="page">
        <Empty title={t('noneFound')} hint={problem.detail} />
      </main>
    )
  if (!value)
    return (
      <main className="page">
        <Skeleton />
      </main>
    )
  return <Writing key={id} article={value} collections={collections} can={can} />
}

async function upload(file: File): Promise<{ reference: string; url: string }> {
  const form = new FormData()
  form.append('file', file)
  const r = await fetch('/api/articles.uploadAsset?workspaceId=' + workspace(), { method: 'POST', body: form })
  const out = (await r.json()) as { reference: string; url: string; detail?: string }
  if (!r.ok) throw new Error(out.detail)
  return out
}

function Writing({ article, collections, can }: { article: Article; collections: Collection[]; can: (p: string) => boolean }) {
  const draft = useDraft(article)
  const addresses = useRef<Record<string, string>>({})
  Object.assign(addresses.current, article.references)
  const [mode, setMode] = useState<'write' | 'markdown' | 'preview'>('write')
  const [menu, setMenu] = useState(false)
  const [drawer, setDrawer] = useState(false)
  const [dialog, setDialog] = useState<'link' | 'video' | 'schedule' | 'delete'>()
  const [bad, setBad] = useState('')
  const writable = can('articles.create')
  const file = useRef<HTMLInputElement>(null)
  // Pictures come one after the other: where they were dropped, or after the cursor.
  const insert = (files: FileList | File[] | null | undefined, at?: number): boolean => {
    const list = [...(files ?? [])].filter((f) => f.type.startsWith('image/'))
    void (async () => {
      for (const f of list) {
        const a = await upload(f)
        addresses.current[a.reference] = a.url
        if (editor) insertImage(editor, a.reference, f.name.replace(/\.\w+$/, ''), at)
        at = undefined
      }
    })().catch((e: Error) => setBad(e.message))
    return list.length > 0
  }
  const parts = useMemo(() => extensions((ref) => addresses.current[ref], t('h_contentHint')), [])
  const quiet = useRef(false)
  const editor = useEditor({
    extensions: parts,
    content: draft.words.content,
    contentType: 'markdown',
    editable: writable,
    injectCSS: false,
    editorProps: {
      attributes: { class: 'prose', 'aria-label': t('h_write') },
      handlePaste: (_, e) => insert(e.clipboardData?.files),
      handleDrop: (view, e, _, moved) => {
        const own = !moved && insert(e.dataTransfer?.files, view.posAtCoords({ left: e.clientX, top: e.clientY })?.pos)
        if (own) e.preventDefault()
        return own
      },
    },
    onUpdate: ({ editor: e }) => {
      if (!quiet.current) draft.write({ content: e.getMarkdown().trim() })
    },
  })
  const load = (text: string): void => {
    quiet.current = true
    editor?.commands.setContent(text, { contentType: 'markdown' })
    quiet.current = false
  }
  useEffect(() => {
    if (draft.loads) load(draft.words.content)
  }, [draft.loads])
  const list = useMemo(
    () => tools({ picture: () => file.current?.click(), link: () => setDialog('link'), video: () => setDialog('video') }),
    [],
  )
  const act = (
    door:
      | 'articles.publish'
      | 'articles.unpublish'
      | 'articles.archive'
      | 'articles.discardChanges'
      | 'articles.schedule'
      | 'articles.remove',
    args: object = {},
  ): void => {
    setMenu(false)
    setBad('')
    void draft
      .flush()
      .then((revision) => call(door, { articleId: article.id, ...(door === 'articles.publish' ? { revision } : {}), ...args }))
      .then(
        () => {
          setDialog(undefined)
          if (door === 'articles.remove') go('/app/help', true)
        },
        (e: unknown) => setBad(said(e)),
      )
  }
  const shelf = collections.find((c) => c.id === article.collectionId)
  const live = article.status === 'published'
  const pending = live && (article.changed || draft.state !== 'saved')
  return (
    <>
      <main className="page writing">
        <header className="bar">
          <Back to={'/app/help' + (shelf ? '?c=' + shelf.id : '')} />
          <nav className="where">
            <a
              href="/app/help"
              onClick={(e) => {
                e.preventDefault()
                go('/app/help' + (shelf ? '?c=' + shelf.id : ''))
              }}
            >
              {shelf?.name ?? t('h_center')}
            </a>{' '}
            ›{' '}
          </nav>
          <h1>{draft.words.title || t('h_titleHint')}</h1>
          <span className={'badge' + (live ? ' good' : '')}>
            {live ? t('h_published') : article.status === 'archived' ? t('h_archived') : t('draftWord')}
          </span>
          {pending && <span className="badge warn">{t('h_notLive')}</span>}
          {article.publishAt && <span className="badge">{t('h_scheduled', { at: exact(article.publishAt) })}</span>}
          <small role="status" className={draft.state}>
            {draft.state === 'saved' ? t('saved') : draft.state === 'saving' ? t('h_saving') : t('h_unsaved')}
          </small>
          {article.url && (
            <a className="icon" href={article.url} target="_blank" rel="noreferrer" aria-label={t('h_view')} title={t('h_view')}>
              <Eye size={16} />
            </a>
          )}
          {can('articles.publish') && (
            <button className="btn primary" disabled={live && !pending} onClick={() => act('articles.publish')}>
              {live ? t('h_publishChanges') : t('h_publish')}
            </button>
          )}
          <button className="icon details-only" aria-label={t('h_tabSettings')} aria-expanded={drawer} onClick={() => setDrawer(!drawer)}>
            <PanelRight size={16} />
          </button>
          <span className="holds">
            <button className="icon" aria-expanded={menu} aria-label={t('actions')} onClick={() => setMenu(!menu)}>
              <MoreHorizontal size={16} />
            </button>
            {menu && (
              <div className="menu drop">
                {can('articles.publish') &&
                  article.status === 'draft' &&
                  (article.publishAt ? (
                    <button onClick={() => act('articles.schedule', { at: null })}>{t('h_unschedule')}</button>
                  ) : (
                    <button
                      onClick={() => {
                        setMenu(false)
                        setDialog('schedule')
                      }}
                    >
                      {t('h_schedule')}
                    </button>
                  ))}
                {article.live && article.changed && writable && (
                  <button onClick={() => act('articles.discardChanges')}>{t('h_discard')}</button>
                )}
                {can('articles.publish') && article.status !== 'draft' && (
                  <button onClick={() => act('articles.unpublish')}>{t('h_unpublish')}</button>
                )}
                {can('articles.publish') && article.status !== 'archived' && (
                  <button onClick={() => act('articles.archive')}>{t('h_archive')}</button>
                )}
                {can('articles.delete') && (
                  <button
                    onClick={() => {
                      setMenu(false)
                      setDialog('delete')
                    }}
                  >
                    {t('h_delete')}
                  </button>
                )}
              </div>
            )}
          </span>
        </header>
        <div className="sub">
          {mode === 'write' && editor && writable ? (
            <div className="grow">
              <Toolbar editor={editor} list={list} />
            </div>
          ) : (
            <span className="grow" />
          )}
          <div className="modes" role="group">
            {(['write', 'markdown', 'preview'] as const).map((m) => (
              <button
                key={m}
                aria-pressed={mode === m}
                onClick={() => {
                  if (mode === 'markdown' && m !== 'markdown') load(draft.words.content)
                  setMode(m)
                }}
              >
                {t(`h_${m}`)}
              </button>
            ))}
          </div>
        </div>
        {(bad || draft.problem) && (
          <p className="bad pad" role="alert">
            {bad || draft.problem}
          </p>
        )}
        {mode === 'preview' && <Preview words={draft.words} onProblem={setBad} />}
        <div className="scroll" hidden={mode === 'preview'}>
          <div className="sheet">
            <textarea
              className="title"
              rows={1}
              value={draft.words.title}
              readOnly={!writable}
              maxLength={200}
              aria-label={t('h_titleHint')}
              placeholder={t('h_titleHint')}
              onChange={(e) => draft.write({ title: e.target.value.replace(/\n/g, ' ') })}
            />
            <textarea
              className="about"
              rows={1}
              value={draft.words.description}
              readOnly={!writable}
              maxLength={300}
              aria-label={t('h_aboutHint')}
              placeholder={t('h_aboutHint')}
              onChange={(e) => draft.write({ description: e.target.value })}
            />
            <div hidden={mode !== 'write'}>
              <EditorContent editor={editor} />
            </div>
            {mode === 'markdown' && (
              <textarea
                className="source"
                value={draft.words.content}
                readOnly={!writable}
                aria-label={t('h_markdown')}
                onChange={(e) => draft.write({ content: e.target.value })}
              />
            )}
            {mode === 'write' && editor && writable && <Slash editor={editor} list={list} />}
          </div>
        </div>
        <input
          ref={file}
          type="file"
          accept="image/*"
          multiple
          hidden
          onChange={(e) => {
            insert(e.target.files)
            e.target.value = ''
          }}
        />
      </main>
      <Panel
        shown={drawer}
        onClose={() => setDrawer(false)}
        article={article}
        collections={collections}
        can={can}
        words={draft.words.content}
        flush={draft.flush}
      />
      {dialog === 'link' && editor && <LinkDialog editor={editor} onClose={() => setDialog(undefined)} />}
      {dialog === 'video' && (
        <Dialog title={t('h_video')} onClose={() => setDialog(undefined)}>
          <form
            onSubmit={(e) => {
              e.preventDefault()
              const url = String(new FormData(e.currentTarget).get('url'))
              editor
                ?.chain()
                .focus()
                .insertContent([
                  { type: 'paragraph', content: [{ type: 'text', text: url, marks: [{ type: 'link', attrs: { href: url } }] }] },
                  { type: 'paragraph' },
                ])
                .run()
              setDialog(undefined)
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
      )}
      {dialog === 'schedule' && (
        <Dialog title={t('h_schedule')} onClose={() => setDialog(undefined)}>
          <form
            onSubmit={(e) => {
              e.preventDefault()
              act('articles.schedule', { at: new Date(String(new FormData(e.currentTarget).get('at'))).getTime() })
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
      )}
      {dialog === 'delete' && (
        <Sure
          title={t('h_delete')}
          hint={t('h_deleteHint')}
          act={t('h_delete')}
          onNo={() => setDialog(undefined)}
          onYes={() => act('articles.remove')}
        />
      )}
      {draft.conflict && (
        <Dialog title={t('h_conflict')} onClose={() => undefined}>
          <p>{t('h_conflictHint', { name: draft.conflict.editor.name })}</p>
          <pre className="diff" tabIndex={0} aria-label={t('h_conflict')}>
            {around(diff(`${draft.conflict.title}\n${draft.conflict.content}`, `${draft.words.title}\n${draft.words.content}`)).map(
              (l, i) => (
                <span key={i} className={l.kind}>
                  {l.text + '\n'}
                </span>
              ),
            )}
          </pre>
          <div className="row end">
            <button className="btn" onClick={draft.takeTheirs}>
              {t('h_takeTheirs')}
            </button>
            <button className="btn primary" onClick={draft.keepMine}>
              {t('h_keepMine')}
            </button>
          </div>
        </Dialog>
      )}
    </>
  )
}
