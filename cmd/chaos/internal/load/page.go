package load

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// page is what a client understands of an HTML page.
type page struct {
	totals map[string]string     // of data elements with an id: their values
	forms  map[string]url.Values // by the path of their action
	links  map[string]string     // text to address
}

// understand takes a page apart. Every field that a browser would send comes along, whatever it is for.
func understand(body string) page {
	p := page{totals: map[string]string{}, forms: map[string]url.Values{}, links: map[string]string{}}
	tokens := html.NewTokenizer(strings.NewReader(body))
	var form url.Values
	var link, area string
	for {
		switch tokens.Next() { //nolint:exhaustive // the others say nothing
		case html.ErrorToken:
			return p // what is cut off ends here
		case html.TextToken:
			text := string(tokens.Text())
			if link != "" {
				p.links[strings.TrimSpace(text)] = link
				link = ""
			}
			if area != "" && form != nil {
				form.Set(area, strings.TrimPrefix(text, "\n"))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			token := tokens.Token()
			switch token.Data {
			case "form":
				path, _, _ := strings.Cut(attribute(token, "action"), "?")
				form = url.Values{}
				p.forms[path] = form
			case "input":
				if form != nil && isSent(token) {
					form.Set(attribute(token, "name"), attribute(token, "value"))
				}
			case "textarea":
				area = attribute(token, "name")
				if form != nil {
					form.Set(area, "")
				}
			case "a":
				link = attribute(token, "href")
			case "data":
				p.totals[attribute(token, "id")] = attribute(token, "value")
			}
		case html.EndTagToken:
			name, _ := tokens.TagName()
			switch string(name) {
			case "form":
				form = nil
			case "textarea":
				area = ""
			case "a":
				link = ""
			}
		}
	}
}

// isSent reports whether a browser sends the input's value. A box or a button of a choice says nothing unless it is checked.
func isSent(input html.Token) bool {
	kind := attribute(input, "type")
	return kind != "checkbox" && kind != "radio" || slices.ContainsFunc(input.Attr, func(a html.Attribute) bool { return a.Key == "checked" })
}

func attribute(token html.Token, name string) string {
	for _, a := range token.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
