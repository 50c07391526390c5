package webtest

import (
	"context"
	"crypto/rand"
	"sync/atomic"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/web"
)

// LookUps counts how often a session is looked up.
type LookUps struct {
	account.Store
	atomic.Int64
}

// Find implements account.Store.
func (l *LookUps) Find(ctx context.Context, session account.Digest) (account.Signed, error) {
	l.Add(1)
	return l.Store.Find(ctx, session)
}

// Visit implements account.Store.
func (l *LookUps) Visit(ctx context.Context, session account.Digest, wish ledger.ID) (account.Visit, error) {
	l.Add(1)
	return l.Store.Visit(ctx, session, wish)
}

// CountLookUps puts a site in the place of the one that is there, on the same storage, and counts how often it looks a session up.
func (g *Gated) CountLookUps() *LookUps {
	g.T.Helper()
	counted := &LookUps{Store: g.Store.Accounts()}
	services := g.Services
	services.Accounts = account.NewService(counted, g.Hasher, account.Settings{
		Now: func() time.Time { return g.Now }, Random: func(b []byte) { _, _ = rand.Read(b) }, Ends: services.Accounts.Ends(),
	})
	var err error
	if g.Site.Site, err = web.New(services, web.Options{Ledger: ledgertest.Ledger(ledger.Default)}); err != nil {
		g.T.Fatal(err)
	}
	return counted
}
