// Package accounts is the area of who is signed in: the pages to sign in and to set the first account up, and what people do with their
// own account. It keeps the session's token in the browser's cookie, and tells the site who sent a request.
package accounts

import (
	"context"
	"embed"
	"errors"
	"net/http"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/client"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/words"
)

//go:embed templates
var templates embed.FS

// The addresses of the area's pages.
const (
	Address         = "/account"
	AddressLogin    = "/login"
	addressPassword = Address + "/password"
	addressSessions = Address + "/sessions"
	addressSetup    = "/setup"
)

// Options are what the area needs besides the service.
type Options struct {
	Secure    bool                                                     // the pages are reached by TLS: cookies go that way only
	Clients   client.Finder                                            // says where requests come from
	SignedIn  func(context.Context, error)                             // told how each try to sign in ended
	Languages func(w http.ResponseWriter, r *http.Request, tag string) // makes a language that of the sender's pages
	Renamed   func(context.Context, ledger.UserID) error               // told of a user who has another name
}

// Area answers the requests about accounts. It is safe for concurrent use.
type Area struct {
	area.Tools
	service *account.Service
	options Options

	login    page.Template[loginView]
	setup    page.Template[setupView]
	account  page.Template[accountView]
	sessions page.Template[sessionsView]

	saved, changed, ended, endedAll notice.Kind
}

// New returns the area on a service.
func New(service *account.Service, tools area.Tools, options Options) (*Area, error) {
	a := &Area{Tools: tools, service: service, options: options}
	say := func(name string, phrase words.Phrase) notice.Kind {
		return tools.Notices.Register(name, func(_ context.Context, in *words.Language, _ ledger.Actor, _ int64) (*notice.Notice, error) {
			return &notice.Notice{Text: in.T(phrase)}, nil
		})
	}
	a.saved = say("accountsaved", saidSaved)
	a.changed = say("passwordchanged", saidChanged)
	a.ended = say("sessionended", saidEnded)
	a.endedAll = say("othersended", saidEndedAll)
	return a, errors.Join(
		a.login.Parse(tools.Frame, templates, "login"),
		a.setup.Parse(tools.Frame, templates, "setup"),
		a.account.Parse(tools.Frame, templates, "account"),
		a.sessions.Parse(tools.Frame, templates, "sessions"),
	)
}

// section is what the area belongs to in the navigation.
const section = "more"

// The titles of the area's pages, and what they say.
const (
	titleLogin    words.Phrase = "Sign in"
	titleSetup    words.Phrase = "Set up"
	titleAccount  words.Phrase = "Account"
	titleSessions words.Phrase = "Where you are signed in"
	titleRefused  words.Phrase = "You are not signed in"

	saidSaved    words.Phrase = "Account saved."
	saidChanged  words.Phrase = "Password changed. Every other browser was signed out."
	saidEnded    words.Phrase = "Signed out there."
	saidEndedAll words.Phrase = "Signed out everywhere else."
)

// labels are how the forms call their fields, in their order.
func labels() form.Labels {
	return form.Labels{
		{Name: account.FieldCode, Text: "Code"}, {Name: account.FieldName, Text: "Name"}, {Name: account.FieldLanguage, Text: "Language"},
		{Name: account.FieldPassword, Text: "Password"}, {Name: account.FieldNew, Text: "New password"},
	}
}
