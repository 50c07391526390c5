package expense_test

import (
	"errors"
	"slices"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger/ledgertest"
)

// What only one of two changed is merged; what both changed is a Clash, with both versions of it.
func TestTwoPeopleChangeOneExpense(t *testing.T) {
	s, ctx, owner := newService(t), t.Context(), ledgertest.Owner()
	old := expense.Draft{Category: "food", Price: "1", Currency: "USD", Date: "2026-11-01", Note: "n", Payee: "p", Tags: "#t"}
	seen := add(t, s, old)
	theirs, mine := old, old
	theirs.Category, theirs.Price, theirs.Note = "rent", "2", "theirs"
	mine.Price, mine.Note, mine.Payee, mine.Tags, mine.Refund = "3", "mine", "mine", "#mine", true
	if _, err := s.Edit(ctx, owner, seen.ID, seen.Seen(), theirs); err != nil {
		t.Fatal(err)
	}
	_, err := s.Edit(ctx, owner, seen.ID, seen.Seen(), mine)
	var clash *expense.Clash
	if !errors.As(err, &clash) || !errors.Is(err, fault.Conflict) {
		t.Fatalf("%v, want a Clash", err)
	}
	if want := []string{expense.FieldPrice, expense.FieldNote}; !slices.Equal(clash.Fields, want) {
		t.Errorf("the fields are %v, want %v", clash.Fields, want)
	}
	for name, got := range map[string]expense.Expense{"stored": clash.Stored, "mine": clash.Mine} {
		if got.Category.Name != "rent" || got.Payee != "mine" || got.Tags != "mine" || got.Revision != 2 {
			t.Errorf("%s is not merged: %+v", name, got)
		}
	}
	if e := clash.Stored; e.Price.Decimal() != "2.00" || e.Note != "theirs" || e.Refund {
		t.Errorf("stored is %+v", e)
	}
	if e := clash.Mine; e.Price.Decimal() != "3.00" || e.Note != "mine" || !e.Refund {
		t.Errorf("mine is %+v", e)
	}
	if now, err := s.Get(ctx, owner, seen.ID); err != nil || now != clash.Now || now.Payee != "p" {
		t.Errorf("it is %+v, %v, and a Clash changes nothing", now, err)
	}
}

func TestAHistoryHasPages(t *testing.T) {
	s, ctx, owner := newService(t), t.Context(), ledgertest.Owner()
	e := add(t, s, expense.Draft{Category: "food", Price: "1"})
	if page, err := s.History(ctx, owner, e.ID, 0); err != nil || len(page.Steps) != 0 {
		t.Errorf("of what was never changed: %+v, %v", page, err)
	}
	const changes = 13
	for range changes {
		var err error
		if e, err = s.Edit(ctx, owner, e.ID, e.Seen(), expense.Draft{Category: "food", Price: "1", Note: e.Note + "."}); err != nil {
			t.Fatal(err)
		}
	}
	page, err := s.History(ctx, owner, e.ID, 0)
	if err != nil || len(page.Steps) != 10 || page.Older != 4 || page.Steps[0].After.Revision != 14 || page.Steps[9].Before.Revision != 4 {
		t.Errorf("the newest: %+v, %v", page, err)
	}
	page, err = s.History(ctx, owner, e.ID, page.Older)
	if err != nil || len(page.Steps) != 4 || page.Older != 0 || page.Steps[3].After.Revision != 1 || page.Steps[3].Before.Revision != 0 {
		t.Errorf("the oldest: %+v, %v", page, err)
	}
}
