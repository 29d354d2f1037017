// Package fit_test fits what the agent's confidence rests on, and holds what is in use against it. It stands apart because it
// takes its time.
package fit_test

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"deskbell/app/actor"
	"deskbell/app/ai"
	"deskbell/app/apptest"
	"deskbell/app/llm/llmtest"
	"deskbell/app/recall"
	"deskbell/store"
)

type m = map[string]any

func TestMain(m *testing.M) { apptest.Main(m) }

// quiz is a question of testdata/recall, and the article that answers it; "" is none.
type quiz struct{ text, article string }

func quizzes(t testing.TB) (list []quiz) {
	t.Helper()
	for line := range strings.Lines(fixture(t, "questions.tsv")) {
		if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 3 && !strings.HasPrefix(line, "#") {
			list = append(list, quiz{f[2], f[1]})
		}
	}
	for line := range strings.Lines(fixture(t, "unanswerable.txt")) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			list = append(list, quiz{line, ""})
		}
	}
	return list
}

func fixture(t testing.TB, name string) string {
	t.Helper()
	raw, err := os.ReadFile("../../../testdata/recall/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// shelf is a workspace that knows every second article of testdata/recall.
type shelf struct {
	workspace store.ID
	article   map[store.ID]string
	title     map[string]string
}

// shelve fills a workspace with half of the articles, and waits until they are found by meaning.
func shelve(d *apptest.Desk, workspace store.ID, half int) shelf {
	d.T.Helper()
	s := shelf{workspace, map[store.ID]string{}, map[string]string{}}
	files, err := filepath.Glob("../../../testdata/recall/*.md")
	if err == nil {
		files = slices.DeleteFunc(files, func(f string) bool { return strings.HasSuffix(f, "README.md") })
		_, err = d.App.DB.Write(d.T.Context(), workspace, func(tx *store.Tx) error {
			for i, f := range files {
				if i%2 != half {
					continue
				}
				name := strings.TrimSuffix(filepath.Base(f), ".md")
				title, body, _ := strings.Cut(strings.TrimPrefix(fixture(d.T, filepath.Base(f)), "# "), "\n")
				id := store.ID(1000*(half+1) + i)
				s.article[id], s.title[name] = name, title
				if err := recall.Put(tx, recall.Document{Source: store.FromArticle, ID: id, Published: true, Title: title, Markdown: body}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		d.T.Fatal(err)
	}
	d.App.Recall.Changed(workspace)
	for deadline := time.Now().Add(4 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		var p store.ChunkIndex
		err := d.App.DB.Read(d.T.Context(), workspace, func(tx *store.Tx) (err error) { p, err = recall.Progress(tx); return err })
		if err == nil && p.Total > 0 && p.Done == p.Total {
			return s
		}
		if err != nil || time.Now().After(deadline) {
			d.T.Fatalf("not indexed: %+v, %v", p, err)
		}
	}
}

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

// sample is one answer: what its confidence rests on, what it was, and whether it was right.
type sample struct {
	features []float64
	said     float64
	right    bool
	weight   float64
	who      string
}

// marks say how well numbers mean what they say: the mean square error (Brier, 1950), that of one who always says the share of right
// ones, and the mean distance between what was said and what was so in tenths (expected calibration error; Naeini et al., 2015).
func marks(list []sample) (brier, without, calibration float64) {
	var n, right float64
	said, was := [10]float64{}, [10]float64{}
	for _, s := range list {
		y := 0.0
		if s.right {
			y = 1
		}
		n, right = n+s.weight, right+s.weight*y
		brier += s.weight * (s.said - y) * (s.said - y)
		k := min(9, int(s.said*10))
		said[k], was[k] = said[k]+s.weight*s.said, was[k]+s.weight*y
	}
	for k := range said {
		calibration += math.Abs(said[k] - was[k])
	}
	return brier / n, right / n * (1 - right/n), calibration / n
}

// table shows the reliability by fifths.
func table(t *testing.T, what string, list []sample) {
	t.Helper()
	brier, without, calibration := marks(list)
	t.Logf("%s: %d answers; Brier score %.3f (%.3f without), calibration error %.3f", what, len(list), brier, without, calibration)
	for k := range 5 {
		var n, said, right float64
		count := 0
		for _, s := range list {
			if min(4, int(s.said*5)) != k {
				continue
			}
			count++
			n, said = n+s.weight, said+s.weight*s.said
			if s.right {
				right += s.weight
			}
		}
		if count > 0 {
			t.Logf("  %.1f–%.1f: %3d answers, said %.2f, right %.2f", float64(k)/5, float64(k+1)/5, count, said/n, right/n)
		}
	}
}

// fit is the logistic regression of whether answers are right on their features, by Newton's method.
func fit(list []sample) []float64 {
	k := len(list[0].features)
	b := make([]float64, k)
	for range 40 {
		h, g := make([][]float64, k), make([]float64, k)
		for i := range k {
			h[i] = make([]float64, k+1)
			h[i][i], g[i] = 1e-3, -1e-3*b[i]
		}
		for _, s := range list {
			p := predict(b, s.features)
			y := 0.0
			if s.right {
				y = 1
			}
			for i := range k {
				g[i] += s.weight * (y - p) * s.features[i]
				for j := range k {
					h[i][j] += s.weight * p * (1 - p) * s.features[i] * s.features[j]
				}
			}
		}
		for i := range k {
			h[i][k] = g[i]
		}
		for i := range k { // elimination; h is positive definite
			for r := range k {
				if r == i {
					continue
				}
				f := h[r][i] / h[i][i]
				for c := i; c <= k; c++ {
					h[r][c] -= f * h[i][c]
				}
			}
		}
		for i := range k {
			b[i] += h[i][k] / h[i][i]
		}
	}
	return b
}

func predict(b, features []float64) float64 {
	z := 0.0
	for i := range b {
		z += b[i] * features[i]
	}
	return 1 / (1 + math.Exp(-z))
}

// unseen says of each sample what a fit to the others says, which had no question in common with it.
func unseen(list []sample, question []string) []sample {
	out := slices.Clone(list)
	for fold := range uint64(10) {
		in := func(i int) bool {
			f := fnv.New64a()
			f.Write([]byte(question[i]))
			return f.Sum64()%10 == fold
		}
		var others []sample
		for i := range list {
			if !in(i) {
				others = append(others, list[i])
			}
		}
		b := fit(others)
		for i := range list {
			if in(i) {
				out[i].said = predict(b, list[i].features)
			}
		}
	}
	return out
}

// Confidence is a number with a meaning: over questions that the articles answer and questions that they do not, the answers at a
// confidence are right about as often as it says, be they the articles' words or those of models that are right at known rates.
// And the weights in use are the fit, not somebody's liking.
func TestConfidenceMeansWhatItSays(t *testing.T) {
	d, server := apptest.WithModel(t)
	other, err := store.ParseID(d.OK(d.Owner, "workspaces.create", m{"name": "Else"})["id"].(string))
	if err != nil {
		t.Fatal(err)
	}
	list := quizzes(t)
	known := map[string]quiz{}
	for _, q := range list {
		known[q.text] = q
	}
	shelves := []shelf{shelve(d, d.Space(), 0), shelve(d, other, 1)}
	answerable := 0.0
	for _, q := range list {
		if q.article != "" {
			answerable++
		}
	}
	// Each question is asked twice, of a help center that knows its answer and of one that does not. Those without an answer count so
	// much that half of all questions have one.
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
	d.OK(d.Owner, "aiAgent.updateModel", m{"workspaceId": other.String(), "provider": "openai", "baseUrl": server.URL + "/v1", "model": "model-a"})
	for k := range shelves {
		here = shelves[k]
		who := actor.Actor{Kind: actor.AI, Workspace: here.workspace}
		for i, q := range list {
			found, err := d.App.Recall.Find(t.Context(), recall.Query{Workspace: here.workspace, Text: q.text, Sources: []store.ChunkSource{store.FromArticle}, Limit: 6, PerDocument: 2})
			if err != nil {
				t.Fatal(err)
			}
			weight := rare
			if _, there := here.title[q.article]; there {
				weight = 1
			}
			meaning, covered := ai.Nearness(q.text, found)
			confidence := ai.Confidence(q.text, found)
			right := len(found) > 0 && q.article != "" && here.article[found[0].Document.SourceID] == q.article
			own, ownQ = append(own, sample{[]float64{1, meaning, covered}, confidence, right, weight, "articles"}), append(ownQ, q.text)

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
	t.Logf("fit: Weights{Bias: %.2f, Meaning: %.2f, Covered: %.2f, ModelBias: %.2f, Found: %.2f, Sure: %.2f}", a[0], a[1], a[2], b[0], b[1], b[2])
	for i, inUse := range []float64{f.Bias, f.Meaning, f.Covered, f.ModelBias, f.Found, f.Sure} {
		if is := append(slices.Clone(a), b...)[i]; math.Abs(is-inUse) > 0.1 {
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
	for _, s := range own {
		if s.said >= 0.6 {
			sent += s.weight
			if !s.right {
				wrong += s.weight
			}
		}
	}
	t.Logf("at 0.6, of what is sent in the articles' words %.0f %% is right, and %.0f %% of the questions with an answer get one", 100*(1-wrong/sent), 100*(sent-wrong)/answerable)
	if wrong > 0.2*sent {
		t.Errorf("of what is sent, %.0f %% is wrong", 100*wrong/sent)
	}
}
