package accounts_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// named is a site where browsers use passkeys.
func named(t *testing.T) *webtest.Gated {
	g := webtest.NewGated(t, web.Options{BaseURL: "https://money.example.io"})
	g.Join("Anna")
	return g
}

// withPasskey returns a browser of Anna, who has made a passkey.
func withPasskey(g *webtest.Gated, credential string) *webtest.Browser {
	g.T.Helper()
	b := g.As("Anna")
	b.Post("/account/passkeys", "name", "My <phone>", "password", webtest.Password).Want(g.T, 200)
	added := b.Post("/account/passkeys/new", "name", "My <phone>", "answer", string(g.Keys.Answer(credential)))
	b.Follow(added).Want(g.T, 200, "Passkey added.")
	return b
}

func TestPagesOfPasskeysAreAsTheyWere(t *testing.T) {
	webtest.GoldenGated(t, "passkeys-nowhere", func(g *webtest.Gated) webtest.Answer {
		g.Join("Anna")
		return g.As("Anna").Get("/account/passkeys")
	})
}

var removal = regexp.MustCompile(`action="(/account/passkeys/\d+/remove)"`)

func TestAPasskeyIsMadeUsedAndRemoved(t *testing.T) {
	g := named(t)
	elsewhere := g.As("Anna")
	here := g.As("Anna")
	here.Get("/account").Want(t, 200, `href="/account/passkeys"`)
	here.Get("/account/passkeys").Want(t, 200, `action="/account/passkeys" data-passkey hidden`, `name="name" value="A browser"`)
	here.Post("/account/passkeys", "name", " ", "password", webtest.Password).Want(t, 422, `id="name-error"`)
	here.Post("/account/passkeys", "name", "phone", "password", other).Want(t, 422, `id="password-error"`, `value="phone"`, "!"+other)
	asked := here.Post("/account/passkeys", "name", "My <phone>", "password", webtest.Password)
	asked.Want(t, 200, `data-ask="create"`, `name="name" value="My &lt;phone&gt;"`, `action="/account/passkeys/new"`)
	if options := html.UnescapeString(asked.Body); !strings.Contains(options, `data-options=""make 1""`) {
		t.Errorf("the options are not there: %s", options)
	}
	half := here.Cookie("__Host-expense_login")
	if half == nil || !half.HttpOnly || !half.Secure || half.MaxAge != 300 || strings.Contains(asked.Body, half.Value) {
		t.Errorf("the cookie is %+v", half)
	}
	here.Follow(here.Post("/account/passkeys/new", "name", "My <phone>", "answer", string(g.Keys.Answer("A")))).Want(t, 200, "Passkey added.",
		"My &lt;phone&gt;", "never used")
	if at := elsewhere.Get("/"); at.StatusCode != http.StatusSeeOther {
		t.Errorf("another browser: %d", at.StatusCode)
	}

	g.Now = g.Now.Add(time.Hour)
	phone := g.Browser()
	phone.Get("/login?to=/more").Want(t, 200, `action="/login/passkey" data-passkey hidden`)
	phone.Post("/login/passkey", "to", "/more").Want(t, 200, `data-ask="get"`, `action="/login/passkey/answer"`, `name="to" value="/more"`)
	told := len(g.SignIns)
	in := phone.Post("/login/passkey/answer", "answer", string(g.Keys.AnswerOf(1, "A", 1)), "to", "/more")
	if in.StatusCode != http.StatusSeeOther || location(in) != "/more" || phone.Cookie("__Host-expense_login") != nil {
		t.Fatalf("%d to %q: %s", in.StatusCode, location(in), in.Body)
	}
	if len(g.SignIns) != told+1 || g.SignIns[told] != nil {
		t.Errorf("told of %v", g.SignIns[told:])
	}
	list := phone.Get("/account/passkeys")
	list.Want(t, 200, "My &lt;phone&gt;", "last used: ", "!never used")
	remove := removal.FindStringSubmatch(list.Body)
	if remove == nil {
		t.Fatal("it cannot be removed")
	}
	g.Join("Ben")
	g.As("Ben").Post(remove[1], "proof", webtest.Password).Want(t, 404)
	for _, wrong := range []string{"", "another long password"} { // a session that was stolen takes no way in away
		phone.Post(remove[1], "proof", wrong).Want(t, 422, `id="proof-error"`, "This is not your password.", "My &lt;phone&gt;")
	}
	phone.Follow(phone.Post(remove[1], "proof", webtest.Password)).Want(t, 200, "Passkey removed.", "!My &lt;phone&gt;")
	phone.Post(remove[1], "proof", webtest.Password).Want(t, 404)
	if at := here.Get("/"); at.StatusCode != http.StatusSeeOther {
		t.Errorf("another browser: %d", at.StatusCode)
	}
	phone = g.Browser()
	phone.Post("/login/passkey")
	phone.Post("/login/passkey/answer", "answer", string(g.Keys.AnswerOf(1, "A", 2))).Want(t, 401, "was removed", `action="/login"`)
}

// A passkey knows its owner, so no code is asked for besides.
func TestAPasskeyNeedsNoSecondStep(t *testing.T) {
	g := named(t)
	b := withPasskey(g, "A")
	b.Post("/account/second", "password", webtest.Password).Want(t, 303)
	b.Post("/account/second/confirm", "code", appCode(g, 0)).Want(t, 200)
	phone := g.Browser()
	phone.Post("/login/passkey").Want(t, 200)
	phone.Post("/login/passkey/answer", "answer", string(g.Keys.AnswerOf(1, "A", 1))).Want(t, 303)
	phone.Get("/").Want(t, 200)
}

func TestForgedReplayedAndOldAnswersAreRefused(t *testing.T) {
	g := named(t)
	b := withPasskey(g, "A")
	ask := func() *webtest.Browser {
		t.Helper()
		phone := g.Browser()
		phone.Post("/login/passkey").Want(t, 200)
		return phone
	}
	refused := func(what string, b *webtest.Browser, answer string) {
		t.Helper()
		b.Post("/login/passkey/answer", "answer", answer, "to", "//evil.example").Want(t, 401, `name="to" value="/"`)
		if b.Cookie("__Host-expense_session") != nil {
			t.Errorf("%s signs in", what)
		}
	}
	first := ask()
	half, answer := first.Cookie("__Host-expense_login").Value, string(g.Keys.AnswerOf(1, "A", 1))
	for _, forged := range []string{"", "x", strings.Repeat("0", 64), half[1:] + "0"} {
		f := g.Browser()
		f.SetCookie("__Host-expense_login", forged)
		refused("the cookie "+forged, f, answer)
	}
	first.Post("/login/passkey/answer", "answer", answer).Want(t, 303)
	replay := g.Browser()
	replay.SetCookie("__Host-expense_login", half)
	refused("a replay", replay, string(g.Keys.AnswerOf(1, "A", 2)))
	refused("an answer to another challenge", ask(), answer)
	for _, wrong := range []string{"", "{}", "null", "\x00", strings.Repeat("[", 9000), string(g.Keys.AnswerOf(2, "A", 9))} {
		refused(wrong, ask(), wrong)
	}
	old := ask()
	late := string(g.Keys.AnswerOf(1, "A", 3))
	g.Now = g.Now.Add(5 * time.Minute)
	refused("an old one", old, late)

	b.Post("/account/passkeys", "name", "x", "password", webtest.Password).Want(t, 200)
	b.Post("/account/passkeys/new", "name", "x", "answer", "made up").Want(t, 422, "not accepted")
	b.Post("/account/passkeys/new", "name", "x", "answer", string(g.Keys.Answer("B"))).Want(t, 409, "begin again")
	b.Get("/account/passkeys").Want(t, 200, "!<b dir=\"auto\">x</b>")
}

// Passkeys are of a name that is reached by TLS, or of this very machine.
func TestPasskeysNeedAName(t *testing.T) {
	for base, there := range map[string]bool{
		"https://money.example.io": true, "https://money.example.io:8443": true, "http://localhost:5000": true, "http://a.localhost": true,
		"http://money.example.io": false, "https://192.0.2.7": false, "http://127.0.0.1:5000": false, "https://[2001:db8::1]": false,
	} {
		g := webtest.NewGated(t, web.Options{BaseURL: base})
		g.Join("Anna")
		b := g.As("Anna")
		if there {
			b.Get("/account/passkeys").Want(t, 200, `action="/account/passkeys"`, "!No new passkey")
			g.Browser().Get("/login").Want(t, 200, "/login/passkey")
			continue
		}
		b.Get("/account/passkeys").Want(t, 200, `!action="/account/passkeys"`, "No new passkey can be made here", "base_url")
		b.Post("/account/passkeys", "name", "x", "password", webtest.Password).Want(t, 409, "No passkey works here", "!data-options")
		g.Browser().Get("/login").Want(t, 200, "!/login/passkey")
		g.Browser().Post("/login/passkey").Want(t, 409, "No passkey works here")
	}
}
