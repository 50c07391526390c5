package ratetest

import (
	"testing"

	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/rate"
)

// testEveryMethodApart asks each method of the port, in a ledger that has nothing, for what another ledger has.
func testEveryMethodApart(t *testing.T, f fixture) {
	theirs, given := f, at(t, "EUR", "2026-01-10", "1.1")
	theirs.in = f.in + 1
	kept := theirs.put(t, 0, given)
	before := theirs.state(t)
	ledgertest.Isolation[rate.Store](t, nil, map[string]func(*testing.T){
		"Newest": func(t *testing.T) {
			found, err := f.Newest(t.Context(), f.in, "USD", []string{"EUR"}, given.Day)
			ledgertest.WantNothing(t, found, err)
		},
		"List": func(t *testing.T) {
			found, err := f.List(t.Context(), f.in, "USD", 0, 10)
			ledgertest.WantNothing(t, found, err)
		},
		"Get": func(t *testing.T) {
			_, err := f.Get(t.Context(), f.in, kept.ID())
			ledgertest.WantNotFound(t, err)
		},
		"Put": func(t *testing.T) {
			_, err := f.Put(t.Context(), f.in, basis(1, "mine"), at(t, "EUR", "2026-01-10", "9"))
			ledgertest.WantNotFound(t, err)
		},
	})
	theirs.wantNewest(t, "EUR", "2026-01-10", "2026-01-10 EUR 1.1")
	if after := theirs.state(t); after != before {
		t.Errorf("the other ledger was in state %+v, and is in %+v", before, after)
	}
}
