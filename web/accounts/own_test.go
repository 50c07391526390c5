package accounts_test

import (
	"net/http"
	"regexp"
	"testing"
	"time"

	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

func TestPagesAreAsTheyWere(t *testing.T) {
	webtest.GoldenGated(t, "login", func(g *webtest.Gated) webtest.Answer {
		g.Join("Anna")
		return g.Browser().Get("/login?to=/months")
	})
	webtest.GoldenGated(t, "setup", func(g *webtest.Gated) webtest.Answer { return g.Browser().Get("/setup") })
	webtest.GoldenGated(t, "account", func(g *webtest.Gated) webtest.Answer {
		g.Join("Anna")
		return g.As("Anna").Get("/account")
	})
	webtest.GoldenGated(t, "sessions", func(g *webtest.Gated) webtest.Answer {
		g.Join("Anna")
		g.As("Anna")
		g.Now = g.Now.Add(time.Hour)
		answer := g.As("Anna").Get("/account/sessions")
		answer.Body = regexp.MustCompile(`/sessions/\d+/`).ReplaceAllString(answer.Body, "/sessions/ID/")
		return answer
	})
}

func TestOnesAccount(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	g.Join("Ben")
	b := g.As("Ben")
	b.Get("/more").Want(t, 200, `href="/account"`, `action="/logout"`)
	b.Get("/account").Want(t, 200, `id="name" name="name" value="Ben"`, `action="/logout"`)
	b.Post("/account", "name", "anna", "language", "").Want(t, 409, "This name is taken; choose another.", `value="anna"`)
	b.Post("/account", "name", "", "language", "").Want(t, 422, `id="name-error"`)
	b.Post("/account", "name", "anna", "language", "de").Want(t, 409, `value="de" lang="de" selected`, `!value="" selected`)
	b.Post("/account", "name", "Ben", "language", "xx").Want(t, 422, `id="language-error"`)
	saved := b.Post("/account", "name", "Benno", "language", "de")
	b.Follow(saved).Want(t, 200, `<html lang="de">`, `value="Benno"`, `value="de" lang="de" selected`)
	// In another browser, the pages are in that language as soon as one is signed in.
	fresh := g.Browser()
	fresh.Get("/login").Want(t, 200, `<html lang="en">`)
	fresh.Follow(fresh.Post("/login", "name", "benno", "password", webtest.Password)).Want(t, 200, `<html lang="de">`)
}

func TestANewPasswordSignsOthersOut(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	here, elsewhere := g.As("Anna"), g.As("Anna")
	here.Post("/account/password", "password", other, "new_password", other).Want(t, 422, "This is not your password.", "!"+other)
	here.Post("/account/password", "password", webtest.Password, "new_password", "passwordpassword").Want(t, 422, `id="new_password-error"`,
		"easy to guess")
	before := here.Cookie("expense_session").Value
	changed := here.Post("/account/password", "password", webtest.Password, "new_password", other)
	here.Follow(changed).Want(t, 200, "Password changed.")
	if at := elsewhere.Get("/"); at.StatusCode != http.StatusSeeOther {
		t.Errorf("the other browser: %d", at.StatusCode)
	}
	thief := g.Browser()
	thief.SetCookie("expense_session", before)
	if at := thief.Get("/"); at.StatusCode != http.StatusSeeOther {
		t.Errorf("the token from before: %d", at.StatusCode)
	}
	g.Browser().Post("/login", "name", "Anna", "password", webtest.Password).Want(t, 401)
	g.Browser().Post("/login", "name", "Anna", "password", other).Want(t, 303)
}

var end = regexp.MustCompile(`action="(/account/sessions/\d+/end)"`)

func TestSessionsAreListedAndEnded(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	g.Join("Ben")
	here, phone, ben := g.As("Anna"), g.Browser(), g.As("Ben")
	here.Get("/account/sessions").Want(t, 200, "This one", "!Sign out everywhere else", "A browser")
	phone.Headers["User-Agent"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) <b>AppleWebKit/605 Version/19.0 Mobile Safari/604"
	phone.From = "203.0.113.9:55"
	phone.Post("/login", "name", "Anna", "password", webtest.Password).Want(t, 303)
	list := here.Get("/account/sessions")
	list.Want(t, 200, "Safari on iPhone", "203.0.113.9", "Sign out everywhere else", "!AppleWebKit")
	ends := end.FindAllStringSubmatch(list.Body, -1)
	if len(ends) != 1 {
		t.Fatalf("%d can be ended: %s", len(ends), list.Body)
	}
	ben.Follow(ben.Post(ends[0][1])).Want(t, 200, "This one") // and ends nobody else's
	phone.Get("/").Want(t, 200)
	here.Follow(here.Post(ends[0][1])).Want(t, 200, "Signed out there.")
	if at := phone.Get("/"); at.StatusCode != http.StatusSeeOther {
		t.Errorf("the phone: %d", at.StatusCode)
	}
	here.Follow(here.Post(ends[0][1])).Want(t, 200, "Signed out there.") // pressed in another tab
	here.Post("/account/sessions/x/end").Want(t, 404)
	second := g.As("Anna")
	here.Follow(here.Post("/account/sessions/end")).Want(t, 200, "Signed out everywhere else.")
	if at := second.Get("/"); at.StatusCode != http.StatusSeeOther {
		t.Errorf("the second: %d", at.StatusCode)
	}
	here.Get("/").Want(t, 200)
	ben.Get("/").Want(t, 200)
}
