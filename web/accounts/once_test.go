package accounts_test

import (
	"testing"

	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// A page of the account costs one look at the session, as every page does.
func TestThePagesOfAnAccountAskForTheSessionOnce(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	lookUps := g.CountLookUps()
	b := g.As("Anna")
	for page, ask := range map[string]func() webtest.Answer{
		"account":  func() webtest.Answer { return b.Get("/account") },
		"sessions": func() webtest.Answer { return b.Get("/account/sessions") },
		"save":     func() webtest.Answer { return b.Post("/account", "name", "Anna") },
		"end":      func() webtest.Answer { return b.Post("/account/sessions/end") },
	} {
		before := lookUps.Load()
		if answer := ask(); answer.StatusCode >= 400 || lookUps.Load() != before+1 {
			t.Errorf("%s: %d, and the session was looked up %d times", page, answer.StatusCode, lookUps.Load()-before)
		}
	}
}
