package ai_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"deskbell/app"
	"deskbell/app/apptest"
	"deskbell/app/llm/llmtest"
	"deskbell/store"
)

// tells asks a door again and again until its answer fits.
func (d *desk) tells(door string, fits func(m) bool) (out m) {
	d.T.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if out = d.OK(d.Owner, door, m{}); fits(out) {
			return out
		}
		if time.Now().After(deadline) {
			d.T.Fatalf("%s: %v", door, out)
		}
	}
}

func TestAnotherEmbedderLearnsWhileTheFormerOneAnswers(t *testing.T) {
	d, s := newDeskWithModel(t)
	d.OK(d.Owner, "aiAgent.updateSettings", m{"enabled": true, "useModel": false})
	d.Article("Returning a lamp", "You can return a lamp within 30 days.")
	d.Learned(1)
	builtin := d.OK(d.Owner, "aiAgent.getEmbedder", m{})
	if builtin["protocol"] != "" || builtin["serving"] == "" || builtin["done"] != 1.0 {
		t.Errorf("builtin: %v", builtin)
	}
	choice := m{"protocol": "openai", "baseUrl": s.URL + "/v1", "model": "vectors-1", "key": apptest.ModelKey}
	for _, bad := range []llmtest.Mode{llmtest.Failing, llmtest.Zero, llmtest.Truncated, llmtest.Fewer, llmtest.Denied, llmtest.Redirecting, llmtest.Huge} {
		s.Behave(bad)
		d.Refused("unavailable", d.Owner, "aiAgent.updateEmbedder", choice)
	}
	d.Refused("invalid", d.Owner, "aiAgent.updateEmbedder", m{"protocol": "openai", "baseUrl": "http://169.254.169.254/v1", "model": "x"})
	d.Refused("invalid", d.Owner, "aiAgent.updateEmbedder", m{"protocol": "ollama", "baseUrl": s.URL, "model": " "})
	if now := d.OK(d.Owner, "aiAgent.getEmbedder", m{}); apptest.JSON(now) != apptest.JSON(builtin) {
		t.Errorf("a refused choice changed something: %v", now)
	}
	s.Behave(llmtest.Good)
	if out := d.OK(d.Owner, "aiAgent.updateEmbedder", choice); out["keyEnd"] != "WXYZ" || strings.Contains(apptest.JSON(out), "0123456789") {
		t.Errorf("chosen: %v", out)
	}
	d.tells("aiAgent.getEmbedder", func(x m) bool { return strings.Contains(x["serving"].(string), "vectors-1") && x["done"] == x["total"] })
	if agent := d.OK(d.Member("agent"), "aiAgent.getEmbedder", m{}); agent["baseUrl"] != "" || agent["keyEnd"] != "" {
		t.Errorf("an agent sees %v", agent)
	}
	s.Behave(llmtest.Failing) // new pieces wait, the question is answered by its words
	d.Article("Invoices", "Every invoice is in your account under Orders.")
	d.tells("aiAgent.getEmbedder", func(x m) bool { return x["trouble"] != nil && x["total"] == 2.0 && x["done"] == 1.0 })
	if out := d.OK(d.Owner, "aiAgent.ask", m{"question": "Where is my invoice?"}); !strings.Contains(apptest.JSON(out["found"]), "Invoices") {
		t.Errorf("by words: %v", out)
	}
	d.OK(d.Owner, "aiAgent.updateEmbedder", m{"protocol": ""})
	d.tells("aiAgent.getEmbedder", func(x m) bool { return x["serving"] == builtin["serving"] && x["done"] == 2.0 && x["trouble"] == nil })
	stranger := d.Stranger()
	if out := d.OK(stranger, "aiAgent.getEmbedder", m{}); out["total"] != 0.0 {
		t.Errorf("another workspace sees %v", out)
	}
	closed := newDesk(t)
	closed.Refused("invalid", closed.Owner, "aiAgent.updateEmbedder", choice)
	closed.Refused("invalid", closed.Owner, "aiAgent.updateEmbedder", m{"protocol": "openai", "baseUrl": "https://localhost:1/v1", "model": "x"})
}

// An edit changes only what it changes: the other parts of the article keep their vectors, and no language that is taken away
// stays behind.
func TestAnEditKeepsTheVectorsOfWhatStays(t *testing.T) {
	d, s := newDeskWithModel(t)
	d.OK(d.Owner, "aiAgent.updateSettings", m{"enabled": true, "useModel": false})
	d.OK(d.Owner, "aiAgent.updateEmbedder", m{"protocol": "openai", "baseUrl": s.URL + "/v1", "model": "vectors-1", "key": apptest.ModelKey})
	part := func(name string) string {
		return "## " + name + "\n\n" + strings.Repeat(name+" is told here. ", 60) + "\n\n"
	}
	id := d.Wrote("Lamps", part("Apples")+part("Pears")+part("Plums"), nil)
	all := d.tells("aiAgent.getEmbedder", func(x m) bool { return x["total"].(float64) >= 3 && x["done"] == x["total"] })
	s.Behave(llmtest.Failing) // from now on there are no new vectors
	d.OK(d.Owner, "articles.update", m{"articleId": id, "content": part("Apples") + part("Cherries") + part("Plums")})
	d.OK(d.Owner, "articles.publish", m{"articleId": id})
	d.tells("aiAgent.getEmbedder", func(x m) bool {
		return x["trouble"] != nil && x["total"] == all["total"] && x["done"] == all["total"].(float64)-1
	})
	d.OK(d.Owner, "articles.update", m{"articleId": id, "visibility": "internal"})
	d.tells("aiAgent.getEmbedder", func(x m) bool { return x["total"] == all["total"] && x["done"] == 0.0 })
	d.OK(d.Owner, "articles.unpublish", m{"articleId": id})
	s.Behave(llmtest.Good)
	d.tells("aiAgent.getEmbedder", func(x m) bool { return x["total"] == 0.0 })
}

// embeds is a model server whose vectors have so many dimensions. Of batches it answers so many, and fails then; questions
// it always answers.
type embeds struct {
	*httptest.Server
	dims, batches atomic.Int64
}

func newEmbeds(t *testing.T, dims, batches int64) *embeds {
	t.Helper()
	e := &embeds{}
	e.dims.Store(dims)
	e.batches.Store(batches)
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Input []string }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || len(in.Input) > 1 && e.batches.Add(-1) < 0 {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		data := []m{}
		for i, text := range in.Input {
			v := make([]float32, e.dims.Load())
			for k, c := range []byte(text) {
				v[k%len(v)] += float32(c)
			}
			data = append(data, m{"index": i, "embedding": v})
		}
		json.NewEncoder(w).Encode(m{"data": data})
	}))
	t.Cleanup(e.Close)
	return e
}

func (e *embeds) choice(model string) m {
	return m{"protocol": "openai", "baseUrl": e.URL + "/v1", "model": model, "key": apptest.ModelKey}
}

// Another server with other dimensions fails amid the index, and the one that serves changes its dimensions: the former
// vectors serve, the questions are answered throughout, and no two lengths stand side by side. (F-26)
func TestAnEmbedderThatFailsOrChangesItsDimensionsHidesNothing(t *testing.T) {
	d := &desk{apptest.With(t, app.Options{PrivateAI: true})}
	d.OK(d.Owner, "aiAgent.updateSettings", m{"enabled": true, "useModel": false})
	for i := range 40 {
		d.Article(fmt.Sprint("Lamp ", i), fmt.Sprintf("Lamp number%d is returned within %d days.", i, i))
	}
	d.Learned(40)
	found := func(when string) {
		t.Helper()
		if out := d.OK(d.Owner, "aiAgent.ask", m{"question": "When is lamp number7 returned?"}); !strings.Contains(apptest.JSON(out["found"]), "Lamp 7") {
			t.Errorf("%s: %v", when, out)
		}
	}
	one, other := newEmbeds(t, 12, 1000), newEmbeds(t, 20, 1)
	d.OK(d.Owner, "aiAgent.updateEmbedder", one.choice("first"))
	d.tells("aiAgent.getEmbedder", func(x m) bool {
		found("while the first learns")
		return strings.Contains(x["serving"].(string), "first") && x["done"] == 40.0 && x["done"] == x["total"]
	})
	serving := d.OK(d.Owner, "aiAgent.getEmbedder", m{})["serving"].(string)
	d.OK(d.Owner, "aiAgent.updateEmbedder", other.choice("second"))
	d.tells("aiAgent.getEmbedder", func(x m) bool { return x["trouble"] != nil && x["done"].(float64) > 0 })
	if amid := d.OK(d.Owner, "aiAgent.getEmbedder", m{}); amid["serving"] != serving || amid["done"] == amid["total"] {
		t.Errorf("amid the failure: %v", amid)
	}
	found("amid the failure")
	if lengths := d.lengths(serving); len(lengths) != 1 || lengths[12] != 40 {
		t.Errorf("the former vectors: %v", lengths)
	}
	d.Article("Lamp 40", "Lamp number40 is returned never.") // what is new is learned by the one that serves
	for deadline := time.Now().Add(time.Minute); d.lengths(serving)[12] != 41; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the former vectors: %v", d.lengths(serving))
		}
	}
	other.batches.Store(1000)
	d.OK(d.Owner, "aiAgent.updateEmbedder", other.choice("second"))
	d.tells("aiAgent.getEmbedder", func(x m) bool {
		found("while the second learns")
		return strings.Contains(x["serving"].(string), "second") && x["done"] == 41.0 && x["trouble"] == nil
	})
	now := d.OK(d.Owner, "aiAgent.getEmbedder", m{})["serving"].(string)
	if lengths := d.lengths(now); len(lengths) != 1 || lengths[20] != 41 {
		t.Errorf("the next vectors: %v", lengths)
	}
	other.dims.Store(7) // under the same name
	d.Article("Lamp 41", "Lamp number41 is returned tomorrow.")
	d.tells("aiAgent.getEmbedder", func(x m) bool { return strings.Contains(fmt.Sprint(x["trouble"]), "7 dimensions") })
	found("with other dimensions under the same name")
	if lengths := d.lengths(now); len(lengths) != 1 || lengths[20] != 41 {
		t.Errorf("vectors of two lengths: %v", lengths)
	}
}

// lengths counts the vectors of a model by their length.
func (d *desk) lengths(model string) map[int]int {
	d.T.Helper()
	out := map[int]int{}
	err := d.App.DB.Read(d.T.Context(), d.Space(), func(tx *store.Tx) error {
		list, err := tx.Chunks.Vectors(model)
		for i := range list {
			out[len(list[i].Vector())]++
		}
		return err
	})
	if err != nil {
		d.T.Fatal(err)
	}
	return out
}

// What a server embeds stands in the same books as what the model says, and within the same budgets; beyond them nothing is
// sent, and words answer.
// Budgets hold for an embedder where there is no language model, and outlast one that is taken away.
func TestBudgetsNeedNoLanguageModel(t *testing.T) {
	d, s := newDeskWithModel(t)
	d.OK(d.Owner, "aiAgent.updateModel", m{"provider": "", "monthBudget": 5_000_000})
	if now := d.OK(d.Owner, "aiAgent.getModel", m{}); now["provider"] != "" || now["ready"] != false || now["keySet"] != false || now["monthBudget"] != 5e6 {
		t.Errorf("without the model: %v", now)
	}
	d.Refused("invalid", d.Owner, "aiAgent.updateModel", m{"model": "x"})
	d.Refused("invalid", d.Owner, "aiAgent.updateModel", m{"budgetUnit": "cents"})
	d.OK(d.Owner, "aiAgent.updateModel", m{"monthBudget": 0})
	d.OK(d.Owner, "aiAgent.updateSettings", m{"enabled": true})
	d.OK(d.Owner, "aiAgent.updateEmbedder", m{"protocol": "openai", "baseUrl": s.URL + "/v1", "model": "vectors-1", "key": apptest.ModelKey, "price": 200_000})
	d.OK(d.Owner, "aiAgent.updateModel", m{"dayBudget": 1})
	asked := len(s.Asked())
	d.Article("Invoices", "Every invoice is in your account under Orders.")
	d.tells("aiAgent.getEmbedder", func(x m) bool { return strings.Contains(fmt.Sprint(x["trouble"]), "budget") })
	if n := len(s.Asked()) - asked; n != 0 {
		t.Errorf("%d requests went out beyond the budget", n)
	}
	d.OK(d.Owner, "aiAgent.updateModel", m{"budgetUnit": "cents", "dayBudget": 100})
	d.tells("aiAgent.getEmbedder", func(x m) bool {
		return strings.Contains(x["serving"].(string), "vectors-1") && x["done"] == 1.0 && x["trouble"] == nil
	})
	if now := d.OK(d.Owner, "aiAgent.getModel", m{}); now["provider"] != "" || now["budgetUnit"] != "cents" || now["dayBudget"] != 100.0 || now["today"].(m)["tokens"] == 0.0 {
		t.Errorf("with budgets alone: %v", now)
	}
	if out := d.OK(d.Owner, "aiAgent.ask", m{"question": "Where is my invoice?"}); out["model"] != nil && out["model"] != "" {
		t.Errorf("a model is asked that there is none of: %v", out)
	}
}

func TestEmbeddingIsPaidFromTheBudget(t *testing.T) {
	d, s := newDeskWithModel(t)
	d.OK(d.Owner, "aiAgent.updateSettings", m{"enabled": true, "useModel": false})
	d.OK(d.Owner, "aiAgent.updateEmbedder", m{"protocol": "openai", "baseUrl": s.URL + "/v1", "model": "vectors-1", "key": apptest.ModelKey, "price": 200_000})
	d.Article("Returning a lamp", "You can return a lamp within 30 days.")
	d.tells("aiAgent.getEmbedder", func(x m) bool { return strings.Contains(x["serving"].(string), "vectors-1") && x["done"] == 1.0 })
	list := d.Calls()
	if len(list) == 0 || list[0].Purpose != "embed" || list[0].Model != "vectors-1" || list[0].TokensIn%7 != 0 || list[0].TokensIn == 0 || list[0].Estimated || list[0].Cost != int64(list[0].TokensIn)*200_000 {
		t.Fatalf("the books: %+v", list)
	}
	sum := 0
	for _, c := range list {
		sum += c.TokensIn
	}
	today := d.OK(d.Owner, "aiAgent.getModel", m{})["today"].(m)
	if today["tokens"] != float64(sum) || today["cents"] != float64(sum*200_000)/1e6 {
		t.Errorf("%d tokens are told as %v", sum, today)
	}
	d.OK(d.Owner, "aiAgent.updateModel", m{"dayBudget": sum + 1})
	asked := len(s.Asked())
	d.Article("Invoices", "Every invoice is in your account under Orders.")
	d.tells("aiAgent.getEmbedder", func(x m) bool { return strings.Contains(fmt.Sprint(x["trouble"]), "budget") })
	if out := d.OK(d.Owner, "aiAgent.ask", m{"question": "Where is my invoice?"}); !strings.Contains(apptest.JSON(out["found"]), "Invoices") {
		t.Errorf("by words: %v", out)
	}
	if now := len(s.Asked()); now != asked || len(d.Calls()) != len(list) {
		t.Errorf("%d requests went out beyond the budget, %d calls were noted", now-asked, len(d.Calls())-len(list))
	}
	d.OK(d.Owner, "aiAgent.updateModel", m{"dayBudget": 0})
	d.tells("aiAgent.getEmbedder", func(x m) bool { return x["done"] == 2.0 && x["trouble"] == nil })
	s.Behave(llmtest.Failing) // what fails costs nothing
	before := d.OK(d.Owner, "aiAgent.getModel", m{})["today"].(m)["tokens"]
	d.Article("Opening hours", "From nine to five.")
	d.tells("aiAgent.getEmbedder", func(x m) bool { return x["trouble"] != nil })
	if after := d.OK(d.Owner, "aiAgent.getModel", m{})["today"].(m)["tokens"]; after != before {
		t.Errorf("a failure cost %v, before %v", after, before)
	}
	if last := d.Calls()[0]; last.Outcome != "failed" || last.TokensIn != 0 {
		t.Errorf("the failure stands as %+v", last)
	}
}

// How sure the agent is does not hang on whose vectors find the passages: their cosines mean something else with each model. The
// server is asked for the question's vector alone.
func TestConfidenceIsTheSameWhoeverEmbeds(t *testing.T) {
	d, s := newDeskWithModel(t)
	d.OK(d.Owner, "aiAgent.updateSettings", m{"enabled": true, "useModel": false})
	d.Article("Returning a lamp", "You can return a lamp within **30 days**. Use the label in the box; the parcel is free of charge.")
	d.Learned(1)
	asked := []string{lampQuestion, "Does the moon have its own postal code?"}
	var before []float64
	for _, q := range asked {
		before = append(before, d.OK(d.Owner, "aiAgent.ask", m{"question": q})["confidence"].(float64))
	}
	d.OK(d.Owner, "aiAgent.updateEmbedder", m{"protocol": "openai", "baseUrl": s.URL + "/v1", "model": "vectors-1", "key": apptest.ModelKey})
	d.tells("aiAgent.getEmbedder", func(x m) bool { return strings.Contains(x["serving"].(string), "vectors-1") && x["done"] == 1.0 })
	for i, q := range asked {
		n := len(s.Asked())
		now := d.OK(d.Owner, "aiAgent.ask", m{"question": q})["confidence"].(float64)
		if now < before[i]-0.05 || now > before[i]+0.05 {
			t.Errorf("%q: %.2f, by the model inside the program %.2f", q, now, before[i])
		}
		if more := s.Asked()[n:]; len(more) != 1 || strings.Count(more[0], "lamp") > 1 {
			t.Errorf("%q: the server was asked %q", q, more)
		}
	}
	if before[0] < 0.6 || before[1] > 0.4 {
		t.Errorf("confidence %v", before)
	}
}
