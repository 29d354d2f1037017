package ai

import (
	"strings"

	"deskbell/app/tongue"
)

// Small talk is answered without a source, by a fixed sentence and never by a model: a visitor who says hello is asked what
// it is about, and one who says thank you is told that they are welcome. It is what is said in at most five words, all of
// them from the lists below.
var small = map[string]struct{ greetings, thanks string }{
	"en": {"hello hi hey hiya greetings good morning afternoon evening day there", "thanks thank you thx cheers great perfect ok okay cool so much very a lot many got it awesome"},
	"de": {"hallo hi hey moin servus grüezi guten morgen tag abend zusammen", "danke dankeschön vielen dank super perfekt ok okay sehr schön prima alles klar"},
	"fr": {"bonjour salut bonsoir coucou", "merci beaucoup bien parfait super ok"},
	"es": {"hola buenos buenas días tardes noches", "gracias muchas perfecto genial vale ok"},
	"it": {"ciao salve buongiorno buonasera", "grazie mille perfetto ok va bene"},
	"pt": {"olá oi bom boa dia tarde noite", "obrigado obrigada muito perfeito ok"},
	"nl": {"hallo hoi dag goedemorgen goedemiddag goedenavond", "bedankt dank je u wel top prima oké"},
	"pl": {"cześć dzień dobry witam hej", "dziękuję dzięki bardzo super ok"},
	"sv": {"hej hallå god morgon dag kväll", "tack så mycket bra perfekt ok"},
	"da": {"hej hallo godmorgen goddag godaften", "tak mange perfekt fint ok"},
	"tr": {"merhaba selam günaydın iyi günler akşamlar", "teşekkürler teşekkür ederim sağ ol tamam süper"},
}

// smallTalk is what to say to a greeting or to thanks; empty where it is neither. The page's language decides where a word
// is one of several languages.
func smallTalk(text, page string) string {
	words := tongue.Tokens(text)
	if len(words) == 0 || len(words) > 5 {
		return ""
	}
	for _, l := range append([]string{page}, tongue.Spoken...) {
		s, known := small[l]
		if !known {
			continue
		}
		if all(words, s.greetings) {
			return tongue.Say(l).Welcome
		}
		if all(words, s.thanks) {
			return tongue.Say(l).Gladly
		}
	}
	return ""
}

func all(words []string, list string) bool {
	padded := " " + list + " "
	for _, w := range words {
		if !strings.Contains(padded, " "+w+" ") {
			return false
		}
	}
	return true
}
