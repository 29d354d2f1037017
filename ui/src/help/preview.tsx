// An article as its readers would see it.

import { useEffect, useState } from 'react'
import { said } from '../parts.tsx'
import { call } from '../server.ts'
import { t } from '../text.ts'
import type { Words } from './draft.ts'

// The document is somebody else's text: it stands in an origin of its own, without scripts, whatever got into it.
export function Preview({ words, language, onProblem }: { words: Words; language: string; onProblem: (text: string) => void }) {
  const [shown, setShown] = useState<string>()
  useEffect(() => {
    let current = true
    call<{ document: string }>('articles.preview', { ...words, language }).then(
      (r) => current && setShown(r.document),
      (e: unknown) => current && onProblem(said(e)),
    )
    return () => {
      current = false
    }
  }, [words])
  return (
    <iframe
      className="previewed"
      title={t('h_preview')}
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      referrerPolicy="no-referrer"
      srcDoc={shown}
    />
  )
}
