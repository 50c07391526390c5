// Package ratetest is the contract of rate.Store as a test suite. Every adapter runs it against the real thing. Only tests import it.
package ratetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/rate"
	"expense-tracker/core/revision"
)

// Database is an open storage, asked for what it has for this module.
type Database interface {
	Rates() rate.Store
	Ledgers() ledger.Store
}

// TestStore runs the contract. newDatabase returns an empty storage and cleans up after its test.
func TestStore(t *testing.T, newDatabase func(t *testing.T) Database) {
	for _, part := range []struct {
		name string
		test func(*testing.T, fixture)
	}{
		{"an empty ledger", testEmpty},
		{"what goes in comes out", testRoundTrip},
		{"the newest rate up to a day counts", testNewest},
		{"rates are listed by day", testList},
		{"a rate is removed and put back", testRemoved},
		{"a change that is sent again is recognised", testRepeated},
		{"a stale change is refused", testStale},
		{"a change gives a new state", testState},
		{"ledgers do not see each other", testIsolation},
		{"no method shows another ledger", testEveryMethodApart},
		{"changes of one rate at once", testAtOnce},
	} {
		t.Run("rates: "+part.name, func(t *testing.T) {
			t.Parallel()
			db := newDatabase(t)
			part.test(t, fixture{db.Rates(), db.Ledgers(), ledger.Default})
		})
	}
}

// fixture is a storage and the ledger that a test works in.
type fixture struct {
	rate.Store
	ledgers ledger.Store
	in      ledger.ID
}

// at returns a rate to US dollars.
func at(t *testing.T, currency, day, value string) rate.Rate {
	t.Helper()
	return rate.Rate{Key: rate.Key{Home: "USD", Currency: currency, Day: date(t, day)}, Value: exact(t, value)}
}

func date(t *testing.T, day string) civil.Date {
	t.Helper()
	parsed, err := civil.ParseDate(day)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func exact(t *testing.T, value string) rate.Value {
	t.Helper()
	v, err := rate.FromDecimal(value)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func basis(saw int, what string) revision.Basis {
	return revision.Basis{Revision: saw, Fingerprint: idempotency.FingerprintOf(what)}
}

// put changes a rate from the revision.
func (f fixture) put(t *testing.T, saw int, given rate.Rate) rate.Rate {
	t.Helper()
	r, err := f.Put(t.Context(), f.in, basis(saw, show(given)), given)
	if err != nil {
		t.Fatalf("put %s from revision %d: %v", show(given), saw, err)
	}
	return r
}

func (f fixture) state(t *testing.T) ledger.State {
	t.Helper()
	state, err := f.ledgers.State(t.Context(), f.in)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func (f fixture) wantNewest(t *testing.T, currencies, day, want string) {
	t.Helper()
	found, err := f.Newest(t.Context(), f.in, "USD", strings.Fields(currencies), date(t, day))
	if got := showAll(found); err != nil || got != want {
		t.Errorf("on %s of %s: %q, %v, want %q", day, currencies, got, err, want)
	}
}

func (f fixture) wantList(t *testing.T, before rate.ID, limit int, want string) {
	t.Helper()
	found, err := f.List(t.Context(), f.in, "USD", before, limit)
	if got := showAll(found); err != nil || got != want {
		t.Errorf("%d before %d: %q, %v, want %q", limit, before, got, err, want)
	}
}

// show writes a rate as "2026-11-03 EUR 1.0952".
func show(r rate.Rate) string {
	shown := fmt.Sprint(r.Day, " ", r.Currency, " ", r.Value)
	if r.Removed {
		shown += " removed"
	}
	return shown
}

func showAll(rates []rate.Rate) string {
	shown := make([]string, len(rates))
	for i, r := range rates {
		shown[i] = show(r)
	}
	return strings.Join(shown, ", ")
}

func testEmpty(t *testing.T, f fixture) {
	f.wantNewest(t, "EUR GBP", "2026-01-01", "")
	f.wantNewest(t, "", "2026-01-01", "")
	f.wantList(t, 0, 10, "")
	r := at(t, "EUR", "2026-01-01", "1")
	if got, err := f.Get(t.Context(), f.in, r.ID()); !errors.Is(err, fault.NotFound) {
		t.Errorf("got %+v, %v, want NotFound", got, err)
	}
	if _, err := f.Put(t.Context(), f.in, basis(1, "x"), r); !errors.Is(err, fault.NotFound) {
		t.Errorf("a change of what is not there: %v, want NotFound", err)
	}
	if state := f.state(t); state != (ledger.State{}) {
		t.Errorf("a refused change left the state %v", state)
	}
}

func testRoundTrip(t *testing.T, f fixture) {
	for _, given := range []rate.Rate{
		at(t, "AAA", "1900-01-01", "0.0000000001"),
		at(t, "ZZZ", "2199-12-31", "999999999999.9999999999"),
		at(t, "IDR", "2026-02-28", "0.00006"),
		at(t, "KWD", "2026-02-28", "3"),
	} {
		want := given
		want.Revision = 1
		if got := f.put(t, 0, given); got != want {
			t.Errorf("put %+v, got %+v", given, got)
		}
		if got, err := f.Get(t.Context(), f.in, given.ID()); err != nil || got != want {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
		f.wantNewest(t, given.Currency, "2199-12-31", show(given))
	}
}

func testNewest(t *testing.T, f fixture) {
	for _, r := range []rate.Rate{
		at(t, "EUR", "2026-01-10", "1.1"), at(t, "EUR", "2026-03-10", "1.3"), at(t, "EUR", "2026-02-10", "1.2"),
		at(t, "GBP", "2026-02-10", "1.5"),
	} {
		f.put(t, 0, r)
	}
	other := at(t, "EUR", "2026-02-11", "9")
	other.Home = "CHF"
	f.put(t, 0, other)
	f.wantNewest(t, "EUR", "2026-01-09", "")
	f.wantNewest(t, "EUR", "2026-01-10", "2026-01-10 EUR 1.1")
	f.wantNewest(t, "GBP EUR JPY", "2026-03-09", "2026-02-10 EUR 1.2, 2026-02-10 GBP 1.5")
	f.wantNewest(t, "EUR", "2030-01-01", "2026-03-10 EUR 1.3")
	f.wantNewest(t, "CHF", "2030-01-01", "")
}

func testList(t *testing.T, f fixture) {
	first, second := at(t, "EUR", "2026-01-10", "1.1"), at(t, "EUR", "2026-02-10", "1.2")
	f.put(t, 0, second)
	f.put(t, 0, first)
	f.put(t, 0, at(t, "GBP", "2026-02-10", "1.5"))
	f.wantList(t, 0, 10, "2026-02-10 GBP 1.5, 2026-02-10 EUR 1.2, 2026-01-10 EUR 1.1")
	f.wantList(t, 0, 2, "2026-02-10 GBP 1.5, 2026-02-10 EUR 1.2")
	f.wantList(t, second.ID(), 2, "2026-01-10 EUR 1.1")
	f.wantList(t, first.ID(), 2, "")
}

func testRemoved(t *testing.T, f fixture) {
	older, r := at(t, "EUR", "2026-01-10", "1.1"), at(t, "EUR", "2026-02-10", "1.2")
	f.put(t, 0, older)
	f.put(t, 0, r)
	removed := r
	removed.Removed = true
	if got := f.put(t, 1, removed); !got.Removed || got.Revision != 2 {
		t.Errorf("removed as %+v", got)
	}
	f.wantNewest(t, "EUR", "2026-03-01", "2026-01-10 EUR 1.1")
	f.wantList(t, 0, 10, "2026-01-10 EUR 1.1")
	if got, err := f.Get(t.Context(), f.in, r.ID()); err != nil || show(got) != "2026-02-10 EUR 1.2 removed" {
		t.Errorf("got %s, %v", show(got), err)
	}
	f.put(t, 2, r)
	f.wantNewest(t, "EUR", "2026-03-01", "2026-02-10 EUR 1.2")
}

func testRepeated(t *testing.T, f fixture) {
	first, second := at(t, "EUR", "2026-01-10", "1.1"), at(t, "EUR", "2026-01-10", "1.2")
	f.put(t, 0, first)
	if got := f.put(t, 0, first); show(got) != show(first) || got.Revision != 1 {
		t.Errorf("a repeat gave %+v", got)
	}
	f.put(t, 1, second)
	before := f.state(t)
	for saw, given := range []rate.Rate{first, second} {
		if got := f.put(t, saw, given); show(got) != show(second) || got.Revision != 2 {
			t.Errorf("a repeat gave %+v", got)
		}
	}
	if now := f.state(t); now != before {
		t.Errorf("repeats changed the state from %v to %v", before, now)
	}
}

func testStale(t *testing.T, f fixture) {
	f.put(t, 0, at(t, "EUR", "2026-01-10", "1.1"))
	f.put(t, 1, at(t, "EUR", "2026-01-10", "1.2"))
	before := f.state(t)
	for _, saw := range []int{0, 1, 3} {
		if _, err := f.Put(t.Context(), f.in, basis(saw, "other"), at(t, "EUR", "2026-01-10", "1.3")); !errors.Is(err, fault.Conflict) {
			t.Errorf("from revision %d: %v, want Conflict", saw, err)
		}
	}
	f.wantNewest(t, "EUR", "2026-01-10", "2026-01-10 EUR 1.2")
	if now := f.state(t); now != before {
		t.Errorf("refused changes changed the state from %v to %v", before, now)
	}
}

func testState(t *testing.T, f fixture) {
	last := f.state(t)
	for saw, value := range []string{"1.1", "1.2", "1.3"} {
		f.put(t, saw, at(t, "EUR", "2026-01-10", value))
		now := f.state(t)
		if now.Version <= last.Version || now.Mark == last.Mark {
			t.Errorf("after change %d the state is %v, before it was %v", saw, now, last)
		}
		last = now
	}
}

func testIsolation(t *testing.T, f fixture) {
	other := f
	other.in = 2
	f.put(t, 0, at(t, "EUR", "2026-01-10", "1.1"))
	other.wantNewest(t, "EUR", "2026-01-10", "")
	other.wantList(t, 0, 10, "")
	other.put(t, 0, at(t, "EUR", "2026-01-10", "9"))
	f.wantNewest(t, "EUR", "2026-01-10", "2026-01-10 EUR 1.1")
}

func testAtOnce(t *testing.T, f fixture) {
	const writers = 8
	var done sync.WaitGroup
	errs := make([]error, writers)
	for i := range writers {
		given := at(t, "EUR", "2026-01-10", fmt.Sprint(i+1))
		done.Go(func() { _, errs[i] = f.Put(t.Context(), f.in, basis(0, fmt.Sprint(i)), given) })
	}
	done.Wait()
	entered := 0
	for _, err := range errs {
		switch {
		case err == nil:
			entered++
		case !errors.Is(err, fault.Conflict):
			t.Error(err)
		}
	}
	r, err := f.Get(t.Context(), f.in, at(t, "EUR", "2026-01-10", "1").ID())
	if entered != 1 || err != nil || r.Revision != 1 {
		t.Errorf("%d of %d were entered, it is %+v, %v", entered, writers, r, err)
	}
}
