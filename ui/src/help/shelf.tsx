// A collection: what it is called in each language, where it stands, and its end.

import { useState } from 'react'
import { Dialog, Field, Form, said } from '../parts.tsx'
import { call } from '../server.ts'
import { t, tongue } from '../text.ts'
import { type Center, type Collection } from './types.ts'

const icons = ['book', 'bulb', 'wrench', 'truck', 'undo', 'card', 'user', 'shield', 'rocket', 'office', 'message', 'file']

export function Shelf({
  c,
  list,
  center,
  onClose,
  can,
}: {
  c: Partial<Collection>
  list: Array<Collection & { depth: number }>
  center: Center | undefined
  onClose: () => void
  can: (p: string) => boolean
}) {
  const [bad, setBad] = useState('')
  const siblings = list.filter((x) => x.parentId === (c.parentId ?? null))
  const before = siblings[siblings.findIndex((x) => x.id === c.id) - 1]
  const further = center?.languages ?? []
  const done = (p: Promise<unknown>): void => {
    p.then(onClose, (e: unknown) => setBad(said(e)))
  }
  const save = async (f: FormData): Promise<void> => {
    const words = { name: f.get('name'), description: f.get('description') || (c.id ? null : undefined), icon: f.get('icon') }
    const parent = String(f.get('parent')) || null
    let id = c.id
    if (!id) id = (await call<Collection>('collections.create', { ...words, ...(parent ? { parentId: parent } : {}) })).id
    else {
      await call('collections.update', { collectionId: id, ...words })
      if (parent !== c.parentId) await call('collections.move', { collectionId: id, parentId: parent })
    }
    for (const language of further) {
      const name = String(f.get('name.' + language)).trim()
      const description = String(f.get('description.' + language)).trim()
      const was = c.translations?.find((x) => x.language === language)
      if (name === (was?.name ?? '') && description === (was?.description ?? '')) continue
      await call('collections.update', { collectionId: id, language, name, description: description || null })
    }
    onClose()
  }
  return (
    <Dialog title={c.name ?? t('h_newCollection')} onClose={onClose}>
      <Form submit={t('save')} action={save}>
        <Field label={t('h_name')}>
          <input name="name" defaultValue={c.name} required maxLength={100} autoFocus />
        </Field>
        <Field label={t('h_description')}>
          <input name="description" defaultValue={c.description ?? ''} maxLength={500} />
        </Field>
        {further.map((l) => {
          const was = c.translations?.find((x) => x.language === l)
          return (
            <div className="row" key={l}>
              <Field label={t('h_nameIn', { language: tongue(l) })}>
                <input name={'name.' + l} lang={l} defaultValue={was?.name ?? ''} maxLength={100} />
              </Field>
              <Field label={t('h_descriptionIn', { language: tongue(l) })}>
                <input name={'description.' + l} lang={l} defaultValue={was?.description ?? ''} maxLength={500} />
              </Field>
            </div>
          )
        })}
        <div className="row">
          <Field label={t('h_parent')}>
            <select name="parent" defaultValue={c.parentId ?? ''}>
              <option value="">{t('h_top')}</option>
              {list
                .filter((x) => x.id !== c.id)
                .map((x) => (
                  <option key={x.id} value={x.id}>
                    {'\u2003'.repeat(x.depth) + x.name}
                  </option>
                ))}
            </select>
          </Field>
          <Field label={t('h_icon')}>
            <select name="icon" defaultValue={c.icon ?? 'book'}>
              {icons.map((i) => (
                <option key={i}>{i}</option>
              ))}
            </select>
          </Field>
        </div>
      </Form>
      {bad && (
        <p className="bad" role="alert">
          {bad}
        </p>
      )}
      {c.id && (
        <div className="row">
          {before && (
            <button
              className="btn"
              onClick={() => done(call('collections.move', { collectionId: c.id, parentId: c.parentId ?? null, beforeId: before.id }))}
            >
              {t('h_up')}
            </button>
          )}
          {can('articles.delete') && (
            <button className="link danger" onClick={() => done(call('collections.remove', { collectionId: c.id }))}>
              {t('h_removeCollection')}
            </button>
          )}
        </div>
      )}
    </Dialog>
  )
}
