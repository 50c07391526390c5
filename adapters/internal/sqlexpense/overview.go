package sqlexpense

import (
	"context"
	"fmt"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// totals selects the totals over all categories, of all time (month 0) and of the months from $2 to $3. It names each month, and
// CROSS JOIN makes SQLite look the months up one by one, so that none of the categories' totals between them is read.
const totals = `
WITH RECURSIVE months(month) AS (
	SELECT CAST($2 AS integer)
	UNION ALL
	SELECT CASE WHEN month % 100 = 12 THEN month + 89 ELSE month + 1 END FROM months WHERE month < CAST($3 AS integer)
)
SELECT t.month, t.currency, t.entries, t.minor
FROM (SELECT month FROM months UNION ALL SELECT 0) m
CROSS JOIN expense_total t
WHERE t.ledger_id = $1 AND t.month = m.month AND t.category_id = 0 AND t.entries > 0
ORDER BY t.currency, t.month`

// categoriesOfMonth compares those of the month's categories that have the largest sizes, so the largest are among them, unless more
// categories than are compared are of one size. The total of all categories is among them, too, and has none to join. Names are looked
// up of the largest alone, and of those that are as large as the last of these.
const categoriesOfMonth = `
SELECT c.id, c.name, t.currency, t.entries, t.minor
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
	if o.Newest, err = s.list(ctx, q, in, expense.ListQuery{Limit: query.Newest}); err != nil {
		return o, fmt.Errorf("newest: %w", err)
	}
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
	suggested, err := sqlkit.Collect(ctx, q, scanCategory, s.sql.suggestCategories, in, query.Suggestions)
	if err != nil {
		return o, fmt.Errorf("suggestions: %w", err)
	}
	for _, c := range suggested {
		o.Suggestions = append(o.Suggestions, c.Name)
	}
	return o, nil
}

// addTotals reads the totals over all categories and puts each where it belongs.
func (s *Store) addTotals(ctx context.Context, q sqlkit.Querier, in ledger.ID, query expense.OverviewQuery, o *expense.Overview) error {
	first := civil.DateOf(query.Month.First().UTC().AddDate(0, 1-max(1, query.Months), 0)).MonthOf()
	found, err := sqlkit.Collect(ctx, q, s.scanMonthTotal, s.sql.totals, in, first.Number(), query.Month.Number())
	for _, total := range found {
		switch {
		case total.Month.IsZero():
			o.AllTime = append(o.AllTime, total.Total)
		case query.Months > 0:
			o.Trend = append(o.Trend, total)
		}
		if total.Month == query.Month {
			o.Month = append(o.Month, total.Total)
		}
	}
	return err
}

func (s *Store) scanMonthTotal(from sqlkit.Scanner) (expense.MonthTotal, error) {
	var month int
	total, err := s.scanTotal(from, &month)
	return expense.MonthTotal{Month: civil.MonthOfNumber(month), Total: total}, err
}

func (s *Store) scanCategoryTotal(from sqlkit.Scanner) (t expense.CategoryTotal, err error) {
	t.Total, err = s.scanTotal(from, &t.Category.ID, &t.Category.Name)
	return t, err
}
