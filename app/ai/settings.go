package ai

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/outside"
	"deskbell/app/recall"
	"deskbell/app/safe"
	"deskbell/store"
)

// Empty is an input or output without fields.
type Empty struct{}

// Settings are how the workspace wants its AI agent.
type Settings struct {
	Enabled       bool     `json:"enabled"`
	Name          string   `json:"name"`
	Threshold     float64  `json:"threshold"`
	MaxTurns      int      `json:"maxTurns"`
	HandoffNotice *string  `json:"handoffNotice"`
	AwayNotice    *string  `json:"awayNotice"`
	Topics        []string `json:"topics"`
	Rules         []Rule   `json:"rules"`
	Hours         *Hours   `json:"hours"` // null: people are always there
	UseModel      bool     `json:"useModel"`
	Instructions  string   `json:"instructions"`
	Tone          string   `json:"tone"`
	Language      string   `json:"language"` // "": the visitor's
	Guidance      []string `json:"guidance"`
	NeverSay      []string `json:"neverSay"`
	LinkOrigins   []string `json:"linkOrigins"`
	Indexed       int      `json:"indexed"` // of the knowledge's pieces, how many are found by meaning
	Pieces        int      `json:"pieces"`
}

// Rule sends the conversations of visitors with an attribute to people.
type Rule struct {
	Attribute string `json:"attribute" minLength:"1" maxLength:"60"`
	Value     string `json:"value" maxLength:"120"`
}

func shown(tx *store.Tx, s *store.AISettings) (Settings, error) {
	out := Settings{Enabled: s.Enabled, Name: s.Name, Threshold: s.Threshold, MaxTurns: s.MaxTurns, HandoffNotice: door.Maybe(s.HandoffNotice), AwayNotice: door.Maybe(s.AwayNotice),
		UseModel: s.UseModel, Instructions: s.Instructions, Tone: s.Tone, Language: s.Language, Rules: rules(s), Hours: hours(s),
		Topics: lines(s.Topics), Guidance: lines(s.Guidance), NeverSay: lines(s.NeverSay), LinkOrigins: lines(s.LinkOrigins)}
	p, err := recall.Progress(tx)
	out.Indexed, out.Pieces = p.Done, p.Total
	return out, err
}

// lines reads a list that UpdateSettings has written.
func lines(raw json.RawMessage) []string {
	list := []string{}
	_ = json.Unmarshal(raw, &list) // as written below
	return list
}

func rules(s *store.AISettings) []Rule {
	list := []Rule{}
	_ = json.Unmarshal(s.Rules, &list)
	return list
}

func hours(s *store.AISettings) *Hours {
	var h *Hours
	if s.Hours != "" {
		_ = json.Unmarshal([]byte(s.Hours), &h)
	}
	return h
}

// Settings tells the settings, and how far the knowledge is indexed.
func (a *Agent) Settings(tx *store.Tx, _ actor.Actor, _ Empty) (Settings, error) {
	s, err := tx.AI.Settings()
	if err != nil {
		return Settings{}, err
	}
	return shown(tx, s)
}

// Update is what may be changed of the settings.
type Update struct {
	Enabled       *bool     `json:"enabled,omitempty"`
	Name          *string   `json:"name,omitempty" maxLength:"60"`
	Threshold     *float64  `json:"threshold,omitempty" minimum:"0" maximum:"1"`
	MaxTurns      *int      `json:"maxTurns,omitempty" minimum:"1" maximum:"50"`
	HandoffNotice *string   `json:"handoffNotice,omitempty" maxLength:"1000"`
	AwayNotice    *string   `json:"awayNotice,omitempty" maxLength:"1000"`
	Topics        *[]string `json:"topics,omitempty" maxItems:"50"`
	Rules         *[]Rule   `json:"rules,omitempty" maxItems:"20"`
	Hours         *Hours    `json:"hours,omitempty"`
	UseModel      *bool     `json:"useModel,omitempty"`
	Instructions  *string   `json:"instructions,omitempty" maxLength:"4000"`
	Tone          *string   `json:"tone,omitempty" enum:"friendly,neutral,formal,brief"`
	Language      *string   `json:"language,omitempty" pattern:"^([a-z]{2,3})?$"`
	Guidance      *[]string `json:"guidance,omitempty" maxItems:"50"`
	NeverSay      *[]string `json:"neverSay,omitempty" maxItems:"100"`
	LinkOrigins   *[]string `json:"linkOrigins,omitempty" maxItems:"20"`
}

// UpdateSettings changes the settings. Office hours without days are none.
func (a *Agent) UpdateSettings(ctx context.Context, who actor.Actor, in Update) (out Settings, err error) {
	lists, err := in.lists()
	if err != nil {
		return out, err
	}
	if in.Name != nil && safe.Text(*in.Name) == "" {
		return out, fault.New(fault.Invalid, "Give the agent a name.").On("name")
	}
	open, err := in.Hours.written()
	if err != nil {
		return out, err
	}
	_, err = a.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		s, err := tx.AI.Settings()
		if err != nil {
			return err
		}
		if in.Enabled != nil && *in.Enabled && !s.Enabled {
			s.EnabledAt = tx.Now()
		}
		door.Set(&s.Enabled, in.Enabled)
		door.Set(&s.Threshold, in.Threshold)
		door.Set(&s.MaxTurns, in.MaxTurns)
		door.Set(&s.UseModel, in.UseModel)
		door.Set(&s.Tone, in.Tone)
		door.Set(&s.Language, in.Language)
		for to, from := range map[*string]*string{&s.Name: in.Name, &s.HandoffNotice: in.HandoffNotice, &s.AwayNotice: in.AwayNotice, &s.Instructions: in.Instructions} {
			if from != nil {
				*to = safe.Text(*from)
			}
		}
		if in.Hours != nil {
			s.Hours = open
		}
		for to, list := range map[*json.RawMessage]json.RawMessage{&s.Topics: lists.topics, &s.Guidance: lists.guidance, &s.NeverSay: lists.neverSay, &s.LinkOrigins: lists.origins, &s.Rules: lists.rules} {
			if list != nil {
				*to = list
			}
		}
		if err := tx.AI.SetSettings(s); err != nil {
			return err
		}
		out, err = shown(tx, s)
		return err
	})
	return out, err
}

type lists struct{ topics, guidance, neverSay, origins, rules json.RawMessage }

// lists tidies the lists; one that does not change is nil.
func (in Update) lists() (l lists, err error) {
	if l.topics, err = tidy(in.Topics, "topics", 60, strings.ToLower); err != nil {
		return l, err
	}
	if l.guidance, err = tidy(in.Guidance, "guidance", 300, nil); err != nil {
		return l, err
	}
	if l.neverSay, err = tidy(in.NeverSay, "neverSay", 100, nil); err != nil {
		return l, err
	}
	if in.LinkOrigins != nil {
		for _, o := range *in.LinkOrigins {
			if o = strings.TrimSpace(o); o == "" {
				continue
			}
			if u, err := outside.URL(o, outside.Public); err != nil || u.Path != "" && u.Path != "/" || u.RawQuery != "" {
				return l, fault.New(fault.Invalid, "A site looks like https://shop.example, without a path.").On("linkOrigins")
			}
		}
		if l.origins, err = tidy(in.LinkOrigins, "linkOrigins", 200, func(s string) string { return strings.ToLower(strings.TrimRight(s, "/")) }); err != nil {
			return l, err
		}
	}
	if in.Rules != nil {
		l.rules, err = json.Marshal(*in.Rules)
	}
	return l, err
}

// tidy trims the lines of a list and leaves empty ones out; nil is no change.
func tidy(list *[]string, field string, most int, also func(string) string) (json.RawMessage, error) {
	if list == nil {
		return nil, nil
	}
	out := []string{}
	for _, w := range *list {
		w = strings.Join(strings.Fields(safe.Text(w)), " ")
		if also != nil {
			w = also(w)
		}
		if w == "" {
			continue
		}
		if utf8.RuneCountInString(w) > most {
			return nil, fault.New(fault.Invalid, "A line here has at most %d characters.", most).On(field)
		}
		out = append(out, w)
	}
	return json.Marshal(out)
}
