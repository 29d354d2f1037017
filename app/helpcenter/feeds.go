package helpcenter

import (
	"encoding/xml"
	"strings"
	"time"

	"deskbell/store"
)

type mapped struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

// mostMapped is how many pages a sitemap may list (sitemaps.org).
const mostMapped = 50000

// sitemap lists all pages for search engines.
func (h *HelpCenter) sitemap(v *visit) error {
	out := struct {
		XMLName xml.Name `xml:"urlset"`
		NS      string   `xml:"xmlns,attr"`
		URLs    []mapped `xml:"url"`
	}{NS: "http://www.sitemaps.org/schemas/sitemap/0.9"}
	err := h.read(v, func(tx *store.Tx) error {
		list, err := shelves(tx, v.language)
		if err != nil {
			return err
		}
		for _, l := range append([]string{v.center.Language}, v.center.Languages...) {
			in := h.base(v.center) + tongue(v.center, l)
			out.URLs = append(out.URLs, mapped{Loc: in + "/"})
			for _, s := range list {
				out.URLs = append(out.URLs, mapped{Loc: in + "/c/" + s.Slug})
			}
		}
		articles, err := tx.Articles.AllPublic("", mostMapped-min(len(out.URLs), mostMapped))
		for _, a := range articles {
			out.URLs = append(out.URLs, mapped{h.articleURL(v.center, a.Text.Language, a.Slug), a.LiveAt.Std().Format(time.RFC3339)})
		}
		return err
	})
	if err != nil {
		return err
	}
	return h.xml(v, "application/xml; charset=utf-8", out)
}

func (h *HelpCenter) xml(v *visit, kind string, doc any) error {
	body, err := xml.Marshal(doc)
	if err == nil {
		h.send(v, kind, 0, append([]byte(xml.Header), body...))
	}
	return err
}

type item struct {
	Title       string `xml:"title"`
	Link        string `xml:"link"`
	GUID        string `xml:"guid"`
	Published   string `xml:"pubDate"`
	Description string `xml:"description"`
}

// feed tells what was published last in a language (RSS 2.0).
func (h *HelpCenter) feed(v *visit) error {
	type channel struct {
		Title       string `xml:"title"`
		Link        string `xml:"link"`
		Description string `xml:"description"`
		Language    string `xml:"language"`
		Items       []item `xml:"item"`
	}
	out := struct {
		XMLName xml.Name `xml:"rss"`
		Version string   `xml:"version,attr"`
		Channel channel  `xml:"channel"`
	}{Version: "2.0", Channel: channel{Title: titleOf(v.center, v.space), Link: h.base(v.center) + tongue(v.center, v.language) + "/", Description: or2(v.center.Tagline, titleOf(v.center, v.space)), Language: v.language}}
	err := h.read(v, func(tx *store.Tx) error {
		list, err := tx.Articles.AllPublic(v.language, 50)
		for _, a := range list {
			link := h.articleURL(v.center, a.Text.Language, a.Slug)
			out.Channel.Items = append(out.Channel.Items, item{a.LiveTitle, link, link, a.LiveAt.Std().Format(time.RFC1123Z), or2(a.LiveExcerpt, clip(a.LivePlain, 300))})
		}
		return err
	})
	if err != nil {
		return err
	}
	return h.xml(v, "application/rss+xml; charset=utf-8", out)
}

// llms tells language models what there is to read (llmstxt.org).
func (h *HelpCenter) llms(v *visit) error {
	var b strings.Builder
	b.WriteString("# " + titleOf(v.center, v.space) + "\n")
	if v.center.Tagline != "" {
		b.WriteString("\n> " + strings.ReplaceAll(v.center.Tagline, "\n", " ") + "\n")
	}
	err := h.read(v, func(tx *store.Tx) error {
		list, err := shelves(tx, v.language)
		if err != nil {
			return err
		}
		for _, s := range append(list, Shelved{Name: say(v.language, "more")}) {
			articles, err := tx.Articles.PublicIn(s.ID, v.language, v.center.Language, 500)
			if err != nil {
				return err
			}
			if len(articles) > 0 {
				b.WriteString("\n## " + s.Name + "\n\n")
			}
			for i := range articles {
				a := brief(&articles[i])
				b.WriteString("- [" + strings.NewReplacer("[", "(", "]", ")").Replace(a.Title) + "](" + h.articleURL(v.center, a.Language, a.Slug) + ")")
				if a.Description != nil {
					b.WriteString(": " + strings.Join(strings.Fields(*a.Description), " "))
				}
				b.WriteByte('\n')
			}
		}
		return nil
	})
	if err == nil {
		h.send(v, "text/plain; charset=utf-8", 0, []byte(b.String()))
	}
	return err
}
