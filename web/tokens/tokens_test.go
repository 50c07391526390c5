package tokens_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/tests/rig/project"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

func TestPagesAreAsTheyWere(t *testing.T) {
	webtest.Golden(t, "tokens_none", func(s *webtest.Site) webtest.Answer { return s.Get("/tokens") })
	webtest.Golden(t, "made", func(s *webtest.Site) webtest.Answer {
		return s.Post("/tokens", "name", "Phone & <b>", "scope", "write", "ends", "90")
	})
	webtest.Golden(t, "tokens", func(s *webtest.Site) webtest.Answer {
		s.Post("/tokens", "name", "Phone & <b>", "scope", "write", "ends", "day", "until", "2026-11-23")
		s.Post("/tokens", "name", "Backup", "scope", "read", "ends", "365")
		s.Now = s.Now.AddDate(0, 0, 2)
		return s.Get("/tokens")
	})
	webtest.Golden(t, "refused", func(s *webtest.Site) webtest.Answer {
		return s.Post("/tokens", "name", " ", "scope", "admin", "ends", "day", "until", "2030-01-01")
	})
}

// house is a site where Ada owns a ledger and signs in.
type house struct {
	*webtest.Gated
	ada *webtest.Browser
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{Gated: webtest.NewGated(t, web.Options{})}
	h.Join("ada")
	h.ada = h.As("ada")
	return h
}

var secretIn = regexp.MustCompile(`et_[0-9]+_[0-9a-f]{64}`)

// make makes a token in a browser and returns its secret.
func (h *house) make(by *webtest.Browser, scope string) string {
	h.T.Helper()
	answer := by.Post("/tokens", "name", "Phone", "scope", scope, "ends", "30")
	secret := secretIn.FindString(answer.Body)
	if answer.StatusCode != http.StatusOK || secret == "" {
		h.T.Fatalf("no token: %d: %s", answer.StatusCode, answer.Body)
	}
	return secret
}

// send sends a request as a program does that brings a token.
func (h *house) send(method, path, secret string, fields ...string) webtest.Answer {
	h.T.Helper()
	return h.Do(request(method, path, secret, fields...))
}

func request(method, path, secret string, fields ...string) *http.Request {
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Authorization", "Bearer "+secret)
	r.Header.Set("Accept", "*/*")
	return r
}

// want checks an answer to a program: its status, what it says of tokens, and that it is for no browser.
func want(t *testing.T, what string, got webtest.Answer, status int, challenge string) {
	t.Helper()
	if got.StatusCode != status {
		t.Errorf("%s: status %d, want %d: %.300s", what, got.StatusCode, status, got.Body)
	}
	if said := got.Header.Get("WWW-Authenticate"); challenge == "" && said != "" || !strings.Contains(said, challenge) {
		t.Errorf("%s: it is challenged by %q, want %q", what, said, challenge)
	}
	if len(got.Header.Values("Set-Cookie")) > 0 {
		t.Errorf("%s: a program gets cookies: %v", what, got.Header.Values("Set-Cookie"))
	}
	if kind := got.Header.Get("Content-Type"); status >= 400 && kind != "text/plain; charset=utf-8" {
		t.Errorf("%s: a program is told %s", what, kind)
	}
	if got.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s: it may be kept: %v", what, got.Header)
	}
}

const (
	invalid      = `error="invalid_token"`
	insufficient = `error="insufficient_scope"`
)

func TestAProgramAddsAndReads(t *testing.T) {
	h := newHouse(t)
	secret := h.make(h.ada, "write")
	for range 2 { // the same request again
		added := h.send("POST", "/add", secret, "category", "Coffee", "price", "3.20", "date", "2026-11-20", "idempotency_key", "k1")
		want(t, "add", added, http.StatusSeeOther, "")
		file := h.send("GET", added.Header.Get("Location"), secret)
		want(t, "the file that it leads to", file, http.StatusOK, "")
		if strings.Count(file.Body, "Coffee") != 1 {
			t.Errorf("the file that it leads to has not one line of it: %q", file.Body)
		}
	}
	if n := h.Stored(); n != 1 {
		t.Errorf("%d are stored", n)
	}
	want(t, "a wrong form", h.send("POST", "/add", secret, "category", "Coffee", "price", "x"), http.StatusUnprocessableEntity, "")
	want(t, "a wrong search", h.send("GET", "/search.csv?from=x", secret), http.StatusUnprocessableEntity, "")
	if page := h.ada.Get("/expenses/1?history=1"); !strings.Contains(page.Body, "ada") {
		t.Errorf("it does not say who added: %s", page.Body)
	}
	if page := h.ada.Get("/tokens"); !strings.Contains(page.Body, "last used:") || strings.Contains(page.Body, secret) {
		t.Errorf("the list says %s", page.Body)
	}
	log := h.ada.Get("/people/log").Body
	if !strings.Contains(log, "ada made the token “Phone”, which reads and adds.") || secretIn.MatchString(log) {
		t.Errorf("the log says %s", log)
	}
}

func TestAReadersTokenAddsNothing(t *testing.T) {
	h := newHouse(t)
	secret := h.make(h.ada, "read")
	want(t, "read", h.send("GET", "/search.csv", secret), http.StatusOK, "")
	want(t, "add", h.send("POST", "/add", secret, "category", "Coffee", "price", "1"), http.StatusForbidden, insufficient)
	if h.Stored() != 0 {
		t.Error("it added")
	}
}

// A token works for what it is made for: every other address refuses it, and does nothing.
func TestATokenOpensNoPage(t *testing.T) {
	h := newHouse(t)
	secret := h.make(h.ada, "write")
	for _, route := range project.Routes(t) {
		method, path, _ := strings.Cut(route, " ")
		if route == "POST /add" || route == "GET /search.csv" {
			continue
		}
		path = strings.NewReplacer("{$}", "", "{id}", "1", "{month}", "2026-11", "{year}", "2026", "{token}", "1-0").Replace(path)
		answer := h.send(method, path, secret, "name", "x", "scope", "write", "ends", "30", "password", webtest.Password)
		want(t, route, answer, http.StatusForbidden, insufficient)
	}
	for _, path := range []string{"/nothing", "/static/style.css", "/search.csv/", "/add/"} {
		want(t, path, h.send("POST", path, secret), http.StatusForbidden, insufficient)
	}
	want(t, "it still works", h.send("GET", "/search.csv", secret), http.StatusOK, "")
}

// What a request brings beside a token counts for nothing: neither for it nor against it.
func TestTheTokenDecides(t *testing.T) {
	h := newHouse(t)
	secret := h.make(h.ada, "read")
	wrong := secret[:len(secret)-1] + string('0'+('1'-secret[len(secret)-1]%2))
	if wrong == secret {
		wrong = secret[:len(secret)-1] + "f"
	}
	bothOf := func(method, path, secret string, fields ...string) webtest.Answer {
		return h.ada.Do(request(method, path, secret, fields...))
	}
	want(t, "a wrong token and a session, adding", bothOf("POST", "/add", wrong, "category", "a", "price", "1"),
		http.StatusUnauthorized, invalid)
	want(t, "a wrong token and a session, reading", bothOf("GET", "/search.csv", wrong), http.StatusUnauthorized, invalid)
	want(t, "no token and a session", bothOf("GET", "/search.csv", ""), http.StatusUnauthorized, invalid)
	want(t, "a reader's token and an owner's session", bothOf("POST", "/add", secret, "category", "a", "price", "1"),
		http.StatusForbidden, insufficient)
	want(t, "a token and a session, on a page", bothOf("GET", "/", secret), http.StatusForbidden, insufficient)
	twice := request("GET", "/search.csv", secret)
	twice.Header.Add("Authorization", "Bearer "+wrong)
	want(t, "two tokens", h.Do(twice), http.StatusUnauthorized, invalid)
	wishing := request("GET", "/search.csv", secret)
	wishing.AddCookie(&http.Cookie{Name: "expense_ledger", Value: "2"})
	want(t, "a wish for another ledger", h.Do(wishing), http.StatusOK, "")
	foreign := request("POST", "/add", h.make(h.ada, "write"), "category", "a", "price", "1")
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	want(t, "another site's page", h.Do(foreign), http.StatusForbidden, insufficient)
	basic := httptest.NewRequest(http.MethodGet, "/search.csv", nil)
	basic.Header.Set("Authorization", "Basic YTpi")
	if answer := h.ada.Do(basic); answer.StatusCode != http.StatusOK {
		t.Errorf("a proxy's own password keeps a session out: %d", answer.StatusCode)
	}
	if h.Stored() != 0 {
		t.Errorf("%d are stored", h.Stored())
	}
	without := h.Do(httptest.NewRequest(http.MethodPost, "/add", nil))
	if said := without.Header.Get("WWW-Authenticate"); without.StatusCode != http.StatusUnauthorized ||
		said != `Bearer realm="expense-tracker"` {
		t.Errorf("without any: %d, %q", without.StatusCode, said)
	}
}

func TestATokenDiesWithWhatItStandsFor(t *testing.T) {
	h := newHouse(t)
	h.Join("ben")
	ben := h.As("ben")
	works := func(what, secret string, status int) {
		t.Helper()
		challenge := ""
		switch status {
		case http.StatusUnauthorized:
			challenge = invalid
		case http.StatusForbidden:
			challenge = insufficient
		}
		want(t, what, h.send("POST", "/add", secret, "category", "Coffee", "price", "1"), status, challenge)
	}
	secret := h.make(ben, "write")
	works("at first", secret, http.StatusSeeOther)
	ben.Post("/account/password", "password", webtest.Password, "new_password", "eleven loud badgers dig")
	works("after another password", secret, http.StatusSeeOther)

	h.ada.Post("/people/2/role", "role", "viewer")
	works("of a viewer", secret, http.StatusForbidden)
	want(t, "of a viewer who reads", h.send("GET", "/search.csv", secret), http.StatusOK, "")
	h.ada.Post("/people/2/role", "role", "editor")
	works("of an editor", secret, http.StatusSeeOther)

	h.ada.Post("/people/2/remove")
	works("of who is out", secret, http.StatusUnauthorized)
	h.Now = h.Now.Add(time.Minute)
	_, token, err := h.Services.Members.Invite(t.Context(), owner(h), member.InviteDraft{Role: "owner"})
	if err != nil {
		t.Fatal(err)
	}
	ben.Post("/join/" + token.Text())
	works("of who came back", secret, http.StatusUnauthorized)

	secret = h.make(ben, "write")
	works("of Ben again", secret, http.StatusSeeOther)
	if _, err := h.Operator.Disable(t.Context(), "ben"); err != nil {
		t.Fatal(err)
	}
	works("of a disabled user", secret, http.StatusUnauthorized)

	secret = h.make(h.ada, "write")
	answer := h.ada.Post("/tokens/3/revoke")
	if page := h.ada.Follow(answer); !strings.Contains(page.Body, "The token is revoked") {
		t.Errorf("revoking: %s", page.Body)
	}
	works("a revoked one", secret, http.StatusUnauthorized)
	secret = h.make(h.ada, "write")
	h.Now = h.Now.AddDate(0, 0, 31)
	works("one that is over", secret, http.StatusUnauthorized)
}

// owner is Ada as who asks.
func owner(h *house) ledger.Actor {
	h.T.Helper()
	actor, err := h.Services.Members.Actor(h.T.Context(), ledger.LocalUser, ledger.Default)
	if err != nil {
		h.T.Fatal(err)
	}
	return actor
}

func TestATokenIsOfOneLedger(t *testing.T) {
	h := newHouse(t)
	secret := h.make(h.ada, "write")
	made := h.ada.Post("/ledgers", "name", "Journey", "currency", "JPY", "zone", "UTC")
	h.ada.Follow(made)
	h.ada.Post("/add", "category", "Sushi", "price", "900")
	want(t, "add", h.send("POST", "/add", secret, "category", "Coffee", "price", "1"), http.StatusSeeOther, "")
	file := h.send("GET", "/search.csv", secret)
	if strings.Contains(file.Body, "Sushi") || !strings.Contains(file.Body, "Coffee") {
		t.Errorf("the file has %q", file.Body)
	}
	if page := h.ada.Get("/tokens"); strings.Contains(page.Body, "Phone") && strings.Contains(page.Body, "revoke\"") {
		t.Errorf("another ledger lists it: %s", page.Body)
	}
	h.ada.Post("/tokens/1/revoke")
	want(t, "revoked from another ledger", h.send("GET", "/search.csv", secret), http.StatusOK, "")
	moved := strings.Replace(secret, "et_1_", "et_2_", 1)
	want(t, "with another ledger's number", h.send("GET", "/search.csv", moved), http.StatusUnauthorized, invalid)
}

func TestWrongTokensAreThrottledByAddress(t *testing.T) {
	h := newHouse(t)
	secret := h.make(h.ada, "read")
	from := func(address, secret string) webtest.Answer {
		r := request("GET", "/search.csv", secret)
		r.RemoteAddr = address
		return h.Do(r)
	}
	wrong := "et_1_" + strings.Repeat("0", 64)
	for range 30 {
		want(t, "wrong", from("192.0.2.9:1", wrong), http.StatusUnauthorized, invalid)
	}
	refused := from("192.0.2.9:2", wrong)
	want(t, "one too many", refused, http.StatusTooManyRequests, "")
	if refused.Header.Get("Retry-After") == "" {
		t.Error("it does not say when to try again")
	}
	want(t, "from elsewhere", from("192.0.2.10:1", wrong), http.StatusUnauthorized, invalid)
	want(t, "a right one from there", from("192.0.2.9:3", secret), http.StatusOK, "")
	browser := h.Browser()
	browser.From = "192.0.2.9:4"
	if answer := browser.Post("/login", "name", "ada", "password", webtest.Password); answer.StatusCode != http.StatusSeeOther {
		t.Errorf("a program with a wrong token locks its household out: %d", answer.StatusCode)
	}
}

func TestAFormMakesOneToken(t *testing.T) {
	h := newHouse(t)
	fields := []string{"name", "Phone", "scope", "read", "ends", "30", "idempotency_key", "k1"}
	h.ada.Post("/tokens", fields...).Want(t, http.StatusOK, "et_1_")
	again := h.ada.Post("/tokens", fields...)
	again.Want(t, http.StatusConflict, "This form has made a token already", "!et_1_", `name="idempotency_key"`)
	if strings.Contains(again.Body, `value="k1"`) {
		t.Error("the page offers the key again")
	}
}

func TestWhoMayNotWriteIsOfferedNone(t *testing.T) {
	h := newHouse(t)
	if _, err := h.Operator.Add(t.Context(), account.Draft{Name: "cyd", Password: webtest.Password}, false); err != nil {
		t.Fatal(err)
	}
	_, link, err := h.Services.Members.Invite(t.Context(), owner(h), member.InviteDraft{Role: "viewer"})
	if err != nil {
		t.Fatal(err)
	}
	cyd := h.As("cyd")
	cyd.Post("/join/" + link.Text())
	cyd.Get("/tokens").Want(t, http.StatusOK, `value="read"`, `!value="write"`)
	cyd.Post("/tokens", "name", "x", "scope", "write", "ends", "30").Want(t, http.StatusForbidden)
	adas := h.make(h.ada, "read")
	cyd.Post("/tokens/1/revoke").Want(t, http.StatusNotFound)
	want(t, "after a viewer tried", h.send("GET", "/search.csv", adas), http.StatusOK, "")
	secret := h.make(cyd, "read")
	h.ada.Get("/tokens").Want(t, http.StatusOK, "in the name of cyd", "in the name of ada")
	h.ada.Post("/tokens/2/revoke").Want(t, http.StatusSeeOther)
	want(t, "revoked by an owner", h.send("GET", "/search.csv", secret), http.StatusUnauthorized, invalid)
	h.ada.Get("/people/log").Want(t, http.StatusOK, "ada revoked the token “Phone” of cyd.")
}

// What was typed and chosen is not lost when the storage is away, and sending it again makes one token.
func TestAFailingStorageLeavesTheFormAsItWas(t *testing.T) {
	s := webtest.New(t, web.Options{})
	fields := []string{
		"name", "Phone <b>", "scope", "write", "ends", "day", "until", "2026-12-24", "idempotency_key", "token-form",
	}
	s.Store.TakeAway()
	s.Post("/tokens", fields...).Want(t, 503, `value="Phone &lt;b&gt;"`, `value="write" required checked`, `value="day" required checked`,
		`value="2026-12-24"`, `name="idempotency_key" value="token-form"`, "!You have no token", "!Nobody has a token")
	s.Store.BringBack()
	s.Post("/tokens", fields...).Want(t, 200, "et_")
}
