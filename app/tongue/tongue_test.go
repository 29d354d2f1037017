package tongue

import (
	"reflect"
	"strings"
	"testing"
)

// Each language has every phrase, with a place for what the English one has a place for.
func TestEveryLanguageSaysEverything(t *testing.T) {
	if len(spoken) != len(Spoken) {
		t.Errorf("%d languages are spoken, %d are listed", len(spoken), len(Spoken))
	}
	english := reflect.ValueOf(Say("en"))
	for _, l := range Spoken {
		if _, known := spoken[l]; !known {
			t.Errorf("%s is listed and not spoken", l)
			continue
		}
		if _, known := common[l]; !known {
			t.Errorf("%s is spoken and cannot be told", l)
		}
		p := reflect.ValueOf(Say(l))
		for i := range p.NumField() {
			name, said, like := p.Type().Field(i).Name, p.Field(i).String(), english.Field(i).String()
			if said == "" || strings.Count(said, "%s") != strings.Count(like, "%s") {
				t.Errorf("%s in %s: %q, as %q", name, l, said, like)
			}
		}
	}
	if Say("xx").Hello != Say("en").Hello {
		t.Error("what is not spoken is not said in English")
	}
}

func TestLanguagesAreTold(t *testing.T) {
	for text, want := range map[string]string{
		"How do I return my lamp?": "en", "Wie kann ich meine Lampe zurückgeben?": "de", "Comment est-ce que je renvoie ma lampe ?": "fr", "¿Cómo puedo devolver la lámpara por favor?": "es",
		"Come posso restituire la mia lampada? Non so dove": "it", "Como posso devolver o meu candeeiro? Não sei onde": "pt", "Hoe kan ik mijn lamp terugsturen?": "nl", "Jak mogę zwrócić lampę?": "pl",
		"Hur kan jag lämna tillbaka min lampa, det är inte bra": "sv", "Hvordan kan jeg returnere min lampe, den er ikke god": "da", "Bu lambayı nasıl iade ederim? Bir sorun var": "tr",
		"ランプを返品したいです": "ja", "我想退货": "zh", "램프를 반품하고 싶어요": "ko", "Как вернуть лампу?": "ru", "Як повернути лампу? Її розбито": "uk", "كيف يمكنني إرجاع المصباح؟": "ar", "Πώς επιστρέφω τη λάμπα;": "el",
		"???": "", "12345": "", "": "", "Xyzzy": "",
	} {
		for range 20 { // whatever order a map is in
			if got := Guess(text); got != want {
				t.Fatalf("%q is %q, want %q", text, got, want)
			}
		}
	}
	if got := Of("ok", "", "de-AT", "fr"); got != "de" {
		t.Errorf("where the text does not tell: %q", got)
	}
	if got := Of("?"); got != "en" {
		t.Errorf("where nothing tells: %q", got)
	}
}
