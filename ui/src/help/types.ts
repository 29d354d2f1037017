// What the help center's doors answer, as far as the dashboard shows it.

export interface Collection {
  id: string
  parentId: string | null
  position: number
  name: string
  slug: string
  description: string | null
  icon: string | null
  articleCount: number
  publishedArticleCount: number
  translations: Array<{ language: string; name: string; description: string | null }>
}
export interface Line {
  id: string
  collectionId: string | null
  position: number
  status: 'draft' | 'published' | 'archived'
  visibility: 'public' | 'internal'
  language: string
  title: string
  slug: string
  description: string | null
  changed: boolean
  author: { name: string }
  editor: { id: string | null; name: string }
  tags: string[]
  helpful: number
  notHelpful: number
  publishAt: number | null
  publishedAt: number | null
  updatedAt: number
}
/** What an author put beside an article. */
export interface Beside {
  articleId: string
  title: string
  status: 'draft' | 'published' | 'archived' | 'deleted'
  visibility: 'public' | 'internal'
}
export interface Article extends Line {
  revision: number
  seoTitle: string | null
  content: string
  contentHtml: string
  excerpt: string
  live: { title: string; content: string; revision: number; at: number } | null
  languages: string[]
  url: string | null
  references: Record<string, string>
  related: Beside[]
}
export interface Version {
  id: string
  revision: number
  published: boolean
  title: string
  content: string
  author: { id: string | null; name: string }
  createdAt: number
}
export interface Vote {
  id: string
  helpful: boolean
  comment: string | null
  createdAt: number
}
export interface Center {
  slug: string
  domain: string | null
  url: string
  title: string | null
  tagline: string | null
  siteUrl: string | null
  accessPolicy: string
  link: string | null
  language: string
  languages: string[]
  synonyms: string[]
  failedSearches: Array<{ query: string; count: number; lastAt: number }>
}
/** What the help center speaks: its own language first. */
export const spoken = (c: Center): string[] => [c.language, ...c.languages]

export interface Hit {
  articleId: string
  title: string
  excerpt: string
  status: string
  visibility: string
}

/** Collections as a tree: each with how deep it stands, in the order in which they are shown. */
export function tree(list: Collection[]): Array<Collection & { depth: number }> {
  const out: Array<Collection & { depth: number }> = []
  const walk = (parent: string | null, depth: number): void => {
    for (const c of list)
      if (c.parentId === parent && depth < 10) {
        out.push({ ...c, depth })
        walk(c.id, depth + 1)
      }
  }
  walk(null, 0)
  return out
}
