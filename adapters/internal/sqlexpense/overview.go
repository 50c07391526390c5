package sqlexpense

import (
	"context"
	"fmt"
	"strings"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// totals selects the totals over all categories of all time (month 0), of the months that follow it, and of the days from $2 to $3. It
// names each month: none of the categories' totals between them is read. Between days there are none. PostgreSQL joins a table of months
// by reading all totals of categories, so it gets a list.
const totals = `
SELECT t.month, t.currency, t.entries, t.minor
FROM expense_total t
WHERE t.ledger_id = $1 AND t.month IN (0%s) AND t.category_id = 0 AND t.entries > 0
UNION ALL
SELECT d.month, d.currency, d.entries, d.minor
FROM expense_total d
WHERE d.ledger_id = $1 AND d.month BETWEEN $2 AND $3 AND d.category_id = 0 AND d.entries > 0
ORDER BY 2, 1`

// totalsOfMonths returns totals with places for so many months, from $4 on.
func totalsOfMonths(count int) string {
	var places strings.Builder
	for n := range count {
		fmt.Fprintf(&places, ", $%d", 4+n)
	}
	return fmt.Sprintf(totals, places.String())
}

// categoriesOfMonth compares those of the month's categories that have the largest sizes, so the largest are among them, unless more
// categories than are compared are of one size. The total of all categories is among them, too, and has none to join. Names are looked
// up of the largest alone, and of those that are as large as the last of these.
const categoriesOfMonth = `
SELECT c.id, c.name, c.colour, c.icon, c.archived, t.currency, t.entries, t.minor
FROM (
	SELECT category_id, currency, entries, minor, rank() OVER (ORDER BY minor DESC) AS place
	FROM (
		SELECT category_id, currency, entries, minor
		FROM expense_total
		WHERE ledger_id = $1 AND month = $2 AND currency = $3 AND entries > 0
		ORDER BY size DESC LIMIT $4
	) compared
) t
JOIN category c ON c.ledger_id = $1 AND c.id = t.category_id
WHERE t.place <= $5 + 1
ORDER BY t.minor DESC, c.name_key LIMIT $5`

// Overview implements expense.TotalStore.
func (s *Store) Overview(ctx context.Context, in ledger.ID, query expense.OverviewQuery) (expense.Overview, error) {
	var overview expense.Overview
	err := s.runner.Snapshot(ctx, "sqlexpense.Overview", in, func(ctx context.Context, on sqlkit.Querier) (err error) {
		overview, err = s.overview(ctx, on, in, query)
		return err
	})
	if err != nil {
		return expense.Overview{}, err
	}
	return overview, nil
}

func (s *Store) overview(ctx context.Context, q sqlkit.Querier, in ledger.ID, query expense.OverviewQuery) (expense.Overview, error) {
	var o expense.Overview
	var err error
	if o.State, err = s.runner.StateOn(ctx, q, in); err != nil {
		return o, fmt.Errorf("state: %w", err)
	}
	newest, err := s.list(ctx, q, in, expense.ListQuery{Limit: query.Read()})
	if err != nil {
		return o, fmt.Errorf("newest: %w", err)
	}
	o.Newest = newest[:min(query.Newest, len(newest))]
	if err = s.addTotals(ctx, q, in, query, &o); err != nil {
		return o, fmt.Errorf("totals: %w", err)
	}
	for _, currency := range query.Charted(o.Month) {
		largest, err := sqlkit.Collect(ctx, q, s.scanCategoryTotal, s.sql.categoriesOfMonth,
			in, query.Month.Number(), currency.Code(), expense.CandidateCategories+1, query.Categories)
		if err != nil {
			return o, fmt.Errorf("categories: %w", err)
		}
		o.Categories = append(o.Categories, largest...)
	}
	suggested, err := sqlkit.Collect(ctx, q, scanCategory, s.sql.suggestCategories, in, query.Suggestions,
		query.Suggestions*expense.SuggestAmong)
	if err != nil {
		return o, fmt.Errorf("suggestions: %w", err)
	}
	for _, c := range suggested {
		o.Suggestions = append(o.Suggestions, c.Name)
	}
	o.Frequent = expense.MostFrequent(newest, suggested, query.Frequent)
	return o, nil
}

// addTotals reads the totals over all categories and puts each where it belongs.
func (s *Store) addTotals(ctx context.Context, q sqlkit.Querier, in ledger.ID, query expense.OverviewQuery, o *expense.Overview) error {
	first := query.Month.AddMonths(1 - max(1, query.Months))
	before := query.Month.AddMonths(-1)
	found, err := s.totalsOf(ctx, q, in, span{first: first, last: query.Month, daysFrom: before, daysTo: query.Month})
	o.AllTime, o.Days = found.allTime, found.days
	for _, total := range found.months {
		if query.Months > 0 {
			o.Trend = append(o.Trend, total)
		}
		if total.Month == query.Month {
			o.Month = append(o.Month, total.Total)
		}
	}
	return err
}

// span is the months of which totals are read, and the months whose days are: none if daysTo is the zero Month.
type span struct {
	first, last      civil.Month
	daysFrom, daysTo civil.Month
}

// spanTotals are totals over all categories, by currency and then by time.
type spanTotals struct {
	allTime []expense.Total
	months  []expense.MonthTotal
	days    []expense.DayTotal
}

func (s *Store) totalsOf(ctx context.Context, q sqlkit.Querier, in ledger.ID, of span) (found spanTotals, err error) {
	const lastDay = 31
	type timed struct {
		key   expense.TotalKey
		total expense.Total
	}
	scan := func(from sqlkit.Scanner) (t timed, err error) {
		var number int
		t.total, err = s.scanTotal(from, &number)
		t.key = t.key.Named(number)
		return t, err
	}
	args := []any{in, of.daysFrom.Number()*100 + 1, of.daysTo.Number()*100 + lastDay}
	for month := of.first; month.Number() <= of.last.Number(); month = month.First().AddDays(31).MonthOf() {
		args = append(args, month.Number())
	}
	all, err := sqlkit.Collect(ctx, q, scan, s.runner.Rebind(totalsOfMonths(len(args)-3)), args...)
	for _, t := range all {
		month := t.key.Month
		switch {
		case t.key.Day != 0:
			day := civil.Date{Year: month.Year, Month: month.Month, Day: t.key.Day}
			found.days = append(found.days, expense.DayTotal{Day: day, Total: t.total})
		case month.IsZero():
			found.allTime = append(found.allTime, t.total)
		default:
			found.months = append(found.months, expense.MonthTotal{Month: month, Total: t.total})
		}
	}
	return found, err
}

func (s *Store) scanCategoryTotal(from sqlkit.Scanner) (t expense.CategoryTotal, err error) {
	var row CategoryRow
	t.Total, err = s.scanTotal(from, row.Columns()...)
	t.Category = row.Category()
	return t, err
}
