package expensetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/money"
)

func testRoundTrip(t *testing.T, b *fixture) {
	for _, tt := range []struct{ category, note, decimal, code string }{
		{"groceries", "", "0.01", "USD"},
		{"<script>alert(1)</script>", `a "note" with 'quotes', a \ and a %s; DROP TABLE expense; --`, "12.50", "EUR"},
		{"日本語 🍣", "two\nlines\tand a tab", "1234", "JPY"},
		{strings.Repeat("ä", expense.MaxCategoryName), strings.Repeat("🙂", expense.MaxNote), "1.234", "KWD"},
		{"{a,b}", "NULL", "0.0001", "CLF"},
	} {
		entry := b.entry(t, tt.category, "1", civil.Date{Year: 2024, Month: time.February, Day: 29})
		entry.Note, entry.Price = tt.note, amount(t, tt.decimal, tt.code)
		want := expense.Expense{Date: entry.Date, Category: expense.Category{Name: entry.Category}, Price: entry.Price,
			Note: tt.note, Revision: 1}
		added := b.addEntry(t, entry)
		if added.ID < 1 || added.Category.ID < 1 {
			t.Errorf("IDs of %+v are not above zero", added)
		}
		want.ID, want.Category = added.ID, expense.NewCategory(added.Category.ID, entry.Category, expense.Look{}, false)
		got, err := b.Get(t.Context(), b.in, added.ID)
		if err != nil {
			t.Fatal(err)
		}
		if listed := b.list(t, expense.ListQuery{Limit: 1}); added != want || got != want || len(listed) != 1 || listed[0] != want {
			t.Errorf("added %+v\n got %+v\nlist %+v\nwant %+v", added, got, listed, want)
		}
	}
	b.wantSound(t)
}

func testLargestAmounts(t *testing.T, b *fixture) {
	for _, code := range []string{"JPY", "USD", "KWD", "CLF"} {
		largest := money.FromMinor(money.MaxMinor, currency(t, code))
		for range 3 {
			entry := b.entry(t, "yacht", "1", someDay)
			entry.Price = largest
			if added := b.addEntry(t, entry); added.Price != largest {
				t.Errorf("added %s, want %s", added.Price, largest)
			}
		}
	}
	want := "299999999999.9997 CLF (3), 2999999999999997 JPY (3), 2999999999999.997 KWD (3), 29999999999999.97 USD (3)"
	if got := totals(b.overview(t, someDay.MonthOf()).AllTime); got != want {
		t.Errorf("totals %s, want %s", got, want)
	}
	b.wantSound(t)
}

const regatta = "regatta" // what the largest prices are paid for

// Ten thousand of the largest prices are more than 64 bits hold, so the last of them have to be refused, one by one, and the
// total stays the sum of those that were taken.
func testTotalOverflow(t *testing.T, b *fixture) {
	const wanted, room = 10_000, 9_223 // the largest 64-bit number has room for 9,223 prices of 999,999,999,999,999
	entries := make([]expense.Entry, wanted)
	for i := range entries {
		entries[i] = b.entry(t, "yacht", "9999999999999.99", someDay)
		entries[i].Note = regatta
	}
	var stored, refused int
	for start := 0; start < wanted; start += 2500 {
		results, err := b.AddAll(t.Context(), b.in, entries[start:start+2500])
		if err != nil {
			t.Fatal(err)
		}
		for _, result := range results {
			switch {
			case result.Err == nil:
				stored++
			case errors.Is(result.Err, fault.Invalid):
				refused++
			default:
				t.Fatalf("unexpected %v", result.Err)
			}
		}
	}
	if stored != room || refused != wanted-room {
		t.Errorf("%d stored and %d refused, want %d and %d", stored, refused, room, wanted-room)
	}
	if _, err := b.Add(t.Context(), b.in, b.entry(t, "yacht", "9999999999999.99", someDay)); !errors.Is(err, fault.Invalid) {
		t.Errorf("one more: %v, want Invalid", err)
	}
	small := b.add(t, "ice cream", "2.50", someDay)
	beyond := func(e *expense.Expense) { e.Price = amount(t, "9999999999999.99", "USD") }
	if _, err := b.tryEdit(t, small.ID, beyond); !errors.Is(err, fault.Invalid) {
		t.Errorf("an edit beyond the room: %v, want Invalid", err)
	}
	if got, err := b.Get(t.Context(), b.in, small.ID); err != nil || got != small {
		t.Errorf("after the refused edit %+v, %v, want %+v", got, err, small)
	}
	b.wantSound(t)
	b.wantFoundBeyondRoom(t, room)
}

// wantFoundBeyondRoom brings some of what was spent back, so that there is room for as much again. What was spent is then more than 64
// bits hold, though no kept total is: a search that adds it up says so, and what adds nothing up finds all of it.
func (b *fixture) wantFoundBeyondRoom(t *testing.T, spent int) {
	t.Helper()
	const more = 500 // at whose end no audit is made: it adds rows up in an order of its own, and may lack room on the way
	addAll := func(category, note string, date civil.Date, refund bool) {
		t.Helper()
		entries := make([]expense.Entry, more)
		for i := range entries {
			entries[i] = b.entry(t, category, "9999999999999.99", date)
			entries[i].Note, entries[i].Refund = note, refund
		}
		b.addEntries(t, entries)
	}
	addAll("sold", "", someDay, true)
	addAll("boat", regatta, someDay.AddDays(1), false)
	filter := expense.Filter{Terms: []expense.Term{{Text: regatta}}}
	_, err := b.Search(t.Context(), b.in, expense.SearchQuery{Filter: filter, ListQuery: expense.ListQuery{Limit: 10}})
	if !errors.Is(err, money.ErrOverflow) {
		t.Errorf("the sum of what was spent: %v, want ErrOverflow", err)
	}
	found := 0
	err = b.EachFound(t.Context(), b.in, filter, func(batch []expense.Expense) error {
		found += len(batch)
		return nil
	})
	if err != nil || found != spent+more {
		t.Errorf("%d found, %v, want %d", found, err, spent+more)
	}
}

func testAddAll(t *testing.T, b *fixture) {
	known := b.entry(t, "food", "1.00", someDay)
	first := b.addEntry(t, known)
	other := known
	other.Fingerprint = idempotency.Fingerprint{1}
	twice := b.entry(t, "rent", "3.00", someDay)
	results, err := b.AddAll(t.Context(), b.in, []expense.Entry{b.entry(t, "food", "2.00", someDay), known, other, twice, twice,
		b.entry(t, "Rent", "4.00", someDay)})
	if err != nil || len(results) != 6 {
		t.Fatalf("%d results, %v", len(results), err)
	}
	for _, i := range []int{0, 3, 5} {
		if results[i].Err != nil || results[i].Receipt.Duplicate {
			t.Errorf("result %d: %+v, want a new expense", i, results[i])
		}
	}
	if !results[1].Receipt.Duplicate || results[1].Receipt.Expense != first {
		t.Errorf("the known key got %+v, want a duplicate of %+v", results[1], first)
	}
	if !errors.Is(results[2].Err, fault.Conflict) {
		t.Errorf("the known key with other content got %v, want Conflict", results[2].Err)
	}
	if !results[4].Receipt.Duplicate || results[4].Receipt.Expense.ID != results[3].Receipt.Expense.ID {
		t.Errorf("the key that comes twice got %+v and %+v, want one expense", results[3], results[4])
	}
	if got := results[5].Receipt.Expense.Category; got != results[3].Receipt.Expense.Category {
		t.Errorf("Rent is %+v, want the category rent", got)
	}
	b.wantTotal(t, "10.00 USD (4)")
	b.wantSound(t)
	if results, err := b.AddAll(t.Context(), b.in, nil); err != nil || len(results) != 0 {
		t.Errorf("an empty batch: %v, %v", results, err)
	}
}

func testLargeBatch(t *testing.T, b *fixture) {
	entries := make([]expense.Entry, 3000)
	for i := range entries {
		entries[i] = b.entry(t, fmt.Sprint("category ", i%40), "0.10", someDay.AddDays(-i%700))
	}
	results, err := b.AddAll(t.Context(), b.in, entries)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[expense.ID]bool)
	for i, result := range results {
		got := result.Receipt.Expense
		if result.Err != nil || result.Receipt.Duplicate || seen[got.ID] || got.Date != entries[i].Date ||
			got.Category.Name != entries[i].Category {
			t.Fatalf("result %d: %+v for %+v", i, result, entries[i])
		}
		seen[got.ID] = true
	}
	b.wantTotal(t, "300.00 USD (3000)")
	b.wantSound(t)
}

func testMissingExpense(t *testing.T, b *fixture) {
	b.add(t, "food", "1.00", someDay)
	for _, id := range []expense.ID{0, -1, 1 << 62} {
		if _, err := b.Get(t.Context(), b.in, id); !errors.Is(err, fault.NotFound) {
			t.Errorf("get %d: %v, want NotFound", id, err)
		}
		if _, err := b.Change(t.Context(), b.in, id, b.basis(1),
			revised(func(*expense.Expense) { t.Error("revise was called") })); !errors.Is(err, fault.NotFound) {
			t.Errorf("change %d: %v, want NotFound", id, err)
		}
	}
}

func testEdit(t *testing.T, b *fixture) {
	e := b.add(t, "food", "10.00", someDay)
	b.add(t, "food", "1.00", someDay)
	rent := b.add(t, "rent", "500.00", someDay).Category
	march := civil.Date{Year: 2026, Month: time.March, Day: 1}

	changed := b.edit(t, e.ID, func(e *expense.Expense) { e.Price, e.Date = amount(t, "20.00", "USD"), march })
	want := e
	want.Price, want.Date, want.Revision = amount(t, "20.00", "USD"), march, 2
	if changed != want {
		t.Errorf("changed %+v, want %+v", changed, want)
	}
	if listed := b.list(t, expense.ListQuery{Limit: 1}); listed[0] != want {
		t.Errorf("newest is %+v, want %+v", listed[0], want)
	}
	if got := totals(b.overview(t, march.MonthOf()).Month); got != "20.00 USD (1)" {
		t.Errorf("March %s", got)
	}
	changed = b.edit(t, e.ID, func(e *expense.Expense) { e.Category = expense.Category{Name: "RENT"} })
	if changed.Category != rent {
		t.Errorf("category %+v, want %+v", changed.Category, rent)
	}
	changed = b.edit(t, e.ID, func(e *expense.Expense) {
		e.Category, e.Note, e.Price = expense.Category{Name: "hobby"}, "new", amount(t, "7", "JPY")
	})
	if changed.Category.Name != "hobby" || changed.Category.ID == rent.ID || changed.Note != "new" || changed.Revision != 4 {
		t.Errorf("changed %+v", changed)
	}
	b.wantTotal(t, "7 JPY (1), 501.00 USD (2)")
	b.wantSound(t)
}

func testEditFails(t *testing.T, b *fixture) {
	e := b.add(t, "food", "10.00", someDay)
	state := b.state(t)
	refusal := fault.New(fault.Conflict, "test", "no")
	_, err := b.Change(t.Context(), b.in, e.ID, b.basis(1), func(e expense.Expense) (expense.Expense, error) {
		e.Category, e.Note = expense.Category{Name: "never seen"}, "x"
		return e, refusal
	})
	if !errors.Is(err, error(refusal)) {
		t.Errorf("%v, want the error of revise", err)
	}
	got, err := b.Get(t.Context(), b.in, e.ID)
	if err != nil || got != e {
		t.Errorf("after it %+v, %v, want %+v", got, err, e)
	}
	if after := b.state(t); after != state {
		t.Errorf("state %v, want still %v", after, state)
	}
	if got := b.overview(t, someDay.MonthOf()).Suggestions; len(got) != 1 {
		t.Errorf("categories %v, want only food", got)
	}
}

func testDeleteRestore(t *testing.T, b *fixture) {
	e := b.add(t, "food", "10.00", someDay)
	kept := b.add(t, "food", "1.00", someDay)
	deleted := b.edit(t, e.ID, func(e *expense.Expense) { e.Deleted = true })
	if !deleted.Deleted || deleted.Revision != 2 {
		t.Errorf("deleted %+v", deleted)
	}
	if listed := b.list(t, expense.ListQuery{Limit: 10}); len(listed) != 1 || listed[0] != kept {
		t.Errorf("list %+v, want only %+v", listed, kept)
	}
	if got, err := b.Get(t.Context(), b.in, e.ID); err != nil || got != deleted {
		t.Errorf("get %+v, %v, want %+v", got, err, deleted)
	}
	if n, err := b.CountExpenses(t.Context()); err != nil || n != 1 {
		t.Errorf("%d entries, %v, want 1", n, err)
	}
	b.wantTotal(t, "1.00 USD (1)")
	b.wantSound(t)
	b.edit(t, e.ID, func(e *expense.Expense) { e.Deleted = false })
	if listed := b.list(t, expense.ListQuery{Limit: 10}); len(listed) != 2 {
		t.Errorf("list %+v, want both", listed)
	}
	b.wantTotal(t, "11.00 USD (2)")
	b.edit(t, kept.ID, func(e *expense.Expense) { e.Deleted = true })
	b.edit(t, e.ID, func(e *expense.Expense) { e.Deleted = true })
	b.wantTotal(t, "")
	b.wantSound(t)
}

// Each of many editors counts one more, and starts over when another was faster. None of them may undo another.
func testEditsAtOnce(t *testing.T, b *fixture) {
	e := b.add(t, "food", "1.00", someDay)
	const editors = 20
	var all sync.WaitGroup
	for range editors {
		all.Go(func() {
			for {
				_, err := b.tryEdit(t, e.ID, func(e *expense.Expense) { e.Price = money.FromMinor(e.Price.Minor()+100, e.Price.Currency()) })
				if errors.Is(err, fault.Conflict) {
					continue
				}
				if err != nil {
					t.Error(err)
				}
				return
			}
		})
	}
	all.Wait()
	got, err := b.Get(t.Context(), b.in, e.ID)
	if err != nil || got.Price.Decimal() != "21.00" || got.Revision != editors+1 {
		t.Errorf("%+v, %v, want 21.00 at revision %d", got, err, editors+1)
	}
	b.wantTotal(t, "21.00 USD (1)")
	b.wantSound(t)
}

func testPages(t *testing.T, b *fixture) {
	var all []expense.Expense // as the list has to be: newest date first, within a day the last added first
	for day := range 5 {
		for range 4 {
			all = append([]expense.Expense{b.add(t, "food", "1.00", someDay.AddDays(day))}, all...)
		}
	}
	late := b.add(t, "food", "2.00", someDay) // added last, spent first
	all = append(all[:16:16], append([]expense.Expense{late}, all[16:]...)...)
	for _, limit := range []int{1, 3, 7, 50} {
		var down, up []expense.Expense
		query := expense.ListQuery{Limit: limit}
		for page := b.list(t, query); len(page) > 0; page = b.list(t, query) {
			down = append(down, page...)
			last := expense.PositionOf(page[len(page)-1])
			query.Before = &last
		}
		query = expense.ListQuery{Limit: limit, After: &expense.Position{}}
		for page := b.list(t, query); len(page) > 0; page = b.list(t, query) {
			up = append(append([]expense.Expense{}, page...), up...)
			first := expense.PositionOf(page[0])
			query.After = &first
		}
		if !equal(down, all) || !equal(up, all) {
			t.Errorf("by %d: down %v\nup %v\nwant %v", limit, ids(down), ids(up), ids(all))
		}
	}
	middle := expense.Position{Date: someDay.AddDays(2), ID: 0} // a place where no expense stands
	if got := b.list(t, expense.ListQuery{Before: &middle, Limit: 1}); len(got) != 1 || got[0] != all[12] {
		t.Errorf("before the middle %v, want %v", ids(got), all[12].ID)
	}
	if got := b.list(t, expense.ListQuery{After: &middle, Limit: 1}); len(got) != 1 || got[0] != all[11] {
		t.Errorf("after the middle %v, want %v", ids(got), all[11].ID)
	}
}

func equal(x, y []expense.Expense) bool { return fmt.Sprint(x) == fmt.Sprint(y) }

func ids(list []expense.Expense) (ids []expense.ID) {
	for _, e := range list {
		ids = append(ids, e.ID)
	}
	return ids
}
