package observability

import (
	"context"
	"fmt"
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

// Store returns next with every method measured in expense_store_operation_duration_seconds, and begins to export the number of
// entries that the storage counts. It is called once for a Telemetry.
func (t *Telemetry) Store(next expense.Store, counter expense.Counter) (expense.Store, error) {
	measured := &measuredStore{next: next, operations: t.operations}
	if err := t.publishEntries(measured.entries(counter)); err != nil {
		return nil, fmt.Errorf("entries metric: %w", err)
	}
	return measured, nil
}

// measuredStore times the calls of another store and changes nothing about them. A method of the port is one call of measure here.
type measuredStore struct {
	next       expense.Store
	operations *operations
}

func (s *measuredStore) Add(ctx context.Context, in ledger.ID, entry expense.Entry) (expense.Receipt, error) {
	return measure(ctx, s.operations, "add", func(ctx context.Context) (expense.Receipt, error) { return s.next.Add(ctx, in, entry) })
}

func (s *measuredStore) AddAll(ctx context.Context, in ledger.ID, entries []expense.Entry) ([]expense.AddResult, error) {
	return measure(ctx, s.operations, "add_all", func(ctx context.Context) ([]expense.AddResult, error) {
		return s.next.AddAll(ctx, in, entries)
	})
}

func (s *measuredStore) Get(ctx context.Context, in ledger.ID, id expense.ID) (expense.Expense, error) {
	return measure(ctx, s.operations, "get", func(ctx context.Context) (expense.Expense, error) { return s.next.Get(ctx, in, id) })
}

func (s *measuredStore) Change(
	ctx context.Context, in ledger.ID, id expense.ID, basis revision.Basis, revise func(expense.Expense) (expense.Expense, error),
) (expense.Expense, error) {
	return measure(ctx, s.operations, "change", func(ctx context.Context) (expense.Expense, error) {
		return s.next.Change(ctx, in, id, basis, revise)
	})
}

func (s *measuredStore) List(ctx context.Context, in ledger.ID, query expense.ListQuery) ([]expense.Expense, error) {
	return measure(ctx, s.operations, "list", func(ctx context.Context) ([]expense.Expense, error) { return s.next.List(ctx, in, query) })
}

func (s *measuredStore) Search(ctx context.Context, in ledger.ID, query expense.SearchQuery) (expense.Found, error) {
	return measure(ctx, s.operations, "search", func(ctx context.Context) (expense.Found, error) { return s.next.Search(ctx, in, query) })
}

// EachFound is measured as a whole, with what is done with each batch in between: who reads slowly makes it slow.
func (s *measuredStore) EachFound(ctx context.Context, in ledger.ID, filter expense.Filter, visit func([]expense.Expense) error) error {
	_, err := measure(ctx, s.operations, "each_found", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.next.EachFound(ctx, in, filter, visit)
	})
	return err
}

func (s *measuredStore) Bin(ctx context.Context, in ledger.ID, query expense.BinQuery) ([]expense.Binned, error) {
	return measure(ctx, s.operations, "bin", func(ctx context.Context) ([]expense.Binned, error) { return s.next.Bin(ctx, in, query) })
}

func (s *measuredStore) Purge(ctx context.Context, in ledger.ID, before time.Time, limit int) (int, error) {
	return measure(ctx, s.operations, "purge", func(ctx context.Context) (int, error) { return s.next.Purge(ctx, in, before, limit) })
}

func (s *measuredStore) Forget(ctx context.Context, in ledger.ID, limit int) (int, error) {
	return measure(ctx, s.operations, "forget", func(ctx context.Context) (int, error) { return s.next.Forget(ctx, in, limit) })
}

func (s *measuredStore) History(
	ctx context.Context, in ledger.ID, id expense.ID, query expense.HistoryQuery,
) ([]expense.Revision, error) {
	return measure(ctx, s.operations, "history", func(ctx context.Context) ([]expense.Revision, error) {
		return s.next.History(ctx, in, id, query)
	})
}

func (s *measuredStore) ChangeAll(
	ctx context.Context, in ledger.ID, batch expense.Batch, revise func(expense.Expense) (expense.Expense, error),
) ([]expense.Expense, error) {
	return measure(ctx, s.operations, "change_all", func(ctx context.Context) ([]expense.Expense, error) {
		return s.next.ChangeAll(ctx, in, batch, revise)
	})
}

func (s *measuredStore) BatchBefore(ctx context.Context, in ledger.ID, number expense.BatchNumber) ([]expense.Expense, error) {
	return measure(ctx, s.operations, "batch_before", func(ctx context.Context) ([]expense.Expense, error) {
		return s.next.BatchBefore(ctx, in, number)
	})
}

func (s *measuredStore) State(ctx context.Context, in ledger.ID) (ledger.State, error) {
	return measure(ctx, s.operations, "state", func(ctx context.Context) (ledger.State, error) { return s.next.State(ctx, in) })
}

func (s *measuredStore) Overview(ctx context.Context, in ledger.ID, query expense.OverviewQuery) (expense.Overview, error) {
	return measure(ctx, s.operations, "overview", func(ctx context.Context) (expense.Overview, error) {
		return s.next.Overview(ctx, in, query)
	})
}

// entries returns the counter's own method, measured.
func (s *measuredStore) entries(of expense.Counter) func(context.Context) (int64, error) {
	return func(ctx context.Context) (int64, error) {
		return measure(ctx, s.operations, "entries", func(ctx context.Context) (int64, error) { return of.CountExpenses(ctx) })
	}
}

func (s *measuredStore) ListCategories(
	ctx context.Context, in ledger.ID, after string, limit int,
) ([]expense.CategorySummary, error) {
	return measure(ctx, s.operations, "list_categories", func(ctx context.Context) ([]expense.CategorySummary, error) {
		return s.next.ListCategories(ctx, in, after, limit)
	})
}

func (s *measuredStore) GetCategory(ctx context.Context, in ledger.ID, id expense.CategoryID) (expense.CategorySummary, error) {
	return measure(ctx, s.operations, "get_category", func(ctx context.Context) (expense.CategorySummary, error) {
		return s.next.GetCategory(ctx, in, id)
	})
}

func (s *measuredStore) SuggestCategories(ctx context.Context, in ledger.ID, limit int) ([]expense.Category, error) {
	return measure(ctx, s.operations, "suggest_categories", func(ctx context.Context) ([]expense.Category, error) {
		return s.next.SuggestCategories(ctx, in, limit)
	})
}

func (s *measuredStore) CategoryNamed(ctx context.Context, in ledger.ID, name expense.CategoryName) (expense.Category, error) {
	return measure(ctx, s.operations, "category_named", func(ctx context.Context) (expense.Category, error) {
		return s.next.CategoryNamed(ctx, in, name)
	})
}

func (s *measuredStore) RenameCategory(
	ctx context.Context, in ledger.ID, id expense.CategoryID, basis revision.Basis, name expense.CategoryName,
) (expense.Category, error) {
	return measure(ctx, s.operations, "rename_category", func(ctx context.Context) (expense.Category, error) {
		return s.next.RenameCategory(ctx, in, id, basis, name)
	})
}

func (s *measuredStore) MergeCategory(
	ctx context.Context, in ledger.ID, from expense.CategoryID, basis revision.Basis, into expense.CategoryID,
) (expense.Category, error) {
	return measure(ctx, s.operations, "merge_category", func(ctx context.Context) (expense.Category, error) {
		return s.next.MergeCategory(ctx, in, from, basis, into)
	})
}

func (s *measuredStore) MergedCategory(ctx context.Context, in ledger.ID, id expense.CategoryID) (expense.Merge, error) {
	return measure(ctx, s.operations, "merged_category", func(ctx context.Context) (expense.Merge, error) {
		return s.next.MergedCategory(ctx, in, id)
	})
}

func (s *measuredStore) UndoCategory(
	ctx context.Context, in ledger.ID, id expense.CategoryID, basis revision.Basis,
) (expense.Category, error) {
	return measure(ctx, s.operations, "undo_category", func(ctx context.Context) (expense.Category, error) {
		return s.next.UndoCategory(ctx, in, id, basis)
	})
}

func (s *measuredStore) ChangeCategory(
	ctx context.Context, in ledger.ID, id expense.CategoryID, basis revision.Basis, change expense.CategoryChange,
) (expense.Category, error) {
	return measure(ctx, s.operations, "change_category", func(ctx context.Context) (expense.Category, error) {
		return s.next.ChangeCategory(ctx, in, id, basis, change)
	})
}

func (s *measuredStore) RemoveCategory(ctx context.Context, in ledger.ID, id expense.CategoryID, basis revision.Basis) error {
	_, err := measure(ctx, s.operations, "remove_category", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.next.RemoveCategory(ctx, in, id, basis)
	})
	return err
}

func (s *measuredStore) Report(ctx context.Context, in ledger.ID, query expense.ReportQuery) (expense.Report, error) {
	return measure(ctx, s.operations, "report", func(ctx context.Context) (expense.Report, error) { return s.next.Report(ctx, in, query) })
}

// Currency is not measured: a storage answers it from memory, once for each add.
func (s *measuredStore) Currency(ctx context.Context, code string) (money.Currency, error) {
	return s.next.Currency(ctx, code)
}
