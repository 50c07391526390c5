package sqlexpense

import (
	"context"
	"fmt"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// What each payer has paid in a month stands in a table of its own, of which an expense without a payer touches nothing. An add moves it
// itself. Triggers move it for changes, since an instance of the version before changes rows that have a payer, and knows of none.
const (
	insertPaid = `
INSERT INTO expense_paid (ledger_id, month, user_id, currency, entries, minor) VALUES `
	columnsOfPaid = 6

	// AddToPaid ends an insertion into expense_paid that adds to what is kept.
	AddToPaid = `
ON CONFLICT (ledger_id, month, user_id, currency) DO UPDATE
SET entries = expense_paid.entries + excluded.entries, minor = expense_paid.minor + excluded.minor`

	putPaid = insertPaid + `($1, $2, $3, $4, $5, $6)
ON CONFLICT (ledger_id, month, user_id, currency) DO UPDATE SET entries = excluded.entries, minor = excluded.minor`

	maintainedPaid = `SELECT month, user_id, currency, entries, minor FROM expense_paid WHERE ledger_id = $1`

	actualPaid = `
SELECT substr(CAST(spent_on AS text), 1, 7), paid_by, currency, count(*), CAST(sum(price) AS text)
FROM expense_entry
WHERE ledger_id = $1 AND NOT deleted AND paid_by IS NOT NULL
GROUP BY 1, paid_by, currency`

	// The place is one in its currency.
	paidBetween = `
SELECT user_id, currency, entries, minor
FROM (
	SELECT user_id, currency, entries, minor, row_number() OVER (PARTITION BY currency ORDER BY minor DESC, user_id) AS place
	FROM (
		SELECT user_id, currency, CAST(sum(entries) AS bigint) AS entries, CAST(sum(minor) AS bigint) AS minor
		FROM expense_paid
		WHERE ledger_id = $1 AND month >= $2 AND month <= $3
		GROUP BY user_id, currency
	) summed
	WHERE entries > 0
) placed
WHERE place <= $4
ORDER BY currency, place`

	paidByMonth = `
SELECT month, currency, entries, minor
FROM expense_paid
WHERE ledger_id = $1 AND month >= $2 AND month <= $3 AND user_id = $4 AND entries > 0`
)

func (s *Store) scanMaintainedPaid(from sqlkit.Scanner) (expense.Tally, error) {
	var month int
	var payer ledger.UserID
	total, err := s.scanTotal(from, &month, &payer)
	key := expense.TotalKey{Payer: payer, Currency: total.Amount.Currency()}.Named(month)
	return expense.Tally{key: {Count: total.Count, Minor: total.Amount.Minor()}}, err
}

func (s *Store) scanActualPaid(from sqlkit.Scanner) (expense.Tally, error) {
	var payer ledger.UserID
	found, err := s.scanMonthOf(from, &payer)
	key := expense.TotalKey{Month: found.Month, Payer: payer, Currency: found.Amount.Currency()}
	return expense.Tally{key: {Count: found.Count, Minor: found.Amount.Minor()}}, err
}

func (s *Store) scanPaid(from sqlkit.Scanner) (t expense.PayerTotal, err error) {
	t.Total, err = s.scanTotal(from, &t.Payer)
	return t, err
}

// paid returns what each has paid in the months of a report.
func (s *Store) paid(ctx context.Context, q sqlkit.Querier, in ledger.ID, query expense.ReportQuery) ([]expense.PayerTotal, error) {
	if query.Payers == 0 {
		return nil, nil
	}
	first, last := query.PaidBetween()
	found, err := sqlkit.Collect(ctx, q, s.scanPaid, s.sql.paidBetween, in, first.Number(), last.Number(), query.Payers)
	if err != nil {
		return nil, fmt.Errorf("payers: %w", err)
	}
	return found, nil
}

// auditPaid adds what is kept of payers, and what their rows add up to.
func (s *Store) auditPaid(ctx context.Context, q sqlkit.Querier, in ledger.ID) (maintained, actual expense.Tally, err error) {
	if maintained, err = tally(ctx, q, s.scanMaintainedPaid, s.sql.maintainedPaid, in); err != nil {
		return nil, nil, fmt.Errorf("maintained sums of payers: %w", err)
	}
	if actual, err = tally(ctx, q, s.scanActualPaid, s.sql.actualPaid, in); err != nil {
		return nil, nil, fmt.Errorf("sums of payers' rows: %w", err)
	}
	return maintained, actual, nil
}
