package saved

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/store"
)

// A placeholder is {{name}} or {{name|what stands there when nothing is known}}.
var placeholder = regexp.MustCompile(`\{\{\s*([a-zA-Z0-9_.-]{1,80})\s*(?:\|([^{}|\n]{0,100}))?\}\}`)

const attribute = "visitor.attributes." // and the attribute's name

// Placeholders are the names that may stand between the braces, besides those of a visitor's own attributes.
var Placeholders = []string{"visitor.name", "visitor.firstName", "visitor.email", "agent.name", "agent.firstName", "workspace.name"}

// checked refuses what looks like a placeholder and is none.
func checked(content string) error {
	rest := placeholder.ReplaceAllStringFunc(content, func(s string) string {
		name := placeholder.FindStringSubmatch(s)[1]
		for _, p := range Placeholders {
			if name == p {
				return ""
			}
		}
		if strings.HasPrefix(name, attribute) && len(name) > len(attribute) {
			return ""
		}
		return s
	})
	if strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
		return fault.New(fault.Invalid, "A placeholder is not one that is known. There are %s and visitor.attributes.…, each with |words for when it is empty.", strings.Join(Placeholders, ", ")).On("content")
	}
	return nil
}

// Fill puts what is known into a text's placeholders; where nothing is, what stands behind their bar.
func Fill(content string, known map[string]string) string {
	return placeholder.ReplaceAllStringFunc(content, func(s string) string {
		m := placeholder.FindStringSubmatch(s)
		if v := plain(known[m[1]]); v != "" {
			return v
		}
		return strings.TrimSpace(m[2])
	})
}

// plain is a stranger's word without marks that would make more of it than a word.
func plain(s string) string {
	s = strings.Join(strings.Fields(strings.NewReplacer("[", "", "]", "", "<", "", ">", "", "`", "", "*", "", "{", "", "}", "", "\\", "").Replace(s)), " ")
	if r := []rune(s); len(r) > 100 {
		s = string(r[:100])
	}
	return s
}

// Known is what placeholders stand for in a conversation, when somebody answers there.
func Known(tx *store.Tx, who actor.Actor, conversation store.ID) (map[string]string, error) {
	owner, err := tx.Conversations.Owner(conversation)
	if err != nil {
		return nil, err
	}
	v, err := tx.Visitors.ByID(owner)
	if err != nil {
		return nil, err
	}
	w, err := tx.Workspaces.ByID(tx.Workspace)
	if err != nil {
		return nil, err
	}
	known := map[string]string{"visitor.name": v.Name, "visitor.firstName": first(v.Name), "visitor.email": v.Email,
		"agent.name": who.Name, "agent.firstName": first(who.Name), "workspace.name": w.Name}
	var more map[string]any
	if err := json.Unmarshal(v.CustomAttributes, &more); err != nil && len(v.CustomAttributes) > 0 {
		return nil, errors.Join(errors.New("a visitor's attributes"), err)
	}
	for k, x := range more {
		known[attribute+k] = fmt.Sprint(x)
	}
	return known, nil
}

func first(name string) string {
	name, _, _ = strings.Cut(strings.TrimSpace(name), " ")
	return name
}
