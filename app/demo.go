package app

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"strings"
	"time"

	"deskbell/app/account"
	"deskbell/app/actor"
	"deskbell/app/inbox"
	"deskbell/app/may"
	"deskbell/app/saved"
	"deskbell/app/workspace"
	"deskbell/store"
)

// demo fills an empty data directory with a workspace that looks alive, and serves a shop that embeds its widget. It
// goes through the same doors as everybody.
func (a *App) demo(ctx context.Context) error {
	var id store.ID
	err := a.DB.Read(ctx, 0, func(tx *store.Tx) error {
		u, err := tx.Users.ByEmail("owner@demo.test")
		if err != nil {
			return nil
		}
		list, err := tx.Members.OfUser(u.ID)
		if len(list) > 0 {
			id = list[0].Workspace
		}
		return err
	})
	if err != nil {
		return err
	}
	if id == 0 {
		if id, err = a.fill(ctx); err != nil {
			return err
		}
	}
	page := []byte(shop(id))
	a.Web.Page("/demo", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(page)
	})
	return nil
}

// fill makes the demo's workspace, in the past: the database's clock is as far behind as what is written is old.
func (a *App) fill(ctx context.Context) (store.ID, error) {
	defer a.behind.Store(0)
	a.ago(20 * 24 * time.Hour)
	owner, id, err := a.Accounts.Found(ctx, account.Founder{Name: "Jule Petersen", Email: "owner@demo.test", Password: "demo-password-1", WorkspaceName: "Nordlicht"})
	if err != nil {
		return 0, err
	}
	staff := actor.Actor{Kind: actor.Staff, Workspace: id, User: owner, Name: "Jule Petersen", Role: may.RoleOwner, Permissions: may.All}
	if err := a.colleagues(ctx, staff); err != nil {
		return 0, err
	}
	if err := a.demoHelp(ctx, staff); err != nil {
		return 0, err
	}
	for _, r := range demoReplies {
		if _, err := saved.New(a.DB).Create(ctx, staff, r); err != nil {
			return 0, err
		}
	}
	tags := map[string]store.ID{}
	for _, name := range []string{"dimmer", "wholesale", "before purchase", "spare part", "invoice", "returns", "damaged"} {
		t, err := a.Inbox.CreateTag(ctx, staff, inbox.NewTag{Name: name})
		if err != nil {
			return 0, err
		}
		tags[name] = t.ID
	}
	err = a.meanwhile(ctx, func(ctx context.Context) error {
		if err := a.learned(ctx, id); err != nil {
			return err
		}
		for _, talk := range talks {
			if err := a.talk(ctx, staff, talk, tags); err != nil {
				return err
			}
		}
		a.behind.Store(0)
		return a.bell(ctx, staff, true)
	})
	return id, err
}

func (a *App) colleagues(ctx context.Context, staff actor.Actor) error {
	spaces := workspace.New(a.DB, a.URL, a.Accounts)
	for _, m := range []struct{ name, email, role string }{{"Mads Holm", "agent@demo.test", may.RoleAgent}, {"Asta Dahl", "viewer@demo.test", may.RoleViewer}} {
		in, err := spaces.Invite(ctx, staff, workspace.Invite{Email: m.email, Role: m.role})
		if err != nil {
			return err
		}
		_, token, _ := strings.Cut(in.URL, "token=")
		if _, err := spaces.Accept(ctx, actor.Actor{Kind: actor.Anonymous}, workspace.Accept{Token: token, Name: m.name, Password: "demo-password-1"}); err != nil {
			return err
		}
	}
	return nil
}

var demoReplies = []saved.NewReply{
	{Shared: true, Name: "Ask for the serial number", Shortcut: "serial", Folder: "Repairs", Content: "Hello {{visitor.firstName|there}}, could you send me the serial number? It stands under the base and begins with two letters."},
	{Shared: true, Name: "Return label", Shortcut: "return", Folder: "Orders", Content: "Hello {{visitor.firstName|there}},\n\nhere is how to return your lamp:\n\n1. Print the label that I attach.\n2. Pack the lamp as it came.\n3. Leave it at any parcel shop.\n\nThe money is back within five days of its arrival."},
	{Shared: true, Name: "Thank you and goodbye", Shortcut: "bye", Content: "You are welcome, {{visitor.firstName|and thank you for writing}}! Write again whenever something flickers. {{agent.firstName}}"},
	{Shared: true, Name: "Gift wrapping", Folder: "Orders", Content: "We wrap any lamp in recycled paper for 4 euros. Say so in the note to your order, and add the words for the card.", ForAI: true},
	{Name: "Workshop visits", Shortcut: "visit", Content: "You are welcome to visit the workshop, Tuesday to Friday, 10 to 16. Ring at the green door."},
}

// shop is a page such as a customer has, with the widget's two lines at its end.
func shop(id store.ID) string {
	var goods strings.Builder
	for _, g := range []struct{ name, price, tint string }{{"Skagen", "€189", "#ece0cd"}, {"Fjord", "€240", "#dde5dc"}, {"Polar", "€129", "#eed9d0"}, {"Havn", "€98", "#dbe3ea"}, {"Lumen", "€310", "#e9dfe6"}, {"Skagen Mini", "€119", "#ece6cf"}} {
		fmt.Fprintf(&goods, `<li><div style="background:%s"></div><b>%s</b><span>%s</span></li>`, g.tint, html.EscapeString(g.name), g.price)
	}
	return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Nordlicht lamps</title>
<style>body{margin:0;font:16px/1.5 system-ui,sans-serif;background:#f6f0e6;color:#241f19}main{max-width:960px;margin:0 auto;padding:32px 20px}h1{font-size:40px;line-height:1.1;margin:48px 0 8px}
ul{list-style:none;padding:0;margin:32px 0;display:grid;gap:20px;grid-template-columns:repeat(auto-fill,minmax(220px,1fr))}li div{aspect-ratio:1;border-radius:8px;margin-bottom:8px}li span{float:right}nav b{font-size:20px;margin-right:32px}</style>
<main><nav><b>Nordlicht</b> Lamps &nbsp; Spare parts &nbsp; Workshop</nav><h1>Light for long evenings</h1><p>Lamps made in Flensburg, one at a time. Repairable for as long as you own them.</p><ul>` + goods.String() + `</ul></main>
<script>window.deskbellSettings = {workspaceId: "` + id.String() + `"}</script>
<script async src="/widget.js"></script></html>`
}
