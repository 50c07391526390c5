// Package accounts is the area of who is signed in: the pages to sign in and to set the first account up, and what people do with their
// own account. It keeps the session's token in the browser's cookie, and tells the site who sent a request.
package accounts

import (
	"context"
	"embed"
	"net/http"

	"expense-tracker/core/account"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/core/token"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/client"
	"expense-tracker/web/internal/cookie"
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
	addressSessions = Address + "/sessions"
	addressSetup    = "/setup"
	addressCode     = AddressLogin + "/code"
	addressSecond   = Address + "/second"
	addressPasskey  = AddressLogin + "/passkey"
	addressPasskeys = Address + "/passkeys"
)

// Options are what the area needs besides the service.
type Options struct {
	Clients     client.Finder                // says where requests come from
	SignedIn    func(context.Context, error) // told how each try to sign in ended
	LongestKept int                          // bytes of a form that is kept over a log-in
	Members     *member.Service              // for who leaves, and for the file of all that is kept of a person
	Expenses    *expense.Service
	Tokens      *token.Service                                          // nil where there are none
	Languages   func(jar cookie.Jar, w http.ResponseWriter, tag string) // makes a language that of a reader's pages
	SiteURL     func(*http.Request) string                              // of the site, without a path; nil for what a request says

	Offered func(ctx context.Context, in *words.Language, token string) (Offered, error) // says what an invitation offers
	Welcome func(w http.ResponseWriter, r *http.Request, token string) error             // leads who has joined by it to its ledger

	Federation  *account.Federation                        // lets people in who sign in at a provider; nil if nobody does
	NoPasswords bool                                       // that is the only way in
	Renamed     func(context.Context, ledger.UserID) error // told of a user who has another name
}

// Area answers the requests about accounts. It is safe for concurrent use.
type Area struct {
	area.Tools
	service *account.Service
	options Options

	federation *account.Federation // nil where nobody signs in at a provider
	leaving    page.Template[leavingView]

	login    page.Template[loginView]
	kept     page.Template[keptView]
	setup    page.Template[setupView]
	join     page.Template[joinView]
	account  page.Template[accountView]
	sessions page.Template[sessionsView]
	deleting page.Template[deleteView]
	deleted  page.Template[deletedView]
	code     page.Template[codeView]
	second   page.Template[secondView]
	recovery page.Template[recoveryView]
	passkeys page.Template[passkeysView]
	ask      page.Template[askView]

	saved, changed, ended, endedAll notice.Kind
	linked, unlinked                notice.Kind
	secondOff                       notice.Kind
	passkeyAdded, passkeyRemoved    notice.Kind
}

// Handler answers a request of who is signed in: it has the session that asks, beside what area.Handler has.
type Handler func(w http.ResponseWriter, r *http.Request, actor ledger.Actor, who account.Signed) error

// New returns the area on a service.
func New(service *account.Service, tools area.Tools, options Options) *Area {
	a := &Area{Tools: tools, service: service, options: options, federation: options.Federation}
	say := func(name string, phrase words.Phrase) notice.Kind {
		return tools.Notices.Register(name, func(_ context.Context, in *words.Language, _ ledger.Actor, _ int64) (*notice.Notice, error) {
			return &notice.Notice{Text: in.T(phrase)}, nil
		})
	}
	a.saved = say("accountsaved", saidSaved)
	a.changed = say("passwordchanged", saidChanged)
	a.ended = say("sessionended", saidEnded)
	a.endedAll = say("othersended", saidEndedAll)
	a.secondOff = say("secondoff", saidSecondOff)
	a.passkeyAdded = say("passkeyadded", saidPasskeyAdded)
	a.passkeyRemoved = say("passkeyremoved", saidPasskeyRemoved)
	a.linked = say("identitylinked", saidLinked)
	a.unlinked = say("identityunlinked", saidUnlinked)
	a.leaving.Define(tools.Frame, templates, "leaving")
	a.login.Define(tools.Frame, templates, "login")
	a.kept.Define(tools.Frame, templates, "kept")
	a.setup.Define(tools.Frame, templates, "setup")
	a.join.Define(tools.Frame, templates, "join")
	a.account.Define(tools.Frame, templates, "account")
	a.sessions.Define(tools.Frame, templates, "sessions")
	a.deleting.Define(tools.Frame, templates, "delete")
	a.deleted.Define(tools.Frame, templates, "deleted")
	a.code.Define(tools.Frame, templates, "code")
	a.second.Define(tools.Frame, templates, "second")
	a.recovery.Define(tools.Frame, templates, "recovery")
	a.passkeys.Define(tools.Frame, templates, "passkeys")
	a.ask.Define(tools.Frame, templates, "ask")
	return a
}

// HasPasswords reports whether people sign in with a name and a password.
func (a *Area) HasPasswords() bool { return !a.options.NoPasswords }

// HasProvider reports whether people sign in at an identity provider.
func (a *Area) HasProvider() bool { return a.federation != nil }

// section is what the area belongs to in the navigation.
const section = "more"

// The titles of the area's pages, and what they say.
const (
	titleLogin    words.Phrase = "Sign in"
	titleSetup    words.Phrase = "Set up"
	titleAccount  words.Phrase = "Account"
	titleSessions words.Phrase = "Where you are signed in"
	titleDelete   words.Phrase = "Delete the account"
	titleDeleted  words.Phrase = "Your account is deleted"
	titleRefused  words.Phrase = "You are not signed in"
	titleKept     words.Phrase = "Welcome back"
	titleCode     words.Phrase = "One more step"
	titleSecond   words.Phrase = "Second step"
	titleRecovery words.Phrase = "Your recovery codes"

	saidKept     words.Phrase = "What you sent is not stored yet. Sign in, and send it from the next page."
	saidNotKept  words.Phrase = "What you sent was not stored. Sign in, and do it again."
	saidOut      words.Phrase = "This browser is signed out already. Sign in to see where else you are."
	saidSaved    words.Phrase = "Account saved."
	saidChanged  words.Phrase = "Password changed. Every other browser was signed out."
	saidEnded    words.Phrase = "Signed out there."
	saidEndedAll words.Phrase = "Signed out everywhere else."

	saidSecondOff words.Phrase = "The second step is off. Every other browser was signed out."
)

// labels are how the forms call their fields, in their order.
func labels() form.Labels {
	return form.Labels{
		{Name: account.FieldCode, Text: "Code"}, {Name: account.FieldName, Text: "Name"}, {Name: account.FieldLanguage, Text: "Language"},
		{Name: account.FieldPassword, Text: "Password"}, {Name: account.FieldNew, Text: "New password"},
		{Name: account.FieldProof, Text: "Password or code"},
		{Name: account.FieldConfirm, Text: "Your password"},
	}
}
