// Package visittest is the contract of account.Visits as a test suite. It is apart from that of module account, for a visit also tells
// what module member keeps. Every adapter runs it against the real thing. Only tests import it.
package visittest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/member"
)

// Database is an open storage, asked for what it has for these modules.
type Database interface {
	Accounts() account.Store
	Members() member.Storage
	Ledgers() ledger.Store
}

const (
	anna, ben, cyd, dora ledger.UserID = 1, 2, 3, 4
)

// TestVisits compares what a visit tells with what the modules tell one by one. The database is empty.
func TestVisits(t *testing.T, db Database) {
	v := visits{t, db}
	noon := time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC)
	for _, name := range []string{"Anna", "Ben", "Cyd", "Dora"} {
		made, err := db.Accounts().Create(t.Context(), account.Account{User: account.User{Name: name, Created: noon}, Hash: "hash of " + name})
		v.must(err)
		v.must(db.Accounts().Open(t.Context(), digest(made.ID), account.Session{
			ID: account.SessionID(made.ID + 10), User: made.ID, Client: account.Client{Address: "192.0.2.7", Agent: "a browser"},
			Opened: noon, Used: noon,
		}))
	}
	for _, id := range []ledger.ID{3, 7, 9} {
		_, err := db.Ledgers().Define(t.Context(), ledgertest.Ledger(id))
		v.must(err)
	}
	v.join(7, anna, ledger.Owner)
	v.join(9, anna, ledger.Viewer)
	v.join(3, ben, ledger.Owner)
	v.join(7, ben, ledger.Editor)
	v.join(9, ben, ledger.Owner)
	v.join(3, ben, 0) // has left
	v.join(3, cyd, 0)

	v.want(anna, 0, 7)
	v.want(anna, 7, 7)
	v.want(anna, 9, 9)
	v.want(anna, 3, 7)   // another's
	v.want(anna, 500, 7) // nobody's
	v.want(anna, -1, 7)
	v.want(ben, 0, 7)
	v.want(ben, 3, 7)
	v.want(ben, 9, 9)
	v.want(cyd, 0, 0)
	v.want(cyd, 3, 0)
	v.want(dora, 7, 0)

	v.join(9, anna, ledger.Editor) // the role, and the state, are those of now
	v.want(anna, 9, 9)
	v.join(9, anna, 0)
	v.want(anna, 9, 7)

	if _, err := db.Accounts().Visit(t.Context(), digest(99), 7); !errors.Is(err, fault.NotFound) {
		t.Errorf("the visit of a made-up token: %v", err)
	}
	v.together()
	v.change(ben, func(a *account.Account) { a.Generation++ })
	v.change(cyd, func(a *account.Account) { a.Disabled = true })
	v.must(db.Accounts().End(t.Context(), dora, account.SessionID(dora+10)))
	for _, user := range []ledger.UserID{ben, cyd, dora} {
		if found, err := db.Accounts().Visit(t.Context(), digest(user), 7); !errors.Is(err, fault.NotFound) {
			t.Errorf("the visit of user %d, whose session is over: %+v, %v", user, found, err)
		}
	}
	v.together()
}

// together checks that visits which come at once, as often as not in one query, are as they are one by one.
func (v visits) together() {
	v.Helper()
	type asked struct {
		user ledger.UserID
		wish ledger.ID
	}
	alone := map[asked]string{}
	for _, user := range []ledger.UserID{anna, ben, cyd, dora, 99} {
		for _, wish := range []ledger.ID{-1, 0, 3, 7, 9, 500} {
			found, err := v.db.Accounts().Visit(v.Context(), digest(user), wish)
			alone[asked{user, wish}] = fmt.Sprint(found, err)
		}
	}
	var done sync.WaitGroup
	for range 20 {
		for one, wanted := range alone {
			done.Go(func() {
				found, err := v.db.Accounts().Visit(v.Context(), digest(one.user), one.wish)
				if told := fmt.Sprint(found, err); told != wanted {
					v.Errorf("the visit of user %d who wishes for ledger %d, with others:\n%s, want\n%s", one.user, one.wish, told, wanted)
				}
			})
		}
	}
	done.Wait()
}

func digest(user ledger.UserID) account.Digest { return account.Digest{byte(user)} }

// visits are a test of a storage.
type visits struct {
	*testing.T
	db Database
}

func (v visits) must(err error) {
	v.Helper()
	if err != nil {
		v.Fatal(err)
	}
}

// join gives a user a role in a ledger.
func (v visits) join(in ledger.ID, user ledger.UserID, role ledger.Role) {
	v.Helper()
	v.must(v.db.Members().Change(v.Context(), in, func([]member.Member) (member.Step, error) {
		return member.Step{
			Member: member.Member{User: user, Role: role},
			Event:  member.Event{Kind: member.Created, By: user},
		}, nil
	}))
}

func (v visits) change(user ledger.UserID, how func(*account.Account)) {
	v.Helper()
	_, err := v.db.Accounts().Change(v.Context(), user, func(a account.Account) (account.Account, error) {
		how(&a)
		return a, nil
	})
	v.must(err)
}

// want checks that the visit of a user who wishes for a ledger is in another one; 0 for none.
func (v visits) want(user ledger.UserID, wish, in ledger.ID) {
	v.Helper()
	ctx := v.Context()
	wanted := account.Visit{Actor: ledger.Actor{User: user}}
	var err error
	wanted.Signed, err = v.db.Accounts().Find(ctx, digest(user))
	v.must(err)
	wanted.Session.Client, wanted.Session.Generation = account.Client{}, 0
	if in != 0 {
		place, err := v.db.Members().Membership(ctx, in, user)
		v.must(err)
		wanted.Actor = place.Actor()
		wanted.State, err = v.db.Ledgers().State(ctx, in)
		v.must(err)
		if wanted.State == (ledger.State{}) {
			v.Fatal("the ledger has no state: this test shows nothing")
		}
	}
	found, err := v.db.Accounts().Visit(ctx, digest(user), wish)
	v.must(err)
	if fmt.Sprint(found) != fmt.Sprint(wanted) {
		v.Errorf("the visit of user %d who wishes for ledger %d:\n%+v, want\n%+v", user, wish, found, wanted)
	}
}
