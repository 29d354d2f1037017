// The server's sentences in the language of who reads them. A sentence is its own name: the table holds it as the server says
// it, with a number where something is filled in, and what it is in another language. testdata/sentences.txt lists them all.

type Table = Record<string, string>
/** What stands around the blanks, and what is said instead. */
type Form = [string[], string]
const forms = new WeakMap<Table, Form[]>()

/** The sentences with blanks, those that say most first. */
function formsOf(table: Table): Form[] {
  let known = forms.get(table)
  if (!known) {
    known = Object.keys(table)
      .filter((k) => k.includes('{1}'))
      .sort((a, b) => b.length - a.length)
      .map((k) => [k.split(/\{\d\}/), table[k]])
    forms.set(table, known)
  }
  return known
}

/** What stands in the blanks between the parts of a sentence; undefined where it is another sentence. */
function filledIn(sentence: string, parts: string[]): string[] | undefined {
  const end = sentence.length - parts.at(-1)!.length
  if (!sentence.startsWith(parts[0]) || !sentence.endsWith(parts.at(-1)!)) return
  const out: string[] = []
  let from = parts[0].length
  for (const [i, part] of parts.entries()) {
    if (i === 0) continue
    const to = i === parts.length - 1 ? end : sentence.indexOf(part, from + 1)
    if (to <= from || to > end) return
    out.push(sentence.slice(from, to))
    from = to + part.length
  }
  return out
}

/** Says a sentence of the server in the table's language; as it is where the table does not have it. */
export function inWords(sentence: string, table: Table | undefined): string {
  if (!table) return sentence
  if (Object.hasOwn(table, sentence)) return table[sentence]
  if (sentence.length > 1000) return sentence
  for (const [parts, words] of formsOf(table)) {
    const blanks = filledIn(sentence, parts)
    if (blanks) return words.replace(/\{(\d)\}/g, (_, n: string) => inWords(blanks[Number(n) - 1], table))
  }
  return sentence
}
