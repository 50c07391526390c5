package webtest

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
)

// Storage is a database in memory, whose expenses can be taken away, as a server can.
type Storage struct {
	*memory.DB
	expense.Store
	expense.Counter
	broken    atomic.Pointer[error]
	Overviews atomic.Int64 // how often one was asked for
	Lists     atomic.Int64 // likewise
	States    atomic.Int64 // likewise
}

func newStorage() *Storage {
	db := memory.New()
	return &Storage{DB: db, Store: db.Expenses(), Counter: db.ExpenseCounter()}
}

// Expenses returns the store of expenses that can be taken away.
func (s *Storage) Expenses() expense.Store { return s }

// Fail makes every answer an error from now on.
func (s *Storage) Fail(err error) { s.broken.Store(&err) }

// TakeAway makes the storage unavailable.
func (s *Storage) TakeAway() {
	s.Fail(&fault.Error{Kind: fault.Unavailable, Op: "test", RetryAfter: 1500 * time.Millisecond, Err: errors.New("secret driver text")})
}

// BringBack ends what Fail or TakeAway began.
func (s *Storage) BringBack() { s.broken.Store(nil) }

func (s *Storage) err() error {
	if err := s.broken.Load(); err != nil {
		return *err
	}
	return nil
}

// State implements expense.Store.
func (s *Storage) State(ctx context.Context, in ledger.ID) (ledger.State, error) {
	if err := s.err(); err != nil {
		return ledger.State{}, err
	}
	s.States.Add(1)
	return s.Store.State(ctx, in)
}

// Overview implements expense.Store.
func (s *Storage) Overview(ctx context.Context, in ledger.ID, query expense.OverviewQuery) (expense.Overview, error) {
	if err := s.err(); err != nil {
		return expense.Overview{}, err
	}
	s.Overviews.Add(1)
	return s.Store.Overview(ctx, in, query)
}

// Add implements expense.Store.
func (s *Storage) Add(ctx context.Context, in ledger.ID, entry expense.Entry) (expense.Receipt, error) {
	if err := s.err(); err != nil {
		return expense.Receipt{}, err
	}
	return s.Store.Add(ctx, in, entry)
}

// Get implements expense.Store.
func (s *Storage) Get(ctx context.Context, in ledger.ID, id expense.ID) (expense.Expense, error) {
	if err := s.err(); err != nil {
		return expense.Expense{}, err
	}
	return s.Store.Get(ctx, in, id)
}

// Change implements expense.Store.
func (s *Storage) Change(
	ctx context.Context, in ledger.ID, id expense.ID, basis revision.Basis, revise func(expense.Expense) (expense.Expense, error),
) (expense.Expense, error) {
	if err := s.err(); err != nil {
		return expense.Expense{}, err
	}
	return s.Store.Change(ctx, in, id, basis, revise)
}

// ChangeAll implements expense.Store.
func (s *Storage) ChangeAll(
	ctx context.Context, in ledger.ID, batch expense.Batch, revise func(expense.Expense) (expense.Expense, error),
) ([]expense.Expense, error) {
	if err := s.err(); err != nil {
		return nil, err
	}
	return s.Store.ChangeAll(ctx, in, batch, revise)
}

// BatchBefore implements expense.Store.
func (s *Storage) BatchBefore(ctx context.Context, in ledger.ID, number expense.BatchNumber) ([]expense.Expense, error) {
	if err := s.err(); err != nil {
		return nil, err
	}
	return s.Store.BatchBefore(ctx, in, number)
}

// List implements expense.Store.
func (s *Storage) List(ctx context.Context, in ledger.ID, query expense.ListQuery) ([]expense.Expense, error) {
	if err := s.err(); err != nil {
		return nil, err
	}
	s.Lists.Add(1)
	return s.Store.List(ctx, in, query)
}

// ListCategories implements expense.Store.
func (s *Storage) ListCategories(ctx context.Context, in ledger.ID, after string, limit int) ([]expense.CategorySummary, error) {
	if err := s.err(); err != nil {
		return nil, err
	}
	return s.Store.ListCategories(ctx, in, after, limit)
}

// GetCategory implements expense.Store.
func (s *Storage) GetCategory(ctx context.Context, in ledger.ID, id expense.CategoryID) (expense.CategorySummary, error) {
	if err := s.err(); err != nil {
		return expense.CategorySummary{}, err
	}
	return s.Store.GetCategory(ctx, in, id)
}

// RenameCategory implements expense.Store.
func (s *Storage) RenameCategory(
	ctx context.Context, in ledger.ID, id expense.CategoryID, basis revision.Basis, name expense.CategoryName,
) (expense.Category, error) {
	if err := s.err(); err != nil {
		return expense.Category{}, err
	}
	return s.Store.RenameCategory(ctx, in, id, basis, name)
}
