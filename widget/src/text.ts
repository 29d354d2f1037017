// Every word of the messenger, in each language. The page's language decides unless the site says otherwise.

const en = {
  hello: 'Hello', helloName: 'Hello {name}', send: 'Send us a message', sendHint: 'We are glad to help.', recent: 'Your conversations', messages: 'Messages', home: 'Home',
  none: 'No conversations yet', noneHint: 'Ask us anything; the answer appears here.', newTitle: 'New conversation', write: 'Write a message…', sendIt: 'Send', attach: 'Attach a file', back: 'Back', close: 'Close',
  typing: '{name} is typing', seen: 'Seen', queued: 'Waiting for the connection', sending: 'Sending…', failed: 'Not sent: {why}', again: 'Try again', discard: 'Discard',
  sources: 'From', ai: 'AI', helped: 'Did this help?', helpedYes: 'Good to hear.', helpedNo: 'Thank you for telling us.', yes: 'Yes', no: 'No', person: 'Talk to a person',
  older: 'Load older messages', offline: 'No connection. What you write is sent when it is back.', ended: 'This conversation was closed. A new message opens it again.',
  emailAsk: 'Get the answer by e-mail too, in case you leave', emailSave: 'Save', emailGood: 'Thank you. We have your address.', emailBad: 'This is not an e-mail address.', emailLabel: 'E-mail address', privacy: 'Privacy', you: 'You', us: 'Support', newMessage: 'New message: {text}', file: 'File', unread: '{n} unread',
  help: 'Help', helpSearch: 'Search for help', articles: '{n} articles', article1: '1 article', noArticle: 'Nothing found. Ask us instead.', noHelp: 'Nothing is published here yet.', thanks: 'Thank you.', better: 'What was missing?', still: 'Still need help?', ask: 'Write to us', aboutArticle: 'About {link}', suggest: 'This may answer it', suggestClose: 'Hide these articles', suggested: '{n} articles may answer this', related: 'Related',
}
type Key = keyof typeof en
const de: Record<Key, string> = {
  hello: 'Hallo', helloName: 'Hallo {name}', send: 'Schreiben Sie uns', sendHint: 'Wir helfen gern.', recent: 'Ihre Unterhaltungen', messages: 'Nachrichten', home: 'Start',
  none: 'Noch keine Unterhaltungen', noneHint: 'Fragen Sie uns; die Antwort erscheint hier.', newTitle: 'Neue Unterhaltung', write: 'Nachricht schreiben …', sendIt: 'Senden', attach: 'Datei anhängen', back: 'Zurück', close: 'Schließen',
  typing: '{name} schreibt', seen: 'Gelesen', queued: 'Wartet auf die Verbindung', sending: 'Wird gesendet …', failed: 'Nicht gesendet: {why}', again: 'Erneut versuchen', discard: 'Verwerfen',
  sources: 'Aus', ai: 'KI', helped: 'Hat das geholfen?', helpedYes: 'Das freut uns.', helpedNo: 'Danke für die Rückmeldung.', yes: 'Ja', no: 'Nein', person: 'Mit einem Menschen sprechen',
  older: 'Ältere Nachrichten laden', offline: 'Keine Verbindung. Ihre Nachricht wird gesendet, sobald sie wieder da ist.', ended: 'Diese Unterhaltung wurde geschlossen. Eine neue Nachricht öffnet sie wieder.',
  emailAsk: 'Antwort auch per E-Mail erhalten, falls Sie gehen', emailSave: 'Speichern', emailGood: 'Danke. Wir haben Ihre Adresse.', emailBad: 'Das ist keine E-Mail-Adresse.', emailLabel: 'E-Mail-Adresse', privacy: 'Datenschutz', you: 'Sie', us: 'Support', newMessage: 'Neue Nachricht: {text}', file: 'Datei', unread: '{n} ungelesen',
  help: 'Hilfe', helpSearch: 'Hilfe suchen', articles: '{n} Artikel', article1: '1 Artikel', noArticle: 'Nichts gefunden. Fragen Sie uns.', noHelp: 'Hier ist noch nichts veröffentlicht.', thanks: 'Vielen Dank.', better: 'Was hat gefehlt?', still: 'Noch Fragen?', ask: 'Schreiben Sie uns', aboutArticle: 'Zu {link}', suggest: 'Vielleicht hilft das', suggestClose: 'Diese Artikel ausblenden', suggested: '{n} Artikel könnten das beantworten', related: 'Verwandtes',
}
export const languages: Record<string, Record<Key, string>> = { en, de }

let words: Record<Key, string> = en
export function speak(...wanted: Array<string | null | undefined>): void {
  for (const w of wanted) {
    const found = w && languages[w.slice(0, 2).toLowerCase()]
    if (found) { words = found; document.documentElement.lang = w.slice(0, 2).toLowerCase(); return }
  }
}

export function t(key: Key, fill: Record<string, string | number> = {}): string {
  return words[key].replace(/\{(\w+)\}/g, (_, k: string) => String(fill[k] ?? ''))
}
