package sqlexpense

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// AddToTotal ends an insertion into expense_total that adds to what is kept. Column size only says in what order to look for large
// totals, so that the index on it stays as it is when a total moves a little.
const AddToTotal = `
ON CONFLICT (ledger_id, month, category_id, currency) DO UPDATE
SET entries = expense_total.entries + excluded.entries, minor = expense_total.minor + excluded.minor,
	size = CASE WHEN expense_total.minor + excluded.minor > 0
		THEN CAST(floor(ln(CAST(expense_total.minor + excluded.minor AS double precision))) AS integer) ELSE 0 END`

// SizeOf is the column size of a total of so many minor units.
func SizeOf(minor int64) int { return int(math.Log(float64(max(1, minor)))) }

const (
	insertTotals = `
INSERT INTO expense_total (ledger_id, month, category_id, currency, entries, minor, size) VALUES `

	insertTotal = insertTotals + `($1, $2, $3, $4, $5, $6, $7)`

	columnsOfTotal = 7
)

// Moved is what the totals of a ledger change by.
type Moved struct {
	In ledger.ID
	By expense.Tally
}

// Move adds changes to the maintained totals of a ledger, or of several, in the order of their keys. A driver's error is left as it is,
// for Write.
func (s *Store) Move(ctx context.Context, tx *sql.Tx, moved ...Moved) error {
	var totals, paid []any
	for _, m := range moved {
		for _, key := range m.By.Keys() {
			sum := m.By[key]
			if key.Payer != 0 {
				paid = append(paid, m.In, key.Number(), key.Payer, key.Currency.Code(), sum.Count, sum.Minor)
				continue
			}
			totals = append(totals, m.In, key.Number(), key.Category, key.Currency.Code(), sum.Count, sum.Minor, SizeOf(sum.Minor))
		}
	}
	if err := s.sql.moveTotals.Exec(ctx, tx, totals); err != nil {
		return fmt.Errorf("move %d totals: %w", len(totals)/columnsOfTotal, err)
	}
	if err := s.sql.movePaid.Exec(ctx, tx, paid); err != nil {
		return fmt.Errorf("move what %d payers have paid in a month: %w", len(paid)/columnsOfPaid, err)
	}
	return nil
}

// countExpenses asks for one row of each ledger: without the join it would read every total, and CROSS JOIN keeps SQLite from doing so.
const countExpenses = `
SELECT CAST(COALESCE(sum(t.entries), 0) AS bigint)
FROM ledger l CROSS JOIN expense_total t
WHERE t.ledger_id = l.id AND t.month = 0 AND t.category_id = 0 AND l.id > 0`

// CountExpenses implements expense.Counter.
func (s *Store) CountExpenses(ctx context.Context) (stored int64, err error) {
	err = s.runner.ReadEvery(ctx, "sqlexpense.CountExpenses", func(ctx context.Context, on sqlkit.Querier) error {
		return on.QueryRowContext(ctx, s.sql.countExpenses).Scan(&stored)
	})
	return stored, err
}
