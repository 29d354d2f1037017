package app_test

import (
	"strings"
	"testing"

	"deskbell/app/tongue"
)

// Without a model, whatever the program says by itself is in the visitor's language, in each that it speaks: what a visitor is
// told when a person takes over, the note that the team finds, a draft and a summary.
func TestWithoutAModelTheProgramSpeaksTheVisitorsLanguage(t *testing.T) {
	d := newDesk(t)
	d.ok(d.owner, "aiAgent.updateSettings", m{"enabled": true, "topics": []string{"Fjord"}})
	article := d.article("Fjord", "Fjord 30 Fjord: 30.")
	d.learned(1)
	for language, question := range map[string]string{
		"en": "Where is the Fjord and how do I return it?", "de": "Wo ist die Fjord und wie kann ich sie zurückgeben?", "fr": "Où est la Fjord et comment je la renvoie ?", "es": "¿Dónde está la Fjord y cómo puedo devolver el artículo?",
		"it": "Dove è la Fjord e come posso restituire il prodotto?", "pt": "Onde está a Fjord e como posso devolver? Não sei, por favor", "nl": "Waar is de Fjord en hoe kan ik het terugsturen?", "pl": "Gdzie jest Fjord i jak mogę go zwrócić?",
		"sv": "Var är Fjord och hur kan jag lämna tillbaka den?", "da": "Hvor er Fjord og hvordan kan jeg returnere den?", "tr": "Fjord nerede ve nasıl iade ederim? Bu bir sorun",
	} {
		say := tongue.Say(language)
		v := d.ok("", "widgetSessions.boot", m{"workspaceId": d.workspace, "user": m{"name": "Clara Wenzel"}})["sessionToken"].(string)
		c := d.say(v, question)
		d.shows(v, c, func(x m) bool { return x["content"] == say.PassedOn })
		note := ""
		for _, x := range d.ok(d.owner, "messages.list", m{"conversationId": c})["items"].([]any) {
			if x.(m)["kind"] == "note" {
				note = x.(m)["content"].(string)
			}
		}
		if !strings.HasPrefix(note, say.Topic) || !strings.Contains(note, "**"+say.Asked+":** ") {
			t.Errorf("%s: the note says %q", language, note)
		}
		draft := d.ok(d.owner, "copilot.draft", m{"conversationId": c})
		if draft["how"] != "extractive" || !strings.HasPrefix(draft["content"].(string), strings.Replace(say.Hello, "%s", " Clara", 1)+"\n\n") || draft["sources"].([]any)[0].(m)["id"] != article {
			t.Errorf("%s: drafted %v", language, draft)
		}
		sum := d.ok(d.owner, "copilot.summarize", m{"conversationId": c})["summary"].(string)
		for _, want := range []string{say.AskedFirst, say.State + ":** " + say.Waiting, say.HandedOver, say.Messages} {
			if !strings.Contains(sum, want) {
				t.Errorf("%s: %q is missing: %s", language, want, sum)
			}
		}
	}

	// Where the words do not tell, the browser does; and where the workspace has decided on a language, that is spoken.
	v := d.ok("", "widgetSessions.boot", m{"workspaceId": d.workspace, "device": m{"language": "nl-BE"}})["sessionToken"].(string)
	d.shows(v, d.say(v, "Fjord?"), func(x m) bool { return x["content"] == tongue.Say("nl").PassedOn })
	d.ok(d.owner, "aiAgent.updateSettings", m{"language": "pl"})
	w := d.visitor("wanda")
	d.shows(w, d.say(w, "Where is the Fjord?"), func(x m) bool { return x["content"] == tongue.Say("pl").PassedOn })
}
