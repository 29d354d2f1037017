// Every key there is, on one sheet.

import { Fragment } from 'react'
import { Dialog } from './parts.tsx'
import { t, type Key } from './text.ts'

const sheet: Array<[Key, Array<[string, Key]>]> = [
  [
    'k_everywhere',
    [
      ['Ctrl K', 's_palette'],
      ['/', 's_search'],
      ['g i', 's_inbox'],
      ['g p', 's_people'],
      ['z', 's_undo'],
      ['?', 's_help'],
    ],
  ],
  [
    'k_list',
    [
      ['j', 's_next'],
      ['k', 's_prev'],
      ['.', 's_new'],
      ['x', 's_choose'],
      ['⇧ x', 's_chooseTo'],
    ],
  ],
  [
    'k_conversation',
    [
      ['r', 's_reply'],
      ['n', 's_note'],
      ['a', 's_assign'],
      ['t', 's_tag'],
      ['s', 's_snooze'],
      ['e', 's_close'],
    ],
  ],
  [
    'k_writing',
    [
      ['Ctrl ↵', 's_send'],
      ['Ctrl ⇧ ↵', 's_sendClose'],
      ['Ctrl K', 'link'],
      ['/', 'c_saved'],
      ['Esc', 's_leave'],
    ],
  ],
]

export function Shortcuts({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t('shortcuts')} onClose={onClose} wide>
      <div className="keysheet" tabIndex={0} role="region" aria-label={t('shortcuts')}>
        {sheet.map(([head, keys]) => (
          <section key={head}>
            <h3>{t(head)}</h3>
            <dl className="keys">
              {keys.map(([k, s]) => (
                <div key={k}>
                  <dt>{t(s)}</dt>
                  <dd>
                    {k.split(' ').map((x, i) => (
                      <Fragment key={i}>
                        {i > 0 && ' '}
                        <kbd>{x.length === 1 ? x.toUpperCase() : x}</kbd>
                      </Fragment>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
