package scheduletest

import (
	"testing"

	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/schedule"
)

// testEveryMethodApart asks each method of the port, in a ledger that has nothing, for what another ledger has.
func testEveryMethodApart(t *testing.T, f *fixture) {
	const mine = in + 1
	entry := f.entry(rent("2026-12-01"))
	theirs, err := f.Create(t.Context(), in, entry)
	if err != nil {
		t.Fatal(err)
	}
	before, err := f.State(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	ledgertest.Isolation[schedule.Store](t, nil, map[string]func(*testing.T){
		"Create": func(t *testing.T) { // a key is known in its own ledger alone
			other := f.entry(rent("2027-01-01"))
			other.Key = entry.Key
			made, err := f.Create(t.Context(), mine+1, other)
			if err != nil || made.Rule.Start != day("2027-01-01") {
				t.Errorf("made %+v, %v", made, err)
			}
		},
		"Get": func(t *testing.T) {
			_, err := f.Get(t.Context(), mine, theirs.ID)
			ledgertest.WantNotFound(t, err)
		},
		"List": func(t *testing.T) {
			for _, query := range []schedule.Query{{Limit: 10}, {Limit: 10, Ended: true}, {Limit: 10, DueBy: day("2030-01-01")}} {
				found, err := f.List(t.Context(), mine, query)
				ledgertest.WantNothing(t, found, err)
			}
		},
		"Change": func(t *testing.T) {
			_, err := f.Change(t.Context(), mine, theirs.ID, basis(1, "mine"), func(s schedule.Schedule) (schedule.Schedule, error) {
				t.Errorf("asked to change %+v", s)
				return s, nil
			})
			ledgertest.WantNotFound(t, err)
		},
		"Advance": func(t *testing.T) {
			_, err := f.Advance(t.Context(), mine, theirs.ID, func(s schedule.Schedule) schedule.Progress {
				t.Errorf("asked to move %+v", s)
				return s.Progress
			})
			ledgertest.WantNotFound(t, err)
		},
		"State": func(t *testing.T) {
			if state, err := f.State(t.Context(), mine); err != nil || state != (ledger.State{}) {
				t.Errorf("a ledger without a row is in state %+v, %v", state, err)
			}
		},
	})
	if after, err := f.State(t.Context(), in); err != nil || after != before {
		t.Errorf("the other ledger was in state %+v, and is in %+v, %v", before, after, err)
	}
}
