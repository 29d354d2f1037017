// Everybody who wrote or came by.

import { useState } from 'react'
import { Further, usePages } from './further.tsx'
import { Empty, Skeleton, Who } from './parts.tsx'
import { ago, exact, pathOf, t } from './text.ts'
import { nameOf, type Visitor } from './types.ts'

export function People() {
  const [q, setQ] = useState(() => new URLSearchParams(location.search).get('q') ?? '')
  const [online, setOnline] = useState(false)
  const list = usePages<Visitor>('visitors.list', { q: q.trim() || undefined, online: online || undefined, limit: 50 })
  const { rows } = list
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
        {!rows ? (
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
        <Further list={list} />
      </div>
    </main>
  )
}
