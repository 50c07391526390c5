package sqlexpense

import (
	"fmt"
	"strings"

	"expense-tracker/adapters/internal/sqlkit"
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
SELECT e.id, CAST(e.spent_on AS text), c.id, c.name, c.colour, c.icon, c.archived,
	CAST(e.price AS text), e.currency, e.note, e.revision, e.deleted,
	e.payee, e.tags, e.purged, COALESCE(e.added_by, 0), COALESCE(e.paid_by, 0)`

	// JoinCategories joins c to e.
	JoinCategories = `
JOIN category raw ON raw.ledger_id = e.ledger_id AND raw.id = e.category_id
JOIN category c ON c.ledger_id = raw.ledger_id AND c.id = COALESCE(raw.merged_into, raw.id)`
)

// expenseRow is an expense as the database shows it.
type expenseRow struct {
	id       int64
	spentOn  string
	category CategoryRow
	price    string
	currency string
	note     string
	revision int
	deleted  bool
	payee    string
	tags     string
	purged   bool
	addedBy  ledger.UserID
	paidBy   ledger.UserID
}

func (s *Store) scanExpense(from sqlkit.Scanner) (expense.Expense, error) { return s.ScanExpense(from) }

// ScanExpense reads an expense from SelectColumns, and what a query selects behind them into more.
func (s *Store) ScanExpense(from sqlkit.Scanner, more ...any) (expense.Expense, error) {
	var r expenseRow
	columns := []any{&r.id, &r.spentOn, &r.category.ID, &r.category.Name, &r.category.Colour, &r.category.Icon,
		&r.category.Archived, &r.price, &r.currency, &r.note, &r.revision, &r.deleted,
		&r.payee, &r.tags, &r.purged, &r.addedBy, &r.paidBy}
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
	currency, err := s.currencies.Stored(r.currency)
	if err != nil {
		return expense.Expense{}, fmt.Errorf("expense %d: %w", r.id, err)
	}
	price, err := s.currencies.ParseAmount(r.price, currency)
	if err != nil {
		return expense.Expense{}, fmt.Errorf("expense %d: price: %w", r.id, err)
	}
	return expense.Expense{
		ID: expense.ID(r.id), Date: date, Price: price.Abs(), Note: r.note, Revision: r.revision, Deleted: r.deleted,
		Payee: r.payee, Tags: expense.Tags(strings.TrimSpace(r.tags)), Refund: price.Minor() < 0, Gone: r.purged,
		AddedBy: r.addedBy, PaidBy: r.paidBy,
		Category: r.category.Category(),
	}, nil
}

// CategoryRow is a category as the database shows it, in columns id, name, colour, icon, archived.
type CategoryRow struct {
	ID       expense.CategoryID
	Name     expense.CategoryName
	Colour   expense.Colour
	Icon     string
	Archived bool
}

// Columns are where Scan puts the columns.
func (r *CategoryRow) Columns() []any { return []any{&r.ID, &r.Name, &r.Colour, &r.Icon, &r.Archived} }

// Category returns the category as it is shown.
func (r *CategoryRow) Category() expense.Category {
	return expense.NewCategory(r.ID, r.Name, expense.Look{Colour: r.Colour, Icon: r.Icon}, r.Archived)
}

// StoreTags is the column tags: one blank around each, so that one tag is found among others.
func StoreTags(tags expense.Tags) string {
	if tags == "" {
		return ""
	}
	return " " + string(tags) + " "
}

// scanTotal reads columns entries and minor, after others that lead, of a total in the currency that stands before them.
func (s *Store) scanTotal(from sqlkit.Scanner, lead ...any) (expense.Total, error) {
	var code string
	var sum expense.Sum
	if err := from.Scan(append(lead, &code, &sum.Count, &sum.Minor)...); err != nil {
		return expense.Total{}, err
	}
	currency, err := s.currencies.Stored(code)
	if err != nil {
		return expense.Total{}, fmt.Errorf("total: %w", err)
	}
	return expense.Total{Count: sum.Count, Amount: money.FromMinor(sum.Minor, currency)}, nil
}
