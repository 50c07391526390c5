package expensetest

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/text"
)

// testSearchModel compares random searches with a look at every expense.
func testSearchModel(t *testing.T, b *fixture) {
	words := []string{"", "Green market", "café 7", "CAFE au lait", "a%b_c", "x", "Übung", "um die ecke"}
	categories := []string{"Food", "Café", "Übung", "x"}
	next := ledger.ID(500)
	rapid.Check(t, func(rt *rapid.T) {
		next++
		f := &fixture{Store: b.Store, in: next}
		for range rapid.IntRange(1, 8).Draw(rt, "expenses") {
			entry := f.entry(rt, rapid.SampledFrom(categories).Draw(rt, "category"), "1", someDay.AddDays(rapid.IntRange(-70, 20).Draw(rt, "day")))
			entry.Price = money.FromMinor(rapid.Int64Range(1, 2000).Draw(rt, "price"),
				currency(rt, rapid.SampledFrom([]string{"USD", "JPY"}).Draw(rt, "currency")))
			entry.Refund = rapid.Bool().Draw(rt, "refund")
			entry.PaidBy = ledger.UserID(rapid.IntRange(0, 2).Draw(rt, "payer"))
			entry.Payee = rapid.SampledFrom(words).Draw(rt, "payee")
			entry.Note = rapid.SampledFrom(words).Draw(rt, "note")
			entry.Tags = expense.Tags(rapid.SampledFrom([]string{"", "work", "Work x", "workshop"}).Draw(rt, "tags"))
			e := f.addEntry(rt, entry)
			if rapid.IntRange(0, 4).Draw(rt, "delete") == 0 {
				f.edit(rt, e.ID, func(e *expense.Expense) { e.Deleted = true })
			}
		}
		filter := expense.Filter{Deleted: rapid.IntRange(0, 4).Draw(rt, "deleted") == 0}
		for _, word := range rapid.SliceOfN(rapid.SampledFrom([]string{"market", "cafe", "x", "ub", "%b", "_", "7", "lait", "um"}),
			0, 2).Draw(rt, "terms") {
			filter.Terms = append(filter.Terms, expense.Term{Text: word})
		}
		if rapid.Bool().Draw(rt, "by days") {
			filter.From = someDay.AddDays(rapid.IntRange(-80, 10).Draw(rt, "from"))
			filter.To = filter.From.AddDays(rapid.IntRange(0, 60).Draw(rt, "days"))
		}
		if rapid.IntRange(0, 2).Draw(rt, "by tag") == 0 {
			filter.Tag = rapid.SampledFrom([]string{"work", "x"}).Draw(rt, "tag")
		}
		if rapid.IntRange(0, 2).Draw(rt, "by price") == 0 {
			filter.Min, filter.Max = price(rt, "2.50"), price(rt, "900")
		}
		if rapid.IntRange(0, 1).Draw(rt, "by payer") == 0 {
			filter.Payer = ledger.UserID(rapid.IntRange(1, 3).Draw(rt, "of payer"))
		}
		if rapid.IntRange(0, 3).Draw(rt, "by months") == 0 {
			filter.From = someDay.MonthOf().First().AddDays(-1).MonthOf().First()
			filter.To = someDay
		}
		every := rapid.SampledFrom([]int{1, 3, 100}).Draw(rt, "page")
		want := wanted(rt, f, filter)
		var got []expense.ID
		query := expense.SearchQuery{Filter: filter, ListQuery: expense.ListQuery{Limit: every}}
		for {
			found, err := f.Search(rt.Context(), f.in, query)
			if err != nil {
				rt.Fatal(err)
			}
			sum, err := expense.SumFound(partsOf(want))
			if err != nil || totals(found.Totals) != totals(sum.Totals) || months(found.Months) != months(sum.Months) {
				rt.Fatalf("%s; %s, want %s; %s (%v)", totals(found.Totals), months(found.Months), totals(sum.Totals), months(sum.Months), err)
			}
			got = append(got, idsOf(found.Expenses)...)
			if len(found.Expenses) < every {
				break
			}
			last := expense.PositionOf(found.Expenses[len(found.Expenses)-1])
			query.Before = &last
		}
		if !slices.Equal(got, idsOf(want)) {
			rt.Fatalf("%+v finds %v, want %v", filter, got, idsOf(want))
		}
	})
}

func partsOf(all []expense.Expense) (parts []expense.MonthTotal) {
	for _, e := range all {
		parts = append(parts, expense.MonthTotal{Month: e.Date.MonthOf(), Total: expense.Total{Count: 1, Amount: e.Spent()}})
	}
	return parts
}

// wanted looks at every expense of a ledger.
func wanted(t failer, f *fixture, filter expense.Filter) []expense.Expense {
	t.Helper()
	var all []expense.Expense
	for _, deleted := range []bool{false, true} {
		found, err := f.Search(t.Context(), f.in,
			expense.SearchQuery{Filter: expense.Filter{Deleted: deleted}, ListQuery: expense.ListQuery{Limit: 1000}})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found.Expenses...)
	}
	return slices.DeleteFunc(all, func(e expense.Expense) bool {
		number := func(a money.Amount) float64 { // exact for the small amounts of this test
			n := float64(a.Minor())
			for range a.Currency().Digits() {
				n /= 10
			}
			return n
		}
		said := text.Fold(e.Payee + "\n" + e.Note + "\n" + string(e.Tags) + "\n" + string(e.Category.Name))
		for _, term := range filter.Terms {
			if !strings.Contains(said, term.Text) {
				return true
			}
		}
		return e.Deleted != filter.Deleted || filter.Payer != 0 && e.PaidBy != filter.Payer ||
			!filter.From.IsZero() && (e.Date.Compare(filter.From) < 0 || e.Date.Compare(filter.To) > 0) ||
			filter.Tag != "" && !slices.Contains(strings.Fields(text.Fold(string(e.Tags))), filter.Tag) ||
			filter.Min != nil && (number(e.Price) < number(*filter.Min) || number(e.Price) > number(*filter.Max))
	})
}
