package ledgertest

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// Isolation proves that a port's methods keep ledgers apart: each method that takes a ledger has a case, which asks in a ledger for what
// another one has. What names a thing by its number or its token is NotFound; a list, a map or a sum has nothing of it. A method that
// looks across ledgers is named in across, with the reason. A method with neither fails the test, so that none is added without a proof.
func Isolation[Port any](t *testing.T, across map[string]string, cases map[string]func(*testing.T)) {
	t.Helper()
	port := reflect.TypeFor[Port]()
	methods := make(map[string]bool)
	for n := range port.NumMethod() {
		method := port.Method(n)
		methods[method.Name] = true
		_, hasCase := cases[method.Name]
		_, isAcross := across[method.Name]
		switch takes := takesLedger(method.Type); {
		case takes && !hasCase && !isAcross:
			t.Errorf("%s.%s takes a ledger, and no case shows that it sees no other", port, method.Name)
		case !takes && !hasCase && !isAcross:
			t.Errorf("%s.%s takes no ledger: why may it look across them?", port, method.Name)
		case hasCase && isAcross:
			t.Errorf("%s.%s has a case, and is said to look across ledgers", port, method.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		if !methods[name] {
			t.Errorf("%s has no method %s", port, name)
		}
		t.Run(name, cases[name])
	}
	for name := range across {
		if !methods[name] {
			t.Errorf("%s has no method %s", port, name)
		}
	}
}

// takesLedger reports whether a method is asked for one ledger: by its number or, where one is defined, by itself.
func takesLedger(method reflect.Type) bool {
	for n := range method.NumIn() {
		if in := method.In(n); in == reflect.TypeFor[ledger.ID]() || in == reflect.TypeFor[ledger.Ledger]() {
			return true
		}
	}
	return false
}

// WantNotFound checks the answer to who asked for what another ledger has.
func WantNotFound(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, fault.NotFound) {
		t.Errorf("what another ledger has: %v, want NotFound", err)
	}
}

// WantNothing checks that what another ledger has is in no list.
func WantNothing[Row any](t *testing.T, found []Row, err error) {
	t.Helper()
	if err != nil || len(found) > 0 {
		t.Errorf("of another ledger it has %+v, %v, want nothing", found, err)
	}
}

// testEveryMethodApart asks each method of ledger.Store for a ledger that was never defined, beside one that was.
func testEveryMethodApart(t *testing.T, store ledger.Store) {
	const mine, theirs = 3, 4
	kept := define(t, store, Ledger(theirs))
	before := state(t, store, theirs)
	Isolation[ledger.Store](t, map[string]string{"All": "jobs work in every ledger"}, map[string]func(*testing.T){
		"Ledger": func(t *testing.T) {
			_, err := store.Ledger(t.Context(), mine)
			WantNotFound(t, err)
		},
		"State": func(t *testing.T) {
			if got := state(t, store, mine); got != (ledger.State{}) {
				t.Errorf("a ledger without a row is in state %+v", got)
			}
		},
		"Define": func(t *testing.T) {
			given := Ledger(theirs + 1)
			given.Name = "Mine"
			define(t, store, given)
		},
	})
	if got, err := store.Ledger(t.Context(), theirs); err != nil || !got.Equal(kept) {
		t.Errorf("the other ledger is %+v, %v", got, err)
	}
	if after := state(t, store, theirs); after != before {
		t.Errorf("the other ledger was in state %+v, and is in %+v", before, after)
	}
}
