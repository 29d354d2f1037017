package ai

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"deskbell/app/recall"
	"deskbell/app/tongue"
	"deskbell/store"
)

// Weights are those of logistic regressions (Cox, 1958) for whether an answer is right.
type Weights struct {
	Bias, Meaning, Covered, Astray float64 // of the passages' own words, by their signs
	ModelBias, Found, Sure         float64 // of a model's answer: the logit of the former, and what the model says of itself, -1 to 1
}

// Fitted are the weights in use. They are the fit to testdata/recall, as `go test ./app/ai/fit -run TestConfidence -v` computes and
// prints it; that test fails where they are not. Decision 0014 says what they rest on.
var Fitted = Weights{Bias: -5.36, Meaning: 10.51, Covered: 0.50, Astray: -45.47, ModelBias: -0.01, Found: 0.48, Sure: 1.16}

// Signs are what speaks for passages answering a question, and against it.
type Signs struct {
	Meaning float64 // the greatest cosine among the best passages and the sentences of the first
	Covered float64 // the greatest part of the question's words that one of them has, 0 to 1
	Astray  float64 // how much nearer the first is to the words that it shares with the question than to the whole of it; at least 0
}

// Confidence is how likely the passages answer, 0 to 1.
func (s Signs) Confidence() float64 {
	return chance(Fitted.Bias + Fitted.Meaning*s.Meaning + Fitted.Covered*s.Covered + Fitted.Astray*s.Astray)
}

// Confidence is how likely the best passages answer a question, 0 to 1, by what is known without reading them more closely.
func Confidence(question string, found []recall.Found) float64 {
	if len(found) == 0 || len(content(question)) == 0 {
		return 0
	}
	return glance(question, found).Confidence()
}

func glance(question string, found []recall.Found) (s Signs) {
	q := content(question)
	for _, f := range found[:min(glanced, len(found))] {
		s.Meaning = max(s.Meaning, f.Meaning)
		s.Covered = max(s.Covered, coverage(q, f.Document.Title+" "+f.Heading+" "+f.Plain))
	}
	return s
}

const (
	glanced       = 3 // passages that are looked at
	mostSentences = 12
	longSentence  = 600 // bytes
)

// Signs reads the first passage closely: sentence by sentence, and whether it is the rest of the question that it does not speak of.
// "Do you sell gift cards" is far nearer to an article about gift wrapping without its last word. All cosines are those of the model
// inside the binary, for which the weights hold, whatever embedder found the passages: those of others lie elsewhere. Where that
// cannot be told, what was found has to do.
func (a *Agent) Signs(ctx context.Context, workspace store.ID, question string, found []recall.Found) Signs {
	if len(found) == 0 || len(content(question)) == 0 {
		return Signs{}
	}
	s := glance(question, found)
	native, err := a.index.Native(ctx, workspace)
	if native && s.Meaning <= 0 {
		return s
	}
	var groups []string
	err = errors.Join(err, a.db.Read(ctx, workspace, func(tx *store.Tx) (err error) { groups, err = tx.Finder.Synonyms(); return err }))
	first := found[0]
	texts, pairs := []string{question}, [][2]int{}
	near := func(text string) {
		texts = append(texts, text)
		pairs = append(pairs, [2]int{0, len(texts) - 1})
	}
	passages := found[:min(glanced, len(found))]
	if native {
		passages = nil // they are known
	}
	for _, f := range passages {
		near(recall.Text(f.FoundChunk))
	}
	for _, sentence := range sentences(first.Plain) {
		near(first.Document.Title + ". " + sentence)
	}
	common, other := parted(question, first.Document.Title+" "+first.Heading+" "+first.Plain, groups)
	strays := len(common) > 0 && len(other) > 0
	if strays {
		texts = append(texts, recall.Text(first.FoundChunk), strings.Join(common, " "))
		pairs = append(pairs, [2]int{len(texts) - 2, len(texts) - 1})
	}
	var angles []float64
	if err == nil {
		angles, err = recall.Angles(ctx, texts, pairs)
	}
	if err != nil {
		a.log.Warn("the AI agent reads no passage closely", "workspace", workspace, "error", err)
		return s
	}
	if !native {
		s.Meaning = max(0, slices.Max(angles[:len(passages)]))
	}
	if strays {
		s.Astray = max(0, angles[len(angles)-1]-s.Meaning)
		angles = angles[:len(angles)-1]
	}
	for _, angle := range angles {
		s.Meaning = max(s.Meaning, angle)
	}
	return s
}

// sentences are those of a text, roughly: enough to compare them with a question.
func sentences(plain string) (list []string) {
	for _, s := range strings.FieldsFunc(plain, func(r rune) bool { return strings.ContainsRune(".;?!。\n", r) }) {
		if s = strings.TrimSpace(s); utf8.RuneCountInString(s) > 3 && len(list) < mostSentences {
			list = append(list, strings.ToValidUTF8(s[:min(len(s), longSentence)], ""))
		}
	}
	return list
}

// parted are the words of a question that a text has, in any form or by a word that the workspace says means the same, and those that
// it has not.
func parted(question, text string, groups []string) (common, other []string) {
	has := tongue.Tokens(text)
	spoken := func(w string) bool {
		for _, h := range has {
			if forms(w, h) {
				return true
			}
		}
		return false
	}
	seen := map[string]bool{}
	for _, w := range tongue.Tokens(question) {
		if stop[w] || german[w] || utf8.RuneCountInString(w) < 2 || seen[w] {
			continue
		}
		seen[w] = true
		is := spoken(w)
		for _, g := range groups {
			same := tongue.Tokens(g)
			means := false
			for _, other := range same {
				means = means || forms(w, other)
			}
			for _, other := range same {
				is = is || means && spoken(other)
			}
		}
		if is {
			common = append(common, w)
		} else {
			other = append(other, w)
		}
	}
	return common, other
}

// forms reports whether two words are forms of one: they begin alike, and differ in three letters at their ends at most.
func forms(a, b string) bool {
	x, y := []rune(a), []rune(b)
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	if n == len(x) && n == len(y) {
		return true
	}
	return n >= 3 && len(x)-n <= 3 && len(y)-n <= 3 && n >= max(len(x), len(y))/2
}

// Blend joins the confidence from what was found with what a model says of itself, 0 to 1; below 0 it did not say.
func Blend(confidence, sure float64) float64 {
	if sure < 0 {
		return confidence
	}
	return chance(Fitted.ModelBias + Fitted.Found*Logit(confidence) + Fitted.Sure*(2*sure-1))
}

// Logit is the logarithm of the odds of a chance, which is held between 1 and 99 %.
func Logit(p float64) float64 {
	p = min(max(p, 0.01), 0.99)
	return math.Log(p / (1 - p))
}

// chance is the inverse of Logit.
func chance(logit float64) float64 { return 1 / (1 + math.Exp(-logit)) }
