package ai_test

import (
	"strings"
	"testing"

	"deskbell/app/tongue"
)

// Without a model, whatever the program says by itself is in the visitor's language, in each that it speaks: what a visitor is
// told when a person takes over, the note that the team finds, a draft and a summary.
func TestWithoutAModelTheProgramSpeaksTheVisitorsLanguage(t *testing.T) {
	d := newDesk(t)
	d.OK(d.Owner, "aiAgent.updateSettings", m{"enabled": true, "topics": []string{"Fjord"}})
	article := d.Article("Fjord", "Fjord 30 Fjord: 30.")
	d.Learned(1)
	for language, question := range map[string]string{
		"en": "Where is the Fjord and how do I return it?", "de": "Wo ist die Fjord und wie kann ich sie zurückgeben?", "fr": "Où est la Fjord et comment je la renvoie ?", "es": "¿Dónde está la Fjord y cómo puedo devolver el artículo?",
		"it": "Dove è la Fjord e come posso restituire il prodotto?", "pt": "Onde está a Fjord e como posso devolver? Não sei, por favor", "nl": "Waar is de Fjord en hoe kan ik het terugsturen?", "pl": "Gdzie jest Fjord i jak mogę go zwrócić?",
		"sv": "Var är Fjord och hur kan jag lämna tillbaka den?", "da": "Hvor er Fjord og hvordan kan jeg returnere den?", "tr": "Fjord nerede ve nasıl iade ederim? Bu bir sorun",
	} {
		say := tongue.Say(language)
		v := d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "user": m{"name": "Clara Wenzel"}})["sessionToken"].(string)
		c := d.Say(v, question)
		d.Shows(v, c, func(x m) bool { return x["content"] == say.PassedOn })
		note := ""
		for _, x := range d.OK(d.Owner, "messages.list", m{"conversationId": c})["items"].([]any) {
			if x.(m)["kind"] == "note" {
				note = x.(m)["content"].(string)
			}
		}
		if !strings.HasPrefix(note, say.Topic) || !strings.Contains(note, "**"+say.Asked+":** ") {
			t.Errorf("%s: the note says %q", language, note)
		}
		draft := d.OK(d.Owner, "copilot.draft", m{"conversationId": c})
		if draft["how"] != "extractive" || !strings.HasPrefix(draft["content"].(string), strings.Replace(say.Hello, "%s", " Clara", 1)+"\n\n") || draft["sources"].([]any)[0].(m)["id"] != article {
			t.Errorf("%s: drafted %v", language, draft)
		}
		sum := d.OK(d.Owner, "copilot.summarize", m{"conversationId": c})["summary"].(string)
		for _, want := range []string{say.AskedFirst, say.State + ":** " + say.Waiting, say.HandedOver, say.Messages} {
			if !strings.Contains(sum, want) {
				t.Errorf("%s: %q is missing: %s", language, want, sum)
			}
		}
	}

	// Where the words do not tell, the browser does; and where the workspace has decided on a language, that is spoken.
	v := d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "device": m{"language": "nl-BE"}})["sessionToken"].(string)
	d.Shows(v, d.Say(v, "Fjord?"), func(x m) bool { return x["content"] == tongue.Say("nl").PassedOn })
	d.OK(d.Owner, "aiAgent.updateSettings", m{"language": "pl"})
	w := d.Visitor("wanda")
	d.Shows(w, d.Say(w, "Where is the Fjord?"), func(x m) bool { return x["content"] == tongue.Say("pl").PassedOn })
}
