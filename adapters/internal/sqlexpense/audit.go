package sqlexpense

import (
	"context"
	"database/sql"
	"fmt"
	"maps"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

const (
	ledgers = `SELECT id FROM ledger ORDER BY id`

	maintainedTotals = `SELECT month, category_id, currency, entries, minor FROM expense_total WHERE ledger_id = $1`

	actualTotals = `
SELECT e.month, COALESCE(c.merged_into, c.id), e.currency, e.entries, e.price
FROM (
	SELECT substr(CAST(spent_on AS text), 1, 7) AS month, category_id, currency, count(*) AS entries, CAST(sum(price) AS text) AS price
	FROM expense_entry
	WHERE ledger_id = $1 AND NOT deleted
	GROUP BY 1, category_id, currency
) e
JOIN category c ON c.ledger_id = $1 AND c.id = e.category_id`

	actualDays = `
SELECT CAST(spent_on AS text), currency, count(*), CAST(sum(price) AS text)
FROM expense_entry
WHERE ledger_id = $1 AND NOT deleted
GROUP BY spent_on, currency`

	putTotal = insertTotal + `
ON CONFLICT (ledger_id, month, category_id, currency) DO UPDATE
SET entries = excluded.entries, minor = excluded.minor, size = excluded.size`
)

// Auditor implements expense.Auditor.
type Auditor struct {
	store     *Store
	unbounded *sqlkit.Runner
}

var _ expense.Auditor = Auditor{}

// NewAuditor returns the Auditor of a store. Its audits run on a runner without a timeout, for an audit reads every row.
func NewAuditor(of *Store, unbounded *sqlkit.Runner) Auditor { return Auditor{of, unbounded} }

// Ledgers implements expense.Auditor.
func (a Auditor) Ledgers(ctx context.Context) (all []ledger.ID, err error) {
	err = a.store.runner.ReadEvery(ctx, "sqlexpense.Ledgers", func(ctx context.Context, on sqlkit.Querier) error {
		all, err = sqlkit.Collect(ctx, on, scanLedgerID, a.store.sql.ledgers)
		return err
	})
	return all, err
}

// Audit implements expense.Auditor. A repair keeps the ledger's writers waiting; a mere check does not.
func (a Auditor) Audit(ctx context.Context, in ledger.ID, repair bool) (differences []expense.Discrepancy, err error) {
	const op = "sqlexpense.Audit"
	compare := func(ctx context.Context, on sqlkit.Querier) (err error) {
		differences, err = a.store.compare(ctx, on, in)
		return err
	}
	if !repair {
		err = a.unbounded.Snapshot(ctx, op, in, compare)
	} else {
		err = a.unbounded.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) error {
			if err := compare(ctx, tx); err != nil {
				return err
			}
			if len(differences) == 0 {
				return sqlkit.ErrNothingChanged
			}
			return a.store.putTotals(ctx, tx, in, differences)
		})
	}
	if err != nil {
		return nil, err
	}
	return differences, nil
}

func (s *Store) compare(ctx context.Context, q sqlkit.Querier, in ledger.ID) ([]expense.Discrepancy, error) {
	maintained, err := tally(ctx, q, s.scanMaintained, s.sql.maintainedTotals, in)
	if err != nil {
		return nil, fmt.Errorf("maintained totals: %w", err)
	}
	actual, err := tally(ctx, q, s.scanActual, s.sql.actualTotals, in)
	if err != nil {
		return nil, fmt.Errorf("sums of the rows: %w", err)
	}
	days, err := tally(ctx, q, s.scanActualDay, s.sql.actualDays, in)
	if err != nil {
		return nil, fmt.Errorf("sums of the days: %w", err)
	}
	maps.Copy(actual, days)
	keptPaid, paid, err := s.auditPaid(ctx, q, in)
	if err != nil {
		return nil, err
	}
	maps.Copy(maintained, keptPaid)
	maps.Copy(actual, paid)
	return expense.Differences(maintained, actual), nil
}

// putTotals makes the totals what the rows add up to.
func (s *Store) putTotals(ctx context.Context, tx *sql.Tx, in ledger.ID, differences []expense.Discrepancy) error {
	for _, d := range differences {
		if d.Key.Payer != 0 {
			if _, err := tx.ExecContext(ctx, s.sql.putPaid, in, d.Key.Number(), d.Key.Payer, d.Key.Currency.Code(),
				d.Actual.Count, d.Actual.Minor); err != nil {
				return fmt.Errorf("repair: %w", err)
			}
			continue
		}
		if _, err := tx.ExecContext(ctx, s.sql.putTotal, in, d.Key.Number(), d.Key.Category, d.Key.Currency.Code(),
			d.Actual.Count, d.Actual.Minor, SizeOf(d.Actual.Minor)); err != nil {
			return fmt.Errorf("repair: %w", err)
		}
	}
	return nil
}

// tally adds up what a query's rows count, which scan puts under one key or several.
func tally(
	ctx context.Context, q sqlkit.Querier, scan func(sqlkit.Scanner) (expense.Tally, error), query string, args ...any,
) (expense.Tally, error) {
	parts, err := sqlkit.Collect(ctx, q, scan, query, args...)
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

func (s *Store) scanMaintained(from sqlkit.Scanner) (expense.Tally, error) {
	var month int
	var category expense.CategoryID
	total, err := s.scanTotal(from, &month, &category)
	key := expense.TotalKey{Category: category, Currency: total.Amount.Currency()}.Named(month)
	return expense.Tally{key: {Count: total.Count, Minor: total.Amount.Minor()}}, err
}

// scanActual counts the sum of a month's expenses of one category for all four totals that they belong to.
func (s *Store) scanActual(from sqlkit.Scanner) (expense.Tally, error) {
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
	currency, err := s.currencies.Stored(code)
	if err != nil {
		return nil, err
	}
	amount, err := s.currencies.ParseAmount(price, currency)
	if err != nil {
		return nil, err
	}
	sum := expense.Sum{Count: entries, Minor: amount.Minor()}
	part := make(expense.Tally, 4)
	for _, of := range [...]expense.CategoryID{0, category} {
		part[expense.TotalKey{Category: of, Currency: currency}] = sum
		part[expense.TotalKey{Month: day.MonthOf(), Category: of, Currency: currency}] = sum
	}
	return part, nil
}

// scanActualDay counts the sum of a day's expenses.
func (s *Store) scanActualDay(from sqlkit.Scanner) (expense.Tally, error) {
	var date, code, price string
	var entries int64
	if err := from.Scan(&date, &code, &entries, &price); err != nil {
		return nil, err
	}
	day, err := civil.ParseDate(date)
	if err != nil {
		return nil, err
	}
	currency, err := s.currencies.Stored(code)
	if err != nil {
		return nil, err
	}
	amount, err := s.currencies.ParseAmount(price, currency)
	key := expense.TotalKey{Month: day.MonthOf(), Day: day.Day, Currency: currency}
	return expense.Tally{key: {Count: entries, Minor: amount.Minor()}}, err
}

func scanLedgerID(from sqlkit.Scanner) (id ledger.ID, err error) {
	err = from.Scan(&id)
	return id, err
}
