package postgres

import (
	"context"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// Reads run again when their connection broke, for the next one may be whole. A change is not repeated so: it may have
// been committed before its answer was lost.

// Get implements expense.EntryStore.
func (s *Store) Get(ctx context.Context, in ledger.ID, id expense.ID) (expense.Expense, error) {
	return again(ctx, s, func(ctx context.Context) (expense.Expense, error) { return s.Store.Get(ctx, in, id) })
}

// List implements expense.EntryStore.
func (s *Store) List(ctx context.Context, in ledger.ID, query expense.ListQuery) ([]expense.Expense, error) {
	return again(ctx, s, func(ctx context.Context) ([]expense.Expense, error) { return s.Store.List(ctx, in, query) })
}

// State implements expense.TotalStore.
func (s *Store) State(ctx context.Context, in ledger.ID) (expense.State, error) {
	return again(ctx, s, func(ctx context.Context) (expense.State, error) { return s.Store.State(ctx, in) })
}

// Overview implements expense.TotalStore.
func (s *Store) Overview(ctx context.Context, in ledger.ID, query expense.OverviewQuery) (expense.Overview, error) {
	return again(ctx, s, func(ctx context.Context) (expense.Overview, error) { return s.Store.Overview(ctx, in, query) })
}

// Entries implements expense.TotalStore.
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

// attempts is how often a call runs: an add may use a connection of each of two pools, and they break together.
const attempts = 3

// again runs what may run more than once until it is not worth it any more, within one operation timeout.
func again[T any](ctx context.Context, s *Store, run func(context.Context) (T, error)) (T, error) {
	ctx, cancel := s.Bounded(ctx)
	defer cancel()
	result, err := run(ctx)
	for range attempts - 1 {
		if err == nil || !worthAnotherTry(err) || ctx.Err() != nil {
			break
		}
		result, err = run(ctx)
	}
	return result, err
}
