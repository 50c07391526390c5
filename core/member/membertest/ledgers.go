package membertest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/member"
	"expense-tracker/core/money"
)

func testCreate(t *testing.T, f fixture) {
	given := ledgertest.Ledger(0)
	given.Name = "Ada’s & Bob's <home>"
	var err error
	if given.Zone, err = time.LoadLocation("Pacific/Auckland"); err != nil {
		t.Fatal(err)
	}
	made, err := f.Create(t.Context(), request(ada, "k"), given)
	if err != nil {
		t.Fatal(err)
	}
	given.ID = made.Ledger.ID
	if !made.Ledger.Equal(given) || made.Ledger.ID == f.in || made.Ledger.ID == other || showOne(made.Member) != "1 owner 3" {
		t.Errorf("made %+v", made)
	}
	if kept, err := f.ledgers.Ledger(t.Context(), made.Ledger.ID); err != nil || !kept.Equal(given) {
		t.Errorf("kept %+v, %v", kept, err)
	}
	second := f
	second.in = made.Ledger.ID
	second.wantMembers(t, "1 owner 3")
	second.wantLog(t, "created 1 0 nobody "+given.Name)
	if state := second.state(t); state.Version != 1 {
		t.Errorf("a new ledger has state %v", state)
	}
	again, err := f.Create(t.Context(), request(ada, "k"), given)
	if err != nil || !again.Ledger.Equal(given) || showOne(again.Member) != "1 owner 3" || second.state(t).Version != 1 {
		t.Errorf("a repeat gave %+v, %v", again, err)
	}
	another := request(ada, "k")
	another.Fingerprint = idempotency.FingerprintOf("another")
	_, err = f.Create(t.Context(), another, given)
	wantKind(t, "another ledger by one key", err, fault.Conflict)
	bobs, err := f.Create(t.Context(), request(bob, "k"), given)
	if err != nil || bobs.Ledger.ID == made.Ledger.ID {
		t.Errorf("the same key of another maker gave %+v, %v", bobs, err)
	}
	given.Name = " "
	_, err = f.Create(t.Context(), request(ada, "l"), given)
	wantKind(t, "a ledger without a name", err, fault.Invalid)
}

// Ledgers that were defined by their number, before or after, are not made again.
func testCreateBeside(t *testing.T, f fixture) {
	taken := map[ledger.ID]bool{f.in: true, other: true}
	for n := range 8 {
		made, err := f.Create(t.Context(), request(ada, fmt.Sprint(n)), ledgertest.Ledger(0))
		if err != nil {
			t.Fatal(err)
		}
		if taken[made.Ledger.ID] {
			t.Errorf("ledger %d was made again", made.Ledger.ID)
		}
		taken[made.Ledger.ID] = true
		beside := made.Ledger.ID + 1
		if _, err := f.ledgers.Define(t.Context(), ledgertest.Ledger(beside)); err != nil {
			t.Fatal(err)
		}
		taken[beside] = true
	}
	second := f
	second.in = other
	second.wantMembers(t, "")
}

func testCreateAtOnce(t *testing.T, f fixture) {
	const makers, copies = 4, 3
	var done sync.WaitGroup
	made := make([]ledger.ID, makers*copies)
	for i := range made {
		done.Go(func() {
			m, err := f.Create(t.Context(), request(ada, fmt.Sprint(i%makers)), ledgertest.Ledger(0))
			if err != nil {
				t.Error(err)
			}
			made[i] = m.Ledger.ID
		})
	}
	done.Wait()
	different := map[ledger.ID]bool{}
	for i, id := range made {
		if id != made[i%makers] {
			t.Errorf("one key made the ledgers %d and %d", id, made[i%makers])
		}
		different[id] = true
	}
	if all, err := f.Memberships(t.Context(), ada, 100); err != nil || len(all) != makers || len(different) != makers {
		t.Errorf("%d ledgers of %d requests, %v", len(all), makers, err)
	}
}

func testLedgersBounded(t *testing.T, f fixture) {
	for n := range member.MaxLedgers {
		if _, err := f.Create(t.Context(), request(ada, fmt.Sprint(n)), ledgertest.Ledger(0)); err != nil {
			t.Fatal(err)
		}
	}
	_, err := f.Create(t.Context(), request(ada, "one more"), ledgertest.Ledger(0))
	wantKind(t, "one more", err, fault.Conflict)
	if _, err := f.Create(t.Context(), request(ada, "0"), ledgertest.Ledger(0)); err != nil {
		t.Errorf("a repeat: %v", err)
	}
	if _, err := f.Create(t.Context(), request(bob, "0"), ledgertest.Ledger(0)); err != nil {
		t.Errorf("another maker: %v", err)
	}
}

func testDescribe(t *testing.T, f fixture) {
	kept, err := f.Describe(t.Context(), f.in, func(now ledger.Ledger) (ledger.Ledger, member.Event, error) {
		if !now.Equal(ledgertest.Ledger(f.in)) {
			t.Errorf("decided on %+v", now)
		}
		now.ID, now.Name = other, "Household"
		var err error
		now.Currency, err = money.ParseCurrency("EUR")
		return now, member.Event{At: at(4), Kind: member.Described, By: ada, Text: "Household"}, err
	})
	if err != nil || kept.ID != f.in || kept.Name != "Household" || kept.Currency.Code() != "EUR" {
		t.Errorf("described as %+v, %v", kept, err)
	}
	if got, err := f.ledgers.Ledger(t.Context(), f.in); err != nil || !got.Equal(kept) {
		t.Errorf("kept %+v, %v", got, err)
	}
	if got, err := f.ledgers.Ledger(t.Context(), other); err != nil || !got.Equal(ledgertest.Ledger(other)) {
		t.Errorf("the other ledger is %+v, %v", got, err)
	}
	f.wantLog(t, "described 1 0 nobody Household")
	before := f.state(t)
	if again, err := f.Describe(t.Context(), f.in, naming("Household")); err != nil || !again.Equal(kept) {
		t.Errorf("the same again gave %+v, %v", again, err)
	}
	_, err = f.Describe(t.Context(), f.in, naming("a\nb"))
	wantKind(t, "a name of two lines", err, fault.Invalid)
	_, err = f.Describe(t.Context(), f.in, func(now ledger.Ledger) (ledger.Ledger, member.Event, error) {
		now.Name = "never"
		return now, member.Event{}, fault.New(fault.Conflict, "test", "no")
	})
	wantKind(t, "a refused change", err, fault.Conflict)
	_, err = f.Describe(t.Context(), 99, naming("x"))
	wantKind(t, "a ledger that never was", err, fault.NotFound)
	f.wantLog(t, "described 1 0 nobody Household")
	if f.state(t) != before {
		t.Error("what changed nothing gave a new state")
	}
	if state, err := f.ledgers.State(t.Context(), 99); err != nil || state != (ledger.State{}) {
		t.Errorf("a ledger that never was has state %v, %v", state, err)
	}
}
