// Package sqlbudget keeps budgets in the databases that speak SQL: it implements budget.Store, whole. Its SQL is one text for every
// database. It knows no driver and no other module. The tables are those of the storages' migrations: budget and budget_term.
package sqlbudget

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/adapters/internal/sqlmoney"
	"expense-tracker/core/budget"
	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

const (
	// selectBudgets has a row for each term from the one that stands at $2 until $3, or one without a term.
	selectBudgets = `
SELECT b.category_id, b.revision, t.month, CAST(t.amount AS text), t.currency, t.carried
FROM budget b
LEFT JOIN budget_term t ON t.ledger_id = b.ledger_id AND t.category_id = b.category_id AND t.month <= $3 AND t.month >= COALESCE((
	SELECT max(standing.month) FROM budget_term standing
	WHERE standing.ledger_id = b.ledger_id AND standing.category_id = b.category_id AND standing.month <= $2
), 0)
WHERE b.ledger_id = $1`

	listBudgets = selectBudgets + ` ORDER BY b.category_id, t.month`
	oneBudget   = selectBudgets + ` AND b.category_id = $4 ORDER BY t.month`

	revisionOf = `SELECT revision FROM budget WHERE ledger_id = $1 AND category_id = $2`
	putBudget  = `
INSERT INTO budget (ledger_id, category_id, revision) VALUES ($1, $2, 1)
ON CONFLICT (ledger_id, category_id) DO UPDATE SET revision = budget.revision + 1`
	putTerm = `
INSERT INTO budget_term (ledger_id, category_id, month, amount, currency, carried) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (ledger_id, category_id, month) DO UPDATE
SET amount = excluded.amount, currency = excluded.currency, carried = excluded.carried`
	dropLater = `DELETE FROM budget_term WHERE ledger_id = $1 AND category_id = $2 AND month > $3`
)

// forever is after every month.
const forever = 999999

// kind is that of a budget's row among the steps that are noted.
const kind = "budget"

// Store implements budget.Store.
type Store struct {
	runner     *sqlkit.Runner
	currencies *sqlmoney.Currencies

	list, one, revisionOf, putBudget, putTerm, dropLater string // with the driver's placeholders
}

var _ budget.Store = (*Store)(nil)

// New returns a Store that asks through the runner.
func New(r *sqlkit.Runner, currencies *sqlmoney.Currencies) *Store {
	return &Store{
		runner: r, currencies: currencies, list: r.Rebind(listBudgets), one: r.Rebind(oneBudget), revisionOf: r.Rebind(revisionOf),
		putBudget: r.Rebind(putBudget), putTerm: r.Rebind(putTerm), dropLater: r.Rebind(dropLater),
	}
}

// List implements budget.Store.
func (s *Store) List(ctx context.Context, in ledger.ID, from, to civil.Month) ([]budget.Budget, error) {
	rows, err := sqlkit.Rows(ctx, s.runner, "sqlbudget.List", in, s.scan, s.list, from.Number(), to.Number())
	return join(rows), err
}

// Get implements budget.Store.
func (s *Store) Get(ctx context.Context, in ledger.ID, of budget.CategoryID, from civil.Month) (found budget.Budget, err error) {
	const op = "sqlbudget.Get"
	err = s.runner.Read(ctx, op, in, func(ctx context.Context, on sqlkit.Querier) error {
		found, err = s.get(ctx, on, op, in, of, from)
		return err
	})
	return found, err
}

func (s *Store) get(
	ctx context.Context, on sqlkit.Querier, op string, in ledger.ID, of budget.CategoryID, from civil.Month,
) (budget.Budget, error) {
	rows, err := sqlkit.Collect(ctx, on, s.scan, s.one, in, from.Number(), forever, of)
	if err != nil {
		return budget.Budget{}, err
	}
	if len(rows) == 0 {
		return budget.Budget{}, budget.NoSuchBudget(op)
	}
	return join(rows)[0], nil
}

// Set implements budget.Store.
func (s *Store) Set(
	ctx context.Context, in ledger.ID, of budget.CategoryID, basis revision.Basis, term budget.Term,
) (budget.Budget, error) {
	const op = "sqlbudget.Set"
	step := sqlkit.Step{Ledger: in, Kind: kind, Row: int64(of), Basis: basis}
	var now budget.Budget
	err := s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) error {
		at := 0
		err := tx.QueryRowContext(ctx, s.revisionOf, in, of).Scan(&at)
		missing := errors.Is(err, sql.ErrNoRows)
		switch {
		case err != nil && !missing:
			return fmt.Errorf("revision: %w", err)
		case missing && basis.Revision != 0:
			return budget.NoSuchBudget(op)
		case at != basis.Revision:
			if now, err = s.get(ctx, tx, op, in, of, term.From); err != nil {
				return err
			}
			return s.runner.Repeated(ctx, tx, step, budget.Stale(op))
		}
		if err := s.put(ctx, tx, op, in, of, term); err != nil {
			return err
		}
		if err := s.runner.Note(ctx, tx, step); err != nil {
			return err
		}
		now, err = s.get(ctx, tx, op, in, of, term.From)
		return err
	})
	if err != nil {
		return budget.Budget{}, err
	}
	return now, nil
}

// put writes a term and raises the budget's revision.
func (s *Store) put(ctx context.Context, tx *sql.Tx, op string, in ledger.ID, of budget.CategoryID, term budget.Term) error {
	if _, err := tx.ExecContext(ctx, s.putBudget, in, of); err != nil {
		return fmt.Errorf("put the budget: %w", err)
	}
	if term.IsEnd() {
		if _, err := tx.ExecContext(ctx, s.dropLater, in, of, term.From.Number()); err != nil {
			return fmt.Errorf("drop later terms: %w", err)
		}
		_, err := tx.ExecContext(ctx, s.putTerm, in, of, term.From.Number(), nil, nil, false)
		return err
	}
	currency, err := s.currencies.Counting(term.Limit.Currency())
	if err != nil {
		return err
	}
	limit, err := budget.Counted(op, term.Limit, currency)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, s.putTerm, in, of, term.From.Number(), s.currencies.StoreAmount(limit), currency.Code(), term.Carry)
	return err
}

// row is a budget with one of its terms, or with none.
type row struct {
	of       budget.CategoryID
	revision int
	term     *budget.Term
}

func (s *Store) scan(from sqlkit.Scanner) (row, error) {
	var r row
	var month sql.NullInt64
	var amount, code sql.NullString
	var carried sql.NullBool
	if err := from.Scan(&r.of, &r.revision, &month, &amount, &code, &carried); err != nil {
		return r, err
	}
	if !month.Valid {
		return r, nil
	}
	r.term = &budget.Term{From: civil.MonthOfNumber(int(month.Int64)), Carry: carried.Bool}
	if !amount.Valid {
		return r, nil
	}
	currency, err := s.currencies.Stored(code.String)
	if err != nil {
		return r, fmt.Errorf("budget of category %d: %w", r.of, err)
	}
	var limit money.Amount
	if limit, err = s.currencies.ParseAmount(amount.String, currency); err != nil {
		return r, fmt.Errorf("budget of category %d: %w", r.of, err)
	}
	r.term.Limit = limit
	return r, nil
}

// join makes one budget of the rows of each category, which follow each other.
func join(rows []row) []budget.Budget {
	var all []budget.Budget
	for _, r := range rows {
		if last := len(all) - 1; last < 0 || all[last].Category != r.of {
			all = append(all, budget.Budget{Category: r.of, Revision: r.revision})
		}
		if r.term != nil {
			last := &all[len(all)-1]
			last.Terms = append(last.Terms, *r.term)
		}
	}
	return all
}
