package helpcenter

import (
	"fmt"
	"strings"
	"time"
)

// words are those of the public pages, by language; a language without words of its own has the English ones.
var words = map[string]map[string]string{
	"en": {"title": "How can we help?", "search": "Search", "site": "Website", "language": "Language", "write": "Write to us", "path": "You are here", "help": "Help", "skip": "Skip to content",
		"more": "More answers", "empty": "Nothing is published here yet.", "none": "Nothing found. Try other words, or write to us.", "found1": "1 article", "found": "%d articles", "updated": "updated",
		"minutes": "%d min", "helpful": "Did this answer your question?", "yes": "Yes", "no": "No", "thanks": "Thank you.", "comment": "What could be better, or what was missing?", "send": "Send",
		"toc": "On this page", "related": "Related", "missing": "This page does not exist", "missingHint": "It may have been moved or deleted.", "ask": "Ask us about “%s”",
		"about": "Answers and guides from %s.", "shelf": "Answers about %s, from %s."},
	"de": {"title": "Wie können wir helfen?", "search": "Suche", "site": "Website", "language": "Sprache", "write": "Schreiben Sie uns", "path": "Sie sind hier", "help": "Hilfe", "skip": "Zum Inhalt",
		"more": "Weitere Antworten", "empty": "Hier ist noch nichts veröffentlicht.", "none": "Nichts gefunden. Versuchen Sie andere Wörter, oder schreiben Sie uns.", "found1": "1 Artikel", "found": "%d Artikel", "updated": "aktualisiert am",
		"minutes": "%d Min.", "helpful": "Hat das Ihre Frage beantwortet?", "yes": "Ja", "no": "Nein", "thanks": "Vielen Dank.", "comment": "Was könnte besser sein, oder was fehlte?", "send": "Senden",
		"toc": "Auf dieser Seite", "related": "Verwandtes", "missing": "Diese Seite gibt es nicht", "missingHint": "Vielleicht wurde sie verschoben oder gelöscht.", "ask": "Fragen Sie uns zu „%s“",
		"about": "Antworten und Anleitungen: %s.", "shelf": "Antworten zu %s: %s."},
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

var months = []string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"}

func sayDay(language string, t time.Time) string {
	if strings.HasPrefix(language, "de") {
		return fmt.Sprintf("%d. %s %d", t.Day(), months[t.Month()-1], t.Year())
	}
	return t.Format("2 January 2006")
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
