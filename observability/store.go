package observability

import (
	"context"
	"fmt"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// Store returns next with every method measured in expense_store_operation_duration_seconds, and begins to export the number of
// its entries. It is called once for a Telemetry.
func (t *Telemetry) Store(next expense.Store) (expense.Store, error) {
	measured := &measuredStore{next: next, operations: t.operations}
	if err := t.publishEntries(measured.Entries); err != nil {
		return nil, fmt.Errorf("entries metric: %w", err)
	}
	return measured, nil
}

// measuredStore times the calls of another store and changes nothing about them.
type measuredStore struct {
	next expense.Store
	*operations
}

func (s *measuredStore) Add(ctx context.Context, in ledger.ID, entry expense.Entry) (expense.Receipt, error) {
	started := s.now()
	receipt, err := s.next.Add(ctx, in, entry)
	s.done(ctx, opAdd, started, err)
	return receipt, err
}

func (s *measuredStore) AddAll(ctx context.Context, in ledger.ID, entries []expense.Entry) ([]expense.AddResult, error) {
	started := s.now()
	results, err := s.next.AddAll(ctx, in, entries)
	s.done(ctx, opAddAll, started, err)
	return results, err
}

func (s *measuredStore) Get(ctx context.Context, in ledger.ID, id expense.ID) (expense.Expense, error) {
	started := s.now()
	found, err := s.next.Get(ctx, in, id)
	s.done(ctx, opGet, started, err)
	return found, err
}

func (s *measuredStore) Change(
	ctx context.Context, in ledger.ID, id expense.ID, basis expense.Basis, revise func(expense.Expense) (expense.Expense, error),
) (expense.Expense, error) {
	started := s.now()
	changed, err := s.next.Change(ctx, in, id, basis, revise)
	s.done(ctx, opChange, started, err)
	return changed, err
}

func (s *measuredStore) List(ctx context.Context, in ledger.ID, query expense.ListQuery) ([]expense.Expense, error) {
	started := s.now()
	expenses, err := s.next.List(ctx, in, query)
	s.done(ctx, opList, started, err)
	return expenses, err
}

func (s *measuredStore) State(ctx context.Context, in ledger.ID) (expense.State, error) {
	started := s.now()
	state, err := s.next.State(ctx, in)
	s.done(ctx, opState, started, err)
	return state, err
}

func (s *measuredStore) Overview(ctx context.Context, in ledger.ID, query expense.OverviewQuery) (expense.Overview, error) {
	started := s.now()
	overview, err := s.next.Overview(ctx, in, query)
	s.done(ctx, opOverview, started, err)
	return overview, err
}

func (s *measuredStore) Entries(ctx context.Context) (int64, error) {
	started := s.now()
	entries, err := s.next.Entries(ctx)
	s.done(ctx, opEntries, started, err)
	return entries, err
}

func (s *measuredStore) ListCategories(
	ctx context.Context, in ledger.ID, after string, limit int,
) ([]expense.CategorySummary, error) {
	started := s.now()
	categories, err := s.next.ListCategories(ctx, in, after, limit)
	s.done(ctx, opListCategories, started, err)
	return categories, err
}

func (s *measuredStore) GetCategory(ctx context.Context, in ledger.ID, id expense.CategoryID) (expense.CategorySummary, error) {
	started := s.now()
	category, err := s.next.GetCategory(ctx, in, id)
	s.done(ctx, opGetCategory, started, err)
	return category, err
}

func (s *measuredStore) SuggestCategories(ctx context.Context, in ledger.ID, limit int) ([]expense.Category, error) {
	started := s.now()
	categories, err := s.next.SuggestCategories(ctx, in, limit)
	s.done(ctx, opSuggestCategories, started, err)
	return categories, err
}

func (s *measuredStore) CategoryNamed(ctx context.Context, in ledger.ID, name expense.CategoryName) (expense.Category, error) {
	started := s.now()
	category, err := s.next.CategoryNamed(ctx, in, name)
	s.done(ctx, opCategoryNamed, started, err)
	return category, err
}

func (s *measuredStore) RenameCategory(
	ctx context.Context, in ledger.ID, id expense.CategoryID, basis expense.Basis, name expense.CategoryName,
) (expense.Category, error) {
	started := s.now()
	category, err := s.next.RenameCategory(ctx, in, id, basis, name)
	s.done(ctx, opRenameCategory, started, err)
	return category, err
}

func (s *measuredStore) MergeCategory(
	ctx context.Context, in ledger.ID, from expense.CategoryID, basis expense.Basis, into expense.CategoryID,
) (expense.Category, error) {
	started := s.now()
	category, err := s.next.MergeCategory(ctx, in, from, basis, into)
	s.done(ctx, opMergeCategory, started, err)
	return category, err
}

// Currency is not measured: a storage answers it from memory, once for each add.
func (s *measuredStore) Currency(ctx context.Context, code string) (money.Currency, error) {
	return s.next.Currency(ctx, code)
}

func (s *measuredStore) Ledgers(ctx context.Context) ([]ledger.ID, error) {
	started := s.now()
	ledgers, err := s.next.Ledgers(ctx)
	s.done(ctx, opLedgers, started, err)
	return ledgers, err
}

func (s *measuredStore) Audit(ctx context.Context, in ledger.ID, repair bool) ([]expense.Discrepancy, error) {
	started := s.now()
	discrepancies, err := s.next.Audit(ctx, in, repair)
	s.done(ctx, opAudit, started, err)
	return discrepancies, err
}
