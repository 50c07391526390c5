package sqlexpense

import (
	"context"
	"fmt"
	"strings"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

const monthsOfYear = 12

// entryTable is where the expenses of all ledgers are.
const entryTable = "expense_entry"

// largest selects the largest expenses in a currency, $3, of so many months from $2 on. Each month gives as many as are asked for, $4,
// from the index that has them in this order. The entries are the table, or a view of it.
func largest(r *sqlkit.Runner, entries string, months int) string {
	parts := make([]string, months)
	for n := range parts {
		parts[n] = fmt.Sprintf(`
	SELECT * FROM (
		SELECT * FROM %[3]s
		WHERE ledger_id = $1 AND NOT deleted AND %[1]s = CAST($2 AS integer) + %[2]d AND currency = $3 AND price > 0
		ORDER BY price DESC, id DESC LIMIT $4
	) m%[2]d`, r.Month("spent_on"), n, entries)
	}
	return SelectColumns + `
FROM (
	SELECT * FROM (` + strings.Join(parts, " UNION ALL") + `
	) months
	ORDER BY price DESC, id DESC LIMIT $4
) e` + JoinCategories + `
ORDER BY e.price DESC, e.id DESC`
}

// categoriesOfYear compares the categories that are among the largest by size, $4, of one of the twelve months from $2 on, in a currency,
// $3, and selects the largest of the year, $5. CROSS JOIN makes SQLite look the totals up one by one.
func categoriesOfYear() string {
	candidates, months := make([]string, monthsOfYear), make([]string, monthsOfYear)
	for n := range monthsOfYear {
		candidates[n] = fmt.Sprintf(`
			SELECT category_id FROM (
				SELECT category_id FROM expense_total
				WHERE ledger_id = $1 AND month = CAST($2 AS integer) + %d AND currency = $3 AND entries > 0 AND category_id > 0
				ORDER BY size DESC LIMIT $4
			) m%[1]d`, n)
		months[n] = fmt.Sprintf("SELECT CAST($2 AS integer) + %d AS month", n)
	}
	return `
SELECT c.id, c.name, c.colour, c.icon, c.archived, t.currency, t.entries, t.minor
FROM (
	SELECT category_id, currency, entries, minor, rank() OVER (ORDER BY minor DESC) AS place
	FROM (
		SELECT t.category_id, t.currency, CAST(sum(t.entries) AS bigint) AS entries, CAST(sum(t.minor) AS bigint) AS minor
		FROM (` + strings.Join(candidates, " UNION") + `
		) u
		CROSS JOIN (` + strings.Join(months, " UNION ALL ") + `) m
		CROSS JOIN expense_total t
		WHERE t.ledger_id = $1 AND t.month = m.month AND t.category_id = u.category_id AND t.currency = $3 AND t.entries > 0
		GROUP BY t.category_id, t.currency
	) compared
) t
JOIN category c ON c.ledger_id = $1 AND c.id = t.category_id
WHERE t.place <= $5 + 1
ORDER BY t.minor DESC, c.name_key LIMIT $5`
}

// Report implements expense.TotalStore.
func (s *Store) Report(ctx context.Context, in ledger.ID, query expense.ReportQuery) (expense.Report, error) {
	var report expense.Report
	err := s.runner.Snapshot(ctx, "sqlexpense.Report", in, func(ctx context.Context, on sqlkit.Querier) (err error) {
		report, err = s.report(ctx, on, in, query)
		return err
	})
	if err != nil {
		return expense.Report{}, err
	}
	return report, nil
}

func (s *Store) report(ctx context.Context, q sqlkit.Querier, in ledger.ID, query expense.ReportQuery) (expense.Report, error) {
	if s.plans != "" {
		var set string
		if err := q.QueryRowContext(ctx, s.plans).Scan(&set); err != nil {
			return expense.Report{}, fmt.Errorf("plans: %w", err)
		}
	}
	state, err := s.runner.StateOn(ctx, q, in)
	if err != nil {
		return expense.Report{}, fmt.Errorf("state: %w", err)
	}
	first, last := query.Span()
	span := span{first: first, last: last}
	if !query.Month.IsZero() {
		span.daysFrom, span.daysTo = query.Month, query.Month
	}
	found, err := s.totalsOf(ctx, q, in, span)
	if err != nil {
		return expense.Report{}, fmt.Errorf("totals: %w", err)
	}
	report, err := query.Begin(found.months)
	if err != nil {
		return expense.Report{}, err
	}
	report.State, report.Days = state, found.days
	month, categories, largest, candidates := query.Month, s.sql.categoriesOfMonth, s.sql.largestOfMonth, expense.CandidateCategories+1
	if month.IsZero() {
		month.Year, month.Month = query.Year, 1
		categories, largest, candidates = s.sql.categoriesOfYear, s.sql.largestOfYear, expense.CandidateCategoriesOfYear
	}
	charted := query.Charted(report.Totals)
	for _, currency := range charted {
		of, err := sqlkit.Collect(ctx, q, s.scanCategoryTotal, categories,
			in, month.Number(), currency.Code(), candidates, query.Categories)
		if err != nil {
			return expense.Report{}, fmt.Errorf("categories: %w", err)
		}
		report.Categories = append(report.Categories, of...)
		expenses, err := sqlkit.Collect(ctx, q, s.scanExpense, largest, in, month.Number(), currency.Code(), query.Largest)
		if err != nil {
			return expense.Report{}, fmt.Errorf("largest: %w", err)
		}
		report.Largest = append(report.Largest, expenses...)
	}
	if report.Paid, err = s.paid(ctx, q, in, query); err != nil {
		return expense.Report{}, err
	}
	return report, nil
}
