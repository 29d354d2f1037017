// Saved replies: what the team says again and again, and what one says oneself.

import { MessageSquareQuote, Plus, Sparkles } from 'lucide-react'
import { useRef, useState } from 'react'
import { Dialog, Empty, Field, Form, Skeleton, Sure } from '../parts.tsx'
import { call, useLive } from '../server.ts'
import { ago, exact, t } from '../text.ts'
import type { Membership, Page } from '../types.ts'
import './copilot.css'
import './replies.css'
import type { SavedReply } from './types.ts'

const blanks = ['visitor.firstName|', 'visitor.name|', 'visitor.email|', 'agent.firstName', 'workspace.name']

export function Replies({ here }: { here: Membership }) {
  const { value } = useLive<Page<SavedReply>>('savedReplies.list')
  const [q, setQ] = useState('')
  const [open, setOpen] = useState<Partial<SavedReply>>()
  const [gone, setGone] = useState<SavedReply>()
  const manage = here.permissions.includes('snippets.manage')
  const write = manage || here.permissions.includes('conversations.reply')
  if (!value) return <Skeleton height={56} />
  const words = q.trim().toLowerCase().replace(/^\//, '').split(/\s+/).filter(Boolean)
  const rows = value.items.filter((r) =>
    words.every((w) => (r.name + ' ' + (r.shortcut ?? '') + ' ' + (r.folder ?? '') + ' ' + r.content).toLowerCase().includes(w)),
  )
  const add = write && (
    <button className="btn primary" onClick={() => setOpen({ shared: manage })}>
      <Plus size={14} aria-hidden="true" />
      {t('c_newReply')}
    </button>
  )
  return (
    <>
      <div className="row replies-head">
        <input
          type="search"
          className="quiet grow"
          aria-label={t('c_searchReplies')}
          placeholder={t('c_searchReplies')}
          value={q}
          onChange={(e) => setQ(e.target.value)}
        />
        {value.items.length > 0 && add}
      </div>
      {value.items.length === 0 ? (
        <Empty title={t('c_noReplies')} hint={t('c_repliesHint')}>
          {add}
        </Empty>
      ) : rows.length === 0 ? (
        <Empty title={t('noneFound')} hint={t('noneFoundHint')} />
      ) : (
        <ul className="plain replies">
          {rows.map((r, i) => [
            (rows[i - 1]?.folder ?? '') !== (r.folder ?? '') || i === 0 ? (
              <li className="folder" key={'f' + r.id}>
                <h2>{r.folder ?? t('c_noFolder')}</h2>
              </li>
            ) : null,
            <li key={r.id}>
              <MessageSquareQuote size={16} aria-hidden="true" />
              <button className="grow" disabled={!write || (r.shared && !manage)} onClick={() => setOpen(r)}>
                <b>{r.name}</b>
                <span>{r.content.slice(0, 160)}</span>
              </button>
              <span className="badges">
                {r.shortcut && <kbd>/{r.shortcut}</kbd>}
                {!r.shared && <span className="badge">{t('c_mine')}</span>}
                {r.forAi && (
                  <span className="badge ai">
                    <Sparkles size={12} aria-hidden="true" />
                    {t('c_forAi')}
                  </span>
                )}
                <small title={exact(r.updatedAt)}>{ago(r.updatedAt)}</small>
              </span>
            </li>,
          ])}
        </ul>
      )}
      {open && (
        <Edit
          r={open}
          manage={manage}
          folders={[...new Set(value.items.map((x) => x.folder).filter((x): x is string => x !== null))]}
          onClose={() => setOpen(undefined)}
          onRemove={(r) => {
            setOpen(undefined)
            setGone(r)
          }}
        />
      )}
      {gone && (
        <Sure
          title={t('c_removeReply', { name: gone.name })}
          hint={t('c_removeReplyHint')}
          act={t('remove')}
          onNo={() => setGone(undefined)}
          onYes={() => {
            void call('savedReplies.remove', { savedReplyId: gone.id }).finally(() => setGone(undefined))
          }}
        />
      )}
    </>
  )
}

function Edit({
  r,
  manage,
  folders,
  onClose,
  onRemove,
}: {
  r: Partial<SavedReply>
  manage: boolean
  folders: string[]
  onClose: () => void
  onRemove: (r: SavedReply) => void
}) {
  const [shared, setShared] = useState(r.shared ?? false)
  const area = useRef<HTMLTextAreaElement>(null)
  const put = (name: string): void => {
    const a = area.current!
    a.setRangeText('{{' + name + '}}', a.selectionStart, a.selectionEnd, 'end')
    a.focus()
    if (name.endsWith('|')) a.setSelectionRange(a.selectionStart - 2, a.selectionStart - 2)
  }
  return (
    <Dialog title={r.id ? t('c_editReply') : t('c_newReply')} onClose={onClose} wide>
      <Form
        submit={t('save')}
        action={async (f) => {
          const words = {
            name: f.get('name'),
            shortcut: f.get('shortcut'),
            folder: f.get('folder'),
            content: f.get('content'),
            shared,
            forAi: shared && f.get('ai') === 'on',
          }
          await (r.id ? call('savedReplies.update', { savedReplyId: r.id, ...words }) : call('savedReplies.create', words))
          onClose()
        }}
      >
        <div className="row">
          <Field label={t('name')}>
            <input name="name" defaultValue={r.name} required maxLength={100} autoFocus />
          </Field>
          <Field label={t('c_shortcut')}>
            <input name="shortcut" defaultValue={r.shortcut ?? ''} maxLength={41} placeholder="/return" />
          </Field>
          <Field label={t('c_folder')}>
            <input name="folder" defaultValue={r.folder ?? ''} maxLength={60} list="c-folders" />
          </Field>
          <datalist id="c-folders">
            {folders.map((x) => (
              <option key={x} value={x} />
            ))}
          </datalist>
        </div>
        <Field label={t('c_saysWhat')} hint={t('c_saysHint')}>
          <textarea ref={area} name="content" rows={8} defaultValue={r.content} required maxLength={20000} />
        </Field>
        <div className="badges blanks">
          <small>{t('c_blanks')}</small>
          {blanks.map((b) => (
            <button type="button" className="badge" key={b} onClick={() => put(b)}>
              {t(`c_b_${b.replace('|', '').replace('.', '_')}` as 'c_b_visitor_name')}
            </button>
          ))}
        </div>
        {manage ? (
          <>
            <label className="check">
              <input type="checkbox" checked={shared} onChange={(e) => setShared(e.target.checked)} />
              {t('c_shareIt')}
            </label>
            <label className="check">
              <input type="checkbox" name="ai" defaultChecked={r.forAi} disabled={!shared} />
              {t('c_letAi')}
            </label>
          </>
        ) : (
          <p className="faint">{t('c_onlyMine')}</p>
        )}
      </Form>
      {r.id && (
        <div className="row">
          <button className="link danger" onClick={() => onRemove(r as SavedReply)}>
            {t('c_removeThis')}
          </button>
        </div>
      )}
    </Dialog>
  )
}
