// What may be done to the text: as buttons, and by typing /.

import type { Editor } from '@tiptap/react'
import {
  Bold,
  Code,
  Heading2,
  Heading3,
  Image as Picture,
  Info,
  Italic,
  Lightbulb,
  Link2,
  List,
  ListOrdered,
  Minus,
  Pilcrow,
  Quote,
  SquareCode,
  Table as TableIcon,
  TriangleAlert,
  Video,
} from 'lucide-react'
import { useEffect, useState } from 'react'
import { Dialog } from '../parts.tsx'
import { t, type Key } from '../text.ts'
import { Finder } from './finder.tsx'

export interface Tool {
  key: Key
  Icon: typeof Bold
  run: (e: Editor) => void
  on?: (e: Editor) => boolean
  block?: boolean
}

const callout =
  (kind: string) =>
  (e: Editor): void => {
    e.chain().focus().toggleBlockquote().updateAttributes('blockquote', { kind }).run()
  }
const isCallout =
  (kind: string | null) =>
  (e: Editor): boolean =>
    e.isActive('blockquote', { kind })

/** Tools that need more than the editor: pictures, links, videos. */
export interface Asks {
  picture: () => void
  link: () => void
  video: () => void
}

export function tools(ask: Asks): Tool[] {
  return [
    {
      key: 'h_bold',
      Icon: Bold,
      run: (e) => {
        e.chain().focus().toggleBold().run()
      },
      on: (e) => e.isActive('bold'),
    },
    {
      key: 'h_italic',
      Icon: Italic,
      run: (e) => {
        e.chain().focus().toggleItalic().run()
      },
      on: (e) => e.isActive('italic'),
    },
    {
      key: 'h_code',
      Icon: Code,
      run: (e) => {
        e.chain().focus().toggleCode().run()
      },
      on: (e) => e.isActive('code'),
    },
    { key: 'h_link', Icon: Link2, run: ask.link, on: (e) => e.isActive('link') },
    {
      key: 'h_text',
      Icon: Pilcrow,
      block: true,
      run: (e) => {
        e.chain().focus().setParagraph().run()
      },
      on: (e) => e.isActive('paragraph'),
    },
    {
      key: 'h_heading',
      Icon: Heading2,
      block: true,
      run: (e) => {
        e.chain().focus().toggleHeading({ level: 2 }).run()
      },
      on: (e) => e.isActive('heading', { level: 2 }),
    },
    {
      key: 'h_subheading',
      Icon: Heading3,
      block: true,
      run: (e) => {
        e.chain().focus().toggleHeading({ level: 3 }).run()
      },
      on: (e) => e.isActive('heading', { level: 3 }),
    },
    {
      key: 'h_bullets',
      Icon: List,
      block: true,
      run: (e) => {
        e.chain().focus().toggleBulletList().run()
      },
      on: (e) => e.isActive('bulletList'),
    },
    {
      key: 'h_numbers',
      Icon: ListOrdered,
      block: true,
      run: (e) => {
        e.chain().focus().toggleOrderedList().run()
      },
      on: (e) => e.isActive('orderedList'),
    },
    {
      key: 'h_table',
      Icon: TableIcon,
      block: true,
      run: (e) => {
        e.chain().focus().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run()
      },
      on: (e) => e.isActive('table'),
    },
    { key: 'h_picture', Icon: Picture, block: true, run: ask.picture },
    { key: 'h_video', Icon: Video, block: true, run: ask.video },
    { key: 'h_note', Icon: Info, block: true, run: callout('note'), on: isCallout('note') },
    { key: 'h_tip', Icon: Lightbulb, block: true, run: callout('tip'), on: isCallout('tip') },
    { key: 'h_warning', Icon: TriangleAlert, block: true, run: callout('warning'), on: isCallout('warning') },
    {
      key: 'h_quote',
      Icon: Quote,
      block: true,
      run: (e) => {
        e.chain().focus().toggleBlockquote().run()
      },
      on: isCallout(null),
    },
    {
      key: 'h_codeblock',
      Icon: SquareCode,
      block: true,
      run: (e) => {
        e.chain().focus().toggleCodeBlock().run()
      },
      on: (e) => e.isActive('codeBlock'),
    },
    {
      key: 'h_line',
      Icon: Minus,
      block: true,
      run: (e) => {
        e.chain().focus().setHorizontalRule().run()
      },
    },
  ]
}

export function Toolbar({ editor, list }: { editor: Editor; list: Tool[] }) {
  const [, again] = useState(0)
  useEffect(() => {
    const fn = (): void => again((n) => n + 1)
    editor.on('transaction', fn)
    return () => {
      editor.off('transaction', fn)
    }
  }, [editor])
  const table: Array<[Key, () => void]> = [
    ['h_addRow', () => editor.chain().focus().addRowAfter().run()],
    ['h_addColumn', () => editor.chain().focus().addColumnAfter().run()],
    ['h_dropRow', () => editor.chain().focus().deleteRow().run()],
    ['h_dropColumn', () => editor.chain().focus().deleteColumn().run()],
    ['h_dropTable', () => editor.chain().focus().deleteTable().run()],
  ]
  return (
    <>
      <div className="tools" role="toolbar" aria-label={t('h_tools')}>
        {list.map((x) => (
          <button
            key={x.key}
            type="button"
            className="icon"
            aria-label={t(x.key)}
            title={t(x.key)}
            aria-pressed={x.on?.(editor) ?? false}
            onMouseDown={(e) => e.preventDefault()}
            onClick={() => x.run(editor)}
          >
            <x.Icon size={16} strokeWidth={1.75} />
          </button>
        ))}
      </div>
      {editor.isActive('table') && (
        <div className="tools small">
          {table.map(([k, run]) => (
            <button key={k} type="button" className="link" onMouseDown={(e) => e.preventDefault()} onClick={run}>
              {t(k)}
            </button>
          ))}
        </div>
      )}
    </>
  )
}

/** The menu behind a / at the start of a line or after a space. */
export function Slash({ editor, list }: { editor: Editor; list: Tool[] }) {
  const [open, setOpen] = useState<{ q: string; from: number; left: number; top?: number; bottom?: number }>()
  const [at, setAt] = useState(0)
  useEffect(() => {
    const look = (): void => {
      const { $from, empty } = editor.state.selection
      const before =
        empty && $from.parent.isTextblock && !editor.isActive('codeBlock')
          ? $from.parent.textBetween(0, $from.parentOffset, undefined, ' ')
          : ''
      const m = /(?:^|\s)\/([\p{L}]*)$/u.exec(before)
      if (!m || !editor.isFocused) {
        setOpen(undefined)
        return
      }
      const c = editor.view.coordsAtPos($from.pos)
      setAt(0)
      setOpen({
        q: m[1].toLowerCase(),
        from: $from.pos - m[1].length - 1,
        left: Math.min(c.left, innerWidth - 240),
        ...(c.bottom > innerHeight - 300 ? { bottom: innerHeight - c.top + 6 } : { top: c.bottom + 6 }),
      })
    }
    editor.on('transaction', look)
    editor.on('blur', () => setTimeout(() => setOpen(undefined), 150))
    return () => {
      editor.off('transaction', look)
    }
  }, [editor])
  const found = open ? list.filter((x) => x.block && t(x.key).toLowerCase().includes(open.q)) : []
  const pick = (x: Tool | undefined): void => {
    if (!x || !open) return
    editor.chain().focus().deleteRange({ from: open.from, to: editor.state.selection.from }).run()
    setOpen(undefined)
    x.run(editor)
  }
  useEffect(() => {
    if (!open || !found.length) return
    const key = (e: KeyboardEvent): void => {
      const move = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0
      if (move) setAt((n) => (n + move + found.length) % found.length)
      else if (e.key === 'Enter' || e.key === 'Tab') pick(found[at])
      else if (e.key === 'Escape') setOpen(undefined)
      else return
      e.preventDefault()
      e.stopPropagation()
    }
    const dom = editor.view.dom
    dom.addEventListener('keydown', key, true)
    return () => dom.removeEventListener('keydown', key, true)
  })
  if (!open || !found.length) return null
  return (
    <ul
      className="slash options"
      role="listbox"
      aria-label={t('h_tools')}
      tabIndex={0}
      style={{ left: open.left, top: open.top, bottom: open.bottom }}
    >
      {found.map((x, i) => (
        <li
          key={x.key}
          role="option"
          aria-selected={i === at}
          onMouseDown={(e) => {
            e.preventDefault()
            pick(x)
          }}
          onMouseMove={() => setAt(i)}
        >
          <x.Icon size={16} strokeWidth={1.75} />
          {t(x.key)}
        </li>
      ))}
    </ul>
  )
}

/** Links to an article found by its words, or to an address. */
export function LinkDialog({ editor, onClose }: { editor: Editor; onClose: () => void }) {
  const [q, setQ] = useState(String(editor.getAttributes('link').href ?? ''))
  const link = (href: string, title: string): void => {
    const chain = editor.chain().focus().extendMarkRange('link')
    if (editor.state.selection.empty && !editor.isActive('link'))
      chain.insertContent({ type: 'text', text: title, marks: [{ type: 'link', attrs: { href } }] }).run()
    else chain.setLink({ href }).run()
    onClose()
  }
  const address = /^(https?:\/\/|mailto:|tel:|article:)\S+$/.test(q.trim()) ? q.trim() : ''
  return (
    <Dialog title={t('h_link')} onClose={onClose}>
      <Finder
        q={q}
        onQ={setQ}
        hint={t('h_linkHint')}
        onPick={(h) => link('article:' + h.articleId, h.title)}
        onEnter={address ? () => link(address, address) : undefined}
      />
      <div className="row end">
        {editor.isActive('link') && (
          <button
            className="btn"
            onClick={() => {
              editor.chain().focus().extendMarkRange('link').unsetLink().run()
              onClose()
            }}
          >
            {t('h_removeLink')}
          </button>
        )}
        <button className="btn primary" disabled={!address} onClick={() => link(address, address)}>
          {t('h_useAddress')}
        </button>
      </div>
    </Dialog>
  )
}
