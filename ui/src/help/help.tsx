// The help center: collections on the left, articles beside them, one of them open.

import {
  Archive,
  ExternalLink,
  FilePen,
  FilePlus,
  FileQuestionMark,
  Files,
  Folder,
  FolderPlus,
  Globe,
  Pencil,
  Settings,
  Users,
} from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Empty, Fold, Skeleton } from '../parts.tsx'
import { Further, usePages } from '../further.tsx'
import { go, useAddress } from '../route.ts'
import { call, useLive } from '../server.ts'
import { ago, exact, t, type Key } from '../text.ts'
import type { Membership, Page } from '../types.ts'
import { Centre } from './centre.tsx'
import { Shelf } from './shelf.tsx'
import './help.css'
import './editor.css'
import './prose.css'
import './panel.css'
import './sites.css'
import { tree, type Article, type Center, type Collection, type Line } from './types.ts'

const ArticleEditor = lazy(() => import('./editor.tsx').then((m) => ({ default: m.ArticleEditor })))
const views: Array<[string, Key, object, typeof Globe]> = [
  ['', 'h_all', {}, Files],
  ['draft', 'h_draft', { status: 'draft' }, FilePen],
  ['published', 'h_published', { status: 'published' }, Globe],
  ['internal', 'h_internal', { visibility: 'internal' }, Users],
  ['archived', 'h_archived', { status: 'archived' }, Archive],
  ['loose', 'h_loose', { collectionId: 'none' }, FileQuestionMark],
]

export function Help({ here }: { here: Membership }) {
  const at = useAddress()
  const id = at.pathname.split('/')[3] ?? ''
  const can = (p: string): boolean => here.permissions.includes(p)
  const { value: collections } = useLive<Page<Collection>>('collections.list')
  const { value: center } = useLive<Center>('helpCenter.getSettings')
  const view = at.searchParams.get('v') ?? '',
    shelf = at.searchParams.get('c') ?? ''
  const [edit, setEdit] = useState<Partial<Collection>>()
  const list = tree(collections?.items ?? [])
  const begin = (): void => {
    void call<Article>('articles.create', { title: t('h_newArticle'), ...(shelf ? { collectionId: shelf } : {}) }).then((a) =>
      go('/app/help/' + a.id),
    )
  }
  const to = (href: string) => ({
    href,
    onClick: (e: React.MouseEvent) => {
      e.preventDefault()
      go(href)
    },
  })
  return (
    <div className={'inbox help' + (id ? ' reading' : '')}>
      <nav className="views" aria-label={t('h_center')}>
        <h2>
          {t('h_short')}
          <span className="fill" />
          {center && (
            <a className="icon" href={center.url} target="_blank" rel="noreferrer" aria-label={t('h_view')} title={t('h_view')}>
              <ExternalLink size={16} />
            </a>
          )}
          {can('articles.create') && (
            <button className="icon" aria-label={t('h_newArticle')} title={t('h_newArticle')} onClick={begin}>
              <FilePlus size={16} />
            </button>
          )}
        </h2>
        {views.map(([key, label, , Icon]) => (
          <a key={key} {...to('/app/help' + (key ? '?v=' + key : ''))} aria-current={!id && !shelf && view === key ? 'page' : undefined}>
            <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
            <span>{t(label)}</span>
          </a>
        ))}
        <h3>
          {t('h_collections')}
          {can('articles.create') && (
            <button
              className="icon"
              aria-label={t('h_newCollection')}
              title={t('h_newCollection')}
              onClick={() => setEdit(shelf ? { parentId: shelf } : {})}
            >
              <FolderPlus size={16} />
            </button>
          )}
        </h3>
        {list.map((c) => (
          <a
            key={c.id}
            {...to('/app/help?c=' + c.id)}
            aria-current={!id && shelf === c.id ? 'page' : undefined}
            style={{ paddingInlineStart: 8 + c.depth * 14 }}
          >
            <Folder size={16} strokeWidth={1.75} aria-hidden="true" />
            <span>{c.name}</span>
            <small>{c.articleCount}</small>
          </a>
        ))}
        {can('settings.workspace') && (
          <>
            <h3>{t('settings')}</h3>
            <a {...to('/app/help/settings')} aria-current={id === 'settings' ? 'page' : undefined}>
              <Settings size={16} strokeWidth={1.75} aria-hidden="true" />
              <span>{t('h_settings')}</span>
            </a>
          </>
        )}
      </nav>
      {id === 'settings' ? (
        <Centre can={can} />
      ) : id && center ? (
        <Suspense
          fallback={
            <main className="page">
              <Skeleton />
            </main>
          }
        >
          <ArticleEditor id={id} collections={collections?.items ?? []} center={center} can={can} />
        </Suspense>
      ) : id ? (
        <main className="page">
          <Skeleton />
        </main>
      ) : (
        <Articles
          view={view}
          shelf={list.find((c) => c.id === shelf)}
          list={list}
          settings={can('settings.workspace')}
          onEdit={can('articles.create') ? setEdit : undefined}
          onNew={can('articles.create') ? begin : undefined}
        />
      )}
      {edit && <Shelf c={edit} list={list} center={center} onClose={() => setEdit(undefined)} can={can} />}
    </div>
  )
}

function Articles({
  view,
  shelf,
  list,
  settings,
  onEdit,
  onNew,
}: {
  view: string
  shelf: Collection | undefined
  list: Array<Collection & { depth: number }>
  settings: boolean
  onEdit: ((c: Collection) => void) | undefined
  onNew: (() => void) | undefined
}) {
  const [q, setQ] = useState('')
  const [tag, setTag] = useState('')
  const { value: tags } = useLive<{ tags: string[] }>('articles.listTags')
  const filter = {
    ...views.find(([k]) => k === view)?.[2],
    ...(shelf ? { collectionId: shelf.id } : {}),
    ...(q.trim() ? { q: q.trim() } : {}),
    ...(tag ? { tag } : {}),
  }
  const lines = usePages<Line>('articles.list', filter)
  const { rows } = lines
  const title = shelf?.name ?? t(views.find(([k]) => k === view)?.[1] ?? 'h_all')
  return (
    <main className="page">
      <header className="bar">
        <h1>
          <Fold
            at="phone"
            title={title}
            label={t('h_center')}
            value={shelf ? 'c=' + shelf.id : 'v=' + view}
            onChange={(e) => go(e.target.value === 'settings' ? '/app/help/settings' : '/app/help?' + e.target.value)}
          >
            {views.map(([k, label]) => (
              <option key={k} value={'v=' + k}>
                {t(label)}
              </option>
            ))}
            <optgroup label={t('h_collections')}>
              {list.map((c) => (
                <option key={c.id} value={'c=' + c.id}>
                  {'\u2003'.repeat(c.depth) + c.name}
                </option>
              ))}
            </optgroup>
            {settings && <option value="settings">{t('h_settings')}</option>}
          </Fold>
        </h1>
        <input
          className="quiet"
          type="search"
          value={q}
          placeholder={t('h_searchHint')}
          aria-label={t('h_searchHint')}
          onChange={(e) => setQ(e.target.value)}
        />
        {tags && tags.tags.length > 0 && (
          <select className="tagged" aria-label={t('h_tag')} value={tag} onChange={(e) => setTag(e.target.value)}>
            <option value="">{t('h_anyTag')}</option>
            {tags.tags.map((x) => (
              <option key={x}>{x}</option>
            ))}
          </select>
        )}
        {shelf && onEdit && (
          <button className="icon" aria-label={t('h_editCollection')} title={t('h_editCollection')} onClick={() => onEdit(shelf)}>
            <Pencil size={16} />
          </button>
        )}
        {onNew && (
          <button className="btn primary" onClick={onNew}>
            {t('h_newArticle')}
          </button>
        )}
      </header>
      <div className="scroll">
        {!rows ? (
          <Skeleton height={44} />
        ) : rows.length === 0 ? (
          <Empty title={q || tag ? t('noneFound') : t('h_none')} hint={q || tag ? t('noneFoundHint') : t('h_noneHint')}>
            {!q && !tag && onNew && (
              <button className="btn" onClick={onNew}>
                {t('h_newArticle')}
              </button>
            )}
          </Empty>
        ) : (
          <table className="ledger articles">
            <thead>
              <tr>
                <th>{t('h_title')}</th>
                <th>{t('h_state')}</th>
                <th className="less">{t('h_by')}</th>
                <th className="less">{t('h_votes')}</th>
                <th className="less">{t('h_changed')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((a) => (
                <tr key={a.id} onClick={() => go('/app/help/' + a.id)}>
                  <td>
                    <a
                      href={'/app/help/' + a.id}
                      onClick={(e) => {
                        e.preventDefault()
                        e.stopPropagation()
                        go('/app/help/' + a.id)
                      }}
                    >
                      {a.title}
                    </a>
                    {a.description && <small>{a.description}</small>}
                  </td>
                  <td>
                    <span className="badges">
                      <span className={'badge' + (a.status === 'published' ? ' good' : '')}>
                        {t(a.status === 'published' ? 'h_published' : a.status === 'archived' ? 'h_archived' : 'draftWord')}
                      </span>
                      {a.changed && <span className="badge warn">{t('h_notLive')}</span>}
                      {a.visibility === 'internal' && <span className="badge">{t('h_team')}</span>}
                    </span>
                  </td>
                  <td className="less">{a.author.name}</td>
                  <td className="less">
                    {a.helpful + a.notHelpful > 0 ? `${Math.round((100 * a.helpful) / (a.helpful + a.notHelpful))} %` : ''}
                  </td>
                  <td className="less" title={exact(a.updatedAt)}>
                    {ago(a.updatedAt)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <Further list={lines} />
      </div>
    </main>
  )
}
