package accounttest

import (
	"errors"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
)

// What leads to a person goes with the account, and what leads to others stays.
func testRemove(t *testing.T, f fixture) {
	ctx := t.Context()
	f.create(t, "Anna")
	f.create(t, "Ben")
	attempt := func(of account.Attempt) account.Attempt {
		of.Expires = noon.Add(time.Minute)
		return of
	}
	for i, who := range []string{"anna", "ben"} {
		user := f.mustName(t, who).ID
		f.link(t, user, who)
		f.open(t, who, session(account.SessionID(i+1), user, noon))
		f.change(t, user, func(a *account.Account) {
			a.Factor = account.Factor{Secret: "secret", On: true, Recovery: []account.Digest{digest("recovery")}}
			a.Passkeys = []account.Passkey{{ID: 1, Credential: []byte(who), Name: "key", Record: []byte("record"), Added: noon}}
		})
		from := account.Event{At: noon, Last: noon, Kind: account.EventFailed, User: user, Address: "192.0.2.7", Count: 1}
		err := errors.Join(
			f.Expect(ctx, user, who+"@example.org"),
			f.Begin(ctx, digest("half of "+who), account.Begun{Purpose: "code", User: user, Generation: 1, Ends: noon.Add(time.Minute)}, noon),
			f.Depart(ctx, digest("attempt of "+who), attempt(account.Attempt{Aim: account.AimLink, User: user}), noon),
			f.Fail(ctx, from, "network 1"), f.Fail(ctx, from, "network 2"),
		)
		if err != nil {
			t.Fatal(err)
		}
	}
	no := errors.New("no")
	if _, err := f.Remove(ctx, 1, func(a account.Account) (account.Account, error) { return a, no }); !errors.Is(err, no) {
		t.Errorf("removed though it may not: %v", err)
	}
	f.wantHolder(t, "anna", 1)
	f.wantSessions(t, 1, "1 ")
	for range 2 { // a repeat
		now, err := f.Remove(ctx, 1, func(a account.Account) (account.Account, error) {
			return account.Account{User: account.User{Name: "gone", Disabled: true}, Generation: a.Generation}, nil
		})
		if err != nil || now.ID != 1 || now.Name != "gone" || !now.Disabled || now.Hash != "" {
			t.Fatalf("removed: %+v, %v", now, err)
		}
	}
	if stored := f.mustName(t, "gone"); !stored.Factor.IsZero() || stored.Passkeys != nil || stored.Hash != "" {
		t.Errorf("there is %+v", stored)
	}
	f.wantHolder(t, "anna", 0)
	f.wantHolder(t, "ben", 2)
	// The generation is as it was, so the session would count if it were there.
	f.change(t, 1, func(a *account.Account) { a.Disabled = false })
	f.wantSessions(t, 1, "")
	f.wantSessions(t, 2, "2 ")
	yes := func(account.Account) error { return nil }
	if found, err := f.Claim(ctx, "anna@example.org", linkTo("anew"), yes); !errors.Is(err, fault.NotFound) {
		t.Errorf("claimed user %d, %v", found.ID, err)
	}
	for who, want := range map[string]error{"anna": fault.NotFound, "ben": nil} {
		if _, err := f.Finish(ctx, digest("half of "+who)); !errors.Is(err, want) {
			t.Errorf("what %s began: %v, want %v", who, err, want)
		}
		if _, err := f.Return(ctx, digest("attempt of "+who), noon); !errors.Is(err, want) {
			t.Errorf("the attempt of %s: %v, want %v", who, err, want)
		}
	}
	events, err := f.Events(ctx, account.Query{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	places := 0
	for _, e := range events {
		if e.User == 1 && e.Address != "" {
			t.Errorf("an event says from where: %+v", e)
		}
		if e.User == 2 && e.Address != "" {
			places++
		}
	}
	if places != 3 {
		t.Errorf("%d events of another say from where, want 3", places)
	}
	if _, err := f.Remove(ctx, 9, func(a account.Account) (account.Account, error) { return a, nil }); !errors.Is(err, fault.NotFound) {
		t.Errorf("nobody is removed: %v", err)
	}
}

func (f fixture) mustName(t *testing.T, folded string) account.Account {
	t.Helper()
	found, err := f.ByName(t.Context(), folded)
	if err != nil {
		t.Fatalf("by name %s: %v", folded, err)
	}
	return found
}
