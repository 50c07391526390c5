package accounttest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
)

func testSessions(t *testing.T, f fixture) {
	ctx := t.Context()
	f.create(t, "Anna")
	ben := f.create(t, "Ben")
	given := session(1<<53-1, ben.ID, noon.Add(time.Hour))
	f.open(t, "token", given)
	f.open(t, "token", given) // again
	found, err := f.Find(ctx, digest("token"))
	if err != nil || show(found.User) != show(ben) || showSession(found.Session) != showSession(given) {
		t.Errorf("found %s of %s, %v", showSession(found.Session), show(found.User), err)
	}
	if _, err := f.Find(ctx, digest("Token")); !errors.Is(err, fault.NotFound) {
		t.Errorf("another token: %v", err)
	}
	f.open(t, "second", session(2, ben.ID, noon.Add(2*time.Hour)))
	f.open(t, "third", session(3, ben.ID, noon))
	f.open(t, "Anna's", session(4, 1, noon))
	f.wantSessions(t, ben.ID, "2 9007199254740991 3 ")
	f.wantSessions(t, 1, "4 ")
	if n, err := f.Count(ctx, noon.Add(time.Hour)); n != 2 || err != nil {
		t.Errorf("%d were used lately, %v", n, err)
	}
}

// A script that signs in each minute pushes out its own sessions, and not that of the phone.
func testSessionsAreBounded(t *testing.T, f fixture) {
	f.create(t, "Anna")
	f.create(t, "Ben")
	f.open(t, "Ben's", session(1, 2, noon))
	f.open(t, "phone", session(1000, 1, noon))
	if err := f.Touch(t.Context(), digest("phone"), noon.Add(time.Minute), ""); err != nil {
		t.Fatal(err)
	}
	for i := range account.MaxSessions + 5 {
		at := noon.Add(time.Duration(i+2) * time.Minute)
		given := session(account.SessionID(i+1), 1, at)
		given.Opened = at
		f.open(t, fmt.Sprint("script ", i), given)
	}
	all, err := f.Of(t.Context(), 1)
	if err != nil || len(all) != account.MaxSessions || all[0].ID != account.MaxSessions+5 || all[len(all)-1].ID != 1000 {
		t.Errorf("%d sessions are kept, the first is %+v, the last %+v; %v", len(all), all[0], all[len(all)-1], err)
	}
	f.wantSessions(t, 2, "1 ")
}

func testGenerations(t *testing.T, f fixture) {
	ctx := t.Context()
	f.create(t, "Anna")
	f.open(t, "token", session(1, 1, noon))
	want := func(what string, there bool) {
		t.Helper()
		_, err := f.Find(ctx, digest("token"))
		if there && err != nil || !there && !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", what, err)
		}
		listed, counted := "", int64(0)
		if there {
			listed, counted = "1 ", 1
		}
		f.wantSessions(t, 1, listed)
		if n, err := f.Count(ctx, noon); n != counted || err != nil {
			t.Errorf("%s: %d are counted, %v", what, n, err)
		}
	}
	want("at first", true)
	f.change(t, 1, func(a *account.Account) { a.Disabled = true })
	want("of a disabled user", false)
	if err := f.End(ctx, 1, 1); !errors.Is(err, fault.NotFound) {
		t.Errorf("ending what is over: %v", err)
	}
	f.change(t, 1, func(a *account.Account) { a.Disabled = false })
	want("of a user who was enabled again", true)
	f.change(t, 1, func(a *account.Account) { a.Generation = 2 })
	want("after a change of the password", false)
	late := session(2, 1, noon)
	f.open(t, "late", late) // its sign-in began before the change
	if _, err := f.Find(ctx, digest("late")); !errors.Is(err, fault.NotFound) {
		t.Errorf("a session that was opened for an earlier password: %v", err)
	}
}

func testEnding(t *testing.T, f fixture) {
	ctx := t.Context()
	f.create(t, "Anna")
	f.create(t, "Ben")
	for i, token := range []string{"a", "b", "c"} {
		f.open(t, token, session(account.SessionID(i+1), 1, noon.Add(time.Duration(-i)*time.Minute)))
	}
	f.open(t, "Ben's", session(9, 2, noon))
	if err := f.End(ctx, 2, 1); !errors.Is(err, fault.NotFound) {
		t.Errorf("ending another user's: %v", err)
	}
	if err := f.End(ctx, 1, 2); err != nil {
		t.Error(err)
	}
	if err := f.End(ctx, 1, 2); !errors.Is(err, fault.NotFound) {
		t.Errorf("ending it twice: %v", err)
	}
	f.wantSessions(t, 1, "1 3 ")
	if n, err := f.EndAll(ctx, 1, 3); n != 1 || err != nil {
		t.Errorf("ended %d others, %v", n, err)
	}
	f.wantSessions(t, 1, "3 ")
	if n, err := f.EndAll(ctx, 1, 0); n != 1 || err != nil {
		t.Errorf("ended %d, %v", n, err)
	}
	f.wantSessions(t, 1, "")
	f.wantSessions(t, 2, "9 ")
}

func testTouch(t *testing.T, f fixture) {
	f.create(t, "Anna")
	f.open(t, "token", session(1, 1, noon))
	for _, at := range []time.Time{noon.Add(time.Hour), noon.Add(time.Minute)} {
		if err := f.Touch(t.Context(), digest("token"), at, at.Format("15:04")); err != nil {
			t.Fatal(err)
		}
	}
	found, err := f.Find(t.Context(), digest("token"))
	if err != nil || !found.Session.Used.Equal(noon.Add(time.Hour)) || found.Session.Client.Address != "13:00" {
		t.Errorf("it was used %s, %v", showSession(found.Session), err)
	}
}

func testTidy(t *testing.T, f fixture) {
	ctx := t.Context()
	f.create(t, "Anna")
	f.create(t, "Ben")
	old := session(1, 1, noon.Add(48*time.Hour))
	old.Opened = noon.AddDate(0, 0, -91)
	f.open(t, "old", old)
	f.open(t, "quiet", session(2, 1, noon.Add(-time.Second)))
	f.open(t, "here", session(3, 1, noon))
	f.open(t, "Ben's", session(4, 2, noon))
	f.change(t, 2, func(a *account.Account) { a.Generation++ })
	if err := f.Tidy(ctx, noon, noon.AddDate(0, 0, -90)); err != nil {
		t.Fatal(err)
	}
	f.wantSessions(t, 1, "3 ")
	f.change(t, 2, func(a *account.Account) { a.Generation-- })
	f.wantSessions(t, 2, "") // it is gone, and not only hidden
}

func testState(t *testing.T, f fixture) {
	ctx := t.Context()
	before, err := f.ledgers.State(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	f.create(t, "Anna")
	f.open(t, "token", session(1, 1, noon))
	f.change(t, 1, func(a *account.Account) { a.Name = "Ann" })
	if after, err := f.ledgers.State(ctx, 1); err != nil || after != before {
		t.Errorf("the state went from %v to %v, %v", before, after, err)
	}
}
