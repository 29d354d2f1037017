package ai

import (
	"cmp"
	"slices"
	"strings"

	"deskbell/app/tongue"
	"deskbell/store"
)

// persons are words for somebody who is not a machine, what one does with them, and what one says who wants one, by language.
var persons = map[string]struct{ person, talk, want []string }{
	"en": {words("human person agent representative operator somebody someone staff people"), words("speak speaking talk talking chat connect contact reach call"), words("want need get give transfer prefer")},
	"de": {words("menschen mensch mitarbeiter mitarbeiterin jemand jemandem jemanden berater beraterin person kundenservice kundendienst"), words("sprechen reden verbinden chatten erreichen telefonieren kontaktieren"), words("brauche möchte will hätte gebt geben")},
	"fr": {words("humain personne conseiller conseillère quelqu agent opérateur"), words("parler discuter joindre contacter"), words("veux voudrais besoin")},
	"es": {words("humano persona agente alguien asesor operador"), words("hablar contactar comunicar comunicarme"), words("quiero quisiera necesito")},
	"it": {words("umano persona operatore qualcuno agente"), words("parlare contattare"), words("voglio vorrei bisogno")},
	"pt": {words("humano pessoa atendente alguém agente"), words("falar contatar contactar"), words("quero queria preciso")},
	"nl": {words("mens medewerker persoon iemand"), words("spreken praten contact"), words("wil nodig")},
	"pl": {words("człowiekiem człowieka człowiek konsultantem konsultant osobą pracownikiem"), words("rozmawiać porozmawiać połączyć kontakt"), words("chcę potrzebuję")},
	"sv": {words("människa person medarbetare någon"), words("prata tala kontakt"), words("vill behöver")},
	"da": {words("menneske person medarbejder nogen"), words("tale snakke kontakt"), words("vil behøver")},
	"tr": {words("insan insanla temsilci temsilciyle yetkili yetkiliyle biriyle"), words("konuşmak görüşmek bağlan bağlanmak"), words("istiyorum lazım")},
}

var words = strings.Fields

// between is what may stand between a wish and the person that is wished for, and after them.
var between = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range words(`a an the me us real live actual human another please now instead here thanks person support customer service to of with
		einen eine einem einer ein echten echte echter anderen bitte jetzt hier lieber un une une vrai vraie d de un uno una real un uno una vero vera reale um uma
		een echt echte prawdziwym z en riktig rigtig bir gerçek ile por favor per favore s il vous plaît alstublieft proszę tack tak lütfen`) {
		m[w] = true
	}
	return m
}()

const (
	brief = 14 // words: who writes more tells of something, even when persons come into it
	near  = 5  // words from what one does to the person with whom
)

// WantsPerson reports whether somebody asks for a person rather than for an answer: to talk to one, or for one and nothing else.
func WantsPerson(text string) bool {
	said := tongue.Tokens(text)
	if len(said) == 0 || len(said) > brief {
		return false
	}
	for _, l := range persons {
		for at, w := range said {
			if slices.Contains(l.person, w) && (alone(said, at, l.person) || talks(said, at, l.talk) || wished(said, at, l.want)) {
				return true
			}
		}
	}
	return false
}

// alone reports whether hardly anything but the person is named.
func alone(said []string, at int, person []string) bool {
	for i, w := range said {
		if i != at && !between[w] && !slices.Contains(person, w) {
			return false
		}
	}
	return true
}

// talks reports whether a word for talking stands near the person.
func talks(said []string, at int, talk []string) bool {
	for i := max(0, at-near); i < min(len(said), at+near+1); i++ {
		if slices.Contains(talk, said[i]) {
			return true
		}
	}
	return false
}

// wished reports whether the person is all that is wished for: only small words stand between, and after them.
func wished(said []string, at int, want []string) bool {
	for _, w := range said[at+1:] {
		if !between[w] && !slices.Contains(want, w) {
			return false
		}
	}
	for i := at - 1; i >= 0; i-- {
		if slices.Contains(want, said[i]) {
			return true
		}
		if !between[said[i]] {
			break
		}
	}
	return len(said) > at+1 && slices.Contains(want, said[at+1]) // as Turkish and German have it
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
