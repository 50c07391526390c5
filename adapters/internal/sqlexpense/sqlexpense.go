// Package sqlexpense keeps expenses, categories and totals in the databases that speak SQL: all of expense.Store but Add and AddAll, whose
// speed lies in what only one database can do. Its SQL is one text for every database. It knows no driver and no other module.
//
// The tables are those of the storages' migrations: category, expense_entry, expense_revision, expense_total; and ledger_change,
// see sqlkit.Step.
package sqlexpense

import (
	"context"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/adapters/internal/sqlmoney"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// Store implements what the storages share of expense.Store. A storage's own store embeds it.
type Store struct {
	runner     *sqlkit.Runner
	currencies *sqlmoney.Currencies
	sql        statements
	plans      string // statement that says how a report is planned; empty for as everything else
}

var _ interface {
	expense.BinStore
	expense.BatchStore
	expense.TotalStore
	expense.Counter
	expense.CategoryStore
	expense.CurrencyStore
	ledger.StateStore
} = (*Store)(nil)

// New returns a Store that asks through the runner.
func New(runner *sqlkit.Runner, currencies *sqlmoney.Currencies) *Store {
	return &Store{runner: runner, currencies: currencies, sql: rebind(runner)}
}

// PlanReports has each report begin with a statement, which says how the database plans in that transaction.
func (s *Store) PlanReports(by string) { s.plans = by }

// ReadThrough has a report's largest expenses read through a view of a ledger's rows of expense_entry, and the count of all expenses by a
// query of the storage's own, where the database keeps rows of ledgers apart by itself.
func (s *Store) ReadThrough(entries, count string) {
	s.sql.largestOfMonth = s.runner.Rebind(largest(s.runner, entries, 1))
	s.sql.largestOfYear = s.runner.Rebind(largest(s.runner, entries, monthsOfYear))
	s.sql.countExpenses = s.runner.Rebind(count)
}

// State implements ledger.StateStore.
func (s *Store) State(ctx context.Context, in ledger.ID) (ledger.State, error) {
	return s.runner.State(ctx, "sqlexpense.State", in)
}

// Currency implements expense.CurrencyStore.
func (s *Store) Currency(ctx context.Context, code string) (money.Currency, error) {
	const op = "sqlexpense.Currency"
	found, err := s.currencies.Find(ctx, op, code)
	if err == nil && found.IsZero() {
		return found, expense.NoSuchCurrency(op, code)
	}
	return found, err
}
