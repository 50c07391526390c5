// Package web is the HTTP adapter: pages and forms over the core's use cases, rendered on the server and working without JavaScript.
// This package is the Site: its routes, and the steps that each request passes. An area, such as web/expenses, has its handlers, views
// and templates. What areas share stands in web/internal. Web knows the core only: no storage, no configuration, no telemetry.
package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/budget"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/core/rate"
	"expense-tracker/core/schedule"
	"expense-tracker/core/token"
	"expense-tracker/web/accounts"
	"expense-tracker/web/expenses"
	"expense-tracker/web/household"
	"expense-tracker/web/internal/compress"
	"expense-tracker/web/internal/cookie"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/settings"
)

// defaultBodyLimit is room for the longest note and category, each character percent-encoded, several times over.
const defaultBodyLimit = 64 << 10

// Services are the use cases that the areas call, one service for each module of the core.
type Services struct {
	Expenses  *expense.Service
	Rates     *rate.Service
	Schedules *schedule.Service
	Budgets   *budget.Service
	Members   *member.Service
	Accounts  *account.Service // nil where nobody signs in: then whoever reaches the site is the local user
	Tokens    *token.Service   // nil where nobody needs one: what a program brings is then passed over

	Federation *account.Federation // nil where nobody signs in at an identity provider
}

// Options are what a Site needs besides the services. It needs an Actor or a Ledger; the zero value of every other field will do.
type Options struct {
	Logger      *slog.Logger                              // gets failures of our own making; none if nil
	Actor       func(*http.Request) (ledger.Actor, error) // a request's sender; if nil, who is signed in, or the local owner of Ledger
	Ledger      ledger.Ledger                             // of everybody, where nobody is asked who they are
	People      household.People                          // knows users' names; if nil, the accounts, if there are any
	NoPasswords bool                                      // nobody signs in with a password: the Federation is the only way in
	SignedIn    func(context.Context, error)              // told how each try to sign in ended; may be nil
	BaseURL     string                                    // of the site, if it is known: with https, cookies go by TLS only
	SiteURL     func(*http.Request) string                // of the site, without a path; if nil, BaseURL, or as the request says
	Language    func(*http.Request) string                // what a request's sender has set; if nil, the settings page's
	NewKey      func() idempotency.Key                    // makes each form's idempotency key; random if nil
	RequestID   func(context.Context) string              // shown beside an internal error, so that its log line can be found; may be nil
	Submitted   expenses.Submitted                        // told how each sending of the form for a new expense ended; may be nil
	BodyLimit   int64                                     // bytes of a request's body; 64 KiB if 0
	Timeout     time.Duration                             // of all that a request asks of the storage; none if 0
	Version     string                                    // of the program, shown at the foot of each page; may be empty
	Demo        bool                                      // a banner says that nothing is kept

	TrustedProxies []netip.Prefix // whose word about where a request came from is taken
	ProbeSecret    string         // what the program's own probe brings; none is let in if empty
}

// isSecure reports whether the site is reached by TLS.
func (o Options) isSecure() bool { return strings.HasPrefix(o.BaseURL, "https:") }

// cookies returns where the site's cookies are kept.
func (o Options) cookies() cookie.Jar { return cookie.Jar{Secure: o.isSecure()} }

// Site serves the pages. It is safe for concurrent use.
type Site struct {
	mux      *http.ServeMux
	steps    []step       // on the way to an area
	open     []step       // on the way to a page for everybody
	secure   bool         // it is reached by TLS
	answers  http.Handler // the mux, behind the steps that every request passes
	problems *problem.Desk

	signedIn *accounts.Area // nil where nobody signs in
	wish     func(*http.Request) ledger.ID
	cookies  cookie.Jar
	programs programs
	probe    probe

	check func() error // of the templates
}

// Check parses every template in every language. Its first reader would: this is for a test, which finds a broken one before.
func (s *Site) Check() error { return s.check() }

// New returns the site of the services. It fails if a service is missing, or if a template or an asset is broken.
func New(services Services, options Options) (*Site, error) {
	if services.Expenses == nil {
		return nil, errors.New("web: no service of expenses")
	}
	if services.Rates == nil {
		return nil, errors.New("web: no service of rates")
	}
	if services.Schedules == nil {
		return nil, errors.New("web: no service of schedules")
	}
	if services.Budgets == nil {
		return nil, errors.New("web: no service of budgets")
	}
	if services.Members == nil {
		return nil, errors.New("web: no service of members")
	}
	if options.Actor == nil && options.Ledger.Currency.IsZero() {
		return nil, errors.New("web: neither an actor nor a ledger")
	}
	options = withDefaults(options)
	if options.People == nil && services.Accounts != nil {
		options.People = services.Accounts
	}
	if options.SiteURL == nil && options.BaseURL != "" {
		options.SiteURL = func(*http.Request) string { return options.BaseURL }
	}
	areas, err := newAreas(services, options)
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	compressed, err := compress.Middleware()
	if err != nil {
		return nil, fmt.Errorf("web: compression: %w", err)
	}
	site := &Site{
		mux: http.NewServeMux(), open: openSteps(options), problems: areas.problems, secure: options.isSecure(),
		signedIn: areas.accounts, wish: household.Wish(options.cookies()), cookies: options.cookies(),
		check: areas.check,
	}
	site.steps = append(site.open[:len(site.open):len(site.open)], site.knowActor(site.door(options)))
	site.routes(areas)
	site.programs = site.newPrograms(areas, options)
	site.probe = newProbe(site.problems, areas, options)
	site.answers = site.securityHeaders(compressed(site.withPrograms(http.HandlerFunc(site.route))))
	return site, nil
}

// ServeHTTP answers a request. Where a route matches, r.Pattern says which afterwards; where none does, it is empty. There is
// no catch-all pattern, so that made-up paths do not count as a route.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.answers.ServeHTTP(w, r) }

// ServePanic answers a request whose handler panicked. The recovery from the panic has logged it.
func (s *Site) ServePanic(w http.ResponseWriter, r *http.Request) {
	s.securityHeaders(http.HandlerFunc(s.problems.AnswerPanic)).ServeHTTP(w, r)
}

func withDefaults(o Options) Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.SignedIn == nil {
		o.SignedIn = func(context.Context, error) {}
	}
	if o.Language == nil {
		o.Language = settings.Language(o.cookies())
	}
	if o.NewKey == nil {
		o.NewKey = func() idempotency.Key { return idempotency.Key(rand.Text()) }
	}
	if o.RequestID == nil {
		o.RequestID = func(context.Context) string { return "" }
	}
	if o.Submitted == nil {
		o.Submitted = func(context.Context, ledger.ID, expense.Receipt, error) {}
	}
	if o.BodyLimit <= 0 {
		o.BodyLimit = defaultBodyLimit
	}
	return o
}

// AddressReturn is where identity providers send browsers back to.
const AddressReturn = accounts.AddressReturn

// Wish returns what says which ledger a request's sender wants to see on the site at a BaseURL; 0 if they do not say. Whether they may
// is another question.
func Wish(baseURL string) func(*http.Request) ledger.ID {
	return household.Wish(Options{BaseURL: baseURL}.cookies())
}
