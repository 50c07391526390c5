package accounttest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// ways are how an administrator stops being one who can come in.
func ways() map[string]func(account.Account) (account.Account, error) {
	return map[string]func(account.Account) (account.Account, error){
		"disabled": func(a account.Account) (account.Account, error) { a.Disabled = true; return a, nil },
		"demoted":  func(a account.Account) (account.Account, error) { a.Admin = false; return a, nil },
		"removed": func(a account.Account) (account.Account, error) {
			return account.Account{User: account.User{Name: fmt.Sprint("gone ", a.ID), Disabled: true}, Generation: a.Generation + 1}, nil
		},
	}
}

// goes tries a way.
func (f fixture) goes(ctx context.Context, how string, id ledger.UserID) error {
	change := f.Change
	if how == "removed" {
		change = f.Remove
	}
	_, err := change(ctx, id, ways()[how])
	return err
}

func (f fixture) createAdmins(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		given := someone(fmt.Sprint("admin ", i+1))
		given.Admin = true
		if _, err := f.Create(t.Context(), given); err != nil {
			t.Fatal(err)
		}
	}
}

// Somebody who administers can always come in, where anybody could.
func testLastAdmin(t *testing.T, f fixture) {
	ctx := t.Context()
	f.createAdmins(t, 3)
	f.create(t, "Ben")
	if err := errors.Join(f.goes(ctx, "disabled", 1), f.goes(ctx, "demoted", 2), f.goes(ctx, "disabled", 4)); err != nil {
		t.Fatal(err)
	}
	f.open(t, "token", session(1, 3, noon))
	for how := range ways() {
		err := f.goes(ctx, how, 3)
		if !errors.Is(err, fault.Conflict) {
			t.Errorf("the last one is %s: %v", how, err)
		}
	}
	if now, err := f.ByID(ctx, 3); err != nil || !now.Admin || now.Disabled || now.Hash == "" {
		t.Errorf("the last one is %+v, %v", now, err)
	}
	f.wantSessions(t, 3, "1 ")
	f.change(t, 3, func(a *account.Account) { a.Name, a.Language = "boss", "de" }) // takes nothing away
	for _, how := range []string{"disabled", "demoted", "removed"} {
		if err := f.goes(ctx, how, 1); err != nil { // who could not come in anyway
			t.Errorf("another is %s: %v", how, err)
		}
	}
	f.change(t, 2, func(a *account.Account) { a.Admin = true })
	if err := f.goes(ctx, "removed", 3); err != nil {
		t.Errorf("with another: %v", err)
	}
	if err := f.goes(ctx, "disabled", 2); !errors.Is(err, fault.Conflict) {
		t.Errorf("the one that is left: %v", err)
	}
}

// Two who disable each other at once are not both out.
func testLastAdminAtOnce(t *testing.T, f fixture) {
	const rounds, each = 6, 4
	f.createAdmins(t, each)
	for round := range rounds {
		var all sync.WaitGroup
		var gone atomic.Int32
		for id := range each {
			how := []string{"disabled", "demoted"}[(round+id)%2]
			all.Go(func() {
				switch err := f.goes(t.Context(), how, ledger.UserID(id+1)); {
				case err == nil:
					gone.Add(1)
				case !errors.Is(err, fault.Conflict):
					t.Errorf("%s: %v", how, err)
				}
			})
		}
		all.Wait()
		users, err := f.All(t.Context())
		left := 0
		for _, u := range users {
			if u.Admin && !u.Disabled {
				left++
			}
		}
		if err != nil || left != 1 || gone.Load() != each-1 {
			t.Errorf("round %d: %d are left, and %d have gone, %v", round, left, gone.Load(), err)
		}
		for id := range each {
			f.change(t, ledger.UserID(id+1), func(a *account.Account) { a.Admin, a.Disabled = true, false })
		}
	}
}

// Tries that came too often are one event of an account within FoldedWithin, from wherever, beside those that failed.
func testJournalOfRefusals(t *testing.T, f fixture) {
	ctx := t.Context()
	refuse := func(user ledger.UserID, count int, minutes int, network string) {
		t.Helper()
		at := noon.Add(minute(minutes))
		refused := account.Event{At: at, Last: at.Add(minute(1)), Kind: account.EventRefused, User: user, Address: "192.0.2.7", Count: count}
		if err := f.Fail(ctx, refused, network); err != nil {
			t.Fatal(err)
		}
	}
	refuse(1, 3, 0, "")
	refuse(1, 40, 2, "192.0.2.")
	refuse(1, 2, 1, "198.51.")
	refuse(0, 7, 0, "")
	refuse(1, 1, 60, "")
	failed := account.Event{At: noon, Last: noon, Kind: account.EventFailed, User: 1, Count: 1}
	for i := range account.MaxNetworks {
		if err := f.Fail(ctx, failed, fmt.Sprint("net ", i)); err != nil {
			t.Fatal(err)
		}
	}
	found, err := f.Events(ctx, account.Query{Limit: 100})
	if err != nil || len(found) != account.MaxNetworks+3 {
		t.Fatalf("%d events, %v", len(found), err)
	}
	for i, want := range []struct {
		user  ledger.UserID
		count int
		until int
	}{{1, 1, 61}, {0, 7, 1}, {1, 45, 3}} {
		got := found[account.MaxNetworks+i]
		if got.Kind != account.EventRefused || got.User != want.user || got.Count != want.count || got.Address != "" ||
			!got.Last.Equal(noon.Add(minute(want.until))) {
			t.Errorf("event %d is %+v, want %+v", i, got, want)
		}
	}
}

func minute(n int) time.Duration { return time.Duration(n) * time.Minute }
