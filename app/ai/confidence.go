package ai

import (
	"math"

	"deskbell/app/recall"
)

// Weights are those of logistic regressions (Cox, 1958) for whether an answer is right.
type Weights struct {
	Bias, Meaning, Covered float64 // of the passages' own words
	ModelBias, Found, Sure float64 // of a model's answer: the logit of the former, and what the model says of itself, -1 to 1
}

// Fitted are the weights in use. They are the fit to testdata/recall, as `go test ./app/ai/fit -run TestConfidence -v` computes and
// prints it; that test fails where they are not. Decision 0014 says what they rest on.
var Fitted = Weights{Bias: -5.25, Meaning: 11.31, Covered: 0.98, ModelBias: 0.05, Found: 0.51, Sure: 1.26}

// Confidence is how likely the best passages answer a question, 0 to 1: from how near they are in meaning, and from
// how much of the question they speak of.
func Confidence(question string, found []recall.Found) float64 {
	if len(found) == 0 || len(content(question)) == 0 {
		return 0
	}
	meaning, covered := Nearness(question, found)
	return chance(Fitted.Bias + Fitted.Meaning*meaning + Fitted.Covered*covered)
}

// Nearness is what Confidence rests on: the greatest cosine among the best passages, and the greatest part of the question's words
// that one of them has.
func Nearness(question string, found []recall.Found) (meaning, covered float64) {
	q := content(question)
	for _, f := range found[:min(3, len(found))] {
		meaning = max(meaning, f.Meaning)
		covered = max(covered, coverage(q, f.Document.Title+" "+f.Heading+" "+f.Plain))
	}
	return meaning, covered
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
