package expense_test

import (
	"errors"
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/money"
)

// The list of currencies says what can be chosen; the storage says what it is counted in.
func TestAStoredCurrencyOutlivesTheList(t *testing.T) {
	counted := func(code string, digits int) money.Currency {
		c, err := money.StoredCurrency(code, digits)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	old, yen := counted("XHR", 2), counted("JPY", 2)
	store := memory.New(old, yen).Expenses()
	s := expense.NewService(store, expense.Settings{
		PageSize: 3, Now: time.Now, NewKey: func() idempotency.Key { return "made" },
	})
	own := ledgertest.Ledger(ledger.Default)
	own.Currency = counted("XTS", 1)
	owner := ledger.LocalOwner(own)
	receipt, err := store.Add(t.Context(), ledger.Default, expense.Entry{
		Key: "key", Date: civil.Date{Year: 2026, Month: time.May, Day: 1}, Category: "food", Price: money.FromMinor(1234, old),
	})
	if err != nil {
		t.Fatal(err)
	}
	edited, err := s.Edit(t.Context(), owner, receipt.Expense.ID, receipt.Expense.Seen(),
		expense.Draft{Category: "food", Price: "12.35", Currency: " xhr "})
	if err != nil || edited.Price != money.FromMinor(1235, old) {
		t.Errorf("an edit in the currency that it has: %s, %v", edited.Price, err)
	}
	_, err = s.Add(t.Context(), owner, expense.Draft{Category: "food", Price: "1", Currency: "XHR"})
	if got := fault.ViolationsOf(err); len(got) != 1 || got[0].Field != expense.FieldCurrency {
		t.Errorf("a new expense in it: %v, want Invalid at the currency", err)
	}
	if e := addAs(t, s, owner, expense.Draft{Category: "food", Price: "5", Currency: "jpy", Key: "1"}); e.Price != money.FromMinor(500, yen) {
		t.Errorf("added %s, want 5.00 JPY", e.Price)
	}
	if _, err := s.Edit(t.Context(), owner, receipt.Expense.ID+1, edited.Seen(),
		expense.Draft{Category: "food", Price: "1", Currency: "XHR"}); !errors.Is(err, fault.Invalid) {
		t.Errorf("an edit of another expense into it: %v, want Invalid", err)
	}
	if e := addAs(t, s, owner, expense.Draft{Category: "food", Price: "5.5", Currency: "xts", Key: "2"}); e.Price.Decimal() != "5.5" {
		t.Errorf("added %s in the ledger's own currency, which no list has", e.Price)
	}
}

// A price may name its currency. It is the expense's where none is chosen, and must not contradict the one that is.
func TestAPriceMayNameItsCurrency(t *testing.T) {
	s := expense.NewService(memory.New().Expenses(), expense.Settings{
		PageSize: 3, Now: time.Now, NewKey: func() idempotency.Key { return "made" },
	})
	owner := ledgertest.Owner()
	if e := addAs(t, s, owner, expense.Draft{Category: "food", Price: "5 €", Key: "1"}); e.Price.String() != "5.00 EUR" {
		t.Errorf("added %s, want 5.00 EUR", e.Price)
	}
	if e := addAs(t, s, owner, expense.Draft{Category: "food", Price: "¥500", Currency: " ", Key: "2"}); e.Price.String() != "500 JPY" {
		t.Errorf("added %s, want 500 JPY", e.Price)
	}
	if e := addAs(t, s, owner, expense.Draft{Category: "food", Price: "\u200e$5", Key: "3"}); e.Price.String() != "5.00 USD" {
		t.Errorf("added %s, want 5.00 USD", e.Price)
	}
	_, err := s.Add(t.Context(), owner, expense.Draft{Category: "food", Price: "5 €", Currency: "USD"})
	got := fault.ViolationsOf(err)
	if len(got) != 1 || got[0].Field != expense.FieldPrice || got[0].Message.String() != "this says €, but the currency is USD" {
		t.Errorf("a price that contradicts its currency: %v, want Invalid at the price", err)
	}
}
