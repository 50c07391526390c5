package postgres

import (
	"context"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// What may run twice runs again when its connection broke, for the next one may be whole. A change may have been committed before
// its answer was lost: then its repeat is recognised by its basis, as an add is by its key.

// Get implements expense.EntryStore.
func (s *Store) Get(ctx context.Context, in ledger.ID, id expense.ID) (expense.Expense, error) {
	return again(ctx, s, func(ctx context.Context) (expense.Expense, error) { return s.Store.Get(ctx, in, id) })
}

// List implements expense.EntryStore.
func (s *Store) List(ctx context.Context, in ledger.ID, query expense.ListQuery) ([]expense.Expense, error) {
	return again(ctx, s, func(ctx context.Context) ([]expense.Expense, error) { return s.Store.List(ctx, in, query) })
}

// Change implements expense.EntryStore.
func (s *Store) Change(
	ctx context.Context, in ledger.ID, id expense.ID, basis expense.Basis, revise func(expense.Expense) (expense.Expense, error),
) (expense.Expense, error) {
	return again(ctx, s, func(ctx context.Context) (expense.Expense, error) { return s.Store.Change(ctx, in, id, basis, revise) })
}

// Ledger implements ledger.Store.
func (s *Store) Ledger(ctx context.Context, id ledger.ID) (ledger.Ledger, error) {
	return again(ctx, s, func(ctx context.Context) (ledger.Ledger, error) { return s.Store.Ledger(ctx, id) })
}

// Define implements ledger.Store. To define a ledger twice changes it once.
func (s *Store) Define(ctx context.Context, given ledger.Ledger) (ledger.Ledger, error) {
	return again(ctx, s, func(ctx context.Context) (ledger.Ledger, error) { return s.Store.Define(ctx, given) })
}

// State implements ledger.StateStore.
func (s *Store) State(ctx context.Context, in ledger.ID) (ledger.State, error) {
	return again(ctx, s, func(ctx context.Context) (ledger.State, error) { return s.Store.State(ctx, in) })
}

// Overview implements expense.TotalStore.
func (s *Store) Overview(ctx context.Context, in ledger.ID, query expense.OverviewQuery) (expense.Overview, error) {
	return again(ctx, s, func(ctx context.Context) (expense.Overview, error) { return s.Store.Overview(ctx, in, query) })
}

// Entries implements expense.Counter.
func (s *Store) Entries(ctx context.Context) (int64, error) {
	return again(ctx, s, s.Store.Entries)
}

// ListCategories implements expense.CategoryStore.
func (s *Store) ListCategories(ctx context.Context, in ledger.ID, after string, limit int) ([]expense.CategorySummary, error) {
	return again(ctx, s, func(ctx context.Context) ([]expense.CategorySummary, error) {
		return s.Store.ListCategories(ctx, in, after, limit)
	})
}

// GetCategory implements expense.CategoryStore.
func (s *Store) GetCategory(ctx context.Context, in ledger.ID, id expense.CategoryID) (expense.CategorySummary, error) {
	return again(ctx, s, func(ctx context.Context) (expense.CategorySummary, error) { return s.Store.GetCategory(ctx, in, id) })
}

// SuggestCategories implements expense.CategoryStore.
func (s *Store) SuggestCategories(ctx context.Context, in ledger.ID, limit int) ([]expense.Category, error) {
	return again(ctx, s, func(ctx context.Context) ([]expense.Category, error) {
		return s.Store.SuggestCategories(ctx, in, limit)
	})
}

// CategoryNamed implements expense.CategoryStore.
func (s *Store) CategoryNamed(ctx context.Context, in ledger.ID, name expense.CategoryName) (expense.Category, error) {
	return again(ctx, s, func(ctx context.Context) (expense.Category, error) { return s.Store.CategoryNamed(ctx, in, name) })
}

// RenameCategory implements expense.CategoryStore.
func (s *Store) RenameCategory(
	ctx context.Context, in ledger.ID, id expense.CategoryID, basis expense.Basis, name expense.CategoryName,
) (expense.Category, error) {
	return again(ctx, s, func(ctx context.Context) (expense.Category, error) {
		return s.Store.RenameCategory(ctx, in, id, basis, name)
	})
}

// MergeCategory implements expense.CategoryStore.
func (s *Store) MergeCategory(
	ctx context.Context, in ledger.ID, from expense.CategoryID, basis expense.Basis, into expense.CategoryID,
) (expense.Category, error) {
	return again(ctx, s, func(ctx context.Context) (expense.Category, error) {
		return s.Store.MergeCategory(ctx, in, from, basis, into)
	})
}

// again runs what may run more than once until it is not worth it any more, within one operation timeout. The connections of both pools
// break together, and a call finds that out of one after the other: so it may meet each of them, and then a new one.
func again[T any](ctx context.Context, s *Store, run func(context.Context) (T, error)) (T, error) {
	ctx, cancel := s.Bounded(ctx)
	defer cancel()
	result, err := run(ctx)
	for range s.connections {
		if err == nil || !worthAnotherTry(err) || ctx.Err() != nil {
			break
		}
		result, err = run(ctx)
	}
	return result, err
}
