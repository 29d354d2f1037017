// The words of the launcher and of what stands beside it. They are apart from the messenger's own, which come when it is opened.

export interface Words {
  open: string
  unread: string
  shut: string
  dismiss: string
}

export const launcher: Record<string, Words> = {
  en: { open: 'Open messenger', unread: 'Open messenger, {n} unread', shut: 'Close messenger', dismiss: 'Dismiss' },
  de: {
    open: 'Messenger öffnen',
    unread: 'Messenger öffnen, {n} ungelesen',
    shut: 'Messenger schließen',
    dismiss: 'Ausblenden',
  },
}

/** The first of the languages that are wanted that is spoken here; English where none is. */
export const spokenOf = (...wanted: Array<string | null | undefined>): string =>
  wanted.map((w) => (typeof w === 'string' ? w.slice(0, 2).toLowerCase() : '')).find((l) => Object.hasOwn(launcher, l)) ?? 'en'
