package sqlstore

import (
	"context"
	"fmt"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// selectExpenses begins queries for expenses. A category that was merged away shows as the one that is left.
const selectExpenses = SelectColumns + `
FROM expense_entry e` + JoinCategories + `
WHERE e.ledger_id = $1`

const (
	// SelectColumns begins a query on e, rows of expense_entry, and c, their categories: what ScanExpense reads.
	SelectColumns = `
SELECT e.id, CAST(e.spent_on AS text), c.id, c.name, CAST(e.price AS text), e.currency, e.note, e.revision, e.deleted`

	// JoinCategories joins c to e.
	JoinCategories = `
JOIN category raw ON raw.ledger_id = e.ledger_id AND raw.id = e.category_id
JOIN category c ON c.ledger_id = raw.ledger_id AND c.id = COALESCE(raw.merged_into, raw.id)`
)

// scanner is a row to read columns from.
type scanner interface{ Scan(dest ...any) error }

// expenseRow is an expense as the database shows it.
type expenseRow struct {
	id         int64
	spentOn    string
	categoryID int64
	category   string
	price      string
	currency   string
	note       string
	revision   int
	deleted    bool
}

func (s *Store) scanExpense(from scanner) (expense.Expense, error) { return s.ScanExpense(from) }

// ScanExpense reads an expense from SelectColumns, and what a query selects behind them into more.
func (s *Store) ScanExpense(from interface{ Scan(dest ...any) error }, more ...any) (expense.Expense, error) {
	var r expenseRow
	columns := []any{&r.id, &r.spentOn, &r.categoryID, &r.category, &r.price, &r.currency, &r.note, &r.revision, &r.deleted}
	if err := from.Scan(append(columns, more...)...); err != nil {
		return expense.Expense{}, err
	}
	return s.toExpense(r)
}

func (s *Store) toExpense(r expenseRow) (expense.Expense, error) {
	date, err := civil.ParseDate(r.spentOn)
	if err != nil {
		return expense.Expense{}, fmt.Errorf("expense %d: %w", r.id, err)
	}
	currency, err := s.currency(r.currency)
	if err != nil {
		return expense.Expense{}, fmt.Errorf("expense %d: %w", r.id, err)
	}
	price, err := s.dialect.ParsePrice(r.price, currency)
	if err != nil {
		return expense.Expense{}, fmt.Errorf("expense %d: price: %w", r.id, err)
	}
	return expense.Expense{
		ID: expense.ID(r.id), Date: date, Price: price, Note: r.note, Revision: r.revision, Deleted: r.deleted,
		Category: expense.Category{ID: expense.CategoryID(r.categoryID), Name: expense.CategoryName(r.category)},
	}, nil
}

// collect runs a query and scans all of its rows.
func collect[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err has told the outcome by then
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// read is collect for a query of a ledger ($1) that runs alone, for reading.
func read[T any](ctx context.Context, s *Store, in ledger.ID, scan func(scanner) (T, error), query string, args ...any) (all []T, err error) {
	err = s.reading(ctx, in, func(ctx context.Context) error {
		all, err = collect(ctx, s.reader, scan, query, append([]any{in}, args...)...)
		return err
	})
	return all, err
}

// scanTotal reads columns entries and minor, after others that lead, of a total in the currency that stands before them.
func (s *Store) scanTotal(from scanner, lead ...any) (expense.Total, error) {
	var code string
	var sum expense.Sum
	if err := from.Scan(append(lead, &code, &sum.Entries, &sum.Minor)...); err != nil {
		return expense.Total{}, err
	}
	currency, err := s.currency(code)
	if err != nil {
		return expense.Total{}, fmt.Errorf("total: %w", err)
	}
	return expense.Total{Entries: sum.Entries, Amount: money.FromMinor(sum.Minor, currency)}, nil
}

func scanLedgerID(from scanner) (id ledger.ID, err error) {
	err = from.Scan(&id)
	return id, err
}
