// Light, dark, or as the machine is at the moment: only a choice of one's own is written onto the page.

export type Theme = 'system' | 'light' | 'dark'

export const chosen = (): Theme => (localStorage.getItem('deskbell.theme') as Theme | null) ?? 'system'

export function wear(theme: Theme): void {
  if (theme === 'system') {
    localStorage.removeItem('deskbell.theme')
    delete document.documentElement.dataset.theme
  } else {
    localStorage.setItem('deskbell.theme', theme)
    document.documentElement.dataset.theme = theme
  }
}

/** What is on the screen now. */
export function dark(): boolean {
  const theme = document.documentElement.dataset.theme
  return theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
}
