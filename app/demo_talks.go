package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"deskbell/app/actor"
	"deskbell/app/ai"
	"deskbell/app/inbox"
	"deskbell/app/recall"
	"deskbell/app/visitor"
	"deskbell/store"
)

// said is a line of a demo conversation. Who is v (the visitor), a (an agent), n (a note), b (whatever Bell, the AI agent,
// makes of the line before), and + or - (the visitor says whether that helped).
type said struct{ who, text string }

type demoTalk struct {
	name, email, page, tag string
	ago                    time.Duration // when it began
	mine, closed           bool
	lines                  []said
}

const hour, daily = time.Hour, 24 * time.Hour

// talks are the demo's conversations, oldest first. What visitors ask is real for a shop of lamps; what Bell answers is
// what the AI agent answers.
var talks = []demoTalk{
	{"Ewa Lis", "ewa.lis@example.com", "/lamps/havn", "returns", 6 * daily, false, true, []said{{"v", "How many days do I have to return a lamp?"}, {"b", ""}, {"+", ""}}},
	{"Rui Costa", "rui.costa@example.com", "/lamps/lumen", "before purchase", 5 * daily, false, true, []said{{"v", "Do you ship to Switzerland?"}, {"b", ""}, {"+", ""}}},
	{"Anneke Vos", "anneke.vos@example.com", "/wholesale", "before purchase", 4*daily + 6*hour, true, false, []said{{"v", "Do you rent out lamps for film sets?"}, {"b", ""}, {"a", "We do not rent, Anneke, but we lend three Fjords to productions in the north. When do you shoot?"}}},
	{"Leonie Brandt", "leonie.brandt@example.com", "/lamps/fjord", "dimmer", 3 * daily, true, true, []said{{"v", "Can the Fjord be dimmed?"}, {"a", "It can, with any trailing-edge dimmer. Set the minimum to about **20 %**."}, {"v", "Perfect, that did it. Thank you!"}}},
	{"Milan Horák", "milan.horak@example.com", "/orders", "damaged", 2*daily + 3*hour, false, false, []said{{"v", "My parcel arrived damaged, what should I do?"}, {"b", ""}, {"+", ""}}},
	{"Marco Bianchi", "marco.bianchi@example.com", "/orders", "damaged", 26 * hour, true, false, []said{{"v", "The parcel arrived with a cracked base. I have photos."}, {"a", "I am sorry, Marco. Please send one photo of the base and one of the label."}, {"n", "Third cracked base this week, same carrier."}, {"v", "Here they come in a minute."}}},
	{"Benoît Lefèvre", "benoit.lefevre@example.com", "/lamps/havn", "before purchase", 22 * hour, false, false, []said{{"v", "Which bulb fits the Havn wall light?"}}},
	{"Ida Sand", "ida.sand@example.com", "/orders", "returns", 19 * hour, false, false, []said{{"v", "Ich möchte bitte mit einem Menschen sprechen."}, {"b", ""}}},
	{"Sofia Marques", "sofia.marques@example.com", "/account", "invoice", 9 * hour, false, false, []said{{"v", "Invoice with our VAT number, please.\n\nThe number is PT 501 964 843."}}},
	{"Tomasz Nowak", "tomasz.nowak@example.com", "/spare-parts", "spare part", 6 * hour, true, false, []said{{"v", "Where can I get a new shade for the Polar?"}, {"a", "The new shade left our workshop today. The tracking number follows by e-mail."}}},
	{"Priya Raman", "priya.raman@example.com", "/lamps/polar", "before purchase", 3 * hour, false, false, []said{{"v", "Does the Polar desk lamp run on 110 V?"}}},
	{"Henrik Dahl", "henrik.dahl@example.com", "/wholesale", "wholesale", 100 * time.Minute, false, false, []said{{"v", "Quote for 24 Fjord pendants"}, {"v", "The hotel opens on 15 January, so we would need them by the end of December."}}},
	{"Clara Wenzel", "clara.wenzel@example.com", "/lamps/skagen-brass", "dimmer", 25 * time.Minute, true, false, []said{{"v", "My Skagen lamp flickers when I dim it."}, {"a", "Good morning Clara, sorry for the flicker. Could you send me the serial number under the base?"}, {"n", "Wasn't there a batch of drivers in October? Serials from SK-2610."}, {"v", "Here you are. At about 20 % it starts, then goes dark. The serial is **SK-2610-0448**."}}},
}

var demoBrowsers = []string{
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
}

// ago sets the demo's clock to so long ago.
func (a *App) ago(d time.Duration) { a.behind.Store(d.Milliseconds()) }

// meanwhile does what a serving program does beside its visitors, until fn is done.
func (a *App) meanwhile(ctx context.Context, fn func(context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var jobs, index error
	var running sync.WaitGroup
	running.Go(func() { jobs = a.jobs.Run(ctx) })
	running.Go(func() { index = a.Recall.Run(ctx) })
	err := fn(ctx)
	stop()
	running.Wait()
	return errors.Join(err, jobs, index)
}

// until looks every few milliseconds whether something is so, for a minute at most.
func (a *App) until(ctx context.Context, workspace store.ID, what string, so func(tx *store.Tx) (bool, error)) error {
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	for {
		yes := false
		err := a.DB.Read(ctx, workspace, func(tx *store.Tx) (err error) {
			yes, err = so(tx)
			return err
		})
		if yes || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("demo: %s: %w", what, ctx.Err())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// learned waits until the help center is found by meaning.
func (a *App) learned(ctx context.Context, workspace store.ID) error {
	return a.until(ctx, workspace, "learning the help center", func(tx *store.Tx) (bool, error) {
		p, err := recall.Progress(tx)
		return err == nil && p.Total > 0 && p.Done == p.Total, err
	})
}

// bell turns the AI agent on or off.
func (a *App) bell(ctx context.Context, staff actor.Actor, on bool) error {
	name := "Bell"
	_, err := a.Agent.UpdateSettings(ctx, staff, ai.Update{Enabled: &on, Name: &name})
	return err
}

func (a *App) talk(ctx context.Context, staff actor.Actor, t demoTalk, tags map[string]store.ID) error {
	a.ago(t.ago)
	if err := a.bell(ctx, staff, len(t.lines) > 1 && t.lines[1].who == "b"); err != nil {
		return err
	}
	boot, err := a.Visitors.Boot(ctx, actor.Actor{UserAgent: demoBrowsers[len(t.name)%len(demoBrowsers)]},
		visitor.Boot{WorkspaceID: staff.Workspace, User: &visitor.Person{Name: t.name, Email: t.email}, URL: "https://nordlicht.example" + t.page})
	if err != nil {
		return err
	}
	v := actor.Actor{Kind: actor.Visitor, Workspace: staff.Workspace, Visitor: boot.Visitor.ID, Name: t.name}
	begun, err := a.Inbox.Start(ctx, v, inbox.Start{Content: t.lines[0].text})
	if err != nil {
		return err
	}
	c := begun.Conversation.ID
	for i, line := range t.lines[1:] {
		if line.who != "b" {
			a.ago(t.ago - time.Duration(i+1)*3*time.Minute)
		}
		if err := a.line(ctx, staff, v, c, line); err != nil {
			return err
		}
	}
	if _, err := a.Inbox.AddTag(ctx, staff, inbox.Tagging{ConversationID: c, TagID: tags[t.tag]}); err != nil {
		return err
	}
	if t.mine {
		if _, err := a.Inbox.Assign(ctx, staff, inbox.Assign{ConversationID: c, AssigneeID: &staff.User}); err != nil {
			return err
		}
	}
	if t.closed {
		_, err = a.Inbox.SetStatus(ctx, staff, inbox.SetStatus{ConversationID: c, Status: store.StatusClosed})
	}
	return err
}

func (a *App) line(ctx context.Context, staff, v actor.Actor, c store.ID, line said) error {
	switch line.who {
	case "v":
		_, err := a.Inbox.Send(ctx, v, inbox.Send{ConversationID: c, Content: line.text})
		return err
	case "b":
		return a.until(ctx, staff.Workspace, "the AI agent's answer", func(tx *store.Tx) (bool, error) {
			list, err := tx.AI.OfConversation(c)
			return len(list) > 0, err
		})
	case "+", "-":
		return a.rated(ctx, v, c, line.who == "+")
	}
	_, err := a.Inbox.Send(ctx, staff, inbox.Send{ConversationID: c, Content: line.text, Internal: line.who == "n"})
	return err
}

// rated has the visitor say whether the AI agent's last answer helped, where it gave one.
func (a *App) rated(ctx context.Context, v actor.Actor, c store.ID, helpful bool) error {
	var answer store.ID
	err := a.DB.Read(ctx, v.Workspace, func(tx *store.Tx) error {
		list, err := tx.AI.OfConversation(c)
		for _, r := range list {
			answer = r.Answer
		}
		return err
	})
	if err != nil || answer == 0 {
		return err
	}
	_, err = a.Agent.Rate(ctx, v, ai.Rate{ConversationID: c, MessageID: answer, Helpful: helpful})
	return err
}
