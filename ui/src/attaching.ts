// Files on their way into a draft.

import { useEffect, useRef, useState } from 'react'
import { upload, type Attachment } from '@deskbell/core/api.ts'
import { draft, keep } from './drafts.ts'
import { said } from './parts.tsx'
import { workspace } from './server.ts'

/** Takes files into the draft of a conversation; part is how much of them is there, while some are not. */
export function useAttaching(
  id: string,
  onBad: (why: string) => void,
): { part: number | undefined; add: (list: Iterable<File>) => Promise<void> } {
  const [part, setPart] = useState<number>()
  const going = useRef(0) // nothing is sent without them
  async function add(list: Iterable<File>): Promise<void> {
    const got: Attachment[] = []
    const bad: string[] = []
    going.current++
    setPart(0)
    for (const f of list) {
      try {
        got.push(await upload('', f, undefined, workspace(), setPart))
      } catch (e) {
        bad.push(f.name + ': ' + said(e))
        onBad(bad.join('\n'))
      }
    }
    going.current--
    if (!going.current) setPart(undefined)
    keep(id, { files: [...draft(id).files, ...got] })
  }
  useEffect(() => {
    // A file may be dropped anywhere: beside the line to write in, a browser would leave the page for it.
    const over = (e: DragEvent): void => {
      if (e.dataTransfer?.types.includes('Files')) e.preventDefault()
    }
    const drop = (e: DragEvent): void => {
      if (!e.dataTransfer?.files.length || e.defaultPrevented) return
      e.preventDefault()
      if (!document.querySelector('dialog[open]')) void add(e.dataTransfer.files)
    }
    document.addEventListener('dragover', over)
    document.addEventListener('drop', drop)
    return () => {
      document.removeEventListener('dragover', over)
      document.removeEventListener('drop', drop)
    }
  }, [id])
  return { part, add }
}
