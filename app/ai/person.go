package ai

import (
	"cmp"
	"strings"

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
	words := tokens(text)
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

// notices are what a visitor is told when a person takes over.
var notices = map[string]string{
	"en": "I am passing this on to the team. Somebody will answer here.",
	"de": "Ich gebe das an das Team weiter. Jemand antwortet Ihnen hier.",
	"fr": "Je transmets votre question à l’équipe. Quelqu’un vous répondra ici.",
	"es": "Paso tu pregunta al equipo. Alguien te responderá aquí.",
	"it": "Passo la domanda al team. Qualcuno risponderà qui.",
	"pt": "Vou passar a sua pergunta para a equipa. Alguém responderá aqui.",
	"nl": "Ik geef dit door aan het team. Iemand antwoordt hier.",
	"pl": "Przekazuję to zespołowi. Ktoś odpowie tutaj.",
	"sv": "Jag skickar det här vidare till teamet. Någon svarar här.",
	"da": "Jeg giver det videre til teamet. Nogen svarer her.",
	"tr": "Bunu ekibe iletiyorum. Biri buradan yanıt verecek.",
}

// common are frequent words by which a language is told from the others in a sentence or two.
var common = map[string]string{
	"en": "the is are my how do i to of and you can what where a please with want talk", "de": "der die das ich ist und nicht wie mein meine ein eine mit zu bitte möchte wo kann einem",
	"fr": "le la les je est et pas comment mon ma un une avec pour de voudrais où vous des", "es": "el la los yo es y no cómo mi un una con para quiero dónde por favor puedo de hablar",
	"it": "il lo la io è e non come mio un una con per vorrei dove che di posso", "pt": "o a os eu é e não como meu um uma com para quero onde por favor que posso",
	"nl": "de het een ik is en niet hoe mijn met naar wil waar graag kan van", "pl": "i w na nie jak mój się z do chcę gdzie jest proszę mogę",
	"sv": "och jag är inte hur min med en ett till vill var kan att det", "da": "og jeg er ikke hvordan min med en et til vil hvor kan det at", "tr": "bir ve ben bu nasıl ile için istiyorum nerede mı değil",
}

// language guesses what a visitor writes; "en" where it cannot tell.
func language(text string) string {
	best, most := "en", 0
	words := tokens(text)
	for l, list := range common {
		padded, n := " "+list+" ", 0
		for _, w := range words {
			if strings.Contains(padded, " "+w+" ") {
				n++
			}
		}
		if n > most || n == most && n > 0 && l < best && best != "en" {
			best, most = l, n
		}
	}
	return best
}

// away are what visitors are told when a person takes over outside of office hours.
var away = map[string]string{
	"en": "I am passing this on to the team. They are away just now and will answer here when they are back.",
	"de": "Ich gebe das an das Team weiter. Gerade ist niemand da; Sie bekommen hier Antwort, sobald das Team zurück ist.",
	"fr": "Je transmets votre question à l’équipe. Elle est absente pour le moment et vous répondra ici à son retour.",
	"es": "Paso tu pregunta al equipo. Ahora no hay nadie; te responderán aquí cuando vuelvan.",
	"it": "Passo la domanda al team. Al momento non c’è nessuno; risponderanno qui al loro ritorno.",
	"pt": "Vou passar a sua pergunta para a equipa. De momento não está ninguém; responderão aqui quando voltarem.",
	"nl": "Ik geef dit door aan het team. Er is nu niemand; u krijgt hier antwoord zodra ze terug zijn.",
	"pl": "Przekazuję to zespołowi. Teraz nikogo nie ma; odpowiedź pojawi się tutaj po powrocie.",
	"sv": "Jag skickar det här vidare till teamet. Ingen är på plats just nu; de svarar här när de är tillbaka.",
	"da": "Jeg giver det videre til teamet. Der er ingen lige nu; de svarer her, når de er tilbage.",
	"tr": "Bunu ekibe iletiyorum. Şu anda kimse yok; döndüklerinde burada yanıt verecekler.",
}

// notice is what the visitor is told when a person takes over, in their language.
func notice(s *store.AISettings, question string, now store.Time) string {
	if !hours(s).open(now) {
		return cmp.Or(s.AwayNotice, away[language(question)])
	}
	return cmp.Or(s.HandoffNotice, notices[language(question)])
}
