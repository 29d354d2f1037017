// The command palette: anywhere, anybody, anything, by typing.

import { BookOpen, Clock, CornerDownLeft, MessageCircle, Search, Settings, Sparkles, Users, Zap } from 'lucide-react'
import { Fragment, useEffect, useRef, useState } from 'react'
import { actions } from './actions.ts'
import { Dialog, Face } from './parts.tsx'
import { go } from './route.ts'
import { call } from './server.ts'
import { ago, t, type Key } from './text.ts'
import { dark, wear } from './theme.ts'
import { nameOf, type Conversation, type Page, type Visitor } from './types.ts'

interface Hit {
  articleId: string
  title: string
  excerpt: string
}

interface Entry {
  key: string
  group: Key
  label: string
  hint: string
  face?: { id: string; name: string }
  icon?: typeof Clock
  run: () => void
}

/** A person's newest conversation, or their line among the people. */
async function visit(v: Visitor): Promise<void> {
  const p = await call<Page<Conversation>>('conversations.listForVisitor', { visitorId: v.id })
  go(p.items[0] ? '/app/inbox/all/' + p.items[0].id : '/app/people?q=' + encodeURIComponent(v.email ?? v.readableId))
}

/** What the words find: conversations and people, once the typing rests. */
function useFound(q: string, people: boolean, articles: boolean): Entry[] {
  const [found, set] = useState<Entry[]>([])
  useEffect(() => {
    if (q.trim().length < 2) {
      set([])
      return
    }
    let live = true
    const timer = setTimeout(() => {
      void Promise.all([
        call<Page<Conversation>>('conversations.search', { q, limit: 6 }).catch(() => undefined),
        people ? call<Page<Visitor>>('visitors.list', { q: q.trim(), limit: 5 }).catch(() => undefined) : undefined,
        articles ? call<{ items: Hit[] }>('articles.search', { q, limit: 5 }).catch(() => undefined) : undefined,
      ]).then(([c, v, h]) => {
        if (!live) return
        set([
          ...(c?.items ?? []).map(
            (x): Entry => ({
              key: x.id,
              group: 'past',
              label: nameOf(x.visitor),
              hint: x.lastMessage.preview,
              face: { id: x.visitor.id, name: nameOf(x.visitor) },
              run: () => go('/app/inbox/all/' + x.id),
            }),
          ),
          ...(v?.items ?? []).map(
            (x): Entry => ({
              key: x.id,
              group: 'people',
              label: nameOf(x),
              hint: x.email && x.name ? x.email : ago(x.lastSeenAt),
              face: { id: x.id, name: nameOf(x) },
              run: () => {
                void visit(x)
              },
            }),
          ),
          ...(h?.items ?? []).map(
            (x): Entry => ({
              key: x.articleId,
              group: 'h_center',
              label: x.title,
              hint: x.excerpt,
              icon: BookOpen,
              run: () => go('/app/help/' + x.articleId),
            }),
          ),
        ])
      })
    }, 120)
    return () => {
      live = false
      clearTimeout(timer)
    }
  }, [q, people, articles])
  return found
}

export function Palette({ permissions, onHelp, onClose }: { permissions: string[]; onHelp: () => void; onClose: () => void }) {
  const [q, setQ] = useState('')
  const [at, setAt] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const can = (p: string): boolean => permissions.includes(p)
  const found = useFound(q, can('users.read'), can('articles.read'))
  const place = (to: string, label: string, icon = Clock): Entry => ({
    key: to,
    group: 'goTo',
    label,
    hint: '',
    icon,
    run: () => go('/app/' + to),
  })
  const fixed: Entry[] = [
    ...actions().map((a): Entry => ({ key: a.key, group: 'actions', label: a.label, hint: a.hint ?? '', icon: Zap, run: a.run })),
    ...(['mine', 'unassigned', 'unread', 'all', 'snoozed', 'closed'] as const).map((v) => place('inbox/' + v, t(v), MessageCircle)),
    ...(can('users.read') ? [place('people', t('people'), Users)] : []),
    ...(can('articles.read') ? [place('help', t('h_center'), BookOpen)] : []),
    ...(can('conversations.read') ? [place('ai', t('ai'), Sparkles), place('settings/replies', t('c_saved'), Settings)] : []),
    place('start', t('firstSteps'), Zap),
    ...(can('settings.workspace')
      ? [
          place('settings/workspace', t('workspace'), Settings),
          place('settings/messenger', t('messenger'), Settings),
          place('settings/tags', t('tags'), Settings),
        ]
      : []),
    ...(can('users.read') ? [place('settings/members', t('members'), Settings)] : []),
    ...(can('settings.integrations') ? [place('settings/keys', t('keys'), Settings)] : []),
    place('settings/profile', t('profile'), Settings),
    ...(can('data.export') ? [place('settings/backup', t('backup'), Settings)] : []),
    {
      key: 'theme',
      group: 'actions',
      label: dark() ? t('a_light') : t('a_dark'),
      hint: '',
      icon: Zap,
      run: () => wear(dark() ? 'light' : 'dark'),
    },
    { key: 'keys', group: 'actions', label: t('shortcuts'), hint: '?', icon: Zap, run: onHelp },
  ]
  const words = q.trim().toLowerCase()
  const order: Key[] = words ? ['past', 'people', 'h_center', 'actions', 'goTo'] : ['actions', 'goTo']
  const all = [...found, ...fixed.filter((e) => e.label.toLowerCase().includes(words))].sort(
    (a, b) => order.indexOf(a.group) - order.indexOf(b.group),
  )
  const pick = (e?: Entry): void => {
    if (e) {
      onClose()
      e.run()
    }
  }
  const move = (to: number): void => {
    setAt(to)
    requestAnimationFrame(() => list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }))
  }
  return (
    <Dialog title={t('palette')} onClose={onClose} bare>
      <div className="ask">
        <Search size={18} aria-hidden="true" />
        <input
          value={q}
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls="found"
          aria-activedescendant={all[at] && 'o-' + all[at].key.replace('/', '-')}
          aria-label={t('paletteHint')}
          placeholder={t('paletteHint')}
          onChange={(e) => {
            setQ(e.target.value)
            setAt(0)
          }}
          onKeyDown={(e) => {
            if (e.key === 'ArrowDown') {
              e.preventDefault()
              move(Math.min(at + 1, all.length - 1))
            }
            if (e.key === 'ArrowUp') {
              e.preventDefault()
              move(Math.max(at - 1, 0))
            }
            if (e.key === 'Enter') {
              e.preventDefault()
              pick(all[at])
            }
          }}
        />
        <kbd>Esc</kbd>
      </div>
      <div className="options" role="listbox" id="found" aria-label={t('palette')} tabIndex={-1} ref={list}>
        {all.map((e, i) => (
          <Fragment key={e.key}>
            {all[i - 1]?.group !== e.group && <h3 role="presentation">{t(e.group)}</h3>}
            <div
              role="option"
              id={'o-' + e.key.replace('/', '-')}
              aria-selected={i === at}
              onMouseMove={() => setAt(i)}
              onClick={() => pick(e)}
            >
              {e.face ? <Face id={e.face.id} name={e.face.name} size={20} /> : e.icon && <e.icon size={16} aria-hidden="true" />}
              <span>{e.label}</span>
              <small>{e.hint}</small>
              {i === at && <CornerDownLeft size={14} aria-hidden="true" />}
            </div>
          </Fragment>
        ))}
        {all.length === 0 && <p className="faint">{t('noneFound')}</p>}
      </div>
    </Dialog>
  )
}
