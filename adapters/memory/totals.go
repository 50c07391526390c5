package memory

import (
	"cmp"
	"context"
	"slices"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// CountExpenses implements expense.Counter.
func (s *expenseStore) CountExpenses(context.Context) (int64, error) {
	s.db.mu.RLock()
	defer s.db.mu.RUnlock()
	var entries int64
	for in, d := range s.byLedger {
		if in.IsPeoples() {
			entries += int64(len(d.list))
		}
	}
	return entries, nil
}

// Overview implements expense.TotalStore.
func (s *expenseStore) Overview(_ context.Context, in ledger.ID, query expense.OverviewQuery) (overview expense.Overview, err error) {
	err = s.read(in, func(d *expenseData) error {
		newest := d.stretch(expense.ListQuery{Limit: query.Read()})
		before := query.Month.AddMonths(-1)
		overview = expense.Overview{
			State:       s.db.row(in).state,
			Newest:      newest[:min(query.Newest, len(newest))],
			Days:        d.days(before, query.Month),
			Frequent:    expense.MostFrequent(newest, d.suggested(query.Suggestions), query.Frequent),
			AllTime:     d.totals.totals(civil.Month{}),
			Month:       d.totals.totals(query.Month),
			Categories:  d.categoriesOf(query.Month, query.Charted(d.totals.totals(query.Month)), query.Categories),
			Trend:       d.trend(query.Month, query.Months),
			Suggestions: d.suggestions(query.Suggestions),
		}
		return nil
	})
	return overview, err
}

// categoriesOf returns a month's largest categories of each currency that is charted, at most limit of each.
func (d *expenseData) categoriesOf(month civil.Month, charted []money.Currency, limit int) []expense.CategoryTotal {
	var all []expense.CategoryTotal
	for _, currency := range charted {
		var largest []expense.CategoryTotal
		found := d.totals[month.Number()][currency] // there is one: its total is what got it charted
		for _, c := range found.top(limit) {
			largest = append(largest, expense.CategoryTotal{Category: d.canonical(c.category), Total: totalOf(currency, found.of[c.category])})
		}
		slices.SortFunc(largest, d.byAmount)
		largest = largest[:min(limit, len(largest))]
		all = append(all, largest...)
	}
	return all
}

// byAmount puts the larger category first, of equal ones the first by name.
func (d *expenseData) byAmount(x, y expense.CategoryTotal) int {
	return cmp.Or(
		cmp.Compare(y.Amount.Minor(), x.Amount.Minor()),
		cmp.Compare(d.categories[x.Category.ID].key, d.categories[y.Category.ID].key),
	)
}

// trend returns the totals of the months up to last.
func (d *expenseData) trend(last civil.Month, months int) []expense.MonthTotal {
	var totals []expense.MonthTotal
	for n := range months {
		month := last.AddMonths(n + 1 - months)
		for _, total := range d.totals.totals(month) {
			totals = append(totals, expense.MonthTotal{Month: month, Total: total})
		}
	}
	slices.SortStableFunc(totals, func(x, y expense.MonthTotal) int { return byCurrency(x.Total, y.Total) })
	return totals
}

func (d *expenseData) suggestions(limit int) []expense.CategoryName {
	names := make([]expense.CategoryName, 0, min(limit, len(d.names)))
	for _, c := range d.suggested(limit) {
		names = append(names, c.Name)
	}
	return names
}

func (d *expenseData) suggested(limit int) []expense.Category {
	var suggested []expense.Category
	for _, id := range d.categoriesAfter("", limit*expense.SuggestAmong, unarchived) {
		if len(suggested) < limit && len(d.summary(id).Totals) > 0 {
			suggested = append(suggested, d.canonical(id))
		}
	}
	return suggested
}

// days returns the totals of the days of months, ordered by currency and day.
func (d *expenseData) days(months ...civil.Month) []expense.DayTotal {
	var days []expense.DayTotal
	for _, month := range months {
		for day := month.First(); day.MonthOf() == month; day = day.AddDays(1) {
			for _, total := range d.totals.at(month.Number()*100 + day.Day) {
				days = append(days, expense.DayTotal{Day: day, Total: total})
			}
		}
	}
	slices.SortStableFunc(days, func(x, y expense.DayTotal) int { return byCurrency(x.Total, y.Total) })
	return days
}
