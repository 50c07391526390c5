package account_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
)

// deaf is a storage that writes nothing down of what happened.
type deaf struct{ account.Store }

func (deaf) Note(context.Context, account.Event) error {
	return fault.New(fault.Unavailable, "test", "")
}

func (deaf) Fail(context.Context, account.Event, string) error {
	return fault.New(fault.Unavailable, "test", "")
}

// What cannot be written down keeps nobody out, and lets nobody in.
func TestTheJournalStandsInNobodysWay(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	service := account.NewService(deaf{h.store}, h.hasher, account.Settings{
		Now: func() time.Time { return h.now }, Random: func(b []byte) { b[0]++ }, Ends: account.Ends{Idle: time.Hour, Max: time.Hour},
	})
	if _, err := service.SignIn(t.Context(), "Anna", "wrong wrong wrong", here); !errors.Is(err, fault.Unauthenticated) {
		t.Errorf("a wrong password: %v", err)
	}
	opened, err := service.SignIn(t.Context(), "Anna", right, here)
	if err != nil {
		t.Fatal(err)
	}
	if err := service.SignOut(t.Context(), opened.Token); err != nil {
		t.Errorf("signing out: %v", err)
	}
}

func TestTheJournalIsForWhomItIsFor(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	h.add("Ben")
	ben := h.signIn("Ben", right)
	if _, err := h.AllEvents(t.Context(), ben.Signed, 0, 10); !errors.Is(err, fault.Forbidden) {
		t.Errorf("Ben sees all: %v", err)
	}
	if found, err := h.AllEvents(t.Context(), h.signIn("Anna", right).Signed, 0, 10); err != nil || len(found.Events) != 4 {
		t.Errorf("an administrator sees %v, %v", found.Events, err)
	}
	members := []account.Watched{{User: 2}}
	for _, role := range []ledger.Role{0, ledger.Viewer, ledger.Editor} {
		actor := ledger.Actor{User: 1, Ledger: ledgertest.Ledger(1), Role: role}
		if _, err := h.MemberEvents(t.Context(), actor, members, 0, 10); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a %s sees the members': %v", role, err)
		}
	}
	found, err := h.MemberEvents(t.Context(), ledgertest.Owner(), members, 0, 10)
	if err != nil || len(found.Events) != 2 || found.Events[0].Kind != account.EventSignedIn || found.Events[0].Address != "" {
		t.Errorf("an owner sees %+v, %v", found.Events, err)
	}
	if found, err := h.MemberEvents(t.Context(), ledgertest.Owner(), nil, 0, 10); err != nil || len(found.Events) != 0 {
		t.Errorf("an owner of nobody sees %+v, %v", found.Events, err)
	}
}

// A flood of failed tries is few rows, whatever the names and from wherever.
func TestAFloodOfFailuresIsFewRows(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	for i := range 25 {
		from := account.Client{Address: "192.0.2.9", Network: string(rune('a' + i))}
		for range 3 {
			_, _ = h.SignIn(t.Context(), "Anna", "wrong wrong wrong", from)
			_, _ = h.SignIn(t.Context(), "made up "+from.Network, "wrong wrong wrong", from)
		}
	}
	anna := h.signIn("Anna", right)
	found, err := h.AllEvents(t.Context(), anna.Signed, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	rows, count := 0, 0
	for _, e := range found.Events {
		if e.Kind == account.EventFailed {
			rows++
			count += e.Count
		}
	}
	if want := 2 * (account.MaxNetworks + 1); rows != want || count != 150 {
		t.Errorf("%d rows count %d tries, want %d rows", rows, count, want)
	}
	h.now = h.now.Add(account.JournalKept + time.Hour)
	if found, err := h.AllEvents(t.Context(), h.signIn("Anna", right).Signed, 0, 1000); err != nil || len(found.Events) != 1 {
		t.Errorf("after a year there are %d, %v", len(found.Events), err)
	}
}

// A flood that the throttle holds is few writes, and counted whole; the log of who is tried says so.
func TestAFloodOfTriesIsCounted(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	anna := h.signIn("Anna", right)
	const tries = 300
	throttled := 0
	for range tries {
		_, err := h.SignIn(t.Context(), "Anna", other, account.Client{Address: "203.0.113.9"})
		if errors.Is(err, fault.Throttled) {
			throttled++
		}
	}
	if throttled < tries/2 {
		t.Fatalf("%d of %d were throttled", throttled, tries)
	}
	written, err := h.store.Events(t.Context(), account.Query{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	if n := refusedIn(written); n != 1 {
		t.Errorf("%d are written down before anybody reads, want the first one", n)
	}
	page, err := h.OwnEvents(t.Context(), anna.Signed, 0, 1000)
	if err != nil || refusedIn(page.Events) != throttled {
		t.Errorf("the log says %d, %v, want %d", refusedIn(page.Events), err, throttled)
	}
	events := 0
	for _, e := range page.Events {
		if e.Kind == account.EventRefused {
			events++
		}
	}
	if events != 1 {
		t.Errorf("%d events", events)
	}
}

func refusedIn(events []account.Event) (times int) {
	for _, e := range events {
		if e.Kind == account.EventRefused {
			times += e.Count
		}
	}
	return times
}
