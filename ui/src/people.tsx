// Everybody who wrote or came by.

import { useEffect, useState } from 'react'
import { Empty, Skeleton, Who } from './parts.tsx'
import { call, useLive } from './server.ts'
import { ago, exact, pathOf, t } from './text.ts'
import { nameOf, type Page, type Visitor } from './types.ts'

export function People() {
  const [q, setQ] = useState(() => new URLSearchParams(location.search).get('q') ?? '')
  const [online, setOnline] = useState(false)
  const { value } = useLive<Page<Visitor>>('visitors.list', { q: q.trim() || undefined, online: online || undefined, limit: 50 })
  const [more, setMore] = useState<Page<Visitor>>()
  useEffect(() => {
    setMore(undefined)
  }, [q, online])
  const first = value?.items ?? []
  const rows = [...first, ...(more?.items ?? []).filter((v) => !first.some((f) => f.id === v.id))]
  const next = more ? more.nextCursor : value?.nextCursor
  return (
    <main className="page">
      <header className="bar">
        <h1>{t('people')}</h1>
        <input
          className="quiet"
          type="search"
          value={q}
          placeholder={t('search')}
          aria-label={t('search')}
          onChange={(e) => setQ(e.target.value)}
        />
        <label className="check">
          <input type="checkbox" checked={online} onChange={(e) => setOnline(e.target.checked)} />
          {t('online')}
        </label>
      </header>
      <div className="scroll" tabIndex={0}>
        {!value ? (
          <Skeleton as="faces" rows={12} height={52} />
        ) : rows.length === 0 ? (
          <Empty title={q ? t('noneFound') : t('noPeople')} hint={q ? t('noneFoundHint') : t('noPeopleHint')} />
        ) : (
          <table className="ledger people">
            <thead>
              <tr>
                <th>{t('person')}</th>
                <th className="less">{t('page')}</th>
                <th className="less">{t('device')}</th>
                <th>{t('lastSeen')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((v) => (
                <tr key={v.id}>
                  <td>
                    <Who id={v.id} name={nameOf(v)} online={v.online}>
                      {v.email}
                    </Who>
                  </td>
                  <td className="less" title={v.currentUrl ?? undefined}>
                    <span className="clip">{v.currentTitle || (v.currentUrl ? pathOf(v.currentUrl) : '')}</span>
                  </td>
                  <td className="less">{[v.device.browser, v.device.os].filter(Boolean).join(', ')}</td>
                  <td title={exact(v.lastSeenAt)}>{v.online ? <span className="here">{t('onSite')}</span> : ago(v.lastSeenAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {next && (
          <button
            className="btn further"
            onClick={() => {
              void call<Page<Visitor>>('visitors.list', { q: q.trim() || undefined, online: online || undefined, cursor: next }).then((p) =>
                setMore((m) => ({ items: [...(m?.items ?? []), ...p.items], nextCursor: p.nextCursor })),
              )
            }}
          >
            {t('more')}
          </button>
        )}
      </div>
    </main>
  )
}
