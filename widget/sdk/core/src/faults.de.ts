// What the server says to a visitor, in German: each sentence as it comes, with {1} for a blank.

export const faults: Record<string, string> = {
  'The server did not answer.': 'Der Server hat nicht geantwortet.',
  'Something went wrong.': 'Etwas ist schiefgegangen.',
  'There is no such thing here.': 'Das gibt es hier nicht.',
  'This exists already.': 'Das gibt es schon.',
  "The server's disk is full; nothing was saved.": 'Die Festplatte des Servers ist voll; es wurde nichts gespeichert.',
  'The server is busy. Try again in a moment.': 'Der Server ist ausgelastet. Versuchen Sie es gleich noch einmal.',
  'Too many requests. Try again in a moment.': 'Zu viele Anfragen. Versuchen Sie es gleich noch einmal.',
  'Too much is on its way to you already. Try again in a moment.':
    'Es ist schon zu viel unterwegs zu Ihnen. Versuchen Sie es gleich noch einmal.',
  'The request is larger than {1} bytes.': 'Das ist zu groß: mehr als {1} Bytes.',
  'A file has at most 25 MB.': 'Eine Datei darf höchstens 25 MB haben.',
  'A file has at most {1} MB.': 'Eine Datei darf höchstens {1} MB haben.',
  'A picture has at most 40 megapixels, and 20,000 pixels a side.': 'Ein Bild darf höchstens 40 Megapixel haben und 20.000 Pixel je Seite.',
  'Files of this kind are not accepted. Send pictures, PDF, text, office documents, audio, video or zip.':
    'Dateien dieser Art werden nicht angenommen. Senden Sie Bilder, PDF, Text, Office-Dokumente, Ton, Video oder Zip.',
  'Other files are still on their way. Try again in a moment.': 'Andere Dateien sind noch unterwegs. Versuchen Sie es gleich noch einmal.',
  'Your other pictures are still being looked at. Try again in a moment.':
    'Ihre anderen Bilder werden noch geprüft. Versuchen Sie es gleich noch einmal.',
  'You have sent very much today. Try again tomorrow, or send a link.':
    'Sie haben heute schon sehr viel gesendet. Versuchen Sie es morgen wieder, oder senden Sie einen Link.',
  'This picture is broken.': 'Dieses Bild ist beschädigt.',
  'This link is not valid (any longer).': 'Dieser Link gilt nicht (mehr).',
  'The form is broken.': 'Das Formular ist beschädigt angekommen.',
  'The form has no field named file.': 'Es kam keine Datei an.',
  'Send multipart/form-data with a field named file.': 'Es kam keine Datei an.',
  'The request ended early.': 'Die Übertragung brach ab.',
  'You have begun very many conversations today. Go on in one of them.':
    'Sie haben heute schon sehr viele Unterhaltungen begonnen. Schreiben Sie in einer davon weiter.',
  'A message has at most {1} characters.': 'Eine Nachricht darf höchstens {1} Zeichen haben.',
  'Write something, or attach a file.': 'Schreiben Sie etwas, oder hängen Sie eine Datei an.',
  'This conversation was merged into another.': 'Diese Unterhaltung wurde mit einer anderen zusammengeführt.',
  "This site is not among the workspace's allowed origins.": 'Diese Seite gehört nicht zu den erlaubten Seiten des Arbeitsbereichs.',
  'This session has ended. Boot a new one.': 'Die Sitzung ist abgelaufen. Laden Sie die Seite neu.',
  'Sign in first.': 'Melden Sie sich zuerst an.',
  'You do not have the permission for this.': 'Dazu fehlt Ihnen das Recht.',
  'This is not an e-mail address.': 'Das ist keine E-Mail-Adresse.',
  'Thank you, that is enough for the moment.': 'Vielen Dank, das genügt für den Moment.',
}
