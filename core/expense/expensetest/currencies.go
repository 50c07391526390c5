package expensetest

import (
	"errors"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/money"
)

// storedAmount returns an amount in a currency as no list of today has to have it.
func storedAmount(t failer, decimal, code string, digits int) money.Amount {
	t.Helper()
	c, err := money.StoredCurrency(code, digits)
	if err != nil {
		t.Fatal(err)
	}
	a, err := money.FromDecimal(decimal, c)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// A currency that a list drops goes on working: as an expense, in totals, in categories and in an audit.
func testUnlistedCurrency(t *testing.T, b *fixture) {
	if c, err := b.Currency(t.Context(), "XHR"); !errors.Is(err, fault.NotFound) {
		t.Errorf("before the first price %+v, %v, want NotFound", c, err)
	}
	entry := b.entry(t, "food", "1", someDay)
	entry.Price = storedAmount(t, "1234.50", "XHR", 2)
	added := b.addEntry(t, entry)
	if c, err := b.Currency(t.Context(), "XHR"); err != nil || c != entry.Price.Currency() {
		t.Errorf("after it %+v, %v", c, err)
	}
	if got, err := b.Get(t.Context(), b.in, added.ID); err != nil || got != added || got.Price.Format() != "XHR\u00a01,234.50" {
		t.Errorf("got %+v (%s), %v, want %+v", got, got.Price.Format(), err, added)
	}
	b.edit(t, added.ID, func(e *expense.Expense) { e.Note = "edited" })
	b.edit(t, added.ID, func(e *expense.Expense) { e.Deleted = true })
	b.edit(t, added.ID, func(e *expense.Expense) { e.Deleted = false })
	other := b.add(t, "rent", "1.00", someDay)
	if again, err := b.Add(t.Context(), b.in, entry); err != nil || !again.Duplicate {
		t.Errorf("the same add again: %+v, %v", again, err)
	}
	b.wantTotal(t, "1.00 USD (1), 1234.50 XHR (1)")
	if _, err := b.merge(t, other.Category.ID, added.Category.ID); err != nil {
		t.Fatal(err)
	}
	summary, err := b.GetCategory(t.Context(), b.in, added.Category.ID)
	if got := totals(summary.Totals); err != nil || got != "1.00 USD (1), 1234.50 XHR (1)" {
		t.Errorf("category %s, %v", got, err)
	}
	listed, err := b.ListCategories(t.Context(), b.in, "", 10)
	if err != nil || len(listed) != 1 {
		t.Errorf("categories %+v, %v", listed, err)
	}
	overview := b.overview(t, someDay.MonthOf())
	if got := categories(overview.Categories); got != "food 1.00 USD (1), food 1234.50 XHR (1)" {
		t.Errorf("categories of the month: %s", got)
	}
	b.wantSound(t)
}

// The first decimals that a storage counts a currency in stay, whatever a price comes with.
func testStoredDecimals(t *testing.T, b *fixture) {
	for i, code := range []string{"XHR", "JPY", "KWD"} { // none, and what lists say of them
		digits := []int{2, 0, 3}[i]
		entries := []expense.Entry{b.entry(t, "food", "1", someDay), b.entry(t, "food", "1", someDay), b.entry(t, "food", "1", someDay)}
		entries[0].Price = storedAmount(t, "5", code, digits)
		entries[1].Price = storedAmount(t, "7.00000", code, 5)
		entries[2].Price = storedAmount(t, "7.00001", code, 5)
		first := b.addEntry(t, entries[0])
		results, err := b.AddAll(t.Context(), b.in, entries)
		if err != nil || len(results) != 3 {
			t.Fatalf("%s: %d results, %v", code, len(results), err)
		}
		if !results[0].Receipt.Duplicate || results[0].Receipt.Expense != first {
			t.Errorf("%s: the first add again gave %+v", code, results[0])
		}
		if got, want := results[1].Receipt.Expense.Price, storedAmount(t, "7", code, digits); results[1].Err != nil || got != want {
			t.Errorf("%s: added %s, %v, want %s", code, got, results[1].Err, want)
		}
		if got := fault.ViolationsOf(results[2].Err); !errors.Is(results[2].Err, fault.Invalid) || len(got) != 1 ||
			got[0].Field != expense.FieldPrice {
			t.Errorf("%s: a price that does not fit: %+v, want Invalid at the price", code, results[2])
		}
		changed := b.edit(t, first.ID, func(e *expense.Expense) { e.Price = storedAmount(t, "6.0000", code, 4) })
		if want := storedAmount(t, "6", code, digits); changed.Price != want {
			t.Errorf("%s: changed to %s, want %s", code, changed.Price, want)
		}
		_, err = b.tryEdit(t, first.ID, func(e *expense.Expense) { e.Price = storedAmount(t, "6.0001", code, 4) })
		if !errors.Is(err, fault.Invalid) {
			t.Errorf("%s: a change that does not fit: %v, want Invalid", code, err)
		}
	}
	b.wantTotal(t, "13 JPY (2), 13.000 KWD (2), 13.00 XHR (2)")
	b.wantSound(t)
}
