package app

import (
	"context"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/helpcenter"
	"deskbell/store"
)

type demoArticle struct{ title, about, text string }

var demoShelves = []struct {
	name, about, icon string
	articles          []demoArticle
}{
	{"Bulbs and dimmers", "Sockets, colour of light, what may be dimmed.", "bulb", []demoArticle{
		{"Which dimmers work with our lamps", "What to look for on the wall, and which ones we tested.", "All our lamps since 2021 can be dimmed. If yours flickers or hums, the dimmer is nearly always the reason: older ones expect a load of 40 W, and an LED lamp draws six.\n\n> [!WARNING]\n> **Switch off the fuse first.** Wall dimmers carry mains voltage even when the light is off. If you are unsure, ask an electrician.\n\n## Find out which one you have\n\n1. Look for a symbol on the front: **R,C** means trailing edge and is fine. **R,L** means leading edge and is not.\n2. Turn the minimum screw a quarter to the right, until the light is steady.\n3. Try one lamp at a time.\n\n## Tested in our workshop\n\n| Dimmer | Edge | Works from | With |\n|---|---|---|---|\n| Busch 6523 | Trailing | 2 W | All lamps |\n| Gira 2440 | Trailing | 3 W | All lamps |\n| Jung 1730 | Both | 3 W | All but Skagen Mini |\n\n## It still flickers\n\nSkagen lamps with a serial from **SK-2610** got a weak driver. Write to us with the serial and we send a new one; swapping it takes five minutes."},
		{"My lamp flickers", "Three checks that solve nine of ten cases, in this order.", "1. **The bulb.** Screw it in until it stops, then half a turn less force. A loose bulb flickers.\n2. **The dimmer.** Turn it to full. If the light is steady there, the dimmer does not fit.\n3. **The driver.** The serial stands under the base. From **SK-2610** to **SK-2618** we replace it for free."},
		{"Bulbs for every lamp", "Socket, power and colour for each model.", "| Lamp | Socket | At most |\n|---|---|---|\n| Skagen | E27 | 8 W LED |\n| Fjord | E27 | 12 W LED |\n| Polar | GU10 | 5 W LED |\n| Havn | E14 | 6 W LED |\n\nWe recommend **2700 K** for living rooms and **3000 K** for desks."},
	}},
	{"Repairs and spare parts", "Send a lamp in, or swap a part yourself.", "wrench", []demoArticle{
		{"Swap a driver yourself", "Five minutes and one screwdriver.", "> [!WARNING]\n> Pull the plug and wait a minute.\n\n1. Loosen the two screws under the base.\n2. Pull the white connector straight out.\n3. Push the new one in until it clicks.\n\n> [!TIP]\n> Keep the old driver: we recycle it if you send it back."},
		{"Send a lamp in for repair", "", "Write to us first: we send a label and a box with padding. Most lamps are back within **eight working days**. Repairs within ten years of purchase cost nothing but the postage."},
		{"Order a new shade", "", "Shades are made to order and take a week. Tell us the model and the year, which stands beside the serial under the base."},
	}},
	{"Orders and delivery", "Where it is, how to change it, customs.", "truck", []demoArticle{
		{"Where is my order?", "", "The tracking number comes by e-mail when the parcel leaves our workshop. Within Germany it takes two days, to the rest of the EU three to five."},
		{"Change or cancel an order", "", "Until the parcel is packed, simply answer the confirmation e-mail. After that, send it back unopened."},
		{"Delivery outside the EU", "", "We ship to Norway, Switzerland, the United Kingdom and the United States. Customs are paid on delivery; our papers state the value of the goods without tax."},
	}},
	{"Returns and warranty", "30 days to change your mind, 10 years on metal.", "undo", []demoArticle{
		{"Return a lamp", "", "You have 30 days. Write to us for a label, pack the lamp as it came, and leave it at any parcel shop. The money is back within five days of its arrival."},
		{"What the warranty covers", "", "Ten years on metal and wood, five on drivers, two on switches and cables. Shades that faded in the sun are not covered, but we sell them at half the price."},
		{"The parcel arrived damaged", "", "Please keep the box and send us **two photos**: one of the damage, one of the label. We replace the part, not the lamp, so that nothing is thrown away."},
	}},
}

// demoHelp fills the demo's help center with twelve articles.
func (a *App) demoHelp(ctx context.Context, staff actor.Actor) error {
	tagline := door.Patch[string]{Set: true, Value: "Answers about lamps, bulbs, repairs and orders."}
	if _, err := a.Help.UpdateSettings(ctx, staff, helpcenter.UpdateSettings{Tagline: tagline, Synonyms: &[]string{"lamp, light, luminaire", "bulb, light bulb", "return, send back"}}); err != nil {
		return err
	}
	for _, s := range demoShelves {
		c, err := a.Help.CreateCollection(ctx, staff, helpcenter.NewCollection{Name: s.name, Description: s.about, Icon: s.icon})
		if err != nil {
			return err
		}
		for _, t := range s.articles {
			if err := a.demoArticle(ctx, staff, c.ID, t); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *App) demoArticle(ctx context.Context, staff actor.Actor, shelf store.ID, t demoArticle) error {
	v, err := a.Help.Create(ctx, staff, helpcenter.NewArticle{Title: t.title, Description: t.about, Content: t.text, CollectionID: shelf})
	if err != nil {
		return err
	}
	_, err = a.Help.Publish(ctx, staff, helpcenter.Publishing{ArticleID: v.ID})
	return err
}
