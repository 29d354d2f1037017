// The command palette: anywhere, anything, by typing.

import { useEffect, useState } from 'react'
import { Dialog } from './parts.tsx'
import { go } from './route.ts'
import { call } from './server.ts'
import { t } from './text.ts'
import { nameOf, type Conversation, type Page } from './types.ts'

interface Hit { articleId: string; title: string; excerpt: string }

interface Entry { key: string; label: string; hint: string; run: () => void }

export function Palette({ onClose }: { onClose: () => void }) {
  const [q, setQ] = useState('')
  const [found, setFound] = useState<Entry[]>([])
  const [at, setAt] = useState(0)
  useEffect(() => {
    if (q.trim().length < 2) { setFound([]); return }
    let live = true
    const timer = setTimeout(() => {
      const talks = call<Page<Conversation>>('conversations.search', { q, limit: 8 }).then((p) => p.items.map((c) => ({ key: c.id, label: nameOf(c.visitor), hint: c.lastMessage.preview, run: () => go('/app/inbox/all/' + c.id) })), () => [])
      const articles = call<{ items: Hit[] }>('articles.search', { q, limit: 6 }).then((r) => r.items.map((a) => ({ key: a.articleId, label: a.title, hint: a.excerpt, run: () => go('/app/help/' + a.articleId) })), () => [])
      void Promise.all([articles, talks]).then((lists) => { if (live) setFound(lists.flat()) })
    }, 120)
    return () => { live = false; clearTimeout(timer) }
  }, [q])
  const places: Entry[] = [['inbox/mine', t('mine')], ['inbox/unassigned', t('unassigned')], ['inbox/all', t('all')], ['inbox/snoozed', t('snoozed')], ['inbox/closed', t('closed')], ['people', t('people')], ['help', t('h_center')], ['settings/workspace', t('workspace')], ['settings/members', t('members')], ['settings/messenger', t('messenger')], ['settings/profile', t('profile')], ['settings/backup', t('backup')]]
    .map(([to, label]) => ({ key: to, label, hint: '', run: () => go('/app/' + to) })).filter((p) => p.label.toLowerCase().includes(q.toLowerCase()))
  const all = [...places, ...found]
  const pick = (e?: Entry): void => { if (e) { e.run(); onClose() } }
  return (
    <Dialog title={t('palette')} onClose={onClose}>
      <input value={q} autoFocus aria-label={t('paletteHint')} placeholder={t('paletteHint')} onChange={(e) => { setQ(e.target.value); setAt(0) }} onKeyDown={(e) => {
        if (e.key === 'ArrowDown') { e.preventDefault(); setAt(Math.min(at + 1, all.length - 1)) }
        if (e.key === 'ArrowUp') { e.preventDefault(); setAt(Math.max(at - 1, 0)) }
        if (e.key === 'Enter') pick(all[at])
      }} />
      <ul className="options" role="listbox">{all.slice(0, 20).map((e, i) => <li key={e.key} role="option" aria-selected={i === at} onMouseMove={() => setAt(i)} onClick={() => pick(e)}>{e.label}<small>{e.hint}</small></li>)}</ul>
    </Dialog>
  )
}
