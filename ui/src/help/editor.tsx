// Writing one article.

import { EditorContent, useEditor } from '@tiptap/react'
import { Eye, PanelRight } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { told } from '../faults.ts'
import { Back, Dialog, Empty, said, Skeleton, Sure } from '../parts.tsx'
import { go, useAddress } from '../route.ts'
import { call, useLive, workspace } from '../server.ts'
import { exact, t, tongue } from '../text.ts'
import { Actions, ScheduleDialog, VideoDialog, type Act, type Asked } from './actions.tsx'
import { around, diff } from './diff.ts'
import { useDraft } from './draft.ts'
import { Languages } from './languages.tsx'
import { Panel } from './panel.tsx'
import { Preview } from './preview.tsx'
import { LinkDialog, Slash, Toolbar, tools } from './toolbar.tsx'
import { spoken, type Article, type Center, type Collection } from './types.ts'
import { extensions, insertImage } from './writing.ts'

interface Props {
  collections: Collection[]
  center: Center
  can: (p: string) => boolean
}

/** An article to write, in the language that the address names. */
export function ArticleEditor({ id, ...p }: Props & { id: string }) {
  const asked = useAddress().searchParams.get('l') ?? ''
  const language = spoken(p.center).includes(asked) ? asked : p.center.language
  const { value, problem } = useLive<Article>('articles.get', { articleId: id, language })
  if (problem)
    return (
      <main className="page">
        <Empty title={t('noneFound')} hint={told(problem)} />
      </main>
    )
  if (!value)
    return (
      <main className="page">
        <Skeleton />
      </main>
    )
  return <Writing key={id + value.language} article={value} {...p} />
}

async function upload(file: File): Promise<{ reference: string; url: string }> {
  const form = new FormData()
  form.append('file', file)
  const r = await fetch('/api/articles.uploadAsset?workspaceId=' + workspace(), { method: 'POST', body: form })
  const out = (await r.json()) as { reference: string; url: string; detail?: string }
  if (!r.ok) throw new Error(out.detail)
  return out
}

function Writing({ article, collections, center, can }: Props & { article: Article }) {
  const draft = useDraft(article, center.language)
  const addresses = useRef<Record<string, string>>({})
  Object.assign(addresses.current, article.references)
  const [mode, setMode] = useState<'write' | 'markdown' | 'preview'>('write')
  const [drawer, setDrawer] = useState(false)
  const [dialog, setDialog] = useState<'link' | 'video' | Asked>()
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
    })().catch((e: unknown) => setBad(said(e)))
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
  const takeOver = (): void => {
    call<Article>('articles.get', { articleId: article.id, language: center.language }).then(
      (a) => {
        Object.assign(addresses.current, a.references)
        draft.write({ title: a.title, description: a.description ?? '', content: a.content })
        load(a.content)
      },
      (e: unknown) => setBad(said(e)),
    )
  }
  const list = useMemo(
    () => tools({ picture: () => file.current?.click(), link: () => setDialog('link'), video: () => setDialog('video') }),
    [],
  )
  const act: Act = (door, args = {}) => {
    setBad('')
    void draft
      .flush()
      .then((revision) =>
        call(door, {
          articleId: article.id,
          ...(door === 'articles.publish' || door === 'articles.discardChanges' ? { language: article.language } : {}),
          ...(door === 'articles.publish' ? { revision } : {}),
          ...args,
        }),
      )
      .then(
        () => {
          setDialog(undefined)
          if (door === 'articles.remove') go('language' in args ? '/app/help/' + article.id : '/app/help', true)
        },
        (e: unknown) => setBad(said(e)),
      )
  }
  const shelf = collections.find((c) => c.id === article.collectionId)
  const live = article.status === 'published' && article.live !== null
  const further = article.language !== center.language
  const pending = live && (article.changed || draft.state !== 'saved')
  return (
    <>
      <main className="page writing">
        <header className="bar">
          <Back to={'/app/help' + (shelf ? '?c=' + shelf.id : '')} />
          <nav className="crumb">
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
          {center.languages.length > 0 && <Languages article={article} center={center} />}
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
          <Actions article={article} own={center.language} live={live} pending={pending} can={can} act={act} ask={setDialog} />
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
        {mode === 'preview' && <Preview words={draft.words} language={article.language} onProblem={setBad} />}
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
            {further && writable && article.revision === 0 && !draft.words.title && !draft.words.content && (
              <button className="btn begin" onClick={takeOver}>
                {t('h_beginWith', { language: tongue(center.language) })}
              </button>
            )}
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
        <VideoDialog
          onClose={() => setDialog(undefined)}
          onPick={(url) => {
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
        />
      )}
      {dialog === 'schedule' && <ScheduleDialog onClose={() => setDialog(undefined)} onPick={(at) => act('articles.schedule', { at })} />}
      {dialog === 'delete' && (
        <Sure
          title={t('h_delete')}
          hint={t('h_deleteHint')}
          act={t('h_delete')}
          onNo={() => setDialog(undefined)}
          onYes={() => act('articles.remove')}
        />
      )}
      {dialog === 'deleteText' && (
        <Sure
          title={t('h_deleteIn', { language: tongue(article.language) })}
          hint={t('h_deleteInHint')}
          act={t('h_delete')}
          onNo={() => setDialog(undefined)}
          onYes={() => act('articles.remove', { language: article.language })}
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
