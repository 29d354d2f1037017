package ai

import (
	"context"
	"errors"
	"time"

	"deskbell/app/actor"
	"deskbell/app/recall"
	"deskbell/store"
)

const (
	gathered  = 400                 // questions that are compared
	remember  = 90 * 24 * time.Hour // as far back
	perGo     = 64                  // questions whose meaning is looked for in one go
	thinking  = 5 * time.Second     // for that, while somebody waits
	inGroup   = 20                  // questions that are shown of a group
	mostShown = 60                  // groups
)

// Group is questions that mean the same, which the agent had no answer to.
type Group struct {
	Question  string      `json:"question"` // stands for them
	Count     int         `json:"count"`
	Answered  int         `json:"answered"` // of them, those that a person has answered since
	LastAt    store.Time  `json:"lastAt"`
	Questions []Asked     `json:"questions"` // the first twenty, the one that stands for them first
	RunIDs    []store.ID  `json:"runIds"`    // of all
	Near      *NearestArt `json:"near"`      // the article that came nearest to the one that stands for them
}

// Asked is one of the questions.
type Asked struct {
	RunID          store.ID   `json:"runId"`
	ConversationID store.ID   `json:"conversationId"`
	Question       string     `json:"question"`
	Answered       bool       `json:"answered"` // by a person, since
	CreatedAt      store.Time `json:"createdAt"`
}

// NearestArt is the article that was nearest to a question, though not near enough.
type NearestArt struct {
	ArticleID store.ID `json:"articleId"`
	Title     string   `json:"title"`
}

// Groups are the unanswered questions of the last ninety days.
type Groups struct {
	Items    []Group `json:"items"`
	Total    int     `json:"total"`    // questions
	Pending  int     `json:"pending"`  // of them, those whose meaning is not known yet: they stand alone
	Complete bool    `json:"complete"` // there are no older ones within the time
}

// Unanswered gathers the questions that the agent had no answer to by what they mean, the most asked first: it was not sure enough,
// the model failed, or it had no budget left. What a person answered since is among them: nobody wrote it down yet.
func (a *Agent) Unanswered(ctx context.Context, who actor.Actor, _ Empty) (out Groups, err error) {
	waiting, cancel := context.WithTimeout(ctx, thinking)
	defer cancel()
	if err := a.understand(waiting, who.Workspace); err != nil && ctx.Err() == nil { // those stand alone until they are understood
		a.log.Warn("what unanswered questions mean", "error", err)
	}
	model, err := a.index.Wanted(ctx, who.Workspace)
	if err != nil {
		return out, err
	}
	out.Items = []Group{}
	err = a.db.Read(ctx, who.Workspace, func(tx *store.Tx) error {
		list, err := tx.AI.Questions(tx.Now().Add(-remember), gathered+1)
		if err != nil {
			return err
		}
		out.Complete = len(list) <= gathered
		list = list[:min(len(list), gathered)]
		vectors := make([][]float32, len(list))
		for i := range list {
			if list[i].Model == model {
				vectors[i] = list[i].Vector()
			}
			if vectors[i] == nil {
				out.Pending++
			}
		}
		out.Total = len(list)
		groups := gather(vectors)
		for _, g := range groups[:min(len(groups), mostShown)] {
			out.Items = append(out.Items, group(list, g))
		}
		return a.nearest(tx, out.Items)
	})
	return out, err
}

func group(list []store.AIQuestion, of []int) Group {
	g := Group{Question: clipped(list[of[0]].Asked), Count: len(of), Questions: []Asked{}}
	for k, i := range of {
		q := list[i]
		g.LastAt = max(g.LastAt, q.CreatedAt)
		g.RunIDs = append(g.RunIDs, q.Run)
		if q.ByPerson {
			g.Answered++
		}
		if k < inGroup {
			g.Questions = append(g.Questions, Asked{q.Run, q.Conversation, clipped(q.Asked), q.ByPerson, q.CreatedAt})
		}
	}
	return g
}

func clipped(s string) string {
	if r := []rune(s); len(r) > 300 {
		return string(r[:300]) + "…"
	}
	return s
}

// nearest says which article was nearest to what stands for each group.
func (a *Agent) nearest(tx *store.Tx, groups []Group) error {
	ids := make([]store.ID, len(groups))
	for i := range groups {
		ids[i] = groups[i].RunIDs[0]
	}
	found, err := tx.AI.Found(ids)
	if err != nil {
		return err
	}
	for i := range groups {
		for _, c := range found[ids[i]] {
			if c.Source == store.FromArticle && c.Meaning > 0.3 {
				groups[i].Near = &NearestArt{c.SourceID, c.Title}
				break
			}
		}
	}
	return nil
}

// Settle names questions that have been dealt with.
type Settle struct {
	RunIDs []store.ID `json:"runIds" minItems:"1" maxItems:"400"`
}

// Settled is how many there were.
type Settled struct {
	Count int64 `json:"count"`
}

// Settle takes questions off the list: somebody wrote an article, or none is needed.
func (a *Agent) Settle(ctx context.Context, who actor.Actor, in Settle) (out Settled, err error) {
	_, err = a.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		out.Count, err = tx.AI.Settle(in.RunIDs)
		return err
	})
	return out, err
}

// Understand looks for what new questions mean, in every workspace that has some.
func (a *Agent) Understand(ctx context.Context) error {
	var list []store.ID
	err := a.db.Read(ctx, 0, func(tx *store.Tx) (err error) {
		list, err = tx.AI.Unmeant(100)
		return err
	})
	for _, ws := range list {
		err = errors.Join(err, a.understand(ctx, ws))
	}
	return err
}

// understand keeps the vectors of the newest questions that have none of the wanted model.
func (a *Agent) understand(ctx context.Context, workspace store.ID) error {
	model, err := a.index.Wanted(ctx, workspace)
	if err != nil {
		return err
	}
	var runs []store.ID
	var texts []string
	err = a.db.Read(ctx, workspace, func(tx *store.Tx) error {
		list, err := tx.AI.Questions(tx.Now().Add(-remember), gathered)
		for _, q := range list {
			if q.Model != model && len(texts) < perGo {
				runs, texts = append(runs, q.Run), append(texts, recall.Plain(q.Asked))
			}
		}
		return err
	})
	if err != nil || len(runs) == 0 {
		return err
	}
	model, vectors, err := a.index.Vectors(ctx, workspace, texts)
	if err != nil {
		return err
	}
	_, err = a.db.Write(ctx, workspace, func(tx *store.Tx) error {
		for i, v := range vectors {
			if err := tx.AI.Meant(runs[i], model, v); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}
