package copilot

import (
	"slices"
	"strings"

	"deskbell/app/safe"
	"deskbell/app/tongue"
	"deskbell/store"
)

// Which names a conversation.
type Which struct {
	ConversationID store.ID `json:"conversationId"`
}

// talk is a conversation as far as the copilot reads it.
type talk struct {
	*store.Conversation
	visitor *store.Visitor
	first   []store.Message // the beginning, without notes
	last    []store.Message // the end, with notes
}

const (
	beginning = 20
	ending    = 60
)

func read(tx *store.Tx, conversation store.ID) (t talk, err error) {
	if t.Conversation, err = tx.Conversations.ByID(conversation); err != nil {
		return t, err
	}
	if t.visitor, err = tx.Visitors.ByID(t.Visitor); err != nil {
		return t, err
	}
	if t.first, err = tx.Messages.Oldest(conversation, beginning); err != nil {
		return t, err
	}
	t.last, err = tx.Messages.Newest(conversation, 0, true, ending)
	return t, err
}

// all are the messages that were read, each once, in order, without notes and events.
func (t talk) all() []store.Message {
	out := slices.Clone(t.first)
	for _, m := range t.last {
		if m.Kind == "message" && (len(t.first) == 0 || m.ID > t.first[len(t.first)-1].ID) {
			out = append(out, m)
		}
	}
	return out
}

// question is what the visitor said since a person last answered; what they said before where that was nothing.
func (t talk) question() string {
	var said []string
	size := 0
	for i := len(t.last) - 1; i >= 0 && size < 1500 && len(said) < 4; i-- {
		m := t.last[i]
		if m.Kind == "message" && m.SenderType == store.ByAgent && len(said) > 0 {
			break
		}
		if m.Kind == "message" && m.SenderType == store.ByVisitor {
			said = append([]string{m.Content}, said...)
			size += len(m.Content)
		}
	}
	return strings.Join(said, "\n\n")
}

// language is the visitor's: that of what they wrote last, as far as it tells, or else their browser's.
func (t talk) language() string { return tongue.Of(t.question(), t.visitor.Language) }

// names are those of everybody who wrote, to be taken out of what is kept.
func (t talk) names() []string {
	out := []string{t.visitor.Name}
	seen := map[string]bool{"": true, t.visitor.Name: true}
	for _, m := range t.all() {
		if m.SenderType != store.ByBot && !seen[m.SenderName] {
			seen[m.SenderName] = true
			out = append(out, m.SenderName)
		}
	}
	return out
}

// told is what the visitor and people of the team said, without personal data, at most n bytes of each. What the AI agent said is
// from the articles already.
func (t talk) told(n int) (asked, answered []string) {
	names := t.names()
	left := map[bool]int{true: n, false: n}
	for _, m := range t.all() {
		visitor := m.SenderType == store.ByVisitor
		text := safe.Scrub(m.Content, names...)
		if text == "" || m.SenderType == store.BySystem || left[visitor] < len(text) {
			continue
		}
		left[visitor] -= len(text)
		if visitor {
			asked = append(asked, text)
		} else if m.SenderType == store.ByAgent {
			answered = append(answered, text)
		}
	}
	return asked, answered
}

// after is what people of the team said after a message, without personal data, as far as it was read.
func (t talk) after(message store.ID) (list []string) {
	names, left := t.names(), most
	for _, m := range t.all() {
		if m.SenderType != store.ByAgent || m.ID <= message || len(m.Content) > left {
			continue
		}
		if text := safe.Scrub(m.Content, names...); text != "" {
			left -= len(text)
			list = append(list, text)
		}
	}
	return list
}
