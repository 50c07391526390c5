package accounts_test

import (
	"context"
	"crypto/rand"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// counting counts how often a session is looked up.
type counting struct {
	account.Store
	found atomic.Int64
}

func (c *counting) Find(ctx context.Context, token account.Digest) (account.Signed, error) {
	c.found.Add(1)
	return c.Store.Find(ctx, token)
}

func (c *counting) Visit(ctx context.Context, token account.Digest, wish ledger.ID) (account.Visit, error) {
	c.found.Add(1)
	return c.Store.Visit(ctx, token, wish)
}

// A page of the account costs one look at the session, as every page does.
func TestThePagesOfAnAccountAskForTheSessionOnce(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	counted := &counting{Store: g.Store.Accounts()}
	services := g.Services
	services.Accounts = account.NewService(counted, g.Hasher, account.Settings{
		Now: func() time.Time { return g.Now }, Random: func(b []byte) { _, _ = rand.Read(b) }, Ends: services.Accounts.Ends(),
	})
	site, err := web.New(services, web.Options{Ledger: ledgertest.Ledger(ledger.Default)})
	if err != nil {
		t.Fatal(err)
	}
	g.Site.Site = site
	b := g.As("Anna")
	for page, ask := range map[string]func() webtest.Answer{
		"account":  func() webtest.Answer { return b.Get("/account") },
		"sessions": func() webtest.Answer { return b.Get("/account/sessions") },
		"save":     func() webtest.Answer { return b.Post("/account", "name", "Anna") },
		"end":      func() webtest.Answer { return b.Post("/account/sessions/end") },
	} {
		before := counted.found.Load()
		if answer := ask(); answer.StatusCode >= 400 || counted.found.Load() != before+1 {
			t.Errorf("%s: %d, and the session was looked up %d times", page, answer.StatusCode, counted.found.Load()-before)
		}
	}
}
