package webtest

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"expense-tracker/adapters/invited"
	"expense-tracker/core/account"
	"expense-tracker/core/account/accounttest"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/member"
	"expense-tracker/core/token"
	"expense-tracker/web"
)

// Password is that of all users of a Gated site.
const Password = "seven quiet herons wade"

// Gated is a site where people sign in.
type Gated struct {
	*Site
	Operator *account.Operator
	Hasher   *accounttest.Hasher
	Keys     *accounttest.Keys
	SignIns  []error               // how each try to sign in ended
	Provider *accounttest.Provider // where people sign in, too; nil if nobody does
	Leaving  func(context.Context) // is told when somebody leaves all ledgers; nil for nobody
}

// NewGated returns a site where people sign in, and nobody has an account yet.
func NewGated(t testing.TB, options web.Options) *Gated {
	t.Helper()
	return newGated(t, options, nil)
}

// NewFederated returns a site where people sign in at a provider, too, or alone if the options say so.
func NewFederated(t testing.TB, options web.Options, policy account.Policy) *Gated {
	t.Helper()
	return newGated(t, options, &policy)
}

func newGated(t testing.TB, options web.Options, policy *account.Policy) *Gated {
	t.Helper()
	g := &Gated{Site: New(t, web.Options{}), Hasher: &accounttest.Hasher{Parameters: "test"}, Keys: &accounttest.Keys{}}
	settings := account.Settings{
		Now: func() time.Time { return g.Now }, Random: func(b []byte) { _, _ = rand.Read(b) },
		Ends: account.Ends{Idle: 30 * 24 * time.Hour, Max: 90 * 24 * time.Hour}, Leave: g.leaveAll,
		Codes: &accounttest.Codes{}, Keys: g.Keys, NoPasswords: options.NoPasswords,
		Invitations: invited.New(g.Services.Members),
	}
	g.Services.Accounts = account.NewService(g.Store.Accounts(), g.Hasher, settings)
	g.people.known = g.Services.Accounts
	g.Services.Tokens = token.NewService(g.Store.Tokens(), token.Settings{
		Now: settings.Now, Random: settings.Random, NewKey: func() idempotency.Key { return idempotency.Key(rand.Text()) },
		Place: g.Services.Members.Place,
		Wrong: func(ctx context.Context, network string) error {
			return g.Services.Accounts.CountWrong(ctx, "token", network)
		},
		Later: func(_ string, work func(context.Context)) { work(context.Background()) },
	})
	if policy != nil {
		g.Provider = &accounttest.Provider{}
		g.Services.Federation = account.NewFederation(g.Services.Accounts, g.Provider, *policy)
	}
	g.Operator = account.NewOperator(g.Store.Accounts(), g.Hasher, settings)
	options.Ledger = ledgertest.Ledger(ledger.Default)
	options.SignedIn = func(_ context.Context, err error) { g.SignIns = append(g.SignIns, err) }
	_, err := g.Store.Ledgers().Define(t.Context(), options.Ledger)
	if err = errors.Join(err, g.Services.Members.Settle(t.Context(), options.Ledger, ledger.LocalUser)); err != nil {
		t.Fatal(err)
	}
	if g.Site.Site, err = web.New(g.Services, options); err != nil {
		t.Fatal(err)
	}
	return g
}

func (g *Gated) leaveAll(ctx context.Context, user ledger.UserID) error {
	if g.Leaving != nil {
		g.Leaving(ctx)
	}
	return g.Services.Members.LeaveAll(ctx, user)
}

// Join makes an account, and its user an owner of the default ledger.
func (g *Gated) Join(name string) {
	g.T.Helper()
	ctx, shared := g.T.Context(), ledgertest.Ledger(ledger.Default)
	made, err := g.Operator.Add(ctx, account.Draft{Name: name, Password: Password}, false)
	if err == nil && made.ID != ledger.LocalUser {
		_, token, invited := g.Services.Members.Invite(ctx, ledger.LocalOwner(shared), member.InviteDraft{Role: "owner"})
		_, accepted := g.Services.Members.Accept(ctx, made.ID, token.Text())
		err = errors.Join(invited, accepted)
	}
	if err != nil {
		g.T.Fatal(err)
	}
}

// Browser is one with cookies of its own.
type Browser struct {
	gated   *Gated
	cookies map[string]*http.Cookie
	Headers map[string]string // that each request has
	From    string            // the address that it asks from
}

// Browser returns one that is not signed in.
func (g *Gated) Browser() *Browser {
	return &Browser{gated: g, cookies: map[string]*http.Cookie{}, Headers: map[string]string{"Accept": "text/html"}, From: "192.0.2.1:1234"}
}

// As returns a browser in which a user is signed in.
func (g *Gated) As(name string) *Browser {
	g.T.Helper()
	b := g.Browser()
	if answer := b.Post("/login", "name", name, "password", Password); answer.StatusCode != http.StatusSeeOther {
		g.T.Fatalf("sign in as %s: %d: %s", name, answer.StatusCode, answer.Body)
	}
	return b
}

// Cookie returns a cookie that the browser keeps; nil if it has none of the name.
func (b *Browser) Cookie(name string) *http.Cookie { return b.cookies[name] }

// SetCookie makes the browser send a cookie.
func (b *Browser) SetCookie(name, value string) {
	b.cookies[name] = &http.Cookie{Name: name, Value: value}
}

// Do answers a request, and keeps the cookies that come with the answer.
func (b *Browser) Do(r *http.Request) Answer {
	b.gated.T.Helper()
	r.RemoteAddr = b.From
	for name, value := range b.Headers {
		r.Header.Set(name, value)
	}
	for _, cookie := range b.cookies {
		r.AddCookie(cookie)
	}
	answer := b.gated.Do(r)
	for _, cookie := range answer.Cookies() {
		if cookie.MaxAge < 0 {
			delete(b.cookies, cookie.Name)
		} else {
			b.cookies[cookie.Name] = cookie
		}
	}
	return answer
}

// Get asks for a page.
func (b *Browser) Get(path string) Answer {
	b.gated.T.Helper()
	return b.Do(httptest.NewRequest(http.MethodGet, path, nil))
}

// Post sends a form of names and values.
func (b *Browser) Post(path string, fields ...string) Answer {
	b.gated.T.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.Do(r)
}

// Follow goes where an answer redirects.
func (b *Browser) Follow(a Answer) Answer {
	b.gated.T.Helper()
	if a.StatusCode != http.StatusSeeOther {
		b.gated.T.Fatalf("status %d, want a redirect; %s", a.StatusCode, a.Body)
	}
	to, _, _ := strings.Cut(a.Header.Get("Location"), "#") // which a browser keeps to itself
	return b.Get(to)
}
