package budgettest

import (
	"testing"
	"time"

	"expense-tracker/core/budget"
	"expense-tracker/core/ledger/ledgertest"
)

// testEveryMethodApart asks each method of the port, in a ledger that has nothing, for what another ledger has.
func testEveryMethodApart(t *testing.T, f fixture) {
	theirs, from := f, month(2026, time.January)
	theirs.in = f.in + 1
	theirs.set(t, food, 0, term(t, from, "10"))
	before := theirs.state(t)
	ledgertest.Isolation[budget.Store](t, nil, map[string]func(*testing.T){
		"List": func(t *testing.T) {
			found, err := f.List(t.Context(), f.in, from, from)
			ledgertest.WantNothing(t, found, err)
		},
		"Get": func(t *testing.T) {
			_, err := f.Get(t.Context(), f.in, food, from)
			ledgertest.WantNotFound(t, err)
		},
		"Set": func(t *testing.T) {
			_, err := f.Set(t.Context(), f.in, food, basis(1, "mine"), term(t, from, "99"))
			ledgertest.WantNotFound(t, err)
		},
	})
	theirs.want(t, food, from, "1: 2026-01 10.00 USD")
	if after := theirs.state(t); after != before {
		t.Errorf("the other ledger was in state %+v, and is in %+v", before, after)
	}
}
