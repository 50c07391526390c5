package sqlstore

import (
	"context"
	"database/sql"
	"fmt"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

const (
	ledgers = `SELECT id FROM ledger ORDER BY id`

	keptTotals = `SELECT month, category_id, currency, entries, minor FROM expense_total WHERE ledger_id = $1`

	actualTotals = `
SELECT e.month, COALESCE(c.merged_into, c.id), e.currency, e.entries, e.price
FROM (
	SELECT substr(CAST(spent_on AS text), 1, 7) AS month, category_id, currency, count(*) AS entries, CAST(sum(price) AS text) AS price
	FROM expense_entry
	WHERE ledger_id = $1 AND NOT deleted
	GROUP BY 1, category_id, currency
) e
JOIN category c ON c.ledger_id = $1 AND c.id = e.category_id`

	putTotal = insertTotal + `
ON CONFLICT (ledger_id, month, category_id, currency) DO UPDATE SET entries = excluded.entries, minor = excluded.minor, size = excluded.size`
)

// Ledgers implements expense.Auditor.
func (s *Store) Ledgers(ctx context.Context) ([]ledger.ID, error) {
	ctx, cancel := s.Bounded(ctx)
	defer cancel()
	all, err := collect(ctx, s.reader, scanLedgerID, s.sql.ledgers)
	return all, s.dialect.Fault("sqlstore.Ledgers", err)
}

// Audit implements expense.Auditor. A repair keeps the ledger's writers waiting; a mere check does not. Neither has a timeout of
// its own, for it reads every row.
func (s *Store) Audit(ctx context.Context, in ledger.ID, repair bool) ([]expense.Discrepancy, error) {
	const op = "sqlstore.Audit"
	var differences []expense.Discrepancy
	compare := func(ctx context.Context, tx *sql.Tx) (err error) {
		differences, err = s.compare(ctx, tx, in)
		return err
	}
	if !repair {
		if err := s.snapshot(ctx, op, compare); err != nil {
			return nil, err
		}
		return differences, nil
	}
	err := s.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) error {
		if err := compare(ctx, tx); err != nil {
			return err
		}
		if len(differences) == 0 {
			return ErrNothingChanged
		}
		return s.putRight(ctx, tx, in, differences)
	})
	if err != nil {
		return nil, err
	}
	return differences, nil
}

func (s *Store) compare(ctx context.Context, q querier, in ledger.ID) ([]expense.Discrepancy, error) {
	kept, err := tally(ctx, q, s.scanKept, s.sql.keptTotals, in)
	if err != nil {
		return nil, fmt.Errorf("maintained totals: %w", err)
	}
	actual, err := tally(ctx, q, s.scanActual, s.sql.actualTotals, in)
	if err != nil {
		return nil, fmt.Errorf("sums of the rows: %w", err)
	}
	return expense.Differences(kept, actual), nil
}

func (s *Store) putRight(ctx context.Context, tx *sql.Tx, in ledger.ID, differences []expense.Discrepancy) error {
	for _, d := range differences {
		if _, err := tx.ExecContext(ctx, s.sql.putTotal, in, d.Key.Month.Number(), d.Key.Category, d.Key.Currency.Code(), d.Actual.Entries, d.Actual.Minor, SizeOf(d.Actual.Minor)); err != nil {
			return fmt.Errorf("repair: %w", err)
		}
	}
	return nil
}

// tally adds up what a query's rows count, which scan puts under one key or several.
func tally(ctx context.Context, q querier, scan func(scanner) (expense.Tally, error), query string, args ...any) (expense.Tally, error) {
	parts, err := collect(ctx, q, scan, query, args...)
	all := make(expense.Tally)
	for _, part := range parts {
		for key, sum := range part {
			total, plusErr := all[key].Plus(sum)
			if plusErr != nil {
				return nil, plusErr
			}
			all[key] = total
		}
	}
	return all, err
}

func (s *Store) scanKept(from scanner) (expense.Tally, error) {
	var month int
	var category expense.CategoryID
	total, err := s.scanTotal(from, &month, &category)
	key := expense.TotalKey{Month: civil.MonthOfNumber(month), Category: category, Currency: total.Amount.Currency()}
	return expense.Tally{key: {Entries: total.Entries, Minor: total.Amount.Minor()}}, err
}

// scanActual counts the sum of a month's expenses of one category for all four totals that they belong to.
func (s *Store) scanActual(from scanner) (expense.Tally, error) {
	var month, code, price string
	var category expense.CategoryID
	var entries int64
	if err := from.Scan(&month, &category, &code, &entries, &price); err != nil {
		return nil, err
	}
	day, err := civil.ParseDate(month + "-01")
	if err != nil {
		return nil, err
	}
	currency, err := s.currency(code)
	if err != nil {
		return nil, err
	}
	amount, err := s.dialect.ParsePrice(price, currency)
	if err != nil {
		return nil, err
	}
	sum := expense.Sum{Entries: entries, Minor: amount.Minor()}
	part := make(expense.Tally, 4)
	for _, of := range [...]expense.CategoryID{0, category} {
		part[expense.TotalKey{Category: of, Currency: currency}] = sum
		part[expense.TotalKey{Month: day.MonthOf(), Category: of, Currency: currency}] = sum
	}
	return part, nil
}
