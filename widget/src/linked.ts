/** The article that an address leads to, seen from another one: its slug, and the language where the address says one. */
export function linked(href: string, from: { url: string; language: string }): { slug: string; language?: string } | undefined {
  const shelf = from.url.slice(0, from.url.lastIndexOf('/a/') + 1)
  const own = '/' + from.language + '/'
  for (const base of shelf.endsWith(own) ? [shelf, shelf.slice(0, 1 - own.length)] : [shelf]) {
    const found = href.startsWith(base) ? /^(?:([a-z]{2,3}(?:-\w{2,8})?)\/)?a\/([^/?#]+)/.exec(href.slice(base.length)) : null
    if (!found) continue
    const language = found[1] ?? (base === shelf && base.endsWith(own) ? from.language : '')
    try {
      return { slug: decodeURIComponent(found[2]), ...(language ? { language } : {}) }
    } catch {
      return undefined
    }
  }
  return undefined
}
