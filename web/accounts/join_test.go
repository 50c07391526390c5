package accounts_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/member"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// invite returns the address of an invitation to the ledger.
func invite(g *webtest.Gated, role string) string {
	g.T.Helper()
	owner := ledger.LocalOwner(ledgertest.Ledger(ledger.Default))
	_, token, err := g.Services.Members.Invite(g.T.Context(), owner, member.InviteDraft{Role: role})
	if err != nil {
		g.T.Fatal(err)
	}
	return "/join/" + token.Text()
}

// users returns the names of the accounts that can be used.
func users(g *webtest.Gated) string {
	g.T.Helper()
	all, err := g.Operator.List(g.T.Context())
	if err != nil {
		g.T.Fatal(err)
	}
	var names []string
	for _, user := range all {
		if !user.Disabled {
			names = append(names, user.Name)
		}
	}
	return strings.Join(names, " ")
}

func TestPagesOfAnInvitationAreAsTheyWere(t *testing.T) {
	steady := func(g *webtest.Gated, a webtest.Answer, link string) webtest.Answer {
		for _, secret := range []string{link, strings.ReplaceAll(link, "/", "%2F")} {
			a.Body = strings.ReplaceAll(a.Body, secret, "/join/1-TOKEN")
		}
		g.T.Helper()
		return a
	}
	for name, options := range map[string]web.Options{"both": {}, "alone": {NoPasswords: true}} {
		webtest.GoldenFederated(t, "join-"+name, options, func(g *webtest.Gated) webtest.Answer {
			g.Join("Anna")
			link := invite(g, "viewer")
			return steady(g, g.Browser().Get(link), link)
		})
	}
	webtest.GoldenGated(t, "join-wrong", func(g *webtest.Gated) webtest.Answer {
		g.Join("Anna")
		link := invite(g, "viewer")
		return steady(g, g.Browser().Post(link+"/account", "name", "anna", "password", webtest.Password), link)
	})
}

// An invitation is enough: who has it and no account makes one, and is in the ledger.
func TestAnInvitationIsEnough(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	link, b := invite(g, "viewer"), g.Browser()
	page := b.Get(link)
	page.Want(t, 200, "Anna invites you", "Viewer: sees everything", `action="`+link+`/account"`, "/login?to=%2Fjoin%2F", "!"+`class="tabs"`)
	for name, want := range map[string]string{"Referrer-Policy": "strict-origin", "Cache-Control": "no-store"} {
		if got := page.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	b.Post(link+"/account", "name", "Ben", "password", "short").Want(
		t, 422, `value="Ben"`, `id="password-error"`, "!short<", "Anna invites you")
	b.Post(link+"/account", "name", "", "password", other).Want(t, 422, `id="name-error"`, "!"+other)
	b.Post(link+"/account", "name", " anna", "password", webtest.Password).Want(t, 422, `id="name-error"`, "taken",
		"!meanwhile", "!meantime", "!"+webtest.Password)
	if got := users(g); got != "Anna" {
		t.Errorf("the users are %s", got)
	}
	joined := b.Post(link+"/account", "name", "Ben", "password", other)
	if location(joined) != "/" || joined.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d to %q: %s", joined.StatusCode, location(joined), joined.Body)
	}
	b.Follow(joined).Want(t, 200, "Welcome to “", "!"+`action="/add"`)
	if len(g.SignIns) != 1 || g.SignIns[0] != nil {
		t.Errorf("the log-ins are %v", g.SignIns)
	}
	if again := b.Post(link+"/account", "name", "Cyd", "password", other); location(again) != link {
		t.Errorf("who is signed in is led to %q", location(again))
	}
	anna := g.As("Anna")
	anna.Get("/people/log").Want(t, 200, "Ben joined as viewer.")
	anna.Get("/account/log/everybody").Want(t, 200)
	b.Get("/account/log").Want(t, 200, "Ben has an account now.")

	late := g.Browser()
	late.Get(link).Want(t, 409, "has been used", `!name="password"`)
	late.Post(link+"/account", "name", "Cyd", "password", other).Want(t, 409, "has been used", `!name="password"`)
	if got := users(g); got != "Anna Ben" {
		t.Errorf("the users are %s", got)
	}
	double := g.Browser()
	again := double.Post(link+"/account", "name", "Ben", "password", other)
	if location(again) != "/" || double.Cookie("expense_session") == nil {
		t.Errorf("the same form again: %d to %q", again.StatusCode, location(again))
	}
}

func TestOnlyAnOpenInvitationMakesAnAccount(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	expired := invite(g, "editor")
	g.Now = g.Now.Add(8 * 24 * time.Hour)
	withdrawn := invite(g, "editor")
	owner := ledger.LocalOwner(ledgertest.Ledger(ledger.Default))
	open, err := g.Services.Members.Invitations(t.Context(), owner)
	if err = errors.Join(err, g.Services.Members.Withdraw(t.Context(), owner, open[0].ID)); err != nil {
		t.Fatal(err)
	}
	for link, want := range map[string]struct {
		status int
		said   string
	}{
		expired:                              {409, "has expired"},
		withdrawn:                            {409, "was withdrawn"},
		expired[:len(expired)-1]:             {404, "no such invitation"},
		"/join/1-" + strings.Repeat("0", 64): {404, "no such invitation"},
	} {
		b := g.Browser()
		b.Get(link).Want(t, want.status, want.said, `!name="password"`, `!href="/search"`) // no way around for a stranger
		b.Post(link+"/account", "name", "Ben", "password", other).Want(t, want.status, want.said, `!name="password"`)
		if b.Cookie("expense_session") != nil {
			t.Errorf("%s signs in", link)
		}
	}
	if got := users(g); got != "Anna" {
		t.Errorf("the users are %s", got)
	}
	foreign := g.Browser()
	foreign.Headers["Sec-Fetch-Site"] = "cross-site"
	foreign.Post(invite(g, "editor")+"/account", "name", "Ben", "password", other).Want(t, 403)
	guesser := g.Browser()
	guesser.From = "192.0.2.77:1"
	for range 31 {
		guesser.Get("/join/1-" + strings.Repeat("0", 64))
	}
	guesser.Get("/join/1-"+strings.Repeat("0", 64)).Want(t, 429)
	guesser.Get(invite(g, "editor")).Want(t, 200)
}

func TestNobodyJoinsBeforeTheFirstAccount(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	link, b := invite(g, "owner"), g.Browser()
	if at := b.Get(link); location(at) != "/setup" {
		t.Errorf("%d to %q", at.StatusCode, location(at))
	}
	b.Post(link+"/account", "name", "Ben", "password", other).Want(t, 403, "the first one")
	if done, err := g.Services.Accounts.IsSetUp(t.Context()); done || err != nil {
		t.Errorf("somebody made the first account: %v", err)
	}
}

func TestManyRaceWithOneInvitation(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	link := invite(g, "editor")
	var done sync.WaitGroup
	got := make([]webtest.Answer, 8)
	for i := range got {
		b := g.Browser()
		done.Go(func() { got[i] = b.Post(link+"/account", "name", fmt.Sprint("racer", i), "password", other) })
	}
	done.Wait()
	in := 0
	for _, answer := range got {
		if answer.StatusCode == http.StatusSeeOther {
			in++
		} else {
			answer.Want(t, 409, "has been used")
		}
	}
	if named := strings.Fields(users(g)); in != 1 || len(named) != 2 {
		t.Errorf("%d got in; the users are %v", in, named)
	}
	members, err := g.Services.Members.Members(t.Context(), ledger.LocalOwner(ledgertest.Ledger(ledger.Default)))
	if err != nil || len(members) != 2 {
		t.Errorf("the members are %+v, %v", members, err)
	}
}

// Who has an account at the provider alone joins by it, and who is known there already is led back to the invitation.
func TestAnInvitationIsEnoughAtAProvider(t *testing.T) {
	for name, options := range map[string]web.Options{"with passwords": {}, "alone": {NoPasswords: true}} {
		t.Run(name, func(t *testing.T) {
			g := webtest.NewFederated(t, options, account.Policy{})
			g.Join("Anna")
			link, b := invite(g, "viewer"), g.Browser()
			b.Get(link).Want(t, 200, "Join with Example ID", `name="to" value="`+link+`"`)
			joined := b.Get(comeBack(g, leaves(t, b.Post("/login/oidc", "to", link)), person("ben")))
			if location(joined) != "/" {
				t.Fatalf("%d to %q: %s", joined.StatusCode, location(joined), joined.Body)
			}
			b.Follow(joined).Want(t, 200, "Welcome to “")
			late := g.Browser()
			late.Get(comeBack(g, leaves(t, late.Post("/login/oidc", "to", link)), person("cyd"))).Want(t, 409, "has been used")
			if got := users(g); got != "Anna ben" {
				t.Errorf("the users are %s", got)
			}
			second, again := invite(g, "editor"), g.Browser()
			back := again.Get(comeBack(g, leaves(t, again.Post("/login/oidc", "to", second)), person("ben")))
			if location(back) != second {
				t.Errorf("who has an account is led to %q", location(back))
			}
			again.Follow(back).Want(t, 200, "You are in it already, as viewer.")
		})
	}
}
