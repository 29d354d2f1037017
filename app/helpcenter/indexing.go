package helpcenter

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"deskbell/app/safe"
	"deskbell/store"
)

const glance = 3000 // bytes of a text that are ranked and shown

// beginning is that of a plain text, as one line.
func beginning(plain string) string {
	if len(plain) > glance {
		plain = strings.ToValidUTF8(plain[:glance], "")
	}
	return strings.Join(strings.Fields(plain), " ")
}

// index brings the indices up to date with one text.
func (h *HelpCenter) index(tx *store.Tx, a *store.Article, t *store.Text) error {
	var words []string
	if t.Live && a.Status == "published" {
		words = vocabulary(t.LiveTitle + " " + t.LiveExcerpt + " " + t.LivePlain)
	}
	return tx.Finder.Index(a, t, store.Gists{Live: beginning(t.LivePlain), Draft: draftGist(t)}, words)
}

// draftGist is the beginning of a working copy.
func draftGist(t *store.Text) string { return safe.Line(t.Content, glance) }

// indexAll brings the indices up to date with all texts of an article.
func (h *HelpCenter) indexAll(tx *store.Tx, a *store.Article) error {
	texts, err := tx.Articles.Texts(a.ID)
	for i := range texts {
		err = errors.Join(err, h.index(tx, a, &texts[i]))
	}
	return err
}

const (
	fed  = "help_fed" // stands in the file's meta while an upgrade has the indices filled anew: up to which text
	meal = 25         // texts of one write
)

// Refill fills the indices after an upgrade that made them anew, a few texts at a time, from where it stopped.
func (h *HelpCenter) Refill(ctx context.Context) error {
	for begun := time.Now(); ; {
		var last store.ID
		var next []store.Place
		err := h.db.Read(ctx, 0, func(tx *store.Tx) error {
			mark, err := tx.Meta.Value(fed)
			if err != nil {
				return err
			}
			n, err := strconv.ParseInt(mark, 10, 64)
			if err != nil {
				return err
			}
			last = store.ID(n)
			next, err = tx.Articles.Places(last, meal)
			return err
		})
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(next) == 0 {
			if _, err = h.db.Write(ctx, 0, func(tx *store.Tx) error { return tx.Meta.Remove(fed) }); err == nil {
				h.log.Info("all articles can be found again", "took", time.Since(begun).Round(time.Millisecond).String())
			}
			return err
		}
		of := next[0].Workspace
		_, err = h.db.Write(ctx, of, func(tx *store.Tx) error {
			done := map[store.ID]bool{}
			for _, p := range next {
				if p.Workspace != of {
					break
				}
				if last = p.Text; done[p.Article] {
					continue
				}
				done[p.Article] = true
				a, err := tx.Articles.ByID(p.Article)
				if err == nil {
					err = h.indexAll(tx, a)
				}
				if err != nil && !errors.Is(err, store.ErrNotFound) {
					return err
				}
			}
			return tx.Meta.Set(fed, strconv.FormatInt(int64(last), 10))
		})
		if err != nil {
			return err
		}
	}
}

// Tidy brings the indices into the form that is searched the fastest, in short writes with as long a pause after each.
func (h *HelpCenter) Tidy(ctx context.Context) error {
	for more := true; more; {
		var took time.Duration
		_, err := h.db.Write(ctx, 0, func(tx *store.Tx) (err error) {
			begun := time.Now()
			more, err = tx.Finder.Tidy(16)
			took = time.Since(begun)
			return err
		})
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(took):
		}
	}
	return nil
}

// vocabulary are the words that typing errors are held against, each once.
func vocabulary(text string) []string {
	seen := map[string]bool{}
	out := []string{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		if n := utf8.RuneCountInString(w); n < 4 || n > 30 || seen[w] || len(out) == 3000 {
			continue
		}
		seen[w] = true
		out = append(out, w)
	}
	return out
}
