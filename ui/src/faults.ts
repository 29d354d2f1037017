// What the server refuses, in the language of who reads it. English is small and at hand; any other comes when it is spoken.

import { inWords } from '@deskbell/core/faults.ts'
import type { Problem } from '@deskbell/core/live.ts'
import { faults as en } from './faults.en.ts'
import { onSpoken, spoken } from './text.ts'

const tables: Record<string, Record<string, string>> = { en }
const further: Record<string, () => Promise<{ faults: Record<string, string> }>> = { de: () => import('./faults.de.ts') }

function fetchTable(): void {
  const l = spoken()
  if (!Object.hasOwn(tables, l) && Object.hasOwn(further, l))
    void further[l]().then(
      (m) => {
        tables[l] = m.faults
      },
      () => undefined, // without it the server's own sentence is shown
    )
}
fetchTable()
onSpoken(fetchTable)

/** A sentence of the server, in the language that is spoken. */
export const sentence = (s: string): string => inWords(s, tables[spoken()])

/** What a person reads of a refusal: its fields' complaints, each once, where it is about fields. */
export function told(p: Problem): string {
  const fields = p.code === 'invalid' ? (p.errors ?? []).flatMap((x) => x.message || []) : []
  return [...new Set(fields.length ? fields : [p.detail])].map(sentence).join(' ')
}
