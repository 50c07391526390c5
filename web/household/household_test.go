package household_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// The people of the tests.
const (
	ada ledger.UserID = iota + 1
	bob
	cyd
)

// people knows two of them.
type people struct{}

func (people) Names(_ context.Context, users []ledger.UserID) (map[ledger.UserID]string, error) {
	known := map[ledger.UserID]string{}
	for _, user := range users {
		if name := map[ledger.UserID]string{ada: "Ada <i>", bob: "Bob"}[user]; name != "" {
			known[user] = name
		}
	}
	return known, nil
}

// house is a site for several people, each with a browser of their own. Ada owns the default ledger.
type house struct {
	*webtest.Site
	jars map[ledger.UserID]map[string]string // cookies of each
	log  bytes.Buffer
}

const asker = webtest.Asker

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{jars: map[ledger.UserID]map[string]string{ada: {}, bob: {}, cyd: {}}}
	h.Site = webtest.NewPosed(t, web.Options{People: people{}, Logger: slog.New(slog.NewTextHandler(&h.log, nil))})
	members := h.Services.Members
	if _, err := h.Store.Ledgers().Define(t.Context(), ledgertest.Ledger(ledger.Default)); err != nil {
		t.Fatal(err)
	}
	if err := members.Settle(t.Context(), ledgertest.Ledger(ledger.Default), ada); err != nil {
		t.Fatal(err)
	}
	return h
}

// as sends a request from a user's browser, which keeps the cookies of the answer.
func (h *house) as(user ledger.UserID, method, path string, fields ...string) webtest.Answer {
	h.T.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set(asker, strconv.FormatInt(int64(user), 10))
	for name, value := range h.jars[user] {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	answer := h.Do(r)
	for _, cookie := range answer.Cookies() {
		h.jars[user][cookie.Name] = cookie.Value
		if cookie.MaxAge < 0 {
			delete(h.jars[user], cookie.Name)
		}
	}
	return answer
}

func (h *house) get(user ledger.UserID, path string) webtest.Answer {
	h.T.Helper()
	return h.as(user, http.MethodGet, path)
}

func (h *house) post(user ledger.UserID, path string, fields ...string) webtest.Answer {
	h.T.Helper()
	return h.as(user, http.MethodPost, path, fields...)
}

var tokenPattern = regexp.MustCompile(`value="http://example.com(/join/[^"]+)"`)

// invite returns the path of an invitation by Ada.
func (h *house) invite(role string) string {
	h.T.Helper()
	page := h.post(ada, "/people/invitations", "role", role, "note", "for <b>Bob</b>")
	found := tokenPattern.FindStringSubmatch(page.Body)
	if page.StatusCode != http.StatusOK || found == nil {
		h.T.Fatalf("%d: %s", page.StatusCode, page.Body)
	}
	return found[1]
}

// join brings a user in.
func (h *house) join(user ledger.UserID, role string) {
	h.T.Helper()
	h.post(user, h.invite(role)).Want(h.T, http.StatusSeeOther)
}

func TestSomebodyIsInvitedAndJoins(t *testing.T) {
	h := newHouse(t)
	h.get(bob, "/").Want(t, 303)
	h.get(bob, "/ledgers").Want(t, 200, "No ledger yet")
	link := h.invite("viewer")
	h.get(ada, "/people").Want(t, 200, "for &lt;b&gt;Bob&lt;/b&gt;, as viewer, by Ada &lt;i&gt;", "Open until", "!"+link)
	offer := h.get(bob, link)
	offer.Want(t, 200, "Ada &lt;i&gt; invites you to the ledger “Expenses”", "Viewer: sees everything", `action="`+link+`"`)
	if policy := offer.Header.Get("Referrer-Policy"); policy != "strict-origin" {
		t.Errorf("Referrer-Policy %q", policy)
	}
	joined := h.post(bob, link)
	if joined.StatusCode != http.StatusSeeOther || joined.Header.Get("Location") != "/" {
		t.Errorf("%d to %q", joined.StatusCode, joined.Header.Get("Location"))
	}
	h.get(bob, "/").Want(t, 200, "Welcome to “Expenses”.", "!action=\"/add\"")
	h.post(bob, "/add", "category", "food", "price", "1").Want(t, 403)
	h.post(cyd, link).Want(t, 409, "has been used")
	h.get(cyd, link).Want(t, 409, "has been used")
	h.get(bob, link).Want(t, 200, "You are in it already, as viewer")
	h.get(ada, "/people").Want(t, 200, "Bob", "!Open until", "/people/2/role")
	h.post(ada, "/people/2/role", "role", "editor").Want(t, 303)
	h.get(ada, "/people").Want(t, 200, "Bob is editor now.")
	h.post(bob, "/add", "category", "food", "price", "1").Want(t, 303)
	h.get(bob, "/people").Want(t, 200, "Ada &lt;i&gt;", "!/people/1/role", "!Invite somebody", "!What happened")
	h.get(ada, "/people/log").Want(t, 200, "Ada &lt;i&gt; gave Bob the role editor.", "Bob joined as viewer.",
		"Ada &lt;i&gt; invited for &lt;b&gt;Bob&lt;/b&gt; as viewer.", "Ada &lt;i&gt; made the ledger “Expenses”.")
	h.get(bob, "/people/log").Want(t, 403)
}

func TestInvitationsEnd(t *testing.T) {
	h := newHouse(t)
	withdrawn, expired := h.invite("editor"), h.invite("editor")
	h.post(ada, "/people/invitations/1/withdraw").Want(t, 303)
	h.get(ada, "/people").Want(t, 200, "The invitation is withdrawn.", "!invitations/1/withdraw", "invitations/2/withdraw")
	h.get(bob, withdrawn).Want(t, 409, "was withdrawn")
	h.Now = h.Now.Add(7 * 24 * time.Hour)
	h.post(bob, expired).Want(t, 409, "has expired")
	h.get(bob, "/join/1-00").Want(t, 404, "no such invitation")
	h.get(ada, "/people").Want(t, 200, "!/withdraw")
	h.post(ada, "/people/invitations/9/withdraw").Want(t, 404)
	h.post(ada, "/people/invitations", "role", "king", "note", strings.Repeat("x", 101)).Want(t, 422, "Choose one of the roles", "at most 100")
}

// An expense says who added it, and its history who changed it, to those who share the ledger.
func TestAnExpenseSaysWhoDidIt(t *testing.T) {
	h := newHouse(t)
	h.join(bob, "editor")
	h.join(cyd, "viewer")
	h.post(bob, "/add", "category", "food", "price", "1").Want(t, http.StatusSeeOther)
	page := h.get(ada, "/expenses/1")
	page.Want(t, 200, "Added by Bob", "!by Ada")
	h.post(ada, "/expenses/1", "category", "food", "price", "2", "revision", page.Revision(t)).Want(t, http.StatusSeeOther)
	h.get(cyd, "/expenses/1").Want(t, 200, "Added by Bob", "by Ada &lt;i&gt;", "by Bob", "<dt>Price</dt><dd>$2.00</dd>", `!method="post"`)
	s := webtest.New(t, web.Options{})
	s.Post("/add", "category", "food", "price", "1").Want(t, http.StatusSeeOther)
	s.Get("/expenses/1").Want(t, 200, "!Added by")
}

// A form that is sent twice shows the one link twice.
func TestAnInvitationThatIsSentTwiceIsOne(t *testing.T) {
	h := newHouse(t)
	token := regexp.MustCompile(`name="token" value="([^"]+)"`).FindStringSubmatch(h.get(ada, "/people").Body)[1]
	for range 2 {
		h.post(ada, "/people/invitations", "role", "viewer", "token", token).Want(t, 200, "/join/"+token)
	}
	h.get(ada, "/people").Want(t, 200, "invitations/1/withdraw", "!invitations/2/withdraw", "!value=\""+token+"\"")
}

// A token is in the pages that show it, and nowhere else: not in the log, whatever goes wrong.
func TestNoTokenIsLogged(t *testing.T) {
	h := newHouse(t)
	link := h.invite("editor")
	_, secret, _ := strings.Cut(link, "-")
	h.get(bob, link).Want(t, 200)
	h.post(bob, link).Want(t, 303)
	for _, path := range []string{link, link + "0", strings.ToUpper(link)} {
		page := h.post(cyd, path)
		if strings.Contains(page.Body, secret) {
			t.Errorf("%s is answered with the secret", path)
		}
	}
	h.Store.TakeAway()
	h.get(cyd, link)
	h.post(cyd, link)
	if strings.Contains(h.log.String(), secret) || strings.Contains(h.log.String(), "/join/") {
		t.Error(h.log.String())
	}
}

func TestTheLastOwnerStays(t *testing.T) {
	h := newHouse(t)
	h.join(bob, "owner")
	h.get(ada, "/people").Want(t, 200, `action="/people/leave"`)
	h.post(ada, "/people/1/role", "role", "viewer").Want(t, 303)
	h.get(bob, "/people").Want(t, 200, "You are its only owner", `!action="/people/leave"`)
	h.post(bob, "/people/leave").Want(t, 409, "A ledger needs an owner")
	h.post(bob, "/people/2/remove").Want(t, 409, "A ledger needs an owner")
	h.post(bob, "/people/2/role", "role", "viewer").Want(t, 409, "A ledger needs an owner")
	h.post(bob, "/people/2/role", "role", "king").Want(t, 422, "Choose one of the roles")
	h.post(ada, "/people/leave").Want(t, 303)
	h.get(ada, "/ledgers").Want(t, 200, "You have left the ledger.", "No ledger yet")
	h.get(ada, "/people").Want(t, 303)
}

func TestWhoIsRemovedIsOut(t *testing.T) {
	h := newHouse(t)
	h.join(bob, "editor")
	h.post(ada, "/people/2/remove").Want(t, 303)
	h.get(ada, "/people").Want(t, 200, "They are out of the ledger.", "!Bob")
	h.get(bob, "/").Want(t, 303)
	h.post(bob, "/add", "category", "food", "price", "1").Want(t, 404)
	h.post(ada, "/people/9/remove").Want(t, 404, "no such member")
}

func TestSeveralLedgers(t *testing.T) {
	h := newHouse(t)
	h.get(ada, "/ledgers/new").Want(t, 200, `name="currency" value="USD"`, `name="zone" value="UTC"`)
	made := h.post(ada, "/ledgers", "name", "Journey", "currency", "jpy", "zone", "Asia/Tokyo", "idempotency_key", "k")
	made.Want(t, 303)
	h.get(ada, "/").Want(t, 200, "“Journey” is ready.", "¥")
	h.post(ada, "/ledgers", "name", "Journey", "currency", "jpy", "zone", "Asia/Tokyo", "idempotency_key", "k").Want(t, 303)
	h.get(ada, "/ledgers").Want(t, 200, "Journey", "Expenses", "Shown now", `action="/ledgers/1/open"`, `!action="/ledgers/2/open"`,
		"!ledgers/3")
	h.post(ada, "/add", "category", "sushi", "price", "1200").Want(t, 303)
	h.post(ada, "/ledgers/1/open").Want(t, 303)
	h.get(ada, "/").Want(t, 200, "This is “Expenses”.", "!sushi")
	h.get(ada, "/expenses/1").Want(t, 404)
	h.post(bob, "/ledgers/2/open").Want(t, 404)
	h.get(bob, "/ledgers/2").Want(t, 404)
	h.post(bob, "/ledgers/2", "revision", "1", "name", "Mine").Want(t, 404)
	h.jars[bob]["expense_ledger"] = "2"
	h.get(bob, "/").Want(t, 303)
	for _, wish := range []string{"2x", "-1", "99", "99999999999999999999"} {
		h.jars[ada]["expense_ledger"] = wish
		h.get(ada, "/").Want(t, 200, "$")
	}
	h.post(ada, "/ledgers", "name", " ", "currency", "EURO", "zone", "Mars").Want(t, 422, "Enter a name", "Enter a time zone", `value="Mars"`)
}

func TestALedgerIsDescribed(t *testing.T) {
	h := newHouse(t)
	h.post(ada, "/ledgers", "name", "Journey", "currency", "JPY", "zone", "Asia/Tokyo").Want(t, 303)
	page := h.get(ada, "/ledgers/2")
	page.Want(t, 200, `value="Journey"`, `value="JPY"`, `value="Asia/Tokyo"`)
	change := func(name, revision string) webtest.Answer {
		return h.post(ada, "/ledgers/2", "revision", revision, "name", name, "currency", "EUR", "zone", "Europe/Paris")
	}
	change("Trip", page.Revision(t)).Want(t, 303)
	h.get(ada, "/ledgers/2").Want(t, 200, "“Trip” is saved.", `value="EUR"`)
	stale := change("Other", page.Revision(t))
	stale.Want(t, 409, "was changed since", `value="Other"`)
	change("Other", stale.Revision(t)).Want(t, 303)
	change("", "").Want(t, 422, "which revision")
	change("", page.Revision(t)).Want(t, 422, "Enter a name")

	own := h.get(ada, "/ledgers/1")
	own.Want(t, 200, "ledger.currency", `!name="currency"`)
	h.post(ada, "/ledgers/1", "revision", own.Revision(t), "name", "Home").Want(t, 303)
	h.post(ada, "/ledgers/1/open").Want(t, 303)
	h.get(ada, "/").Want(t, 200, "This is “Home”.")
	h.join(bob, "editor")
	h.get(bob, "/ledgers/1").Want(t, 200, "Home", `!name="name"`)
	h.post(bob, "/ledgers/1", "revision", own.Revision(t), "name", "Bob's").Want(t, 403)
}

// Where one user is all there is, nobody is invited, and several ledgers work.
func TestOneUserAlone(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Get("/more").Want(t, 200, "/ledgers", "!/people")
	s.Get("/people").Want(t, 200, "!Invite somebody", "!Leave this ledger")
}

func TestALogHasPages(t *testing.T) {
	h := newHouse(t)
	for range 6 {
		h.invite("viewer")
	}
	first := h.get(ada, "/people/log")
	first.Want(t, 200, `href="/people/log?before=3"`, "!Newest")
	h.get(ada, "/people/log?before=3").Want(t, 200, "made the ledger", `href="/people/log">Newest`, "!rel=\"next\"")
	for _, place := range []string{"0", "-1", "x", "99999999999999999999"} {
		h.get(ada, "/people/log?before="+place).Want(t, 404)
	}
	h.get(ada, "/people/log?before=1").Want(t, 200, "Nothing is known of it.")
}

// The file has all pages, and nothing that a spreadsheet would run.
func TestALogIsAFile(t *testing.T) {
	h := newHouse(t)
	for range 6 {
		h.invite("viewer")
	}
	h.join(bob, "editor")
	own := h.get(ada, "/ledgers/1")
	h.post(ada, "/ledgers/1", "revision", own.Revision(t), "name", "=1+1").Want(t, 303)
	h.get(ada, "/people/log").Want(t, 200, `href="/people/log.csv"`)
	file := h.get(ada, "/people/log.csv")
	file.Want(t, 200, "time,event,by,member,role,text\r\n", ",described,Ada <i>,,,'=1+1\r\n", ",joined,Bob,Bob,editor,\r\n",
		",invited,Ada <i>,,viewer,for <b>Bob</b>\r\n", ",created,Ada <i>,")
	if events := strings.Count(file.Body, ",invited,"); events != 7 {
		t.Errorf("%d of 7 invitations are in the file:\n%s", events, file.Body)
	}
	if file.Header.Get("Content-Type") != "text/csv; charset=utf-8; header=present" ||
		file.Header.Get("Content-Disposition") != `attachment; filename="people.csv"` {
		t.Errorf("it is sent as %v", file.Header)
	}
	h.get(bob, "/people/log.csv").Want(t, 403, "!created")
}

// Who was removed adds nowhere: not by what the browser wished for before, and not to a ledger of their own that they did not see.
func TestWhatWasMeantForALedgerGoesToNoOther(t *testing.T) {
	h := newHouse(t)
	h.post(bob, "/ledgers", "name", "Own", "currency", "usd", "zone", "UTC").Want(t, 303)
	h.join(bob, "editor")
	h.get(bob, "/").Want(t, 200, `<input type="hidden" name="ledger" value="1">`)
	h.post(ada, "/people/2/remove").Want(t, 303)
	h.post(bob, "/add", "category", "late", "price", "1", "idempotency_key", "k1").Want(t, 404, "no such ledger")
	h.post(bob, "/add", "category", "late", "price", "1", "idempotency_key", "k1", "ledger", "1").Want(t, 404, "no such ledger")
	h.get(bob, "/").Want(t, 200, "Own", `<input type="hidden" name="ledger" value="2">`, "!Late", "!late")
	h.post(bob, "/add", "category", "tea", "price", "1", "idempotency_key", "k1", "ledger", "2").Want(t, 303)
	h.get(bob, "/").Want(t, 200, "Own", "tea")
	h.jars[bob]["expense_ledger"] = "99"
	h.post(bob, "/ledgers/2/open").Want(t, 303)
	h.post(bob, "/add", "category", "milk", "price", "1").Want(t, 303)
}

// Two tabs show two ledgers of one person: each form goes where its page was.
func TestAFormGoesToTheLedgerThatItsPageShowed(t *testing.T) {
	h := newHouse(t)
	h.post(ada, "/ledgers", "name", "Journey", "currency", "usd", "zone", "UTC").Want(t, 303)
	h.get(ada, "/").Want(t, 200, "Journey")
	h.post(ada, "/add", "category", "lodging", "price", "7", "ledger", "1").Want(t, 303)
	h.get(ada, "/").Want(t, 200, "!Journey", "lodging", "$7.00")
	h.post(ada, "/ledgers/2/open").Want(t, 303)
	h.get(ada, "/").Want(t, 200, "Journey", "!lodging")
	for _, nonsense := range []string{"", "0", "-1", "x", "99999999999999999999"} { // is as if it did not say
		h.post(ada, "/add", "category", "tea", "price", "1", "ledger", nonsense).Want(t, 303)
	}
	h.get(ada, "/").Want(t, 200, "Journey", "tea")
	h.post(ada, "/add", "category", "x", "price", "1", "ledger", "99").Want(t, 404)
	h.post(ada, "/ledgers/1/open").Want(t, 303)
	h.join(bob, "owner")
	h.post(ada, "/ledgers/2/open").Want(t, 303)
	h.post(ada, "/people/leave", "ledger", "1").Want(t, 303)
	h.get(ada, "/ledgers").Want(t, 200, "Journey")
}
