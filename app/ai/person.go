package ai

import (
	"cmp"
	"slices"
	"strings"

	"deskbell/app/tongue"
	"deskbell/store"
)

// persons are words for somebody who is not a machine, and asks what one says to get to them, by language.
var persons = map[string]struct{ person, ask []string }{
	"en": {[]string{"human", "person", "agent", "representative", "operator", "somebody", "someone", "real person", "support team", "staff"}, []string{"speak", "talk", "chat", "connect", "transfer", "reach", "contact", "want", "need", "get me", "give me", "let me", "real", "live"}},
	"de": {[]string{"menschen", "mensch", "mitarbeiter", "mitarbeiterin", "jemand", "jemandem", "jemanden", "berater", "person", "echten", "kundenservice"}, []string{"sprechen", "reden", "verbinden", "chatten", "erreichen", "brauche", "möchte", "will", "echten", "kontakt"}},
	"fr": {[]string{"humain", "personne", "conseiller", "conseillère", "quelqu", "agent", "opérateur"}, []string{"parler", "discuter", "joindre", "contacter", "veux", "voudrais", "besoin", "vrai"}},
	"es": {[]string{"humano", "persona", "agente", "alguien", "asesor", "operador"}, []string{"hablar", "contactar", "comunicar", "quiero", "necesito", "real"}},
	"it": {[]string{"umano", "persona", "operatore", "qualcuno", "agente"}, []string{"parlare", "contattare", "voglio", "vorrei", "bisogno", "vera"}},
	"pt": {[]string{"humano", "pessoa", "atendente", "alguém", "agente"}, []string{"falar", "contatar", "contactar", "quero", "preciso", "real"}},
	"nl": {[]string{"mens", "medewerker", "persoon", "iemand"}, []string{"spreken", "praten", "contact", "wil", "echt"}},
	"pl": {[]string{"człowiekiem", "człowiek", "konsultantem", "konsultant", "osobą", "pracownikiem"}, []string{"rozmawiać", "porozmawiać", "połączyć", "kontakt", "chcę"}},
	"sv": {[]string{"människa", "person", "medarbetare", "någon"}, []string{"prata", "tala", "kontakt", "vill"}},
	"da": {[]string{"menneske", "person", "medarbejder", "nogen"}, []string{"tale", "snakke", "kontakt", "vil"}},
	"tr": {[]string{"insan", "insanla", "temsilci", "temsilciyle", "yetkili", "biriyle"}, []string{"konuşmak", "görüşmek", "bağlan", "istiyorum"}},
}

const brief = 14 // words: who writes more tells of something, even when persons come into it

// WantsPerson reports whether somebody asks for a person rather than for an answer.
func WantsPerson(text string) bool {
	words := tongue.Tokens(text)
	if len(words) == 0 || len(words) > brief {
		return false
	}
	padded := " " + strings.Join(words, " ") + " "
	for _, l := range persons {
		person, asks := has(padded, l.person), has(padded, l.ask)
		if person && (asks || len(words) <= 2) {
			return true
		}
	}
	return false
}

func has(padded string, list []string) bool {
	for _, w := range list {
		if strings.Contains(padded, " "+w+" ") {
			return true
		}
	}
	return false
}

// notice is what the visitor is told when a person takes over.
func notice(s *store.AISettings, q asked, now store.Time) string {
	said := tongue.Say(speech(s, q))
	if !hours(s).open(now) {
		return cmp.Or(s.AwayNotice, said.Away)
	}
	return cmp.Or(s.HandoffNotice, said.PassedOn)
}

// speech is the language in which the program says something of its own: the one that the workspace wants, where the program
// speaks it, or else the visitor's.
func speech(s *store.AISettings, q asked) string {
	if slices.Contains(tongue.Spoken, s.Language) {
		return s.Language
	}
	return tongue.Of(q.question, q.language)
}
