package journal_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// house is a site with Ada, who is an administrator and owns a ledger, Ben, who views it, and Cyd, who is in no ledger.
type house struct{ *webtest.Gated }

func newHouse(t *testing.T, g *webtest.Gated) *house {
	t.Helper()
	h := &house{g}
	h.Join("ada")
	for _, name := range []string{"ben", "cyd"} {
		if _, err := h.Operator.Add(t.Context(), account.Draft{Name: name, Password: webtest.Password}, false); err != nil {
			t.Fatal(err)
		}
	}
	h.As("ben") // before he is a member
	h.Now = h.Now.Add(time.Hour)
	owner, err := h.Services.Members.Actor(t.Context(), ledger.LocalUser, ledger.Default)
	if err != nil {
		t.Fatal(err)
	}
	_, token, err := h.Services.Members.Invite(t.Context(), owner, member.InviteDraft{Role: "viewer"})
	if err == nil {
		_, err = h.Services.Members.Accept(t.Context(), 2, token.Text())
	}
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// fail tries to sign in from an address.
func (h *house) fail(name, password, from string) {
	h.T.Helper()
	b := h.Browser()
	b.From = from
	b.Post("/login", "name", name, "password", password).Want(h.T, http.StatusUnauthorized)
}

func TestPagesAreAsTheyWere(t *testing.T) {
	for name, path := range map[string]string{
		"own": "/account/log", "everybody": "/account/log/everybody", "members": "/account/log/members",
	} {
		webtest.GoldenGated(t, name, func(g *webtest.Gated) webtest.Answer {
			h := newHouse(t, g)
			h.fail("ben", "wrong", "198.51.100.7:1")
			h.fail("ben", "wrong again", "198.51.100.7:1")
			h.fail("my secret password", "x", "198.51.100.7:1")
			return h.As("ada").Get(path)
		})
	}
}

func TestWhoSeesWhat(t *testing.T) {
	h := newHouse(t, webtest.NewGated(t, web.Options{}))
	h.fail("ben", "wrong", "198.51.100.7:1")
	h.fail("cyd", "wrong", "198.51.100.8:1")
	h.fail("hunter2 is my password", "x", "198.51.100.9:1")
	ada, ben, cyd := h.As("ada"), h.As("ben"), h.As("cyd")
	const failedBen, failedCyd, failedNobody = "sign in as ben: 1.", "sign in as cyd: 1.", "names that nobody has: 1."

	ben.Get("/account/log").Want(t, 200, failedBen, "198.51.100.7", "ben signed in.", "!cyd", "!ada", "!everybody")
	for _, path := range []string{"/account/log/everybody", "/account/log/everybody.csv", "/account/log/members", "/account/log/members.csv"} {
		ben.Get(path).Want(t, http.StatusForbidden, "!"+failedBen, "!ada")
		if answer := cyd.Get(path); answer.StatusCode != http.StatusForbidden && answer.Header.Get("Location") != "/ledgers" {
			t.Errorf("who is in no ledger gets %d at %s", answer.StatusCode, path)
		}
		nobody := h.Browser().Get(path)
		if !strings.HasPrefix(nobody.Header.Get("Location"), "/login") {
			t.Errorf("who is not signed in gets %d at %s", nobody.StatusCode, path)
		}
	}
	cyd.Get("/account/log").Want(t, 200, failedCyd, "!ben")
	ada.Get("/account/log/everybody").Want(t, 200, failedBen, failedCyd, failedNobody, "198.51.100.9", "cyd signed in.", "!hunter2")
	members := ada.Get("/account/log/members")
	members.Want(t, 200, failedBen, "198.51.100.7", "ben signed in.", "ada signed in.", "!cyd", "!nobody has", "!192.0.2.1")
	if n := strings.Count(members.Body, "ben signed in."); n != 1 {
		t.Errorf("an owner is told of %d log-ins of Ben's: he came after the first", n)
	}
	if n := strings.Count(ben.Get("/account/log").Body, "ben signed in."); n != 2 {
		t.Errorf("Ben is told of %d of his log-ins", n)
	}
	file := ada.Get("/account/log/everybody.csv")
	file.Want(t, 200, "time,last,event,account,by,address,times\r\n", ",sign_in_failed,ben,,198.51.100.7,1\r\n",
		",sign_in_failed,,,198.51.100.9,1\r\n", ",signed_in,ada,ada,192.0.2.1,1\r\n", "!hunter2")
	ada.Get("/account/log/members.csv").Want(t, 200, ",signed_in,ben,ben,,1\r\n", "!cyd")
	ben.Get("/account/log.csv").Want(t, 200, ",signed_in,ben,ben,192.0.2.1,1\r\n", "!ada")
	ada.Get("/account/log?before=x").Want(t, http.StatusNotFound)
}

func TestEverythingIsWrittenDown(t *testing.T) {
	h := newHouse(t, webtest.NewGated(t, web.Options{}))
	ctx := t.Context()
	ben := h.As("ben")
	h.As("ben")
	ben.Post("/account/sessions/end")
	ben.Post("/account", "name", "benno", "language", "")
	ben.Post("/account/password", "password", webtest.Password, "new_password", "eleven loud badgers dig")
	ben.Post("/logout")
	for _, err := range []error{
		func() error { _, err := h.Operator.Promote(ctx, "benno", true); return err }(),
		func() error { _, err := h.Operator.Promote(ctx, "benno", false); return err }(),
		func() error { _, err := h.Operator.Disable(ctx, "benno"); return err }(),
		func() error { _, err := h.Operator.Enable(ctx, "benno"); return err }(),
		func() error { _, err := h.Operator.ResetPassword(ctx, "benno", "nine slow otters hum"); return err }(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	page := h.As("ada").Get("/account/log/everybody")
	page.Want(t, 200, "ada made the first account.", "benno has an account now.", "benno signed in.", "benno signed out other browsers.",
		"benno chose another name.", "benno chose another password.", "benno signed out.",
		"The operator made benno an administrator.", "The operator made benno an administrator no more.",
		"The operator disabled the account of benno.", "The operator enabled the account of benno.",
		"The operator gave benno another password.")
}

func TestALongLogIsPaged(t *testing.T) {
	h := newHouse(t, webtest.NewGated(t, web.Options{}))
	for range 120 {
		if err := h.Store.Accounts().Note(t.Context(), account.Event{
			At: h.Now, Last: h.Now, Kind: account.EventLeft, User: 1, By: 1, Count: 1,
		}); err != nil {
			t.Fatal(err)
		}
	}
	ada := h.As("ada")
	next, pages, told := "/account/log", 0, 0
	for next != "" && pages < 10 {
		page := ada.Get(next)
		page.Want(t, 200)
		pages++
		told += strings.Count(page.Body, "ada signed out.")
		next = ""
		if _, rest, found := strings.Cut(page.Body, `<a class="button" href="`); found {
			next, _, _ = strings.Cut(rest, `"`)
		}
	}
	if pages != 3 || told != 120 {
		t.Errorf("%d pages tell of %d", pages, told)
	}
	if n := strings.Count(ada.Get("/account/log.csv").Body, "signed_out"); n != 120 {
		t.Errorf("the file tells of %d", n)
	}
}
