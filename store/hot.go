package store

// hot are conversations as the writer's transaction last read or wrote them: each message reads its conversation first, and
// writes a dozen columns of it that the next message reads again. They are the writer's alone, who is one.
//
// What anything else does to a row is seen by the observer, which forgets it here; a transaction or a job that is undone
// forgets all.
type hot map[ID]Conversation

const warm = 1024 // conversations that are kept

func (h hot) keep(c *Conversation) {
	if h == nil { // a reader's
		return
	}
	for id := range h {
		if len(h) < warm {
			break
		}
		delete(h, id)
	}
	h[c.ID] = *c
}

// of is a conversation of a workspace, for whoever asks to change as they like.
func (h hot) of(workspace, id ID) (*Conversation, bool) {
	c, ok := h[id]
	if !ok || c.Workspace != workspace {
		return nil, false
	}
	return &c, true
}
