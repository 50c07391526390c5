package sqlexpense

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
)

const (
	expenseByID  = selectExpenses + ` AND e.id = $2`
	expenseByKey = selectExpenses + ` AND e.idempotency_key = $2`

	// Lists cut first and join afterwards: a planner that knows little of the categories would otherwise read the whole ledger. How many of
	// the newest are wanted stands in the text: were it a value, PostgreSQL would plan each first page anew, to know it.
	listNewest = SelectColumns + `
FROM (
	SELECT * FROM expense_entry
	WHERE ledger_id = $1 AND NOT deleted ORDER BY spent_on DESC, id DESC LIMIT %d
) e` + JoinCategories + `
ORDER BY e.spent_on DESC, e.id DESC`

	// In two stretches, what is left of the position's day and the days beyond it, for not every database seeks to a pair.
	listBefore = SelectColumns + `
FROM (
	SELECT * FROM (
		SELECT * FROM expense_entry
		WHERE ledger_id = $1 AND NOT deleted AND spent_on = $2 AND id < $3 ORDER BY id DESC LIMIT $4
	) day
	UNION ALL
	SELECT * FROM (
		SELECT * FROM expense_entry
		WHERE ledger_id = $1 AND NOT deleted AND spent_on < $2 ORDER BY spent_on DESC, id DESC LIMIT $4
	) beyond
	ORDER BY spent_on DESC, id DESC LIMIT $4
) e` + JoinCategories + `
ORDER BY e.spent_on DESC, e.id DESC`
	listAfter = SelectColumns + `
FROM (
	SELECT * FROM (
		SELECT * FROM expense_entry
		WHERE ledger_id = $1 AND NOT deleted AND spent_on = $2 AND id > $3 ORDER BY id LIMIT $4
	) day
	UNION ALL
	SELECT * FROM (
		SELECT * FROM expense_entry
		WHERE ledger_id = $1 AND NOT deleted AND spent_on > $2 ORDER BY spent_on, id LIMIT $4
	) beyond
	ORDER BY spent_on, id LIMIT $4
) e` + JoinCategories + `
ORDER BY e.spent_on, e.id`
)

// Get implements expense.SpendingStore.
func (s *Store) Get(ctx context.Context, in ledger.ID, id expense.ID) (expense.Expense, error) {
	const op = "sqlexpense.Get"
	var found expense.Expense
	err := s.runner.Read(ctx, op, in, func(ctx context.Context, on sqlkit.Querier) (err error) {
		found, err = s.get(ctx, on, op, in, id)
		return err
	})
	return found, err
}

func (s *Store) get(ctx context.Context, q sqlkit.Querier, op string, in ledger.ID, id expense.ID) (expense.Expense, error) {
	found, err := s.scanExpense(q.QueryRowContext(ctx, s.sql.expenseByID, in, id))
	if errors.Is(err, sql.ErrNoRows) || err == nil && found.Gone {
		return expense.Expense{}, expense.NoSuchExpense(op)
	}
	return found, err
}

// Stored returns the expense that a key has stored in the ledger, or false. A fault of the driver's is left as it is, for Write.
func (s *Store) Stored(ctx context.Context, tx *sql.Tx, in ledger.ID, key idempotency.Key) (expense.Expense, bool, error) {
	found, err := s.scanExpense(tx.QueryRowContext(ctx, s.sql.expenseByKey, in, string(key)))
	if errors.Is(err, sql.ErrNoRows) {
		return expense.Expense{}, false, nil
	}
	return found, err == nil, err
}

// List implements expense.SpendingStore.
func (s *Store) List(ctx context.Context, in ledger.ID, query expense.ListQuery) ([]expense.Expense, error) {
	var listed []expense.Expense
	err := s.runner.Read(ctx, "sqlexpense.List", in, func(ctx context.Context, on sqlkit.Querier) (err error) {
		listed, err = s.list(ctx, on, in, query)
		return err
	})
	return listed, err
}

func (s *Store) list(ctx context.Context, q sqlkit.Querier, in ledger.ID, query expense.ListQuery) ([]expense.Expense, error) {
	switch {
	case query.Before != nil:
		return sqlkit.Collect(ctx, q, s.scanExpense, s.sql.listBefore, in, dateOf(*query.Before), query.Before.ID, query.Limit)
	case query.After != nil:
		listed, err := sqlkit.Collect(ctx, q, s.scanExpense, s.sql.listAfter, in, dateOf(*query.After), query.After.ID, query.Limit)
		slices.Reverse(listed)
		return listed, err
	}
	return sqlkit.Collect(ctx, q, s.scanExpense, fmt.Sprintf(s.sql.listNewest, query.Limit), in)
}

// dateOf returns a position's date; the zero Position's is older than every expense's.
func dateOf(p expense.Position) string {
	if p.Date.IsZero() {
		return civil.Date{Year: 1, Month: 1, Day: 1}.String()
	}
	return p.Date.String()
}
