// Who writes: the person, where they are, what they wrote before.

import { BookOpen, GitMerge, X } from 'lucide-react'
import { Fragment, lazy, Suspense, useState } from 'react'
import { Merge } from './merge.tsx'
import { Dot, Face, Field, Form } from './parts.tsx'
import { go, inboxPath, readInbox, useAddress } from './route.ts'
import { call, useLive } from './server.ts'
import { ago, exact, pathOf, t, tongue } from './text.ts'
import { nameOf, type Conversation, type Membership, type Page, type Tag, type Visitor } from './types.ts'

const Review = lazy(() => import('./copilot/review.tsx').then((m) => ({ default: m.Review })))
const ArticleFrom = lazy(() => import('./copilot/article.tsx').then((m) => ({ default: m.ArticleFrom })))

export function Details({ id, here, shown, onClose }: { id: string; here: Membership; shown: boolean; onClose: () => void }) {
  const { value: c } = useLive<Conversation>('conversations.get', { conversationId: id })
  const { value: v } = useLive<Visitor>(c ? 'visitors.get' : null, { visitorId: c?.visitor.id })
  const { value: past } = useLive<Page<Conversation>>(c ? 'conversations.listForVisitor' : null, { visitorId: c?.visitor.id })
  const [edit, setEdit] = useState(false)
  const [merge, setMerge] = useState<string>()
  const [article, setArticle] = useState(false)
  const asked = useAddress().searchParams.get('do') === 'merge'
  if (!c || !v) return <aside className={'details' + (shown ? ' shown' : '')} aria-label={t('details')} />
  const can = here.permissions.includes('conversations.reply') && !c.mergedInto
  const others = past?.items.filter((x) => x.id !== id) ?? []
  const writes = here.permissions.includes('articles.create') && !c.mergedInto && c.messageCount > 1
  const whole = others.filter((x) => !x.mergedInto)
  const mergeable = can && here.permissions.includes('conversations.close') && whole.length > 0
  return (
    <>
      <aside className={'details' + (shown ? ' shown' : '')} aria-label={t('details')}>
        <header className="bar">
          <h2>{t('details')}</h2>
          <button className="icon details-only" onClick={onClose} aria-label={t('hide')}>
            <X size={16} />
          </button>
        </header>
        <div className="scroll">
          <div className="who">
            <Face id={v.id} name={nameOf(v)} size={40} online={v.online} />
            <div>
              <b dir="auto">{nameOf(v)}</b>
              <small>{v.email ?? (v.name ? v.readableId : t('unnamed'))}</small>
            </div>
          </div>
          <section>
            <h3>
              {v.online ? t('rightNow') : t('lastSeen')}
              <small className={v.online ? 'here' : undefined} title={exact(v.lastSeenAt)}>
                {v.online ? t('onSite') : ago(v.lastSeenAt)}
              </small>
            </h3>
            {v.currentUrl && (
              <p className="at" title={v.currentUrl}>
                {v.currentTitle && (
                  <span className="clip" dir="auto">
                    {v.currentTitle}
                  </span>
                )}
                <small className="clip">{pathOf(v.currentUrl)}</small>
              </p>
            )}
          </section>
          <section>
            <h3>{t('tags')}</h3>
            <Tags c={c} can={can} />
            <Field label={t('priority')}>
              <select
                disabled={!can}
                value={c.priority}
                onChange={(e) => {
                  void call('conversations.setPriority', { conversationId: id, priority: e.target.value })
                }}
              >
                {(['none', 'low', 'normal', 'high', 'urgent'] as const).map((p) => (
                  <option key={p} value={p}>
                    {t(`p_${p}`)}
                  </option>
                ))}
              </select>
            </Field>
          </section>
          <Suspense>
            <Review id={id} can={can} />
          </Suspense>
          <section>
            <h3>
              {t('person')}
              {can && (
                <button className="link" onClick={() => setEdit(!edit)}>
                  {edit ? t('cancel') : t('edit')}
                </button>
              )}
            </h3>
            {edit ? (
              <Form
                submit={t('save')}
                action={async (f) => {
                  await call('visitors.update', {
                    visitorId: v.id,
                    name: String(f.get('name')) || null,
                    email: String(f.get('email')) || null,
                  })
                  setEdit(false)
                }}
              >
                <Field label={t('name')}>
                  <input name="name" defaultValue={v.name ?? ''} maxLength={100} />
                </Field>
                <Field label={t('email')}>
                  <input name="email" type="email" defaultValue={v.email ?? ''} />
                </Field>
              </Form>
            ) : (
              <dl>
                <dt>{t('device')}</dt>
                <dd>{[v.device.browser, v.device.os].filter(Boolean).join(', ') || '–'}</dd>
                {v.language && (
                  <>
                    <dt>{t('language')}</dt>
                    <dd>{tongue(v.language)}</dd>
                  </>
                )}
                <dt>{t('firstSeen')}</dt>
                <dd>{exact(v.firstSeenAt)}</dd>
                {Object.entries(v.customAttributes).map(([k, x]) => (
                  <Fragment key={k}>
                    <dt>{k}</dt>
                    <dd>{String(x)}</dd>
                  </Fragment>
                ))}
              </dl>
            )}
          </section>
          {others.length > 0 && (
            <section>
              <h3>{t('past')}</h3>
              {others.map((x) => (
                <div className="past" key={x.id}>
                  <button onClick={() => go('/app/inbox/all/' + x.id)}>
                    <span>{x.lastMessage.preview}</span>
                    <small>{ago(x.lastMessage.at)}</small>
                  </button>
                  {mergeable && (
                    <button
                      className="icon"
                      title={t('a_merge')}
                      aria-label={t('mergeThis', { what: x.lastMessage.preview })}
                      onClick={() => setMerge(x.id)}
                    >
                      <GitMerge size={14} />
                    </button>
                  )}
                </div>
              ))}
            </section>
          )}
          {writes && (
            <section>
              <button className="btn" onClick={() => setArticle(true)}>
                <BookOpen size={14} aria-hidden="true" />
                {t('c_makeArticle')}
              </button>
            </section>
          )}
        </div>
      </aside>
      {article && (
        <Suspense>
          <ArticleFrom from={{ conversationId: id }} onClose={() => setArticle(false)} />
        </Suspense>
      )}
      {mergeable && (merge || asked) && (
        <Merge
          into={c}
          others={whole}
          first={merge}
          onClose={() => {
            setMerge(undefined)
            if (asked) go(inboxPath({ ...readInbox(new URL(location.href)), id }), true)
          }}
        />
      )}
    </>
  )
}

function Tags({ c, can }: { c: Conversation; can: boolean }) {
  const { value: all } = useLive<Page<Tag>>('tags.list')
  const put = (tagId: string): void => {
    void call('conversations.addTag', { conversationId: c.id, tagId })
  }
  async function add(name: string): Promise<void> {
    const known = all?.items.find((x) => x.name.toLowerCase() === name.toLowerCase())
    put(known ? known.id : (await call<Tag>('tags.create', { name })).id)
  }
  return (
    <div className="badges">
      {c.tags.map((x) => (
        <span className="badge" key={x.id}>
          <Dot color={x.color} />
          {x.name}
          {can && (
            <button
              aria-label={t('remove') + ' ' + x.name}
              onClick={() => {
                void call('conversations.removeTag', { conversationId: c.id, tagId: x.id })
              }}
            >
              ×
            </button>
          )}
        </span>
      ))}
      {can && (
        <input
          id="add-tag"
          className="quiet tag"
          list="tags"
          aria-label={t('addTag')}
          placeholder={t('addTag')}
          maxLength={60}
          onKeyDown={(e) => {
            const i = e.currentTarget
            if (e.key === 'Enter' && i.value.trim()) {
              void add(i.value.trim())
              i.value = ''
            }
          }}
        />
      )}
      <datalist id="tags">
        {all?.items.map((x) => (
          <option key={x.id} value={x.name} />
        ))}
      </datalist>
    </div>
  )
}
