// Package fit_test fits what the agent's confidence rests on, and holds what is in use against it. It stands apart because it
// takes its time.
package fit_test

import (
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"deskbell/app/actor"
	"deskbell/app/ai"
	"deskbell/app/apptest"
	"deskbell/app/llm/llmtest"
	"deskbell/app/recall"
	"deskbell/store"
)

type m = map[string]any

func TestMain(m *testing.M) { apptest.Main(m) }

// standIn is a model of which is known how often it is right, and how sure it says it is.
type standIn struct {
	name         string
	right        float64    // how often it answers from the right passage, where that is among those it was given
	admits       float64    // how often it says that it does not know, where it is not
	sure, unsure [2]float64 // SURE is drawn evenly from here when it is right, and when it is wrong
}

var standIns = []standIn{
	{"careful", 0.95, 0.9, [2]float64{75, 100}, [2]float64{10, 60}},
	{"timid", 0.9, 0.8, [2]float64{40, 80}, [2]float64{10, 50}},
	{"boastful", 0.85, 0.5, [2]float64{85, 100}, [2]float64{75, 100}},
	{"careless", 0.7, 0.3, [2]float64{30, 100}, [2]float64{20, 90}},
}

// told is what a stand-in made of a question.
type told struct {
	sure  float64
	right bool
}

// answer is what the stand-in says to a question, and whether that is right. The same question has the same answer.
func (s standIn) answer(h apptest.Heard, q quiz, title string) (string, told) {
	f := fnv.New64a()
	f.Write([]byte(s.name + h.Question + title))
	r := rand.New(rand.NewPCG(f.Sum64(), 1))
	says := func(passage, text string, from [2]float64, right bool) (string, told) {
		n := math.Round(from[0] + r.Float64()*(from[1]-from[0]))
		first, _, _ := strings.Cut(recall.Plain(text), ". ")
		return fmt.Sprintf("SURE: %.0f\n%s [%s].", n, strings.TrimRight(first, ".:?! "), passage), told{n / 100, right}
	}
	wrong, there := -1, -1
	for i := len(h.Passages) - 1; i >= 0; i-- { // in the end the first of each kind
		if title != "" && h.Passages[i].Title == title {
			there = i
		} else {
			wrong = i
		}
	}
	if there >= 0 && r.Float64() < s.right {
		return says(h.Passages[there].ID, h.Passages[there].Text, s.sure, true)
	}
	if wrong < 0 || there < 0 && r.Float64() < s.admits {
		return "SURE: 0", told{}
	}
	return says(h.Passages[wrong].ID, h.Passages[wrong].Text, s.unsure, false)
}

// Confidence is a number with a meaning: over questions that the articles answer and questions that they do not, the answers at a
// confidence are right about as often as it says, be they the articles' words or those of models that are right at known rates.
// And the weights in use are the fit, not somebody's liking.
func TestConfidenceMeansWhatItSays(t *testing.T) {
	d, server := apptest.WithModel(t)
	further := func(name string) store.ID {
		id, err := store.ParseID(d.OK(d.Owner, "workspaces.create", m{"name": name})["id"].(string))
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	list := quizzes(t)
	answered, near := havn(t)
	shelves := []shelf{shelve(d, d.Space(), halved(t, 0), list), shelve(d, further("Else"), halved(t, 1), list), shelve(d, further("Havn"), markdown(t, "havn/"), append(answered, near...))}
	known, nearly := map[string]quiz{}, map[string]bool{}
	for _, q := range slices.Concat(list, answered, near) {
		known[q.text] = q
	}
	for _, q := range near {
		nearly[q.text] = true
	}
	answerable := 0.0
	for _, q := range list {
		if q.article != "" {
			answerable++
		}
	}
	// Each question of the list is asked twice, of a help center that knows its answer and of one that does not. Those without an answer
	// count so much that half of all questions have one. What only nearly has one counts in full: it is what visitors ask.
	rare := answerable / (2*float64(len(list)) - answerable)

	var own, models []sample
	var ownQ, modelsQ []string
	var mu sync.Mutex
	said, fell := map[string]told{}, map[string]int{}
	var by standIn
	var here shelf
	server.Script(func(body string) llmtest.Reply {
		h := apptest.Read(t, body)
		text, what := by.answer(h, known[h.Question], here.title[known[h.Question].article])
		mu.Lock()
		said[h.Question] = what
		mu.Unlock()
		return llmtest.Reply{Text: text}
	})
	for _, s := range shelves[1:] {
		d.OK(d.Owner, "aiAgent.updateModel", m{"workspaceId": s.workspace.String(), "provider": "openai", "baseUrl": server.URL + "/v1", "model": "model-a"})
	}
	for k := range shelves {
		here = shelves[k]
		who := actor.Actor{Kind: actor.AI, Workspace: here.workspace}
		for i, q := range here.asked {
			found, err := d.App.Recall.Find(t.Context(), recall.Query{Workspace: here.workspace, Text: q.text, Sources: []store.ChunkSource{store.FromArticle}, Limit: 6, PerDocument: 2})
			if err != nil {
				t.Fatal(err)
			}
			weight := rare
			if _, there := here.title[q.article]; there || nearly[q.text] {
				weight = 1
			}
			signs := d.App.Agent.Signs(t.Context(), here.workspace, q.text, found)
			confidence := signs.Confidence()
			right := len(found) > 0 && q.article != "" && here.article[found[0].Document.SourceID] == q.article
			own, ownQ = append(own, sample{[]float64{1, signs.Meaning, signs.Covered, signs.Astray}, confidence, right, weight, kind(q, here, nearly)}), append(ownQ, q.text)

			by = standIns[(i+k)%len(standIns)]
			out, err := d.App.Agent.Try(t.Context(), who, ai.Try{Question: q.text})
			if err != nil {
				t.Fatal(err)
			}
			mu.Lock()
			what, asked := said[q.text]
			delete(said, q.text)
			mu.Unlock()
			if out.Fallback != nil {
				fell[*out.Fallback]++
			}
			if !asked || what.sure == 0 || out.Answer == "" || out.Fallback != nil && *out.Fallback != "unsure" {
				continue // it admitted not to know, or what it said was no answer: nothing is said at any confidence
			}
			if math.Abs(out.Confidence-ai.Blend(confidence, what.sure)) > 1e-9 {
				t.Errorf("%s: confidence %v, of %v and %v", q.text, out.Confidence, confidence, what.sure)
			}
			models, modelsQ = append(models, sample{[]float64{1, ai.Logit(confidence), 2*what.sure - 1}, out.Confidence, what.right, weight, by.name}), append(modelsQ, q.text)
		}
	}
	t.Logf("not used of what models said: %v", fell)
	newOwn, newModels := unseen(own, ownQ), unseen(models, modelsQ)
	table(t, "the articles' words, weights in use", own)
	table(t, "the articles' words, out of sample", newOwn)
	table(t, "models, weights in use", models)
	table(t, "models, out of sample", newModels)
	for _, s := range standIns {
		var of []sample
		for _, one := range models {
			if one.who == s.name {
				of = append(of, one)
			}
		}
		brier, without, calibration := marks(of)
		t.Logf("  %s: %d answers, Brier score %.3f (%.3f without), calibration error %.3f", s.name, len(of), brier, without, calibration)
	}
	a, b := fit(own), fit(models)
	f := ai.Fitted
	t.Logf("fit: Weights{Bias: %.2f, Meaning: %.2f, Covered: %.2f, Astray: %.2f, ModelBias: %.2f, Found: %.2f, Sure: %.2f}", a[0], a[1], a[2], a[3], b[0], b[1], b[2])
	for i, inUse := range []float64{f.Bias, f.Meaning, f.Covered, f.Astray, f.ModelBias, f.Found, f.Sure} {
		if is := append(slices.Clone(a), b...)[i]; math.Abs(is-inUse) > max(0.1, math.Abs(is)/50) {
			t.Errorf("weight %d in use is %.2f, the fit says %.2f", i, inUse, is)
		}
	}
	for _, of := range []struct {
		what string
		list []sample
		left float64 // at most, of the square error of one who knows only the share of right ones
	}{{"the articles' words", own, 0.65}, {"the articles' words, out of sample", newOwn, 0.65}, {"models", models, 0.8}, {"models, out of sample", newModels, 0.8}} {
		if brier, without, calibration := marks(of.list); brier > of.left*without || calibration > 0.08 {
			t.Errorf("%s: Brier score %.3f (%.3f without), calibration error %.3f", of.what, brier, without, calibration)
		}
	}
	sent, wrong := 0.0, 0.0
	asked, told, good := map[string]int{}, map[string]int{}, map[string]int{}
	for _, s := range own {
		asked[s.who]++
		if s.said < 0.6 {
			continue
		}
		told[s.who]++
		sent += s.weight
		if s.right {
			good[s.who]++
		} else {
			wrong += s.weight
		}
	}
	t.Logf("at 0.6, of what is sent in the articles' words %.0f %% is right", 100*(1-wrong/sent))
	for _, who := range slices.Sorted(maps.Keys(asked)) {
		t.Logf("  %s: %d asked, %d answered, %d of them right", who, asked[who], told[who], good[who])
	}
	if wrong > 0.2*sent {
		t.Errorf("of what is sent, %.0f %% is wrong", 100*wrong/sent)
	}
	if told[nearMiss] > asked[nearMiss]/4 || good[written] < asked[written]*9/20 {
		t.Errorf("%d of %d near misses are answered, and rightly %d of %d questions that have an answer", told[nearMiss], asked[nearMiss], good[written], asked[written])
	}
}

// Kinds of questions.
const (
	written  = "the article is there"
	missing  = "nothing is there"
	nearMiss = "only a neighbour is there (Havn)"
	ofHavn   = "the article is there (Havn)"
)

func kind(q quiz, s shelf, nearly map[string]bool) string {
	_, there := s.title[q.article]
	switch {
	case nearly[q.text]:
		return nearMiss
	case there && len(s.title) < 30 && len(s.asked) < 150:
		return ofHavn
	case there:
		return written
	}
	return missing
}
