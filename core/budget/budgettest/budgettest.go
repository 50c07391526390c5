// Package budgettest is the contract of budget.Store as a test suite. Every adapter runs it against the real thing. Only tests import it.
package budgettest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/core/budget"
	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

// Database is an open storage, asked for what it has for this module.
type Database interface {
	Budgets() budget.Store
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
		{"a term takes the place of that of its month", testReplaced},
		{"a stretch of months", testStretch},
		{"an end takes away what comes after it", testEnd},
		{"a change that is sent again is recognised", testRepeated},
		{"a stale change is refused", testStale},
		{"a change gives a new state", testState},
		{"ledgers do not see each other", testIsolation},
		{"no method shows another ledger", testEveryMethodApart},
		{"limits are kept in the storage's decimals", testDecimals},
		{"changes of one budget at once", testAtOnce},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			db := newDatabase(t)
			part.test(t, fixture{db.Budgets(), db.Ledgers(), ledger.Default})
		})
	}
}

// fixture is a storage and the ledger that a test works in.
type fixture struct {
	budget.Store
	ledgers ledger.Store
	in      ledger.ID
}

const food budget.CategoryID = 7

func month(year int, m time.Month) civil.Month { return civil.Month{Year: year, Month: m} }

func amount(t *testing.T, decimal, code string) money.Amount {
	t.Helper()
	c, err := money.ParseCurrency(code)
	if err != nil {
		t.Fatal(err)
	}
	a, err := money.FromDecimal(decimal, c)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// term returns a term in US dollars; one that ends the budget for an empty limit.
func term(t *testing.T, from civil.Month, limit string) budget.Term {
	t.Helper()
	if limit == "" {
		return budget.Term{From: from}
	}
	return budget.Term{From: from, Limit: amount(t, limit, "USD")}
}

func basis(saw int, what string) revision.Basis {
	return revision.Basis{Revision: saw, Fingerprint: idempotency.FingerprintOf(what)}
}

// set changes a budget from the revision and returns it.
func (f fixture) set(t *testing.T, of budget.CategoryID, saw int, term budget.Term) budget.Budget {
	t.Helper()
	b, err := f.Set(t.Context(), f.in, of, basis(saw, text(term)), term)
	if err != nil {
		t.Fatalf("set %d from revision %d: %v", of, saw, err)
	}
	return b
}

func (f fixture) want(t *testing.T, of budget.CategoryID, from civil.Month, want string) {
	t.Helper()
	b, err := f.Get(t.Context(), f.in, of, from)
	if got := show(b); err != nil || got != want {
		t.Errorf("from %s it is %q, %v, want %q", from, got, err, want)
	}
}

func (f fixture) wantList(t *testing.T, from, to civil.Month, want string) {
	t.Helper()
	all, err := f.List(t.Context(), f.in, from, to)
	shown := make([]string, len(all))
	for i, b := range all {
		shown[i] = fmt.Sprintf("%d %s", b.Category, show(b))
	}
	if got := strings.Join(shown, ", "); err != nil || got != want {
		t.Errorf("from %s to %s: %q, %v, want %q", from, to, got, err, want)
	}
}

func (f fixture) state(t *testing.T) ledger.State {
	t.Helper()
	state, err := f.ledgers.State(t.Context(), f.in)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// show writes a budget as "2: 2026-01 10.00 USD; 2026-03 end".
func show(b budget.Budget) string {
	shown := fmt.Sprintf("%d:", b.Revision)
	for i, t := range b.Terms {
		if i > 0 {
			shown += ";"
		}
		shown += " " + text(t)
	}
	return shown
}

func text(t budget.Term) string {
	switch {
	case t.IsEnd():
		return t.From.String() + " end"
	case t.Carry:
		return t.From.String() + " " + t.Limit.String() + " carried"
	}
	return t.From.String() + " " + t.Limit.String()
}

func testEmpty(t *testing.T, f fixture) {
	f.wantList(t, month(2020, 1), month(2030, 1), "")
	if b, err := f.Get(t.Context(), f.in, food, month(2026, 1)); !errors.Is(err, fault.NotFound) {
		t.Errorf("got %+v, %v, want NotFound", b, err)
	}
	if _, err := f.Set(t.Context(), f.in, food, basis(1, "x"), term(t, month(2026, 1), "1")); !errors.Is(err, fault.NotFound) {
		t.Errorf("a change of what is not there: %v, want NotFound", err)
	}
	if state := f.state(t); state != (ledger.State{}) {
		t.Errorf("a refused change left the state %v", state)
	}
}

func testRoundTrip(t *testing.T, f fixture) {
	largest := budget.Term{From: month(1900, 12), Limit: money.FromMinor(money.MaxMinor, amount(t, "0", "USD").Currency()), Carry: true}
	if got := show(f.set(t, food, 0, largest)); got != "1: 1900-12 9999999999999.99 USD carried" {
		t.Errorf("set %s", got)
	}
	f.set(t, budget.Everything, 0, term(t, month(2199, 12), "0.01"))
	f.set(t, 1<<40, 0, budget.Term{From: month(2026, 2), Limit: amount(t, "1", "JPY")})
	f.want(t, food, month(2026, 1), "1: 1900-12 9999999999999.99 USD carried")
	f.want(t, budget.Everything, month(2026, 1), "1: 2199-12 0.01 USD")
	f.wantList(t, month(2026, 1), month(2026, 3),
		fmt.Sprintf("0 1:, 7 1: 1900-12 9999999999999.99 USD carried, %d 1: 2026-02 1 JPY", int64(1<<40)))
}

func testReplaced(t *testing.T, f fixture) {
	f.set(t, food, 0, term(t, month(2026, 3), "10"))
	f.set(t, food, 1, term(t, month(2026, 1), "20"))
	f.set(t, food, 2, term(t, month(2026, 5), "30"))
	f.want(t, food, month(2026, 1), "3: 2026-01 20.00 USD; 2026-03 10.00 USD; 2026-05 30.00 USD")
	other := term(t, month(2026, 3), "40")
	other.Limit, other.Carry = amount(t, "40", "EUR"), true
	if got := show(f.set(t, food, 3, other)); got != "4: 2026-03 40.00 EUR carried; 2026-05 30.00 USD" {
		t.Errorf("set %s", got)
	}
	f.want(t, food, month(2025, 1), "4: 2026-01 20.00 USD; 2026-03 40.00 EUR carried; 2026-05 30.00 USD")
}

func testStretch(t *testing.T, f fixture) {
	for i, from := range []civil.Month{month(2025, 12), month(2026, 2), month(2026, 4)} {
		f.set(t, food, i, term(t, from, fmt.Sprint(i+1)))
	}
	for _, tt := range []struct {
		from, to civil.Month
		want     string
	}{
		{month(2025, 1), month(2025, 11), "7 3:"},
		{month(2025, 1), month(2025, 12), "7 3: 2025-12 1.00 USD"},
		{month(2026, 1), month(2026, 1), "7 3: 2025-12 1.00 USD"},
		{month(2026, 2), month(2026, 3), "7 3: 2026-02 2.00 USD"},
		{month(2026, 1), month(2026, 4), "7 3: 2025-12 1.00 USD; 2026-02 2.00 USD; 2026-04 3.00 USD"},
		{month(2030, 1), month(2030, 1), "7 3: 2026-04 3.00 USD"},
	} {
		f.wantList(t, tt.from, tt.to, tt.want)
	}
	f.want(t, food, month(2026, 3), "3: 2026-02 2.00 USD; 2026-04 3.00 USD")
}

func testEnd(t *testing.T, f fixture) {
	f.set(t, food, 0, term(t, month(2026, 1), "10"))
	f.set(t, food, 1, term(t, month(2026, 6), "20"))
	f.set(t, food, 2, term(t, month(2026, 4), ""))
	f.want(t, food, month(2026, 1), "3: 2026-01 10.00 USD; 2026-04 end")
	f.wantList(t, month(2026, 5), month(2026, 7), "7 3: 2026-04 end")
	f.set(t, food, 3, term(t, month(2026, 4), "30")) // it goes on
	f.want(t, food, month(2026, 4), "4: 2026-04 30.00 USD")
}

func testRepeated(t *testing.T, f fixture) {
	first, second := term(t, month(2026, 1), "10"), term(t, month(2026, 2), "20")
	f.set(t, food, 0, first)
	if got := show(f.set(t, food, 0, first)); got != "1: 2026-01 10.00 USD" {
		t.Errorf("a repeat gave %s", got)
	}
	f.set(t, food, 1, second)
	before := f.state(t)
	if got := show(f.set(t, food, 0, first)); got != "2: 2026-01 10.00 USD; 2026-02 20.00 USD" {
		t.Errorf("a late repeat gave %s", got)
	}
	if got := show(f.set(t, food, 1, second)); got != "2: 2026-02 20.00 USD" {
		t.Errorf("a repeat gave %s", got)
	}
	if now := f.state(t); now != before {
		t.Errorf("repeats changed the state from %v to %v", before, now)
	}
}

func testStale(t *testing.T, f fixture) {
	f.set(t, food, 0, term(t, month(2026, 1), "10"))
	f.set(t, food, 1, term(t, month(2026, 1), "20"))
	before := f.state(t)
	for _, saw := range []int{0, 1, 3} {
		if _, err := f.Set(t.Context(), f.in, food, basis(saw, "other"), term(t, month(2026, 1), "30")); !errors.Is(err, fault.Conflict) {
			t.Errorf("from revision %d: %v, want Conflict", saw, err)
		}
	}
	f.want(t, food, month(2026, 1), "2: 2026-01 20.00 USD")
	if now := f.state(t); now != before {
		t.Errorf("refused changes changed the state from %v to %v", before, now)
	}
}

func testState(t *testing.T, f fixture) {
	last := f.state(t)
	for i, limit := range []string{"10", "20", ""} {
		f.set(t, food, i, term(t, month(2026, 1), limit))
		now := f.state(t)
		if now.Version <= last.Version || now.Mark == last.Mark {
			t.Errorf("after change %d the state is %v, before it was %v", i, now, last)
		}
		last = now
	}
}

func testIsolation(t *testing.T, f fixture) {
	other := f
	other.in = 2
	f.set(t, food, 0, term(t, month(2026, 1), "10"))
	other.wantList(t, month(2026, 1), month(2026, 1), "")
	other.set(t, food, 0, term(t, month(2026, 1), "99"))
	other.set(t, food, 1, term(t, month(2026, 1), ""))
	f.want(t, food, month(2026, 1), "1: 2026-01 10.00 USD")
}

// A currency that the storage counts in two decimals takes what fits, exactly.
func testDecimals(t *testing.T, f fixture) {
	coarse, err := money.StoredCurrency("XHR", 2)
	if err != nil {
		t.Fatal(err)
	}
	fine, err := money.StoredCurrency("XHR", 4)
	if err != nil {
		t.Fatal(err)
	}
	first := budget.Term{From: month(2026, 1), Limit: money.FromMinor(1250, coarse)}
	if got := f.set(t, food, 0, first); got.Terms[0] != first {
		t.Errorf("set %s", show(got))
	}
	fits := budget.Term{From: month(2026, 1), Limit: money.FromMinor(130_000, fine)}
	if got := f.set(t, food, 1, fits); got.Terms[0].Limit != money.FromMinor(1300, coarse) {
		t.Errorf("set %s", show(got))
	}
	_, err = f.Set(t.Context(), f.in, food, basis(2, "x"), budget.Term{From: month(2026, 1), Limit: money.FromMinor(130_001, fine)})
	if violations := fault.ViolationsOf(err); len(violations) != 1 || violations[0].Field != budget.FieldAmount {
		t.Errorf("what does not fit: %v, want a violation at the amount", err)
	}
	f.want(t, food, month(2026, 1), "2: 2026-01 13.00 XHR")
}

func testAtOnce(t *testing.T, f fixture) {
	const writers = 8
	var done sync.WaitGroup
	errs := make([]error, writers)
	for i := range writers {
		done.Go(func() {
			_, errs[i] = f.Set(t.Context(), f.in, food, basis(0, fmt.Sprint(i)), term(t, month(2026, 1), fmt.Sprint(i+1)))
		})
	}
	done.Wait()
	set := 0
	for _, err := range errs {
		switch {
		case err == nil:
			set++
		case !errors.Is(err, fault.Conflict):
			t.Error(err)
		}
	}
	if b, err := f.Get(t.Context(), f.in, food, month(2026, 1)); set != 1 || err != nil || b.Revision != 1 {
		t.Errorf("%d of %d were set, it is %s, %v", set, writers, show(b), err)
	}
}
