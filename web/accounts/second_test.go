package accounts_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/account/accounttest"
	"expense-tracker/core/fault"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// appCode returns what the app of the only user shows some steps from now.
func appCode(g *webtest.Gated, steps int64) string {
	g.T.Helper()
	code, err := (&accounttest.Codes{}).Code("SECRET1", g.Now.Unix()/30+steps)
	if err != nil {
		g.T.Fatal(err)
	}
	return code
}

// guarded returns a browser of Anna, who has turned the second step on, and her recovery codes.
func guarded(g *webtest.Gated) (*webtest.Browser, []string) {
	g.T.Helper()
	b := g.As("Anna")
	b.Post("/account/second", "password", webtest.Password).Want(g.T, 303)
	shown := b.Post("/account/second/confirm", "code", appCode(g, 0))
	shown.Want(g.T, 200, "Your recovery codes")
	codes := regexp.MustCompile(`<li>([A-Z2-9-]{29})</li>`).FindAllStringSubmatch(shown.Body, -1)
	if len(codes) != account.RecoveryCodes {
		g.T.Fatalf("%d recovery codes: %s", len(codes), shown.Body)
	}
	g.Now = g.Now.Add(account.StepLength)
	var all []string
	for _, code := range codes {
		all = append(all, code[1])
	}
	return b, all
}

func TestPagesOfTheSecondStepAreAsTheyWere(t *testing.T) {
	webtest.GoldenGated(t, "second-off", func(g *webtest.Gated) webtest.Answer {
		g.Join("Anna")
		return g.As("Anna").Get("/account/second")
	})
	webtest.GoldenGated(t, "second-begun", func(g *webtest.Gated) webtest.Answer {
		g.Join("Anna")
		b := g.As("Anna")
		return b.Follow(b.Post("/account/second", "password", webtest.Password))
	})
	webtest.GoldenGated(t, "second-on", func(g *webtest.Gated) webtest.Answer {
		g.Join("Anna")
		b, _ := guarded(g)
		return b.Get("/account/second")
	})
	webtest.GoldenGated(t, "code", func(g *webtest.Gated) webtest.Answer {
		g.Join("Anna")
		guarded(g)
		b := g.Browser()
		return b.Follow(b.Post("/login", "name", "Anna", "password", webtest.Password, "to", "/months"))
	})
}

func TestSigningInNeedsTheCode(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	elsewhere := g.As("Anna")
	here, _ := guarded(g)
	here.Get("/").Want(t, 200) // goes on
	if at := elsewhere.Get("/"); at.StatusCode != http.StatusSeeOther {
		t.Errorf("another browser: %d", at.StatusCode)
	}
	told := len(g.SignIns)
	b := g.Browser()
	b.Headers["Accept"] = "*/*" // as curl has it
	asked := b.Post("/login", "name", "Anna", "password", webtest.Password, "to", "/months?x=1")
	if asked.StatusCode != http.StatusSeeOther || location(asked) != "/login/code?to=%2Fmonths%3Fx%3D1" {
		t.Fatalf("%d to %q", asked.StatusCode, location(asked))
	}
	cookie := b.Cookie("expense_login")
	if b.Cookie("expense_session") != nil || cookie == nil || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode ||
		cookie.MaxAge != 300 || cookie.Path != "/" || len(g.SignIns) != told {
		t.Errorf("the cookie is %+v, told of %v", cookie, g.SignIns[told:])
	}
	b.Get("/").Want(t, 401)
	b.Get("/login/code?to=/months").Want(t, 200, `name="to" value="/months"`, "One more step")
	b.Post("/login/code", "code", "000000", "to", "/months").Want(t, 401, `id="code-error"`, "was used already", `name="to" value="/months"`,
		"!000000")
	b.Post("/login/code", "code", "AAAA-BBBB", "to", "/months").Want(t, 401, "<details open>", `id="recovery-error"`, `!id="code-error"`,
		"!an app shows")
	if len(g.SignIns) != told+2 || fault.KindOf(g.SignIns[told]) != fault.Unauthenticated {
		t.Errorf("told of %v", g.SignIns[told:])
	}
	code := appCode(g, 0)
	in := b.Post("/login/code", "code", code, "to", "/months?x=1")
	if in.StatusCode != http.StatusSeeOther || location(in) != "/months?x=1" || b.Cookie("expense_login") != nil {
		t.Fatalf("%d to %q: %s", in.StatusCode, location(in), in.Body)
	}
	b.Get("/").Want(t, 200)
	if last := g.SignIns[len(g.SignIns)-1]; last != nil || len(g.SignIns) != told+3 {
		t.Errorf("told of %v", g.SignIns[told:])
	}

	replay := g.Browser()
	replay.Post("/login", "name", "Anna", "password", webtest.Password)
	replay.Post("/login/code", "code", code).Want(t, 401, `id="code-error"`)
	if replay.Cookie("expense_session") != nil {
		t.Error("a code that was used lets somebody in")
	}
	replay.Post("/login/code", "code", appCode(g, 1), "to", "//evil.example").Want(t, 303)
	replay.Get("/").Want(t, 200)
}

func TestAForgedOrOldLogInDoesNotGoOn(t *testing.T) {
	g := webtest.NewGated(t, web.Options{BaseURL: "https://money.example.io"})
	g.Join("Anna")
	guarded(g)
	b := g.Browser()
	b.Headers["Accept"] = "text/html"
	b.Post("/login", "name", "Anna", "password", webtest.Password)
	half := b.Cookie("__Host-expense_login")
	if half == nil || !half.Secure {
		t.Fatalf("under TLS the cookie is %+v", half)
	}
	for _, forged := range []string{"", "x", strings.Repeat("0", 64), half.Value[1:] + "0", half.Value + "0"} {
		f := g.Browser()
		f.SetCookie("__Host-expense_login", forged)
		if at := f.Get("/login/code?to=/more"); location(at) != "/login?to=%2Fmore" {
			t.Errorf("%q leads to %q", forged, location(at))
		}
		f.Post("/login/code", "code", appCode(g, 0), "to", "/more").Want(t, 401, `action="/login"`, "begin again", `name="to" value="/more"`)
	}
	session := g.Browser()
	session.SetCookie("__Host-expense_session", half.Value) // it is no session
	if at := session.Get("/"); at.StatusCode != http.StatusSeeOther {
		t.Errorf("as a session: %d", at.StatusCode)
	}
	g.Now = g.Now.Add(5 * time.Minute)
	b.Post("/login/code", "code", appCode(g, 0)).Want(t, 401, `action="/login"`)
	if b.Cookie("__Host-expense_session") != nil {
		t.Error("it signs in")
	}
}

func TestCodesAreThrottledAndARecoveryCodeHelps(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	_, recovery := guarded(g)
	b := g.Browser()
	b.Post("/login", "name", "Anna", "password", webtest.Password)
	for range 10 {
		b.Post("/login/code", "code", "000000").Want(t, 401)
	}
	throttled := b.Post("/login/code", "code", appCode(g, 0))
	throttled.Want(t, 429, "Too many tries", `action="/login/code"`)
	if throttled.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	b.Post("/login/code", "code", recovery[0]).Want(t, 303)
	b.Get("/account/second").Want(t, 200, "9 recovery codes are left.")
}

// The page for a wrong password is the same, be there a second step or not.
func TestAWrongPasswordTellsNothingOfTheSecondStep(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	before := g.Browser().Post("/login", "name", "Anna", "password", other)
	guarded(g)
	b := g.Browser()
	after := b.Post("/login", "name", "Anna", "password", other)
	if before.StatusCode != after.StatusCode || before.Body != after.Body || len(after.Cookies()) != 0 {
		t.Errorf("%d and %d: %s", before.StatusCode, after.StatusCode, after.Body)
	}
}

func TestTheSecondStepIsSetUpAndTurnedOff(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	b := g.As("Anna")
	b.Get("/account").Want(t, 200, `href="/account/second"`)
	b.Post("/account/second", "password", other).Want(t, 422, `id="password-error"`, "This is not your password.")
	b.Post("/account/second/confirm", "code", "000000").Want(t, 409, "Nothing is being set up")
	b.Follow(b.Post("/account/second", "password", webtest.Password)).Want(t, 200, "SECR ET1", `href="otpauth://totp/Anna?secret=SECRET1"`,
		`<svg class="qr"`)
	b.Post("/account/second/confirm", "code", "000000").Want(t, 422, `id="code-error"`, "SECR ET1")
	b.Follow(b.Post("/account/second/drop")).Want(t, 200, "Set it up", "!SECR")
	b.Post("/account/second/codes", "proof", webtest.Password).Want(t, 409)
	g.Browser().Post("/login", "name", "Anna", "password", webtest.Password).Want(t, 303)

	b.Post("/account/second", "password", webtest.Password).Want(t, 303)
	code, err := (&accounttest.Codes{}).Code("SECRET2", g.Now.Unix()/30)
	if err != nil {
		t.Fatal(err)
	}
	before := b.Cookie("expense_session").Value
	b.Post("/account/second/confirm", "code", code).Want(t, 200, "Your recovery codes")
	thief := g.Browser()
	thief.SetCookie("expense_session", before)
	if at := thief.Get("/"); at.StatusCode != http.StatusSeeOther {
		t.Errorf("the token from before: %d", at.StatusCode)
	}
	b.Get("/account/second").Want(t, 200, "It is on", "10 recovery codes are left.", "!SECR", "!<svg class=\"qr\"")
	b.Post("/account/second", "password", webtest.Password).Want(t, 409, "on already")
	b.Post("/account/second/codes", "proof", other).Want(t, 422, `id="proof-error"`)
	b.Post("/account/second/codes", "proof", webtest.Password).Want(t, 200, "Your recovery codes")
	b.Post("/account/second/end", "proof", "000000").Want(t, 422, `id="proof-error"`)
	b.Follow(b.Post("/account/second/end", "proof", webtest.Password)).Want(t, 200, "The second step is off.", "Set it up")
}
