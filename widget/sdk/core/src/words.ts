// Texts with blanks, and with one form for each of a language's numbers.

const categories = ['zero', 'one', 'two', 'few', 'many', 'other']

/** The forms a language tells numbers apart by, in the order texts name them. */
export const formsOf = (language: string): string[] =>
  categories.filter((c) => (new Intl.PluralRules(language).resolvedOptions().pluralCategories as string[]).includes(c))

/** How large something is, in the unit that makes it a short number. */
export function sized(bytes: number, language: string): string {
  const at = bytes < 1e6 ? 0 : bytes < 1e9 ? 1 : 2
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: ['kilobyte', 'megabyte', 'gigabyte'][at],
    maximumFractionDigits: at === 2 || (at === 1 && bytes < 1e7) ? 1 : 0,
  }).format(at === 0 ? Math.max(1, bytes / 1e3) : bytes / (at === 1 ? 1e6 : 1e9))
}

/**
 * Fills the blanks of a text. "1 message|{n} messages" has a form for each of the language's numbers; the form follows the
 * whole where a part is told (of, total), else the number told (n).
 */
export function filled(text: string, fill: Record<string, string | number>, language: string): string {
  const forms = text.split('|')
  const count = Number(fill.of ?? fill.total ?? fill.n)
  const form = forms.length < 2 ? text : (forms[formsOf(language).indexOf(new Intl.PluralRules(language).select(count))] ?? forms.at(-1)!)
  return form.replace(/\{(\w+)\}/g, (_, k: string) => {
    const v = fill[k] ?? ''
    return typeof v === 'number' ? v.toLocaleString(language) : v
  })
}
