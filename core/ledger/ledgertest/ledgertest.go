// Package ledgertest is the contract of ledger.Store as a test suite, and the ledgers that tests work in. Only tests import it.
package ledgertest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// Ledger returns a ledger in US dollars and UTC.
func Ledger(id ledger.ID) ledger.Ledger {
	usd, err := money.ParseCurrency("USD")
	if err != nil {
		panic(err) // ISO 4217 would have to give the dollar up
	}
	return ledger.Ledger{ID: id, Name: ledger.DefaultName, Currency: usd, Zone: time.UTC}
}

// Owner returns the local owner of the default ledger.
func Owner() ledger.Actor { return ledger.LocalOwner(Ledger(ledger.Default)) }

// TestStore runs the contract. newStore returns an empty storage and cleans up after its test.
func TestStore(t *testing.T, newStore func(t *testing.T) ledger.Store) {
	for _, part := range []struct {
		name string
		test func(*testing.T, ledger.Store)
	}{
		{"a ledger that was never defined", testNotDefined},
		{"what goes in comes out", testRoundTrip},
		{"a change gives a new state, a repeat does not", testState},
		{"the storage's decimals stay", testDecimals},
		{"what cannot be kept is refused", testRefused},
		{"all ledgers", testAll},
		{"many at once", testAtOnce},
		{"no method shows another ledger", testEveryMethodApart},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			part.test(t, newStore(t))
		})
	}
}

func define(t *testing.T, store ledger.Store, given ledger.Ledger) ledger.Ledger {
	t.Helper()
	kept, err := store.Define(t.Context(), given)
	if err != nil {
		t.Fatalf("define %+v: %v", given, err)
	}
	return kept
}

func state(t *testing.T, store ledger.Store, id ledger.ID) ledger.State {
	t.Helper()
	now, err := store.State(t.Context(), id)
	if err != nil {
		t.Fatalf("state of ledger %d: %v", id, err)
	}
	return now
}

func wantLedger(t *testing.T, store ledger.Store, want ledger.Ledger) {
	t.Helper()
	if got, err := store.Ledger(t.Context(), want.ID); err != nil || !got.Equal(want) {
		t.Errorf("ledger %d is %+v, %v, want %+v", want.ID, got, err, want)
	}
}

func currency(t *testing.T, code string, digits int) money.Currency {
	t.Helper()
	c, err := money.StoredCurrency(code, digits)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func testNotDefined(t *testing.T, store ledger.Store) {
	if got, err := store.Ledger(t.Context(), 1); !errors.Is(err, fault.NotFound) {
		t.Errorf("got %+v, %v, want NotFound", got, err)
	}
	define(t, store, Ledger(1))
	if got, err := store.Ledger(t.Context(), 2); !errors.Is(err, fault.NotFound) {
		t.Errorf("got %+v, %v of another ledger, want NotFound", got, err)
	}
	if now := state(t, store, 2); now != (ledger.State{}) {
		t.Errorf("state %v of another ledger, want none", now)
	}
}

func testRoundTrip(t *testing.T, store ledger.Store) {
	for i, zone := range []string{"UTC", "Local", "Pacific/Auckland", "America/Argentina/ComodRivadavia"} {
		location, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		given := Ledger(ledger.ID(i + 1))
		given.Name = "Ada’s & Bob's <ledger> " + zone
		given.Zone = location
		if kept := define(t, store, given); !kept.Equal(given) {
			t.Errorf("defined as %+v, want %+v", kept, given)
		}
		wantLedger(t, store, given)
	}
	longest := Ledger(1)
	longest.Name = strings.Repeat("é", ledger.MaxName)
	longest.Currency = currency(t, "JPY", 0)
	longest.Zone = nil
	define(t, store, longest)
	wantLedger(t, store, longest)
}

func testState(t *testing.T, store ledger.Store) {
	given := Ledger(1)
	define(t, store, given)
	last := state(t, store, 1)
	if last.Version == 0 {
		t.Errorf("a new ledger has state %v", last)
	}
	for what, change := range map[string]func(*ledger.Ledger){
		"name":     func(l *ledger.Ledger) { l.Name = "Holidays" },
		"currency": func(l *ledger.Ledger) { l.Currency = currency(t, "EUR", 2) },
		"zone":     func(l *ledger.Ledger) { l.Zone = time.Local },
	} {
		change(&given)
		define(t, store, given)
		now := state(t, store, 1)
		if now.Version <= last.Version || now.Mark == last.Mark {
			t.Errorf("after another %s the state is %v, before it was %v", what, now, last)
		}
		last = now
		define(t, store, given)
		if now := state(t, store, 1); now != last {
			t.Errorf("the same %s again changed the state from %v to %v", what, last, now)
		}
		wantLedger(t, store, given)
	}
}

// The first decimals that a storage counts a currency in stay, whether a ledger or a price brought them.
func testDecimals(t *testing.T, store ledger.Store) {
	first, later := Ledger(1), Ledger(2)
	first.Currency, later.Currency = currency(t, "XHR", 2), currency(t, "XHR", 5)
	define(t, store, first)
	kept := define(t, store, later)
	if kept.Currency != first.Currency {
		t.Errorf("the second ledger counts in %d decimals, want %d", kept.Currency.Digits(), first.Currency.Digits())
	}
	wantLedger(t, store, kept)
	before := state(t, store, later.ID)
	define(t, store, later)
	if now := state(t, store, later.ID); now != before {
		t.Errorf("the same ledger again changed the state from %v to %v", before, now)
	}
}

func testRefused(t *testing.T, store ledger.Store) {
	for what, spoil := range map[string]func(*ledger.Ledger){
		"no name":              func(l *ledger.Ledger) { l.Name = " " },
		"a name too long":      func(l *ledger.Ledger) { l.Name = strings.Repeat("é", ledger.MaxName+1) },
		"a name of two lines":  func(l *ledger.Ledger) { l.Name = "a\nb" },
		"a name that is bytes": func(l *ledger.Ledger) { l.Name = "a\xff" },
		"no currency":          func(l *ledger.Ledger) { l.Currency = money.Currency{} },
		"a zone without name":  func(l *ledger.Ledger) { l.Zone = time.FixedZone("here", 3600) },
	} {
		spoiled := Ledger(1)
		spoil(&spoiled)
		if _, err := store.Define(t.Context(), spoiled); !errors.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want Invalid", what, err)
		}
	}
	if now := state(t, store, 1); now != (ledger.State{}) {
		t.Errorf("a refusal left state %v", now)
	}
}

func testAll(t *testing.T, store ledger.Store) {
	want := func(after ledger.ID, limit int, want string) {
		t.Helper()
		found, err := store.All(t.Context(), after, limit)
		got := ""
		for _, l := range found {
			got += fmt.Sprint(l.ID, " ", l.Name, "; ")
		}
		if err != nil || got != want {
			t.Errorf("%d ledgers after %d are %q, %v, want %q", limit, after, got, err, want)
		}
	}
	want(0, 10, "")
	for _, id := range []ledger.ID{7, 1, 3} {
		define(t, store, Ledger(id))
	}
	want(0, 10, "1 Expenses; 3 Expenses; 7 Expenses; ")
	want(0, 2, "1 Expenses; 3 Expenses; ")
	want(3, 2, "7 Expenses; ")
	want(7, 2, "")
}

func testAtOnce(t *testing.T, store ledger.Store) {
	const writers = 8
	var all sync.WaitGroup
	for n := range writers {
		all.Go(func() {
			given := Ledger(1)
			given.Name = fmt.Sprint("name ", n)
			if kept, err := store.Define(t.Context(), given); err != nil || !kept.Equal(given) {
				t.Errorf("defined as %+v, %v, want %+v", kept, err, given)
			}
		})
	}
	all.Wait()
	if now := state(t, store, 1); now.Version != writers {
		t.Errorf("version %d after %d changes", now.Version, writers)
	}
}
