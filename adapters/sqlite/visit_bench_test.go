package sqlite_test

import (
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/member"
)

// BenchmarkVisit compares what a page asks of who is signed in with the session alone, and with what a page asks where nobody is.
func BenchmarkVisit(b *testing.B) {
	store := open(b, newFile(b))
	ctx := b.Context()
	noon := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	_, err := store.db.Accounts().Create(ctx, account.Account{User: account.User{Name: "Anna", Created: noon}, Hash: "h"})
	if err != nil {
		b.Fatal(err)
	}
	session := account.Session{ID: 1, User: 1, Opened: noon, Used: noon, Client: account.Client{Address: "127.0.0.1", Agent: "agent"}}
	if err := store.db.Accounts().Open(ctx, account.Digest{1}, session); err != nil {
		b.Fatal(err)
	}
	if _, err := store.db.Ledgers().Define(ctx, ledgertest.Ledger(1)); err != nil {
		b.Fatal(err)
	}
	if err := store.db.Members().Change(ctx, 1, func([]member.Member) (member.Step, error) {
		return member.Step{Member: member.Member{User: 1, Role: ledger.Owner}, Event: member.Event{Kind: member.Created, By: 1}}, nil
	}); err != nil {
		b.Fatal(err)
	}
	b.Run("visit", func(b *testing.B) {
		for b.Loop() {
			if _, err := store.db.Accounts().Visit(ctx, account.Digest{1}, 0); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("find", func(b *testing.B) {
		for b.Loop() {
			if _, err := store.db.Accounts().Find(ctx, account.Digest{1}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("state", func(b *testing.B) {
		for b.Loop() {
			if _, err := store.db.Ledgers().State(ctx, 1); err != nil {
				b.Fatal(err)
			}
		}
	})
}
