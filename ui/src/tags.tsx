// The tags of the workspace: their names, their colours, and their end.

import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Dot, Empty, Field, Form, said, Skeleton, Sure } from './parts.tsx'
import { call, useLive } from './server.ts'
import { t } from './text.ts'
import { done } from './toast.tsx'
import type { Page, Tag } from './types.ts'

const colors = ['', '#0b7262', '#3377dc', '#7c62df', '#c93485', '#c93434', '#c97d14', '#626a66']

export function Tags() {
  const { value } = useLive<Page<Tag>>('tags.list')
  const [gone, setGone] = useState<Tag>()
  if (!value) return <Skeleton height={44} />
  return (
    <>
      <div className="card">
        <Form submit={t('newTag')} action={(f) => call('tags.create', { name: f.get('name') })} reset>
          <Field label={t('name')}>
            <input name="name" required maxLength={60} />
          </Field>
        </Form>
      </div>
      {value.items.length === 0 ? (
        <Empty title={t('noTags')} hint={t('noTagsHint')} />
      ) : (
        <div className="card">
          <ul className="plain tags">
            {value.items.map((x) => (
              <Line key={x.id} tag={x} onRemove={() => setGone(x)} />
            ))}
          </ul>
        </div>
      )}
      {gone && (
        <Sure
          title={t('removeTag', { name: gone.name })}
          hint={t('removeTagHint')}
          act={t('removeTagDo')}
          onNo={() => setGone(undefined)}
          onYes={() => {
            void call('tags.remove', { tagId: gone.id }).finally(() => setGone(undefined))
          }}
        />
      )}
    </>
  )
}

function Line({ tag, onRemove }: { tag: Tag; onRemove: () => void }) {
  const [bad, setBad] = useState('')
  async function change(to: { name?: string; color?: string }, back: { name?: string; color?: string }): Promise<void> {
    try {
      await call('tags.update', { tagId: tag.id, ...to })
      setBad('')
      done(t('saved'), () => call('tags.update', { tagId: tag.id, ...back }))
    } catch (e) {
      setBad(said(e))
    }
  }
  return (
    <li>
      <Dot color={tag.color || 'var(--edge)'} />
      <span className="grow">
        <input
          key={tag.name}
          className="quiet"
          aria-label={t('nameOf', { name: tag.name })}
          defaultValue={tag.name}
          maxLength={60}
          onKeyDown={(e) => {
            if (e.key === 'Enter') e.currentTarget.blur()
            if (e.key === 'Escape') {
              e.currentTarget.value = tag.name
              e.currentTarget.blur()
            }
          }}
          onBlur={(e) => {
            const name = e.target.value.trim()
            if (name && name !== tag.name) void change({ name }, { name: tag.name })
            else e.target.value = tag.name
          }}
        />
        {bad && (
          <small className="bad" role="alert">
            {bad}
          </small>
        )}
      </span>
      <span className="swatches" role="radiogroup" aria-label={t('colorOf', { name: tag.name })}>
        {colors.map((c, i) => (
          <label key={c} style={{ background: c || 'var(--sunken)' }}>
            <input
              type="radio"
              name={'c' + tag.id}
              checked={tag.color === c}
              aria-label={c ? t('colorN', { n: i }) : t('noColor')}
              onChange={() => {
                void change({ color: c }, { color: tag.color })
              }}
            />
          </label>
        ))}
      </span>
      <button className="link danger" onClick={onRemove} aria-label={t('remove') + ' ' + tag.name}>
        <Trash2 size={16} className="phone-only" aria-hidden="true" />
        <span className="not-phone">{t('remove')}</span>
      </button>
    </li>
  )
}
