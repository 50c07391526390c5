package journal_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// countedStore counts how often a session is looked up.
type countedStore struct {
	account.Store
	lookUps atomic.Int64
}

func (s *countedStore) Find(ctx context.Context, session account.Digest) (account.Signed, error) {
	s.lookUps.Add(1)
	return s.Store.Find(ctx, session)
}

func (s *countedStore) Visit(ctx context.Context, session account.Digest, wish ledger.ID) (account.Visit, error) {
	s.lookUps.Add(1)
	return s.Store.Visit(ctx, session, wish)
}

func TestAPageOfTheLogLooksItsReaderUpOnce(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("ada")
	ada := g.As("ada")
	store := &countedStore{Store: g.Store.Accounts()}
	services := g.Services
	services.Accounts = account.NewService(store, g.Hasher, account.Settings{
		Now: func() time.Time { return g.Now }, Random: func([]byte) {}, Ends: account.Ends{Idle: time.Hour, Max: time.Hour},
	})
	site, err := web.New(services, web.Options{Ledger: ledgertest.Ledger(ledger.Default)})
	if err != nil {
		t.Fatal(err)
	}
	g.Site.Site = site
	for _, path := range []string{"/account/log", "/account/log.csv", "/account/log/everybody", "/account/log/everybody.csv"} {
		before := store.lookUps.Load()
		ada.Get(path).Want(t, 200)
		if n := store.lookUps.Load() - before; n != 1 {
			t.Errorf("%s: %d look-ups", path, n)
		}
	}
}
