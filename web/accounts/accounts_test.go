package accounts_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/tests/rig/project"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

const other = "eleven loud badgers dig"

func location(a webtest.Answer) string { return a.Header.Get("Location") }

func TestWhoIsNotSignedInIsLedThereAndBack(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	b := g.Browser()
	asked := b.Get("/expenses?from=oldest&x=1")
	if want := "/login?to=%2Fexpenses%3Ffrom%3Doldest%26x%3D1"; asked.StatusCode != http.StatusSeeOther || location(asked) != want {
		t.Fatalf("%d to %s, want %s", asked.StatusCode, location(asked), want)
	}
	page := b.Follow(asked)
	page.Want(t, 200, "Sign in", `name="to" value="/expenses?from=oldest&amp;x=1"`, "!"+`class="tabs"`, "!"+`class="bar"`)
	signed := b.Post("/login", "name", "anna", "password", webtest.Password, "to", "/expenses?from=oldest&x=1")
	if location(signed) != "/expenses?from=oldest&x=1" {
		t.Errorf("it leads to %s", location(signed))
	}
	b.Follow(signed).Want(t, 200)
	if at := b.Get("/login?to=/more"); location(at) != "/more" {
		t.Errorf("who is signed in already is led to %q", location(at))
	}
	if first := g.Browser().Get("/"); location(first) != "/login" {
		t.Errorf("from the first page it leads to %s", location(first))
	}
}

func TestAProgramIsTold(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	for _, ask := range []func(*webtest.Browser) webtest.Answer{
		func(b *webtest.Browser) webtest.Answer { b.Headers["Accept"] = "*/*"; return b.Get("/") },
		func(b *webtest.Browser) webtest.Answer {
			b.Headers["Accept"] = "application/json"
			return b.Get("/search.csv")
		},
		func(b *webtest.Browser) webtest.Answer {
			b.Headers["Accept"] = "*/*"
			return b.Post("/add", "category", "food", "price", "1")
		},
		func(b *webtest.Browser) webtest.Answer {
			b.Headers["Accept"] = "*/*"
			return b.Post("/account/password", "password", "x")
		},
	} {
		ask(g.Browser()).Want(t, 401, "Please sign in", `href="/login"`)
	}
	if g.Stored() != 0 {
		t.Error("an expense was added by nobody")
	}
}

// Each route of the site is asked without a login: none but those for everybody answers.
func TestEveryDoorIsLocked(t *testing.T) {
	g := webtest.NewFederated(t, web.Options{}, account.Policy{})
	g.Join("Anna")
	g.Add(expense.Draft{Category: "secret food", Price: "1"})
	forEverybody := []string{"GET /login", "POST /login", "GET /login/code", "POST /login/code", "POST /login/passkey",
		"POST /login/passkey/answer", "POST /logout", "GET /setup", "POST /setup", "POST /login/oidc", "GET /login/oidc/callback",
		"POST /setup/oidc", "GET /join/{token}", "POST /join/{token}/account"}
	for _, route := range project.Routes(t) {
		if slices.Contains(forEverybody, route) {
			continue
		}
		method, pattern, _ := strings.Cut(route, " ")
		path := strings.NewReplacer("{$}", "", "{id}", "1", "{month}", "2026-11", "{year}", "2026", "{token}", "1-00").Replace(pattern)
		b := g.Browser()
		if method == http.MethodPost {
			b.Post(path, "category", "food", "price", "1").Want(t, 401, "!secret")
			continue
		}
		if page := b.Get(path); page.StatusCode != http.StatusSeeOther || !strings.HasPrefix(location(page), "/login") || page.Body != "" {
			t.Errorf("%s: %d %s", route, page.StatusCode, page.Body)
		}
		b.Headers["Accept"] = "*/*"
		b.Get(path).Want(t, 401, "!secret")
	}
	g.Browser().Get("/favicon.ico").Want(t, 200)
	if g.Stored() != 1 {
		t.Errorf("%d expenses are stored", g.Stored())
	}
}

func TestNoLoginLeadsToAnotherSite(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	for _, to := range []string{
		"https://evil.example", "//evil.example", "///evil.example", `/\evil.example`, `\\evil.example`, "/\t/evil.example", "/\n/evil.example",
		"javascript:alert(1)", "evil.example", "", "http:/evil.example", " /x", "/ x", "/%zz", "/x\x00", "/" + strings.Repeat("a", 3000),
		"/..//evil.example\\", "@evil.example",
	} {
		at := g.Browser().Post("/login", "name", "Anna", "password", webtest.Password, "to", to)
		if at.StatusCode != http.StatusSeeOther || location(at) != "/" {
			t.Errorf("%q leads to %q (%d)", to, location(at), at.StatusCode)
		}
		r := httptest.NewRequest(http.MethodGet, "/login", nil)
		q := r.URL.Query()
		q.Set("to", to)
		r.URL.RawQuery = q.Encode()
		g.Browser().Do(r).Want(t, 200, `name="to" value="/"`)
	}
}

func TestARefusalTellsNothing(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	wrong := g.Browser().Post("/login", "name", "Anna", "password", other)
	wrong.Want(t, 401, "You are not signed in", "The name or the password is wrong.", `name="name" value="Anna"`, "!"+other)
	unknown := g.Browser().Post("/login", "name", "Bert", "password", other)
	unknown.Want(t, 401)
	if strings.ReplaceAll(unknown.Body, "Bert", "Anna") != wrong.Body {
		t.Error("an unknown name is told apart from a wrong password")
	}
	if len(wrong.Cookies()) != 0 {
		t.Errorf("cookies %v", wrong.Cookies())
	}
	if len(g.SignIns) != 2 || fault.KindOf(g.SignIns[0]) != fault.Unauthenticated {
		t.Errorf("told of %v", g.SignIns)
	}
	g.Browser().Post("/login", "name", `"><script>alert(1)</script>`, "password", "x").Want(t, 401, "!<script>alert")
}

func TestTooManyTries(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	for range 10 {
		g.Browser().Post("/login", "name", "Anna", "password", other).Want(t, 401)
	}
	throttled := g.Browser().Post("/login", "name", "Anna", "password", webtest.Password)
	throttled.Want(t, 429, "Too many tries")
	if after := throttled.Header.Get("Retry-After"); after == "" || after == "0" {
		t.Errorf("Retry-After %q", after)
	}
	elsewhere := g.Browser()
	elsewhere.From = "198.51.100.7:1"
	elsewhere.Headers["X-Forwarded-For"] = "192.0.2.1" // is nobody's word
	elsewhere.Post("/login", "name", "Anna", "password", webtest.Password).Want(t, 303)
	g.Hasher.Err = &fault.Error{Kind: fault.Busy, RetryAfter: time.Second}
	busy := elsewhere.Post("/login", "name", "Anna", "password", webtest.Password)
	busy.Want(t, 503, "Too much to do just now")
	if busy.Header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After %q", busy.Header.Get("Retry-After"))
	}
}

func TestATrustedProxySaysWhereARequestCameFrom(t *testing.T) {
	g := webtest.NewGated(t, web.Options{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}})
	g.Join("Anna")
	b := g.Browser()
	b.Headers["X-Forwarded-For"] = "6.6.6.6, 203.0.113.9"
	b.Post("/login", "name", "Anna", "password", webtest.Password).Want(t, 303)
	b.Get("/account/sessions").Want(t, 200, "203.0.113.9", "!6.6.6.6")
}

func TestTheCookie(t *testing.T) {
	for base, want := range map[string]string{
		"":                         "expense_session",
		"http://example.com":       "expense_session",
		"https://money.example.io": "__Host-expense_session",
	} {
		g := webtest.NewGated(t, web.Options{BaseURL: base})
		g.Join("Anna")
		b := g.As("Anna")
		cookie := b.Cookie(want)
		if cookie == nil || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" ||
			cookie.Secure != strings.HasPrefix(base, "https") || cookie.MaxAge != 90*24*60*60 || len(cookie.Value) != 64 {
			t.Errorf("at %q the cookie is %+v", base, cookie)
		}
		home := b.Get("/")
		if hsts := home.Header.Get("Strict-Transport-Security"); (hsts != "") != strings.HasPrefix(base, "https") {
			t.Errorf("at %q Strict-Transport-Security is %q", base, hsts)
		}
	}
}

func TestForgedAndReplayedCookies(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	b := g.As("Anna")
	token := b.Cookie("expense_session").Value
	for _, forged := range []string{
		"", "x", strings.Repeat("0", 64), token[:63] + "x", token + "0", strings.ToUpper(token), "__Host-" + token,
	} {
		f := g.Browser()
		f.SetCookie("expense_session", forged)
		if at := f.Get("/"); at.StatusCode != http.StatusSeeOther {
			t.Errorf("%q: %d", forged, at.StatusCode)
		}
	}
	old := g.Browser()
	old.SetCookie("expense_session", token)
	old.Get("/").Want(t, 200)
	again := b.Post("/login", "name", "Anna", "password", webtest.Password)
	again.Want(t, 303)
	if now := b.Cookie("expense_session").Value; now == token {
		t.Error("a login keeps the token")
	}
	if at := old.Get("/"); at.StatusCode != http.StatusSeeOther {
		t.Errorf("the token from before the login: %d", at.StatusCode)
	}
	replayed := b.Cookie("expense_session").Value
	out := b.Post("/logout")
	if location(out) != "/login" || b.Cookie("expense_session") != nil {
		t.Errorf("signing out leads to %s", location(out))
	}
	old.SetCookie("expense_session", replayed)
	if at := old.Get("/"); at.StatusCode != http.StatusSeeOther {
		t.Errorf("the token after signing out: %d", at.StatusCode)
	}
	b.Post("/logout").Want(t, 303)
	for _, path := range []string{"/account/sessions/1/end", "/account/sessions/end"} { // from a page that stayed open
		b.Post(path).Want(t, 401, "This browser is signed out already. Sign in to see where else you are.", `action="/login"`)
	}
	late := g.As("Anna")
	g.Now = g.Now.Add(31 * 24 * time.Hour)
	if at := late.Get("/"); at.StatusCode != http.StatusSeeOther {
		t.Errorf("an expired one: %d", at.StatusCode)
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	for _, path := range []string{"/login", "/logout", "/setup", "/account", "/account/password", "/account/sessions/end",
		"/login/code", "/account/second", "/account/second/confirm", "/account/second/drop", "/account/second/codes", "/account/second/end",
		"/login/passkey", "/login/passkey/answer", "/account/passkeys", "/account/passkeys/new", "/account/passkeys/1/remove"} {
		b := g.As("Anna")
		b.Headers["Origin"], b.Headers["Sec-Fetch-Site"] = "https://evil.example", "cross-site"
		b.Post(path, "name", "Anna", "password", webtest.Password).Want(t, 403)
		if b.Cookie("expense_session") == nil {
			t.Errorf("%s of another site took the session", path)
		}
	}
}

func TestAnEndlessBodyEnds(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	for _, path := range []string{"/login", "/login/code", "/login/passkey", "/login/passkey/answer", "/setup"} {
		r := httptest.NewRequest(http.MethodPost, path, io.MultiReader(strings.NewReader("name=Anna&password="), endless{}))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		g.Browser().Do(r).Want(t, 413)
	}
	if g.Hasher.Verified.Load() != 0 {
		t.Error("it was hashed")
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func TestTheFirstAccountIsSetUp(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Add(expense.Draft{Category: "from before", Price: "1"})
	code, err := g.Operator.OfferSetup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := g.Browser()
	b.Follow(b.Follow(b.Get("/"))).Want(t, 200, "Set up", "At least 15 characters")
	b.Post("/setup", "code", "wrong", "name", "Anna", "password", webtest.Password).Want(t, 422, `id="code-error"`, `value="Anna"`,
		"!"+webtest.Password)
	b.Post("/setup", "code", code, "name", " ", "password", "short").Want(t, 422, `id="name-error"`, `id="password-error"`)
	made := b.Post("/setup", "code", code, "name", "Anna", "password", webtest.Password)
	b.Follow(made).Want(t, 200, "from before")
	thief := g.Browser()
	thief.Post("/setup", "code", code, "name", "Mallory", "password", webtest.Password).Want(t, 409, "An account was made already")
	if at := thief.Get("/setup"); location(at) != "/login" {
		t.Errorf("the set-up leads to %q", location(at))
	}
	if all, err := g.Operator.List(t.Context()); err != nil || len(all) != 1 || all[0].ID != ledger.LocalUser || !all[0].Admin {
		t.Errorf("%v, %v", all, err)
	}
}

// Who tries codes is throttled.
func TestCodesCannotBeTriedOut(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	if _, err := g.Operator.OfferSetup(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 30 {
		g.Browser().Post("/setup", "code", "guess", "name", "Mallory", "password", webtest.Password).Want(t, 422)
	}
	g.Browser().Post("/setup", "code", "guess", "name", "Mallory", "password", webtest.Password).Want(t, 429)
}

// A kept page is one person's: it knows who reads it, and never comes to somebody else.
func TestKeptPagesAreOnePersons(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Annabella")
	g.Join("Bertrandt")
	if err := g.Services.Members.SetRole(t.Context(), ledger.LocalOwner(ledgertest.Ledger(ledger.Default)), 2, "viewer"); err != nil {
		t.Fatal(err)
	}
	g.Add(expense.Draft{Category: "food", Price: "1"})
	owner, viewer := g.As("Annabella"), g.As("Bertrandt")
	before := g.Store.Overviews.Load()
	for range 2 {
		for _, b := range []*webtest.Browser{owner, viewer} {
			if b == owner {
				b.Get("/").Want(t, 200, ">Annabella (you)</option>", "!Bertrandt (you)")
				continue
			}
			b.Get("/").Want(t, 200, "!Annabella", "!Bertrandt", `!id="paid_by"`)
		}
	}
	if rendered := g.Store.Overviews.Load() - before; rendered != 2 {
		t.Errorf("the page was rendered %d times, want once for each person", rendered)
	}
	viewer.Post("/add", "category", "food", "price", "1").Want(t, 403)
}

func TestAStorageThatFailsIsNoWayIn(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	b := g.As("Anna")
	b.Get("/").Want(t, 200, "!/login")
	g.Store.TakeAway()
	b.Get("/").Want(t, 503, "!Anna")
}

// Where nobody signs in, there is nothing of this.
func TestWithoutAccountsThereAreNoPagesOfThem(t *testing.T) {
	s := webtest.New(t, web.Options{})
	for _, path := range []string{"/login", "/setup", "/account", "/account/sessions"} {
		s.Get(path).Want(t, 404)
	}
	s.Get("/more").Want(t, 200, "!/account", "!/logout")
}
