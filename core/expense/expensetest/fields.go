package expensetest

import (
	"errors"
	"strings"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/money"
)

func testFields(t *testing.T, b *fixture) {
	entries := []expense.Entry{b.entry(t, "food", "1.00", someDay), b.entry(t, "food", "2.00", someDay), b.entry(t, "new", "3.00", someDay)}
	entries[0].Payee, entries[0].Tags = "Café “Zur Post”, O'Neill", "work Familie 日本 100%"
	entries[1].Refund = true
	entries[2].Payee, entries[2].Tags, entries[2].Note = strings.Repeat("ß", expense.MaxPayee), "a_b", "n"
	b.add(t, "food", "9.00", someDay) // so that the first entries find their category
	results, err := b.AddAll(t.Context(), b.in, entries)
	if err != nil || len(results) != len(entries) {
		t.Fatal(results, err)
	}
	alone := b.entry(t, "food", "4.00", someDay)
	alone.Payee, alone.Tags, alone.Refund = "Ana", "work", true
	entries = append(entries, alone)
	receipt, err := b.Add(t.Context(), b.in, alone)
	results = append(results, expense.AddResult{Receipt: receipt, Err: err})
	for i, result := range results {
		added, entry := result.Receipt.Expense, entries[i]
		if result.Err != nil || added.Payee != entry.Payee || added.Tags != entry.Tags || added.Refund != entry.Refund ||
			added.Price != entry.Price {
			t.Errorf("added %+v, %v of %+v", added, result.Err, entry)
		}
		if got, err := b.Get(t.Context(), b.in, added.ID); err != nil || got != added {
			t.Errorf("got %+v, %v, want %+v", got, err, added)
		}
		if again, err := b.Add(t.Context(), b.in, entry); err != nil || !again.Duplicate || again.Expense != added {
			t.Errorf("the same again: %+v, %v, want %+v", again, err, added)
		}
	}
	id := results[0].Receipt.Expense.ID
	for _, want := range []expense.Expense{{Payee: "Bob", Tags: "x y", Refund: true}, {Refund: true}, {Payee: "Bob"}, {}} {
		changed := b.edit(t, id, func(e *expense.Expense) { e.Payee, e.Tags, e.Refund = want.Payee, want.Tags, want.Refund })
		got, err := b.Get(t.Context(), b.in, id)
		if err != nil || got != changed || got.Payee != want.Payee || got.Tags != want.Tags || got.Refund != want.Refund ||
			got.Price.Decimal() != "1.00" {
			t.Errorf("changed to %+v, got %+v, %v, want %+v", changed, got, err, want)
		}
		b.wantSound(t)
	}
}

func testRefunds(t *testing.T, b *fixture) {
	spent := b.add(t, "food", "5.00", someDay)
	entry := b.entry(t, "food", "7.50", someDay)
	entry.Refund = true
	back := b.addEntry(t, entry)
	if got := back.Spent().Decimal(); got != "-7.50" || spent.Spent() != spent.Price {
		t.Errorf("the refund counts for %s, want -7.50", got)
	}
	b.wantTotal(t, "-2.50 USD (2)")
	month := b.overview(t, someDay.MonthOf())
	if got := totals(month.Month) + " " + categories(month.Categories); got != "-2.50 USD (2) food -2.50 USD (2)" {
		t.Errorf("the month: %s", got)
	}
	for _, step := range []struct {
		how  func(*expense.Expense)
		want string
	}{
		{func(e *expense.Expense) { e.Deleted = true }, "5.00 USD (1)"},
		{func(e *expense.Expense) { e.Deleted = false }, "-2.50 USD (2)"},
		{func(e *expense.Expense) { e.Price = amount(t, "1.00", "USD") }, "4.00 USD (2)"},
		{func(e *expense.Expense) { e.Refund = false }, "6.00 USD (2)"},
		{func(e *expense.Expense) { e.Refund, e.Date, e.Price = true, someDay.AddDays(40), amount(t, "9", "JPY") }, "-9 JPY (1), 5.00 USD (1)"},
		{func(e *expense.Expense) {
			e.Category, e.Price = expense.Category{Name: "rent"}, amount(t, "8.00", "USD")
		}, "-3.00 USD (2)"},
	} {
		b.edit(t, back.ID, step.how)
		b.wantTotal(t, step.want)
		b.wantSound(t)
	}
	if _, err := b.merge(t, spent.Category.ID, b.overview(t, someDay.MonthOf()).Newest[0].Category.ID); err != nil {
		t.Fatal(err)
	}
	b.wantSound(t)
}

// Refunds of one category leave room in the total of all, and none in the total of another category.
func testRefundOverflow(t *testing.T, b *fixture) {
	const room = 9_223
	for _, sign := range []bool{false, true} {
		entries := make([]expense.Entry, room)
		for i := range entries {
			entries[i] = b.entry(t, map[bool]string{false: "yacht", true: "sold"}[sign], "9999999999999.99", someDay)
			entries[i].Refund = sign
		}
		b.addEntries(t, entries)
	}
	b.wantTotal(t, "0.00 USD (18446)")
	more := b.entry(t, "yacht", "9999999999999.99", someDay)
	fits := b.entry(t, "ice cream", "1.00", someDay)
	results, err := b.AddAll(t.Context(), b.in, []expense.Entry{more, fits})
	if err != nil || !errors.Is(results[0].Err, fault.Invalid) || results[1].Err != nil {
		t.Errorf("%+v, %v, want the first refused", results, err)
	}
	more.Category, more.Refund = "sold", true
	if _, err := b.Add(t.Context(), b.in, more); !errors.Is(err, fault.Invalid) {
		t.Errorf("a refund below the room: %v, want Invalid", err)
	}
	b.wantTotal(t, money.FromMinor(100, currency(t, "USD")).String()+" (18447)")
	b.wantSound(t)
}
