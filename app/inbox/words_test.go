package inbox_test

import (
	"fmt"
	"strings"
	"testing"

	"deskbell/app/apptest"
)

// A conversation is found by all the words of a message, the last one as far as it is written, in any script; by words
// that stand in two messages it is not. What cannot be a word finds nothing, and says so without an error.
func TestAConversationIsFoundByItsWords(t *testing.T) {
	d := apptest.New(t)
	texts := map[string]string{
		"lamp":   "The brass **lamp** flickers, order 4711. Write to clara@example.com, please.",
		"german": "Die Größe stimmt nicht, das Café hat geöffnet",
		"hindi":  "मेरा पार्सल नहीं आया",
		"adlam":  "𞤀𞤣𞤤𞤢𞤥 and ab𞤀cd",
		"lue":    "ᦜᦺᦑᦡ",
		"chair":  "The brass chair is fine",
	}
	ids := map[string]string{}
	for name, text := range texts {
		ids[name] = d.Say(d.Visitor(name), text)
	}
	found := func(q string) string {
		list := d.OK(d.Owner, "conversations.search", m{"q": q})["items"].([]any)
		var names []string
		for _, one := range list {
			for name, id := range ids {
				if one.(m)["id"] == id {
					names = append(names, name)
				}
			}
		}
		return strings.Join(names, " ")
	}
	d.Until("the words are indexed", func() bool { return len(strings.Fields(found("brass"))) == 2 && found("geöffnet") != "" })
	for q, want := range map[string]string{
		"lamp": "lamp", "LAMP flick": "lamp", "flicker lamp": "", "brass lamp order 4711": "lamp", "brass fine": "chair", "lamp fine": "",
		"clara@example.com": "lamp", "grosse": "", "große": "german", "GRÖẞE": "german", "cafe": "german", "café geöff": "german",
		"पार्सल": "hindi", "मेरा पार्सल": "hindi",
		"𞤀𞤣𞤤𞤢𞤥": "adlam", "ab𞤀cd": "adlam", "ab𞤀cd lamp": "", "ᦜᦺᦑ": "lue", "ᦜᦺᦡ": "", `"brass lamp"`: "lamp", "NEAR(brass lamp)": "", "body:lamp": "", "brass OR fine": "", "lamp*": "lamp", "-lamp": "lamp", "***": "", `"`: "",
	} {
		if got := found(q); got != want {
			t.Errorf("%q finds %q, not %q", q, got, want)
		}
	}
	d.OK(d.Owner, "messages.send", m{"conversationId": ids["chair"], "content": "We have a spare lampshade."})
	d.Until("the answer is indexed", func() bool { return found("lampsh") == "chair" })
	if got := found("chair lampshade"); got != "" {
		t.Errorf("words of two messages find %q", got)
	}
}

// However many pieces the index was written in, they are merged behind the writing, and everything is still found.
func TestWordsAreFoundWhileTheIndexIsMerged(t *testing.T) {
	d := apptest.New(t)
	c := d.Say(d.Visitor("clara"), "word0")
	for i := 1; i < 40; i++ {
		d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": fmt.Sprintf("word%d stands here", i)})
		if i%4 == 0 {
			d.Until("it is indexed", func() bool {
				return len(d.OK(d.Owner, "conversations.search", m{"q": fmt.Sprintf("word%d", i)})["items"].([]any)) == 1
			})
		}
	}
	for i := range 40 {
		q := fmt.Sprintf("word%d", i)
		d.Until(q+" is found", func() bool {
			return strings.Contains(apptest.JSON(d.OK(d.Owner, "conversations.search", m{"q": q})), c)
		})
	}
}
