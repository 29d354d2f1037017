package helpcenter

import (
	"fmt"
	"strings"
	"time"
)

// words are those of the public pages, by language: those that the program speaks. A further language has the English ones.
var words = map[string]map[string]string{
	"en": {"title": "How can we help?", "search": "Search", "site": "Website", "language": "Language", "write": "Write to us", "path": "You are here", "help": "Help", "skip": "Skip to content",
		"more": "More answers", "empty": "Nothing is published here yet.", "none": "Nothing found. Try other words, or write to us.", "found1": "1 article", "found": "%d articles", "updated": "updated",
		"minutes": "%d min", "helpful": "Did this answer your question?", "yes": "Yes", "no": "No", "thanks": "Thank you.", "comment": "What could be better, or what was missing?", "send": "Send",
		"video": "The video plays on the public page.", "toc": "On this page", "related": "Related", "missing": "This page does not exist", "missingHint": "It may have been moved or deleted.", "ask": "Ask us about “%s”",
		"about": "Answers and guides from %s.", "shelf": "Answers about %s, from %s."},
	"de": {"title": "Wie können wir helfen?", "search": "Suche", "site": "Website", "language": "Sprache", "write": "Schreiben Sie uns", "path": "Sie sind hier", "help": "Hilfe", "skip": "Zum Inhalt",
		"more": "Weitere Antworten", "empty": "Hier ist noch nichts veröffentlicht.", "none": "Nichts gefunden. Versuchen Sie andere Wörter, oder schreiben Sie uns.", "found1": "1 Artikel", "found": "%d Artikel", "updated": "aktualisiert am",
		"minutes": "%d Min.", "helpful": "Hat das Ihre Frage beantwortet?", "yes": "Ja", "no": "Nein", "thanks": "Vielen Dank.", "comment": "Was könnte besser sein, oder was fehlte?", "send": "Senden",
		"video": "Das Video läuft auf der öffentlichen Seite.", "toc": "Auf dieser Seite", "related": "Verwandtes", "missing": "Diese Seite gibt es nicht", "missingHint": "Vielleicht wurde sie verschoben oder gelöscht.", "ask": "Fragen Sie uns zu „%s“",
		"about": "Antworten und Anleitungen: %s.", "shelf": "Antworten zu %s: %s."},
	"fr": {"title": "Comment pouvons-nous vous aider ?", "search": "Rechercher", "site": "Site web", "language": "Langue", "write": "Nous écrire", "path": "Vous êtes ici", "help": "Aide", "skip": "Aller au contenu",
		"more": "Autres réponses", "empty": "Rien n’est encore publié ici.", "none": "Aucun résultat. Essayez d’autres mots, ou écrivez-nous.", "found1": "1 article", "found": "%d articles", "updated": "mis à jour le",
		"minutes": "%d min", "helpful": "Cet article a-t-il répondu à votre question ?", "yes": "Oui", "no": "Non", "thanks": "Merci.", "comment": "Que pourrions-nous améliorer, ou que manquait-il ?", "send": "Envoyer",
		"video": "La vidéo se lit sur la page publique.", "toc": "Sur cette page", "related": "Articles liés", "missing": "Cette page n’existe pas", "missingHint": "Elle a peut-être été déplacée ou supprimée.", "ask": "Nous interroger sur « %s »",
		"about": "Réponses et guides : %s.", "shelf": "Réponses sur %s : %s."},
	"es": {"title": "¿Cómo podemos ayudarle?", "search": "Buscar", "site": "Sitio web", "language": "Idioma", "write": "Escríbanos", "path": "Está aquí", "help": "Ayuda", "skip": "Ir al contenido",
		"more": "Más respuestas", "empty": "Todavía no hay nada publicado aquí.", "none": "No se ha encontrado nada. Pruebe con otras palabras o escríbanos.", "found1": "1 artículo", "found": "%d artículos", "updated": "actualizado el",
		"minutes": "%d min", "helpful": "¿Ha respondido esto a su pregunta?", "yes": "Sí", "no": "No", "thanks": "Gracias.", "comment": "¿Qué podría mejorar o qué faltaba?", "send": "Enviar",
		"video": "El vídeo se reproduce en la página pública.", "toc": "En esta página", "related": "Relacionado", "missing": "Esta página no existe", "missingHint": "Es posible que se haya movido o eliminado.", "ask": "Preguntarnos por «%s»",
		"about": "Respuestas y guías: %s.", "shelf": "Respuestas sobre %s: %s."},
	"it": {"title": "Come possiamo aiutarla?", "search": "Cerca", "site": "Sito web", "language": "Lingua", "write": "Ci scriva", "path": "Lei è qui", "help": "Aiuto", "skip": "Vai al contenuto",
		"more": "Altre risposte", "empty": "Qui non è ancora pubblicato nulla.", "none": "Nessun risultato. Provi con altre parole, o ci scriva.", "found1": "1 articolo", "found": "%d articoli", "updated": "aggiornato il",
		"minutes": "%d min", "helpful": "Questo ha risposto alla sua domanda?", "yes": "Sì", "no": "No", "thanks": "Grazie.", "comment": "Che cosa si potrebbe migliorare, o che cosa mancava?", "send": "Invia",
		"video": "Il video si riproduce nella pagina pubblica.", "toc": "In questa pagina", "related": "Correlati", "missing": "Questa pagina non esiste", "missingHint": "Forse è stata spostata o eliminata.", "ask": "Ci chieda di «%s»",
		"about": "Risposte e guide: %s.", "shelf": "Risposte su %s: %s."},
	"pt": {"title": "Como podemos ajudar?", "search": "Pesquisar", "site": "Site", "language": "Idioma", "write": "Escreva-nos", "path": "Está aqui", "help": "Ajuda", "skip": "Ir para o conteúdo",
		"more": "Mais respostas", "empty": "Ainda não há nada publicado aqui.", "none": "Nada encontrado. Tente outras palavras ou escreva-nos.", "found1": "1 artigo", "found": "%d artigos", "updated": "atualizado em",
		"minutes": "%d min", "helpful": "Isto respondeu à sua pergunta?", "yes": "Sim", "no": "Não", "thanks": "Obrigado.", "comment": "O que poderia melhorar, ou o que faltou?", "send": "Enviar",
		"video": "O vídeo é reproduzido na página pública.", "toc": "Nesta página", "related": "Relacionado", "missing": "Esta página não existe", "missingHint": "Pode ter sido movida ou eliminada.", "ask": "Pergunte-nos sobre “%s”",
		"about": "Respostas e guias: %s.", "shelf": "Respostas sobre %s: %s."},
	"nl": {"title": "Hoe kunnen we helpen?", "search": "Zoeken", "site": "Website", "language": "Taal", "write": "Schrijf ons", "path": "U bent hier", "help": "Hulp", "skip": "Naar de inhoud",
		"more": "Meer antwoorden", "empty": "Hier is nog niets gepubliceerd.", "none": "Niets gevonden. Probeer andere woorden, of schrijf ons.", "found1": "1 artikel", "found": "%d artikelen", "updated": "bijgewerkt op",
		"minutes": "%d min", "helpful": "Is uw vraag hiermee beantwoord?", "yes": "Ja", "no": "Nee", "thanks": "Dank u.", "comment": "Wat kan beter, of wat ontbrak er?", "send": "Versturen",
		"video": "De video speelt op de openbare pagina.", "toc": "Op deze pagina", "related": "Verwant", "missing": "Deze pagina bestaat niet", "missingHint": "Misschien is ze verplaatst of verwijderd.", "ask": "Vraag ons over “%s”",
		"about": "Antwoorden en handleidingen: %s.", "shelf": "Antwoorden over %s: %s."},
	"pl": {"title": "W czym możemy pomóc?", "search": "Szukaj", "site": "Strona internetowa", "language": "Język", "write": "Napisz do nas", "path": "Jesteś tutaj", "help": "Pomoc", "skip": "Przejdź do treści",
		"more": "Więcej odpowiedzi", "empty": "Nic tu jeszcze nie opublikowano.", "none": "Nic nie znaleziono. Spróbuj innych słów albo napisz do nas.", "found1": "1 artykuł", "found": "Artykuły: %d", "updated": "zaktualizowano",
		"minutes": "%d min", "helpful": "Czy to odpowiada na Twoje pytanie?", "yes": "Tak", "no": "Nie", "thanks": "Dziękujemy.", "comment": "Co można poprawić albo czego zabrakło?", "send": "Wyślij",
		"video": "Film odtwarza się na stronie publicznej.", "toc": "Na tej stronie", "related": "Powiązane", "missing": "Ta strona nie istnieje", "missingHint": "Mogła zostać przeniesiona lub usunięta.", "ask": "Zapytaj nas o „%s”",
		"about": "Odpowiedzi i poradniki: %s.", "shelf": "Odpowiedzi na temat %s: %s."},
	"sv": {"title": "Hur kan vi hjälpa till?", "search": "Sök", "site": "Webbplats", "language": "Språk", "write": "Skriv till oss", "path": "Du är här", "help": "Hjälp", "skip": "Till innehållet",
		"more": "Fler svar", "empty": "Här finns inget publicerat ännu.", "none": "Inget hittades. Prova andra ord, eller skriv till oss.", "found1": "1 artikel", "found": "%d artiklar", "updated": "uppdaterad",
		"minutes": "%d min", "helpful": "Svarade det här på din fråga?", "yes": "Ja", "no": "Nej", "thanks": "Tack.", "comment": "Vad kunde vara bättre, eller vad saknades?", "send": "Skicka",
		"video": "Videon spelas upp på den offentliga sidan.", "toc": "På den här sidan", "related": "Liknande", "missing": "Den här sidan finns inte", "missingHint": "Den kan ha flyttats eller tagits bort.", "ask": "Fråga oss om ”%s”",
		"about": "Svar och guider: %s.", "shelf": "Svar om %s: %s."},
	"da": {"title": "Hvordan kan vi hjælpe?", "search": "Søg", "site": "Websted", "language": "Sprog", "write": "Skriv til os", "path": "Du er her", "help": "Hjælp", "skip": "Til indholdet",
		"more": "Flere svar", "empty": "Her er endnu ikke udgivet noget.", "none": "Intet fundet. Prøv andre ord, eller skriv til os.", "found1": "1 artikel", "found": "%d artikler", "updated": "opdateret",
		"minutes": "%d min", "helpful": "Besvarede det dit spørgsmål?", "yes": "Ja", "no": "Nej", "thanks": "Tak.", "comment": "Hvad kunne være bedre, eller hvad manglede?", "send": "Send",
		"video": "Videoen afspilles på den offentlige side.", "toc": "På denne side", "related": "Relateret", "missing": "Denne side findes ikke", "missingHint": "Den er måske flyttet eller slettet.", "ask": "Spørg os om “%s”",
		"about": "Svar og vejledninger: %s.", "shelf": "Svar om %s: %s."},
	"tr": {"title": "Nasıl yardımcı olabiliriz?", "search": "Ara", "site": "Web sitesi", "language": "Dil", "write": "Bize yazın", "path": "Buradasınız", "help": "Yardım", "skip": "İçeriğe geç",
		"more": "Diğer yanıtlar", "empty": "Burada henüz bir şey yayımlanmadı.", "none": "Bir şey bulunamadı. Başka sözcükler deneyin ya da bize yazın.", "found1": "1 makale", "found": "%d makale", "updated": "güncellendi:",
		"minutes": "%d dk", "helpful": "Bu, sorunuzu yanıtladı mı?", "yes": "Evet", "no": "Hayır", "thanks": "Teşekkürler.", "comment": "Ne daha iyi olabilirdi ya da ne eksikti?", "send": "Gönder",
		"video": "Video herkese açık sayfada oynatılır.", "toc": "Bu sayfada", "related": "İlgili", "missing": "Böyle bir sayfa yok", "missingHint": "Taşınmış ya da silinmiş olabilir.", "ask": "“%s” hakkında bize sorun",
		"about": "Yanıtlar ve kılavuzlar: %s.", "shelf": "%s hakkında yanıtlar: %s."},
}

func say(language, key string) string {
	l, _, _ := strings.Cut(language, "-")
	if w, ok := words[l][key]; ok {
		return w
	}
	return words["en"][key]
}

func sayCount(language string, n int) string {
	if n == 1 {
		return say(language, "found1")
	}
	return fmt.Sprintf(say(language, "found"), n)
}

// days are how a date is written: its form (day, month, year) and the months.
var days = map[string]struct{ form, months string }{
	"en": {"%d %s %d", "January February March April May June July August September October November December"},
	"de": {"%d. %s %d", "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"},
	"fr": {"%d %s %d", "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"},
	"es": {"%d de %s de %d", "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"},
	"it": {"%d %s %d", "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"},
	"pt": {"%d de %s de %d", "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"},
	"nl": {"%d %s %d", "januari februari maart april mei juni juli augustus september oktober november december"},
	"pl": {"%d %s %d", "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"},
	"sv": {"%d %s %d", "januari februari mars april maj juni juli augusti september oktober november december"},
	"da": {"%d. %s %d", "januar februar marts april maj juni juli august september oktober november december"},
	"tr": {"%d %s %d", "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık"},
}

func sayDay(language string, t time.Time) string {
	l, _, _ := strings.Cut(language, "-")
	d, known := days[l]
	if !known {
		d = days["en"]
	}
	return fmt.Sprintf(d.form, t.Day(), strings.Fields(d.months)[t.Month()-1], t.Year())
}

// autonyms are languages in their own words.
var autonyms = map[string]string{"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "it": "Italiano", "pt": "Português", "nl": "Nederlands", "pl": "Polski", "da": "Dansk",
	"sv": "Svenska", "nb": "Norsk", "no": "Norsk", "fi": "Suomi", "cs": "Čeština", "tr": "Türkçe", "ru": "Русский", "uk": "Українська", "ja": "日本語", "zh": "中文", "ko": "한국어", "ar": "العربية", "he": "עברית"}

func autonym(l string) string {
	if n := autonyms[l]; n != "" {
		return n
	}
	return l
}

func rightToLeft(l string) bool {
	l, _, _ = strings.Cut(l, "-")
	return l == "ar" || l == "he" || l == "fa" || l == "ur"
}
