package accounts_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

var everybody = account.Policy{SignUp: []string{"*"}}

func person(subject string) account.Claims {
	return account.Claims{Identity: account.Identity{Subject: subject}, Username: subject, Email: subject + "@example.org", Verified: true}
}

// leaves returns where an answer leads a browser to.
func leaves(t *testing.T, a webtest.Answer) string {
	t.Helper()
	a.Want(t, 200, `rel="noreferrer"`)
	address, found := strings.CutPrefix(a.Header.Get("Refresh"), "0; url=")
	if !found {
		t.Fatalf("it leads nowhere: %v", a.Header)
	}
	return address
}

// comeBack is the address with which the provider sends a browser back once somebody has signed in there.
func comeBack(g *webtest.Gated, address string, as account.Claims) string {
	state, code := g.Provider.Let(address, as)
	return "/login/oidc/callback?state=" + state + "&code=" + strings.ReplaceAll(code, " ", "+")
}

func TestPagesWithAProviderAreAsTheyWere(t *testing.T) {
	alone := web.Options{NoPasswords: true}
	for name, options := range map[string]web.Options{"both": {}, "alone": alone} {
		webtest.GoldenFederated(t, "login-"+name, options, func(g *webtest.Gated) webtest.Answer {
			g.Join("Anna")
			return g.Browser().Get("/login?to=/months")
		})
		webtest.GoldenFederated(t, "setup-"+name, options, func(g *webtest.Gated) webtest.Answer { return g.Browser().Get("/setup") })
	}
	webtest.GoldenFederated(t, "link", web.Options{}, func(g *webtest.Gated) webtest.Answer {
		g.Join("Anna")
		return g.As("Anna").Get("/account")
	})
	webtest.GoldenFederated(t, "linked", alone, func(g *webtest.Gated) webtest.Answer {
		g.Join("Anna")
		b := g.Browser()
		b.Get(comeBack(g, leaves(t, b.Post("/login/oidc")), person("ben")))
		return b.Get("/account")
	})
	webtest.GoldenFederated(t, "leaving", alone, func(g *webtest.Gated) webtest.Answer {
		g.Join("Anna")
		answer := g.Browser().Post("/login/oidc")
		answer.Body = regexp.MustCompile(`state=[0-9a-f]+`).ReplaceAllString(answer.Body, "state=STATE")
		return answer
	})
}

func TestSigningInAtAProvider(t *testing.T) {
	g := webtest.NewFederated(t, web.Options{}, everybody)
	g.Join("Anna")
	b := g.Browser()
	b.Get("/login?to=/months").Want(t, 200, "Sign in with Example ID", `action="/login/oidc"`, `action="/login"`)
	begun := b.Post("/login/oidc", "to", "/more")
	cookie := b.Cookie("expense_oidc")
	if cookie == nil || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.MaxAge != 600 || cookie.Path != "/" {
		t.Fatalf("the cookie is %+v", cookie)
	}
	address := leaves(t, begun)
	if strings.Contains(address, cookie.Value) {
		t.Error("the browser's secret leaves it")
	}
	back := comeBack(g, address, person("ben"))
	thief := g.Browser()
	thief.SetCookie("expense_oidc", strings.Repeat("0", 64))
	thief.Get(back).Want(t, 401, "You are not signed in", "began in another browser", "!ben")
	if thief.Cookie("expense_session") != nil {
		t.Fatal("another browser is signed in")
	}
	if in := b.Get(back); location(in) != "/more" || b.Cookie("expense_session") == nil {
		t.Fatalf("%d to %q: %s", in.StatusCode, location(in), in.Body)
	}
	b.Get("/account").Want(t, 200, `value="ben"`, "Linked with ben@example.org", "the only way into your account",
		"!Change the password", "!Unlink")
	b.Get(back).Want(t, 401) // a replay
	if len(g.SignIns) != 3 || g.SignIns[1] != nil || fault.KindOf(g.SignIns[0]) != fault.Unauthenticated {
		t.Errorf("told of %v", g.SignIns)
	}
	// The session from before is over, as after every sign-in.
	before := b.Cookie("expense_session").Value
	b.Get(comeBack(g, leaves(t, b.Post("/login/oidc")), person("ben"))).Want(t, 303)
	old := g.Browser()
	old.SetCookie("expense_session", before)
	if at := old.Get("/"); at.StatusCode != http.StatusSeeOther || location(at) != "/login" {
		t.Errorf("the old session: %d to %s", at.StatusCode, location(at))
	}
}

func TestTheCookieOfAnAttemptGoesByTLSAlone(t *testing.T) {
	g := webtest.NewFederated(t, web.Options{BaseURL: "https://money.example.io"}, everybody)
	g.Join("Anna")
	b := g.Browser()
	b.Post("/login/oidc").Want(t, 200)
	if cookie := b.Cookie("__Host-expense_oidc"); cookie == nil || !cookie.Secure || cookie.Path != "/" || cookie.Domain != "" {
		t.Errorf("the cookie is %+v", cookie)
	}
}

func TestNoWayOutOfTheSite(t *testing.T) {
	g := webtest.NewFederated(t, web.Options{}, everybody)
	g.Join("Anna")
	for _, to := range []string{"https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"} {
		b := g.Browser()
		if in := b.Get(comeBack(g, leaves(t, b.Post("/login/oidc", "to", to)), person("ben"))); location(in) != "/" {
			t.Errorf("%s leads to %s", to, location(in))
		}
	}
}

func TestWhatAProviderRefusesIsSaidInOurWords(t *testing.T) {
	g := webtest.NewFederated(t, web.Options{}, account.Policy{})
	g.Join("Anna")
	for failed, want := range map[string]string{
		"access_denied":                        "Example ID did not let you in",
		"server_error":                         "could not sign you in just now",
		"%22%3E%3Cscript%3Ealert(1)%3C/script": "Example ID refused to sign you in",
	} {
		b := g.Browser()
		state, _ := g.Provider.Let(leaves(t, b.Post("/login/oidc", "to", "/months")), person("ben"))
		b.Get("/login/oidc/callback?state="+state+"&error="+failed+"&error_description=Call+%2B1+555").Want(t, 401, want, `value="/months"`,
			"!alert(1)", "!555")
	}
	b := g.Browser()
	b.Get(comeBack(g, leaves(t, b.Post("/login/oidc")), person("mallory"))).
		Want(t, 403, "Nobody here has this log-in of Example ID", "!mallory")
	if b.Cookie("expense_session") != nil {
		t.Error("a stranger is signed in")
	}
}

func TestAProviderThatIsAwayIsSaid(t *testing.T) {
	g := webtest.NewFederated(t, web.Options{}, account.Policy{})
	g.Join("Anna")
	away := fault.New(fault.Unavailable, "test", "%s does not answer just now; try again in a moment", "Example ID")
	away.Err = account.ErrAway
	g.Provider.Err = away
	answer := g.Browser().Post("/login/oidc", "to", "/months")
	answer.Want(t, 503, "Example ID does not answer", "!storage", `value="/months"`, `action="/login"`)
	if n := strings.Count(answer.Body, "does not answer"); n != 1 {
		t.Errorf("it says %d times that the provider does not answer", n)
	}
	if answer.Header.Get("Retry-After") == "" {
		t.Error("it does not say when to try again")
	}
	g.As("Anna").Post("/account/oidc", "confirm", webtest.Password).Want(t, 503, "Example ID does not answer", "!storage")
}

func TestTheFirstAccountIsSetUpAtAProvider(t *testing.T) {
	g := webtest.NewFederated(t, web.Options{NoPasswords: true}, everybody)
	code, err := g.Operator.OfferSetup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	thief := g.Browser()
	thief.Get(comeBack(g, leaves(t, thief.Post("/login/oidc")), person("mallory"))).Want(t, 403)
	b := g.Browser()
	b.Follow(b.Follow(b.Get("/"))).Want(t, 200, "Set up", `action="/setup/oidc"`, "!password")
	b.Post("/setup/oidc", "code", "wrong").Want(t, 422, `id="code-error"`)
	back := comeBack(g, leaves(t, b.Post("/setup/oidc", "code", code)), person("anna"))
	if in := b.Get(back); location(in) != "/" {
		t.Fatalf("%d: %s", in.StatusCode, in.Body)
	}
	b.Get("/account").Want(t, 200, `value="anna"`)
	b.Post("/setup/oidc", "code", code).Want(t, 409, "An account was made already")
	all, err := g.Operator.List(t.Context())
	if err != nil || len(all) != 1 || !all[0].Admin {
		t.Errorf("%v, %v", all, err)
	}
}

// Where nobody signs in with a password, nothing takes one.
func TestWithoutPasswords(t *testing.T) {
	g := webtest.NewFederated(t, web.Options{NoPasswords: true}, everybody)
	g.Join("Anna")
	b := g.Browser()
	b.Get("/login").Want(t, 200, "Sign in with Example ID", "!password")
	b.Post("/login", "name", "Anna", "password", webtest.Password).
		Want(t, 403, "Nobody signs in with a password here; sign in with Example ID")
	b.Post("/setup", "name", "Anna", "password", webtest.Password).Want(t, 405)
	if g.Hasher.Verified.Load() != 0 || b.Cookie("expense_session") != nil {
		t.Error("a password was looked at")
	}
	b.Get(comeBack(g, leaves(t, b.Post("/login/oidc")), person("ben"))).Want(t, 303)
	b.Post("/account/password", "password", "x", "new_password", other).Want(t, 404)
}

func TestWithoutAProviderThereAreNoPagesOfIt(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	b := g.As("Anna")
	b.Get("/login/oidc/callback").Want(t, 404)
	b.Post("/login/oidc").Want(t, 404)
	b.Post("/account/oidc").Want(t, 404)
	b.Get("/account").Want(t, 200, "!/account/oidc")
}

func TestLinkingOnesAccount(t *testing.T) {
	g := webtest.NewFederated(t, web.Options{}, account.Policy{})
	g.Join("Anna")
	g.Join("Ben")
	b := g.As("Anna")
	b.Get("/account").Want(t, 200, "Link with Example ID", "Change the password")
	b.Post("/account/oidc", "confirm", other).Want(t, 422, `id="confirm-error"`, "This is not your password.", "!"+other)
	back := comeBack(g, leaves(t, b.Post("/account/oidc", "confirm", webtest.Password)), person("anna"))
	stolen := g.As("Ben") // who got hold of the address
	stolen.Get(back).Want(t, 401, "Nothing was linked")
	in := b.Get(back)
	b.Follow(in).Want(t, 200, "Linked: from now on", "Linked with anna@example.org", "Unlink")
	ben := g.As("Ben")
	ben.Get(comeBack(g, leaves(t, ben.Post("/account/oidc", "confirm", webtest.Password)), person("anna"))).
		Want(t, 409, "Nothing was linked", "belongs to another account")
	elsewhere := g.Browser()
	elsewhere.Get(comeBack(g, leaves(t, elsewhere.Post("/login/oidc")), person("anna"))).Want(t, 303)
	b.Post("/account/oidc/unlink", "confirm", other).Want(t, 422, `id="confirm-error"`)
	b.Follow(b.Post("/account/oidc/unlink", "confirm", webtest.Password)).Want(t, 200, "Unlinked.", "Link with Example ID")
	if at := elsewhere.Get("/"); at.StatusCode != http.StatusSeeOther {
		t.Errorf("who came in that way: %d", at.StatusCode)
	}
	elsewhere.Get(comeBack(g, leaves(t, elsewhere.Post("/login/oidc")), person("anna"))).Want(t, 403)
}

func TestFormsOfOtherSitesBeginNothing(t *testing.T) {
	g := webtest.NewFederated(t, web.Options{}, everybody)
	g.Join("Anna")
	for _, path := range []string{"/login/oidc", "/setup/oidc", "/account/oidc", "/account/oidc/unlink"} {
		b := g.As("Anna")
		b.Headers["Origin"], b.Headers["Sec-Fetch-Site"] = "https://evil.example", "cross-site"
		b.Post(path, "confirm", webtest.Password).Want(t, 403)
		if b.Cookie("expense_oidc") != nil {
			t.Errorf("%s of another site begins an attempt", path)
		}
	}
}
