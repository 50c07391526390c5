package expense_test

import (
	"errors"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger/ledgertest"
)

// What another module adds is added once for its own row, and nobody outside can have its key.
func TestADerivedKeyIsNobodyElses(t *testing.T) {
	s, ctx, owner := newService(t), t.Context(), ledgertest.Owner()
	key := idempotency.Derived("schedule", 7, "2026-11-01")
	sent := expense.Draft{Category: "rent", Price: "1", Key: string(key)}
	_, err := s.Add(ctx, owner, sent)
	wrong := fault.ViolationsOf(err)
	if !errors.Is(err, fault.Invalid) || len(wrong) != 1 || wrong[0].Field != expense.FieldKey {
		t.Fatalf("the key from outside: %v", err)
	}
	made := expense.Draft{Category: "rent", Price: "1000", Derived: key}
	first, err := s.Add(ctx, owner, made)
	if err != nil || first.Duplicate {
		t.Fatalf("%+v, %v", first, err)
	}
	if again, err := s.Add(ctx, owner, made); err != nil || !again.Duplicate || again.Expense.ID != first.Expense.ID {
		t.Errorf("made again: %+v, %v", again, err)
	}
}
