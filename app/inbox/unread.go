package inbox

import (
	"cmp"
	"slices"

	"deskbell/app/actor"
	"deskbell/store"
)

// UnreadForMe is what waits for one agent: how many conversations, and the newest of them.
type UnreadForMe struct {
	Total int          `json:"total"`
	Items []UnreadTalk `json:"items"`
}

// UnreadTalk is a conversation whose newest message one has not read.
type UnreadTalk struct {
	ID        store.ID   `json:"id"`
	MessageID store.ID   `json:"messageId"`
	Name      string     `json:"name"`
	Preview   string     `json:"preview"`
	At        store.Time `json:"at"`
	Mine      bool       `json:"mine"`
}

const newest = 10 // conversations that UnreadForMe names

// UnreadForMe tells which open conversations, of one's own and of nobody's, hold a visitor's message that one has not
// read. What a colleague holds is theirs to read.
func (b *Inbox) UnreadForMe(tx *store.Tx, who actor.Actor, _ Empty) (UnreadForMe, error) {
	out := UnreadForMe{Items: []UnreadTalk{}}
	holders := []store.ID{0}
	if who.User != 0 {
		holders = append(holders, who.User)
	}
	for _, holder := range holders {
		list, err := tx.Conversations.Unread(holder, who.User)
		if err != nil {
			return out, err
		}
		for _, w := range list {
			out.Items = append(out.Items, UnreadTalk{w.ID, w.Message, cmp.Or(w.Name, w.Email, w.Readable), w.Preview, w.At, holder != 0})
		}
	}
	out.Total = len(out.Items)
	slices.SortFunc(out.Items, func(a, b UnreadTalk) int { return cmp.Compare(b.MessageID, a.MessageID) })
	out.Items = out.Items[:min(newest, len(out.Items))]
	return out, nil
}
