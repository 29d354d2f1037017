// What the editor understands: Markdown in, Markdown out. Pictures and links name what is ours (asset:ID, article:ID).

import type { Editor, Extensions } from '@tiptap/core'
import { Blockquote } from '@tiptap/extension-blockquote'
import { Image } from '@tiptap/extension-image'
import { TableKit } from '@tiptap/extension-table'
import { Placeholder } from '@tiptap/extensions'
import { Markdown } from '@tiptap/markdown'
import StarterKit from '@tiptap/starter-kit'

const kinds: Record<string, string> = { NOTE: 'note', INFO: 'note', IMPORTANT: 'note', TIP: 'tip', WARNING: 'warning', CAUTION: 'warning' }
const mark = /^\[!(NOTE|INFO|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(\n|$)/

/** A quote, or a callout when its first line says so: `> [!WARNING]`. */
const Callout = Blockquote.extend({
  addAttributes() {
    return {
      kind: {
        default: null,
        parseHTML: (el: HTMLElement) => el.dataset.kind ?? null,
        renderHTML: (a: { kind?: string | null }) => (a.kind ? { 'data-kind': a.kind, class: 'callout ' + a.kind } : {}),
      },
    }
  },
  parseMarkdown: (token, helpers) => {
    const parse = helpers.parseBlockChildren ?? helpers.parseChildren
    const tokens = [...(token.tokens ?? [])]
    const first = tokens[0] as { type: string; text?: string; tokens?: Array<{ type: string; text?: string; raw?: string }> } | undefined
    const found = first?.type === 'paragraph' ? mark.exec(first.text ?? '') : null
    if (!found || !first) return helpers.createNode('blockquote', undefined, parse(tokens))
    const inner = [...(first.tokens ?? [])]
    if (inner[0]?.type === 'text') {
      const rest = (inner[0].text ?? '').slice(found[0].trimEnd().length).replace(/^\s*\n?/, '')
      inner[0] = { ...inner[0], text: rest, raw: rest }
      if (!rest) inner.shift()
      if (inner[0]?.type === 'br') inner.shift()
    }
    if (inner.length) tokens[0] = { ...first, tokens: inner } as (typeof tokens)[0]
    else tokens.shift()
    return helpers.createNode('blockquote', { kind: kinds[found[1]] }, tokens.length ? parse(tokens) : [helpers.createNode('paragraph')])
  },
  renderMarkdown: (node, h) => {
    const body = (node.content ?? []).map((child, i) => h.renderChild?.(child, i) ?? h.renderChildren([child])).join('\n\n')
    const lines = body.split('\n').map((l) => (l.trim() === '' ? '>' : '> ' + l))
    return (node.attrs?.kind ? [`> [!${String(node.attrs.kind).toUpperCase()}]`, ...lines] : lines).join('\n')
  },
})

/** The editor's parts. address gives where a reference leads, for showing it. */
export function extensions(address: (ref: string) => string | undefined, hint: string): Extensions {
  return [
    StarterKit.configure({
      blockquote: false,
      heading: { levels: [2, 3, 4] },
      underline: false,
      link: {
        openOnClick: false,
        autolink: true,
        protocols: ['asset', 'article'],
        isAllowedUri: (url, o) => /^article:[0-9A-Za-z]{13}/.test(url) || o.defaultValidate(url),
      },
    }),
    Callout,
    Image.extend({
      renderHTML({ HTMLAttributes }) {
        const src = String(HTMLAttributes.src ?? '')
        return [
          'img',
          { ...HTMLAttributes, src: src.startsWith('asset:') ? (address(src) ?? '') : '', alt: HTMLAttributes.alt ?? '', 'data-ref': src },
        ]
      },
    }),
    TableKit.configure({ table: { resizable: false } }),
    Placeholder.configure({ placeholder: hint }),
    Markdown,
  ]
}

/** Puts a picture at a place, or after what is selected; the cursor stands in a line of text below it. */
export function insertImage(editor: Editor, src: string, alt: string, at?: number): void {
  const place = Math.min(at ?? editor.state.selection.to, editor.state.doc.content.size)
  editor.chain().focus().insertContentAt(place, { type: 'image', attrs: { src, alt } }).run()
  const { selection, doc } = editor.state
  if (!('node' in selection)) return
  const end = selection.to
  if (!doc.resolve(end).nodeAfter?.isTextblock) editor.commands.insertContentAt(end, { type: 'paragraph' })
  editor.commands.setTextSelection(end + 1)
}
