package expense_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
)

// household is who shares a ledger, and how often that was asked.
type household struct {
	members []expense.Payer
	asked   int
	err     error
}

func (h *household) Payers(context.Context, ledger.Actor) ([]expense.Payer, error) {
	h.asked++
	return h.members, h.err
}

func newHousehold(h *household) *expense.Service {
	settings := expense.Settings{Now: time.Now, NewKey: func() idempotency.Key { return "k" }, PageSize: 5}
	if h != nil {
		settings.Payers = h
	}
	return expense.NewService(memory.New().Expenses(), settings)
}

func paidDraft(key, payer string) expense.Draft {
	return expense.Draft{Category: "food", Price: "1", Date: "2026-11-23", Key: key, PaidBy: &payer}
}

func TestAPayerIsAMember(t *testing.T) {
	h := &household{members: []expense.Payer{{User: 1, Name: "Ada"}, {User: 7, Name: "Zoë"}, {User: 8, Name: "#7"}, {User: 9}}}
	s, actor := newHousehold(h), ledgertest.Owner()
	n := 0
	key := func() string { n++; return strconv.Itoa(n) }
	for typed, want := range map[string]ledger.UserID{
		"": 0, " ": 0, "#1": 1, "ada": 1, "ADA ": 1, "zoë": 7, "#7": 7, "#8": 8, "#9": 9,
	} {
		receipt, err := s.Add(t.Context(), actor, paidDraft(key(), typed))
		if err != nil || receipt.Expense.PaidBy != want {
			t.Errorf("%q is user %d, %v, want %d", typed, receipt.Expense.PaidBy, err, want)
		}
	}
	for _, typed := range []string{"#2", "#0", "#-7", "7", "Ad", "Ada Zoë", "#", "-", "# 7", "#7.0"} {
		_, err := s.Add(t.Context(), actor, paidDraft(key(), typed))
		found := fault.ViolationsOf(err)
		if !errors.Is(err, fault.Invalid) || len(found) != 1 || found[0].Field != expense.FieldPaidBy {
			t.Errorf("%q: %v", typed, err)
		}
	}
}

// An add that names nobody, or who adds, asks nobody who shares the ledger.
func TestNobodyIsAskedForOneselfNorForNobody(t *testing.T) {
	h := &household{members: []expense.Payer{{User: 1, Name: "Ada"}}}
	s, actor := newHousehold(h), ledgertest.Owner()
	for i, draft := range []expense.Draft{
		paidDraft("1", ""), paidDraft("2", expense.PayerText(actor.User)), {Category: "food", Price: "1", Key: "3"},
	} {
		if _, err := s.Add(t.Context(), actor, draft); err != nil || h.asked != 0 {
			t.Errorf("draft %d: %v, asked %d times", i, err, h.asked)
		}
	}
	if _, err := newHousehold(nil).Add(t.Context(), actor, paidDraft("1", "Ada")); !errors.Is(err, fault.Invalid) {
		t.Errorf("where one person is all there is: %v", err)
	}
	h.err = fault.New(fault.Unavailable, "test", "")
	if _, err := s.Add(t.Context(), actor, paidDraft("4", "Ada")); !errors.Is(err, fault.Unavailable) {
		t.Errorf("a storage that does not answer: %v", err)
	}
}

// An add without a payer has the fingerprint that it had before there were any, whether its form asked or not.
func TestAPayerIsInTheFingerprint(t *testing.T) {
	s, actor := newHousehold(&household{members: []expense.Payer{{User: 7, Name: "Zoë"}}}), ledgertest.Owner()
	draft := expense.Draft{Category: "food", Price: "1", Date: "2026-11-23", Key: "one"}
	if _, err := s.Add(t.Context(), actor, draft); err != nil {
		t.Fatal(err)
	}
	if again, err := s.Add(t.Context(), actor, paidDraft("one", "")); err != nil || !again.Duplicate {
		t.Errorf("the same with nobody: %+v, %v", again, err)
	}
	if _, err := s.Add(t.Context(), actor, paidDraft("one", "zoë")); !errors.Is(err, fault.Conflict) {
		t.Errorf("the same with a payer: %v", err)
	}
	if _, err := s.Add(t.Context(), actor, paidDraft("two", "zoë")); err != nil {
		t.Fatal(err)
	}
	if again, err := s.Add(t.Context(), actor, paidDraft("two", "#7")); err != nil || !again.Duplicate {
		t.Errorf("the same payer by number: %+v, %v", again, err)
	}
}

// To take a payer away is another edit than to leave the question open.
func TestAnEditKeepsOrTakesAPayer(t *testing.T) {
	h := &household{members: []expense.Payer{{User: 1}, {User: 7}}}
	s, actor := newHousehold(h), ledgertest.Owner()
	receipt, err := s.Add(t.Context(), actor, paidDraft("key", "#7"))
	if err != nil {
		t.Fatal(err)
	}
	e := receipt.Expense
	open, nobody, seven := expense.Draft{Category: "food", Price: "2", Date: "2026-11-23"}, paidDraft("", ""), paidDraft("", "#7")
	nobody.Price = "2"
	kept, err := s.Edit(t.Context(), actor, e.ID, e.Seen(), open)
	if err != nil || kept.PaidBy != 7 {
		t.Errorf("left open: %+v, %v", kept, err)
	}
	taken, err := s.Edit(t.Context(), actor, e.ID, e.Seen(), nobody) // of the same basis
	if err != nil || taken.PaidBy != 0 {
		t.Errorf("taken away: %+v, %v", taken, err)
	}
	h.members = h.members[:1]
	if _, err := s.Edit(t.Context(), actor, e.ID, taken.Seen(), seven); !errors.Is(err, fault.Invalid) {
		t.Errorf("who has left, and is not on the row any more: %v", err)
	}
	if merged, err := s.Edit(t.Context(), actor, e.ID, kept.Seen(), seven); err != nil || merged.PaidBy != 0 {
		t.Errorf("who has left, and was on the row that was seen: %+v, %v", merged, err)
	}
}
