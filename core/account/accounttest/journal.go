package accounttest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// told shows events, the newest first.
func (f fixture) told(t *testing.T, asked account.Query) string {
	t.Helper()
	if asked.Limit == 0 {
		asked.Limit = 100
	}
	found, err := f.Events(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for i, e := range found {
		if i > 0 && e.ID >= found[i-1].ID {
			t.Errorf("event %d comes after %d", e.ID, found[i-1].ID)
		}
		fmt.Fprintf(&said, "%s of %d by %d", e.Kind, e.User, e.By)
		if e.Kind == account.EventFailed {
			fmt.Fprintf(&said, " from %q %d times until %s", e.Address, e.Count, e.Last.Format(time.TimeOnly))
		}
		said.WriteString("; ")
	}
	return said.String()
}

func (f fixture) wantTold(t *testing.T, what, want string, asked account.Query) {
	t.Helper()
	if got := f.told(t, asked); got != want {
		t.Errorf("%s: told %q, want %q", what, got, want)
	}
}

// of asks for the events of users.
func of(users ...ledger.UserID) account.Query {
	asked := account.Query{Of: []account.Watched{}}
	for _, user := range users {
		asked.Of = append(asked.Of, account.Watched{User: user})
	}
	return asked
}

// event is something that happened to a user.
func event(kind account.EventKind, user ledger.UserID, at time.Time) account.Event {
	return account.Event{At: at, Last: at, Kind: kind, User: user, By: user, Address: "192.0.2.1", Count: 1}
}

func testJournal(t *testing.T, f fixture) {
	ctx := t.Context()
	f.wantTold(t, "at first", "", account.Query{})
	given := event(account.EventSecondOn, 7, noon)
	if err := f.Note(ctx, given); err != nil {
		t.Fatal(err)
	}
	found, err := f.Events(ctx, account.Query{Limit: 5})
	if err != nil || len(found) != 1 || found[0].ID < 1 {
		t.Fatalf("found %+v, %v", found, err)
	}
	given.ID = found[0].ID
	if got := found[0]; !got.At.Equal(given.At) || !got.Last.Equal(given.Last) || got.Kind != given.Kind || got.User != given.User ||
		got.By != given.By || got.Address != given.Address || got.Count != given.Count {
		t.Errorf("found %+v, want %+v", got, given)
	}
}

// What is made or changed is written with it, and what fails or repeats is not.
func testJournalOfChanges(t *testing.T, f fixture) {
	ctx := t.Context()
	f.create(t, "Anna")
	f.create(t, "Ben")
	if _, err := f.Create(ctx, someone("anna")); !errors.Is(err, fault.Conflict) {
		t.Fatal(err)
	}
	for range 2 {
		f.change(t, 2, func(a *account.Account) { a.Disabled, a.Admin, a.Origin = true, true, account.Origin{At: noon} })
		f.change(t, 2, func(a *account.Account) {
			a.Name, a.Hash, a.Generation, a.Origin = "Benno", "another", 9, account.Origin{At: noon, Self: true}
		})
	}
	f.change(t, 2, func(a *account.Account) { a.Disabled, a.Admin = false, false })
	f.change(t, 2, func(a *account.Account) { a.Hash = "the same password in another way" })
	f.change(t, 2, func(a *account.Account) { a.Language = "de" })
	refused := fault.New(fault.Conflict, "test", "")
	if _, err := f.Change(ctx, 2, func(a account.Account) (account.Account, error) { a.Admin = true; return a, refused }); err == nil {
		t.Fatal("no error")
	}
	f.wantTold(t, "all", "demoted of 2 by 0; enabled of 2 by 0; password_changed of 2 by 2; renamed of 2 by 2; promoted of 2 by 0; "+
		"disabled of 2 by 0; added of 2 by 0; set_up of 1 by 0; ", account.Query{})
	if stored, err := f.ByID(ctx, 2); err != nil || stored.Origin != (account.Origin{}) {
		t.Errorf("an origin is kept: %+v, %v", stored.Origin, err)
	}
	f.open(t, "token", session(1, 1, noon))
	f.open(t, "token", session(1, 1, noon)) // again
	f.wantTold(t, "of Anna", "signed_in of 1 by 1; set_up of 1 by 0; ", of(1))
}

// A newcomer's account is kept as it was made, and lets nobody in; it is told of when it is whole. One that is given up is never told of.
func testNewcomers(t *testing.T, f fixture) {
	ctx := t.Context()
	f.create(t, "Anna")
	for _, name := range []string{"Ben", "Cyd"} {
		given := someone(name)
		given.Disabled, given.Generation = true, 0
		made, err := f.Create(ctx, given)
		if err != nil {
			t.Fatal(err)
		}
		if kept, err := f.ByID(ctx, made.ID); err != nil || !kept.Disabled || kept.Generation != 0 || kept.Name != name {
			t.Errorf("kept is %+v, %v", kept, err)
		}
		opened := session(1, made.ID, noon)
		opened.Generation = 0
		f.open(t, name, opened)
		if _, err := f.Find(ctx, digest(name)); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s is signed in: %v", name, err)
		}
	}
	f.wantTold(t, "at first", "signed_in of 3 by 3; signed_in of 2 by 2; set_up of 1 by 0; ", account.Query{})
	f.change(t, 2, func(a *account.Account) {
		a.Disabled, a.Generation, a.Origin = false, 1, account.Origin{At: noon, Self: true}
	})
	f.change(t, 3, func(a *account.Account) { a.Name, a.Hash, a.Generation = "\x7f3", "", 1 })
	f.wantTold(t, "later", "added of 2 by 2; signed_in of 3 by 3; signed_in of 2 by 2; set_up of 1 by 0; ", account.Query{})
	f.create(t, "Cyd")
}

func testJournalOfFailures(t *testing.T, f fixture) {
	ctx := t.Context()
	fail := func(user ledger.UserID, network string, at time.Time) {
		t.Helper()
		failed := account.Event{At: at, Last: at, Kind: account.EventFailed, User: user, Address: network + "7", Count: 1}
		if err := f.Fail(ctx, failed, network); err != nil {
			t.Fatal(err)
		}
	}
	fail(1, "192.0.2.", noon)
	fail(1, "192.0.2.", noon.Add(2*time.Minute))
	fail(1, "192.0.2.", noon.Add(time.Minute))
	fail(1, "198.51.", noon)
	fail(0, "192.0.2.", noon)
	fail(1, "192.0.2.", noon.Add(account.FoldedWithin))
	f.wantTold(t, "all", `sign_in_failed of 1 by 0 from "192.0.2.7" 1 times until 13:00:00; `+
		`sign_in_failed of 0 by 0 from "192.0.2.7" 1 times until 12:00:00; `+
		`sign_in_failed of 1 by 0 from "198.51.7" 1 times until 12:00:00; `+
		`sign_in_failed of 1 by 0 from "192.0.2.7" 3 times until 12:02:00; `, account.Query{})

	// A flood from everywhere is few events, which count all of it.
	const flood = 100
	for i := range flood {
		fail(2, fmt.Sprint("net ", i), noon)
	}
	found, err := f.Events(ctx, account.Query{Of: of(2).Of, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	counted, nameless := 0, 0
	for _, e := range found {
		counted += e.Count
		if e.Address == "" {
			nameless++
		}
	}
	if len(found) != account.MaxNetworks+1 || counted != flood || nameless != 1 {
		t.Errorf("a flood of %d is %d events that count %d, %d without an address", flood, len(found), counted, nameless)
	}
}

func testJournalAtOnce(t *testing.T, f fixture) {
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			failed := account.Event{At: noon, Last: noon, Kind: account.EventFailed, User: 1, Count: 1}
			if err := f.Fail(t.Context(), failed, "net"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	f.wantTold(t, "at once", `sign_in_failed of 1 by 0 from "" 16 times until 12:00:00; `, account.Query{})
}

func testJournalPages(t *testing.T, f fixture) {
	for i := range 10 {
		user := ledger.UserID(i%3 + 1)
		if err := f.Note(t.Context(), event(account.EventLeft, user, noon.Add(time.Duration(i)*time.Minute))); err != nil {
			t.Fatal(err)
		}
	}
	pages, before := "", account.EventID(0)
	for {
		found, err := f.Events(t.Context(), account.Query{Of: of(1, 3).Of, Before: before, Limit: 2})
		if err != nil {
			t.Fatal(err)
		}
		if len(found) == 0 {
			break
		}
		for _, e := range found {
			pages += fmt.Sprintf("%d@%d ", e.User, e.At.Minute())
			before = e.ID
		}
		pages += "| "
	}
	if want := "1@9 3@8 | 1@6 3@5 | 1@3 3@2 | 1@0 | "; pages != want {
		t.Errorf("pages %q, want %q", pages, want)
	}
	asked := account.Query{Of: []account.Watched{{User: 1, Since: noon.Add(6 * time.Minute)}, {User: 2, Since: noon.Add(7 * time.Minute)}}}
	f.wantTold(t, "since", "signed_out of 1 by 1; signed_out of 2 by 2; signed_out of 1 by 1; ", asked)
	f.wantTold(t, "of nobody", "", of())
}

func testJournalTidy(t *testing.T, f fixture) {
	ctx := t.Context()
	for i := range 4 {
		if err := f.Note(ctx, event(account.EventLeft, 1, noon.Add(time.Duration(i)*time.Minute))); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := f.TidyEvents(ctx, noon.Add(2*time.Minute)); err != nil {
			t.Fatal(err)
		}
		f.wantTold(t, "after it", "signed_out of 1 by 1; signed_out of 1 by 1; ", account.Query{})
	}
	before, _ := f.Events(ctx, account.Query{Limit: 1})
	if err := f.TidyEvents(ctx, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := f.Note(ctx, event(account.EventLeft, 1, noon)); err != nil {
		t.Fatal(err)
	}
	if after, err := f.Events(ctx, account.Query{Limit: 1}); err != nil || after[0].ID <= before[0].ID {
		t.Errorf("the number %d is given again: %v, %v", before[0].ID, after, err)
	}
}
