// Package tokens is the area of how programs come in: the page where people make tokens for a ledger and revoke them, and who asks when a
// program brings one.
package tokens

import (
	"context"
	"embed"
	"net/http"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/token"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/bearer"
	"expense-tracker/web/internal/client"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/words"
)

//go:embed templates
var templates embed.FS

// Address is where the page stands.
const Address = "/tokens"

// Area answers the requests about tokens. It is safe for concurrent use.
type Area struct {
	area.Tools
	service *token.Service
	clients client.Finder
	siteURL func(*http.Request) string

	list page.Template[listView]
	made page.Template[madeView]

	revoked notice.Kind
}

// New returns the area on a service. Clients says where requests come from, and siteURL the site's address without a path, as its users
// have it; as the request says if nil.
func New(service *token.Service, clients client.Finder, siteURL func(*http.Request) string, tools area.Tools) *Area {
	if siteURL == nil {
		siteURL = address.Site
	}
	a := &Area{Tools: tools, service: service, clients: clients, siteURL: siteURL}
	a.revoked = tools.Notices.Register("tokenrevoked",
		func(_ context.Context, in *words.Language, _ ledger.Actor, _ int64) (*notice.Notice, error) {
			return &notice.Notice{Text: in.T(saidRevoked)}, nil
		})
	a.list.Define(tools.Frame, templates, "tokens")
	a.made.Define(tools.Frame, templates, "made")
	return a
}

// section is what the area belongs to in the navigation.
const section = "more"

// The titles of the area's pages, and what they say.
const (
	titleTokens  words.Phrase = "Tokens for programs"
	titleMade    words.Phrase = "Your token"
	titleNotMade words.Phrase = "Not made"
	titleNotDone words.Phrase = "Not done"
	saidRevoked  words.Phrase = "The token is revoked: no program comes in with it any more."
)

// labels are the fields of the form as the page calls them.
func labels() form.Labels {
	return form.Labels{
		{Name: token.FieldName, Text: "What for"}, {Name: token.FieldScope, Text: "It may"}, {Name: token.FieldEnds, Text: "It ends"},
		{Name: token.FieldUntil, Text: "Last day"},
	}
}

// Actor returns as whom a program asks that brings a token with a request, for what needs a scope.
func (a *Area) Actor(r *http.Request, need token.Scope) (ledger.Actor, error) {
	brought, _ := bearer.Of(r)
	return a.service.Use(r.Context(), brought, need, a.clients.Of(r).Network)
}

// NotHere is the error for a token that is brought to where none works.
func NotHere() error {
	return fault.New(fault.Forbidden, "tokens.NotHere", "a token works for POST /add and for GET /search.csv, and nowhere else")
}
