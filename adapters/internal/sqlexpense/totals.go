package sqlexpense

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strings"

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

	columnsOfTotal = 6 // besides the ledger
)

// movesAtOnce is how many totals a statement moves at most. An add moves five: to ask five times takes longer than to move them.
const movesAtOnce = 8

// moveTotals returns the statements that move 1, 2, … totals of a ledger.
func moveTotals(rebind func(string) string) (statements [movesAtOnce]string) {
	var rows []string
	for n := range statements {
		var row strings.Builder
		row.WriteString("($1")
		for column := range columnsOfTotal {
			fmt.Fprintf(&row, ", $%d", 2+n*columnsOfTotal+column)
		}
		rows = append(rows, row.String()+")")
		statements[n] = rebind(insertTotals + strings.Join(rows, ", ") + AddToTotal)
	}
	return statements
}

// Move adds changes to the ledger's maintained totals, in the order of their keys. A driver's error is left as it is, for Write.
func (s *Store) Move(ctx context.Context, tx *sql.Tx, in ledger.ID, changes expense.Tally) error {
	keys := changes.Keys() // those of payers come last
	of := slices.IndexFunc(keys, func(k expense.TotalKey) bool { return k.Payer != 0 })
	if of < 0 {
		of = len(keys)
	}
	for some := range slices.Chunk(keys[:of], movesAtOnce) {
		if err := s.moveTotals(ctx, tx, in, some, changes); err != nil {
			return err
		}
	}
	for _, key := range keys[of:] {
		sum := changes[key]
		if _, err := tx.ExecContext(ctx, s.sql.movePaid, in, key.Number(), key.Payer, key.Currency.Code(), sum.Count, sum.Minor); err != nil {
			return fmt.Errorf("move what user %d has paid in month %d, %s: %w", key.Payer, key.Number(), key.Currency, err)
		}
	}
	return nil
}

func (s *Store) moveTotals(ctx context.Context, tx *sql.Tx, in ledger.ID, some []expense.TotalKey, changes expense.Tally) error {
	arguments := make([]any, 0, 1+len(some)*columnsOfTotal)
	arguments = append(arguments, in)
	for _, key := range some {
		sum := changes[key]
		arguments = append(arguments, key.Number(), key.Category, key.Currency.Code(), sum.Count, sum.Minor, SizeOf(sum.Minor))
	}
	if _, err := tx.ExecContext(ctx, s.sql.moveTotals[len(some)-1], arguments...); err != nil {
		return fmt.Errorf("move %d totals from month %d, category %d, %s on: %w", len(some), some[0].Number(), some[0].Category,
			some[0].Currency, err)
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
