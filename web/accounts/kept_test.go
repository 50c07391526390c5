package accounts_test

import (
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)

// hiddenIn returns the names and values of the hidden fields of a page.
func hiddenIn(a webtest.Answer) (fields []string) {
	for _, found := range hidden.FindAllStringSubmatch(a.Body, -1) {
		fields = append(fields, found[1], found[2])
	}
	return fields
}

// What is sent after the session has ended is not lost: it comes back when its sender has signed in, and is stored once.
func TestAFormThatCameTooLateIsKept(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	b := g.As("Anna")
	key := b.Get("/add").Key(t)
	b.Get("/account")
	b.Post("/logout")
	b.Headers["Referer"] = "http://example.com/add?x=1"
	typed := []string{"category", "Café <b>", "price", "12,50", "note", "two\nlines", "idempotency_key", key, "password", "not a field"}
	late := b.Post("/add", typed...)
	late.Want(t, 401, "What you sent is not stored yet.", `name="kept"`, `name="to" value="/add?x=1"`, "!not a field", "!go back")
	if g.Stored() != 0 {
		t.Fatal("it is stored without a log-in")
	}
	wrong := b.Post("/login", append(hiddenIn(late), "name", "Anna", "password", "wrong")...)
	wrong.Want(t, 401, `name="kept"`)
	back := b.Post("/login", append(hiddenIn(wrong), "name", "Anna", "password", webtest.Password)...)
	back.Want(t, 200, "Welcome back", `action="/add"`, "Café &lt;b&gt;", "12,50", `value="`+key+`"`, `href="/add?x=1"`, "!not a field",
		"!<li dir=\"auto\">"+key)
	for range 2 { // a double click
		if sent := b.Post("/add", hiddenIn(back)...); sent.StatusCode != http.StatusSeeOther {
			t.Errorf("sent again: %d: %s", sent.StatusCode, sent.Body)
		}
	}
	if n := g.Stored(); n != 1 {
		t.Errorf("%d expenses are stored, want 1", n)
	}
}

// Who comes back is reminded of what they typed, and of no numbers of rows.
func TestAFormIsKnownAgainByWhatWasTyped(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	b := g.Browser()
	late := b.Post("/several", "pick", "17.1-9f86d081884c", "category", "travel", "date", "", "do", "change", "ledger", "1", "revision", "4",
		"keep_note", "stored", "stored_note", "old")
	back := b.Post("/login", append(hiddenIn(late), "name", "Anna", "password", webtest.Password)...)
	back.Want(t, 200, `<li dir="auto">travel</li>`, `name="pick" value="17.1-9f86d081884c"`, `name="ledger" value="1"`)
	if n := strings.Count(back.Body, "<li dir"); n != 1 {
		t.Errorf("%d values are shown:\n%s", n, back.Body)
	}
}

// No secret goes from page to page, and a program gets the plain answer.
func TestWhatIsSecretIsNotKept(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	b := g.Browser()
	b.Post("/account/password", "password", webtest.Password, "new_password", "eight quiet herons wade").
		Want(t, 401, `!name="kept"`, "!herons", "What you sent was not stored. Sign in, and do it again.", `action="/login"`)
	b.Post("/people/invitations", "role", "viewer", "token", "1-"+strings.Repeat("ab", 32)).Want(t, 401, `name="kept"`)
	kept, _ := base64.RawURLEncoding.DecodeString(hiddenIn(b.Post("/people/invitations", "role", "viewer", "token", "1-secret"))[3])
	if string(kept) != "/people/invitations role=viewer" {
		t.Errorf("%s is kept", kept)
	}
	b.Post("/add", "note", strings.Repeat("x", 40<<10)).Want(t, 401, `!name="kept"`)
	b.Post("/add", "note", strings.Repeat("x", 70<<10)).Want(t, 401, `!name="kept"`)
	b.Headers["Accept"] = "*/*"
	b.Post("/add", "price", "1").Want(t, 401, `!action="/login"`)
	b.Post("/add", "price", "1").Want(t, 401, `!name="kept"`)
}

// A form that somebody made up leads to no other site, and not to what signs in or out.
func TestAMadeUpFormIsNotKept(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	for _, made := range []string{
		"//evil.example/x price=1", "https://evil.example price=1", `/\evil.example price=1`, "/logout x=1", "/account/password new_password=x",
		"/account?x", "/ x=1", "/add %zz", "javascript:alert(1) x", "",
	} {
		b := g.Browser()
		sent := b.Post("/login", "name", "Anna", "password", webtest.Password, "kept", base64.RawURLEncoding.EncodeToString([]byte(made)))
		if sent.StatusCode != http.StatusSeeOther || location(sent) != "/" {
			t.Errorf("%q: %d to %q", made, sent.StatusCode, location(sent))
		}
	}
}

// There is more than one way in, and what was sent comes along on each.
func TestAKeptFormGoesFromOneWayInToAnother(t *testing.T) {
	g := named(t)
	late := g.Browser().Post("/add", "category", "food", "price", "12.50")
	late.Want(t, 401, `action="/login/passkey"`)
	b := g.Browser()
	asked := b.Post("/login/passkey", hiddenIn(late)[:4]...)
	asked.Want(t, 200, `data-ask="get"`, `action="/login"`, "Sign in with the password", `!href="/login`)
	kept := hiddenIn(asked)
	password := b.Post("/login", kept[len(kept)-4:]...)
	password.Want(t, 200, `name="kept"`, `id="password"`, `!role="alert"`)
	fields := append(hiddenIn(password)[:4], "name", "Anna", "password", webtest.Password)
	b.Post("/login", fields...).Want(t, 200, "Welcome back", `action="/add"`, "12.50")

	guarded(g)
	code := g.Browser().Post("/login", fields...)
	code.Want(t, 200, "One more step", `action="/login"`, "Sign in as somebody else", `!href="/login`)
	kept = hiddenIn(code)
	g.Browser().Post("/login", kept[len(kept)-4:]...).Want(t, 200, `name="kept"`, `id="password"`)
}
