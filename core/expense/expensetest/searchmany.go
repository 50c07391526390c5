package expensetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
)

// testSearchManyCategories searches for more categories, by a word of their names or as those that were merged into one, than a storage
// may want to list, and for more expenses than it may want to sort. What is found is older than what is not, and of the same month.
func testSearchManyCategories(t *testing.T, b *fixture) {
	const shops, first, others, merged = 600, 4600, 2100, 515
	day := func(n int) civil.Date { return civil.Date{Year: 2026, Month: time.March, Day: 1 + n} }
	var entries []expense.Entry
	add := func(category, note string, date civil.Date) {
		entry := b.entry(t, category, "1", date)
		entry.Note = note
		entries = append(entries, entry)
	}
	for i := range others {
		note := ""
		if i%300 == 5 {
			note = "a shop"
		}
		add([]string{"Rent", "Food", "Books"}[i%3], note, day(7+i%7))
	}
	for i := range shops {
		add(fmt.Sprintf("Shop Ü%03d", i), "", day(i%7))
	}
	for i := range first {
		add("Shop Ü000", "", day(i%7))
	}
	add("Shop Ü000", "", someDay.AddDays(-300))
	var all []expense.Expense
	for part := range slices.Chunk(entries, 100) {
		all = append(all, b.addEntries(t, part)...)
	}
	slices.SortFunc(all, func(x, y expense.Expense) int { return expense.PositionOf(y).Compare(expense.PositionOf(x)) })
	named := func(e expense.Expense) bool { return strings.HasPrefix(string(e.Category.Name), "Shop") }
	said := func(e expense.Expense) bool { return named(e) || strings.Contains(e.Note, "shop") }
	b.wantPages(t, "a word of many names", terms("shop"), all, said)
	b.wantPages(t, "two of them", terms("shop", "ü"), all, named)
	b.wantPages(t, "one of them", terms("ü007"), all, func(e expense.Expense) bool { return e.Category.Name == "Shop Ü007" })
	b.wantPages(t, "a few days of many names", withDays(terms("shop"), day(5), day(8)), all,
		func(e expense.Expense) bool {
			return said(e) && e.Date.Compare(day(5)) >= 0 && e.Date.Compare(day(8)) <= 0
		})

	into := make(map[expense.CategoryName]expense.CategoryID)
	for _, e := range all {
		into[e.Category.Name] = e.Category.ID
	}
	for i := 1; i <= merged; i++ {
		to := expense.CategoryName("Shop Ü000")
		if i > merged-10 {
			to = "Food" // whose name has nothing of theirs
		}
		from := expense.CategoryName(fmt.Sprintf("Shop Ü%03d", i))
		left, err := b.merge(t, into[from], into[to])
		if err != nil {
			t.Fatal(err)
		}
		for n := range all {
			if all[n].Category.ID == into[from] {
				all[n].Category = left
			}
		}
	}
	of := func(names ...expense.CategoryName) (expense.Filter, func(expense.Expense) bool) {
		var f expense.Filter
		for _, name := range names {
			f.Categories = append(f.Categories, into[name])
		}
		return f, func(e expense.Expense) bool { return slices.Contains(f.Categories, e.Category.ID) }
	}
	b.wantPages(t, "a word of many names that were merged", terms("shop"), all, said)
	left, isLeft := of("Shop Ü000")
	b.wantPages(t, "what many were merged into", left, all, isLeft)
	both, isOfBoth := of("Shop Ü000", "Food")
	b.wantPages(t, "two that many were merged into", both, all, isOfBoth)
	b.wantPages(t, "some days of it", withDays(left, day(2), day(4)), all,
		func(e expense.Expense) bool {
			return isLeft(e) && e.Date.Compare(day(2)) >= 0 && e.Date.Compare(day(4)) <= 0
		})
	both.Terms = terms("shop").Terms
	b.wantPages(t, "a word in two", both, all, func(e expense.Expense) bool { return isOfBoth(e) && said(e) })
	left.Min = price(t, "1")
	b.wantPages(t, "a price in it", left, all, isLeft)
	of7, isOf7 := of("Food")
	b.wantPages(t, "what few were merged into", of7, all, isOf7)

	gone := all[0]
	for _, e := range all {
		if isLeft(e) {
			gone = e
			break
		}
	}
	b.edit(t, gone.ID, func(e *expense.Expense) { e.Deleted = true })
	left.Min, left.Deleted = nil, true
	for _, f := range []expense.Filter{left, {Terms: terms("shop").Terms, Deleted: true}} {
		if found := b.search(t, f); found.Count() != 1 || len(found.Expenses) != 1 || found.Expenses[0].ID != gone.ID {
			t.Errorf("deleted: %+v, want %d", found, gone.ID)
		}
	}
	b.wantSound(t)
}

// wantPages compares what a search finds with those of all that it should: their count, their totals by month, the first pages from
// either end, and those on either side of some in the middle.
func (b *fixture) wantPages(t *testing.T, what string, filter expense.Filter, all []expense.Expense, is func(expense.Expense) bool) {
	t.Helper()
	const page = 20
	var want []expense.Expense
	for _, e := range all {
		if is(e) {
			want = append(want, e)
		}
	}
	sum, err := expense.SumFound(partsOf(want))
	if err != nil {
		t.Fatal(err)
	}
	wanted := func(from, to int) []expense.ID { return idsOf(want[max(0, from):min(len(want), max(0, to))]) }
	at := func(i int) *expense.Position {
		p := expense.PositionOf(want[min(i, len(want)-1)])
		return &p
	}
	middle, late := len(want)/2, max(0, len(want)-5)
	for _, tt := range []struct {
		name  string
		query expense.ListQuery
		want  []expense.ID
	}{
		{"the newest", expense.ListQuery{}, wanted(0, page)},
		{"the oldest", expense.ListQuery{After: &expense.Position{}}, wanted(len(want)-page, len(want))},
		{"older ones", expense.ListQuery{Before: at(middle)}, wanted(middle+1, middle+1+page)},
		{"newer ones", expense.ListQuery{After: at(middle)}, wanted(middle-page, middle)},
		{"the last older ones", expense.ListQuery{Before: at(late)}, wanted(late+1, late+1+page)},
		{"the last newer ones", expense.ListQuery{After: at(3)}, wanted(0, min(3, len(want)-1))},
	} {
		tt.query.Limit = page
		found, err := b.Search(t.Context(), b.in, expense.SearchQuery{Filter: filter, ListQuery: tt.query})
		if err != nil {
			t.Fatalf("%s, %s: %v", what, tt.name, err)
		}
		if !slices.Equal(idsOf(found.Expenses), tt.want) {
			t.Errorf("%s, %s: %v, want %v", what, tt.name, idsOf(found.Expenses), tt.want)
		}
		for _, e := range found.Expenses {
			if i := slices.IndexFunc(want, func(w expense.Expense) bool { return w.ID == e.ID }); i >= 0 && e != want[i] {
				t.Errorf("%s, %s: %+v, want %+v", what, tt.name, e, want[i])
			}
		}
		if totals(found.Totals) != totals(sum.Totals) || months(found.Months) != months(sum.Months) {
			t.Errorf("%s: %s; %s, want %s; %s", what, totals(found.Totals), months(found.Months), totals(sum.Totals), months(sum.Months))
		}
	}
}
