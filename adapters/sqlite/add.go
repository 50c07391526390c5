package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"expense-tracker/adapters/internal/groupcommit"
	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

const opAddAll = "sqlite.AddAll"

// AddAll implements expense.SpendingStore. It first takes the entries for good and moves the totals once for all of them; only if
// that fails does it start over with a savepoint for each.
func (s *expenseStore) AddAll(ctx context.Context, in ledger.ID, entries []expense.Entry) ([]expense.AddResult, error) {
	ctx, cancel := s.runner.Bounded(ctx)
	defer cancel()
	return s.AddCounted(ctx, opAddAll, entries, func(ctx context.Context, entries []expense.Entry) ([]expense.AddResult, error) {
		results, err := s.addBatch(ctx, in, entries, s.addPart)
		if err != nil && fault.KindOf(err) != fault.Unavailable {
			results, err = s.addBatch(ctx, in, entries, s.addOneByOne)
		}
		return results, err
	})
}

// addBatch gives the entries their outcomes in one transaction. What add does to a batch decides what happens when one of them fails.
func (s *expenseStore) addBatch(
	ctx context.Context, in ledger.ID, entries []expense.Entry,
	add func(context.Context, *sql.Tx, groupcommit.Part) ([]expense.AddResult, error),
) ([]expense.AddResult, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	var results []expense.AddResult
	err := s.runner.Write(ctx, opAddAll, in, func(ctx context.Context, tx *sql.Tx) (err error) {
		// The transaction as a whole obeys the context; to watch it in each statement takes longer than the statement.
		results, err = add(context.WithoutCancel(ctx), tx, groupcommit.Part{In: in, Entries: entries})
		if err == nil && !hasAdded(results) {
			return sqlkit.ErrNothingChanged
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

// hasAdded reports whether an outcome is a new expense.
func hasAdded(results []expense.AddResult) bool {
	for _, r := range results {
		if r.Err == nil && !r.Receipt.Duplicate {
			return true
		}
	}
	return false
}

// addOneByOne adds each entry by itself, and rolls back to before an entry that fails. What fails the transaction itself, such as a full
// disk, fails the batch.
func (s *expenseStore) addOneByOne(ctx context.Context, tx *sql.Tx, part groupcommit.Part) ([]expense.AddResult, error) {
	results := make([]expense.AddResult, len(part.Entries))
	for i, entry := range part.Entries {
		var err error
		if results[i], err = s.addOne(ctx, tx, groupcommit.Part{In: part.In, Entries: []expense.Entry{entry}}); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// addOne adds a single entry, within a savepoint. Its error is of the whole transaction.
func (s *expenseStore) addOne(ctx context.Context, tx *sql.Tx, part groupcommit.Part) (result expense.AddResult, err error) {
	if _, err := tx.ExecContext(ctx, `SAVEPOINT one`); err != nil {
		return result, fmt.Errorf("savepoint: %w", err)
	}
	results, err := s.addPart(ctx, tx, part)
	if err == nil {
		result = results[0]
	} else {
		result.Err = dialect{}.Fault(opAddAll, err)
		if fault.KindOf(result.Err) == fault.Unavailable {
			return result, result.Err
		}
		if _, undoErr := tx.ExecContext(ctx, `ROLLBACK TO one`); undoErr != nil {
			return result, fmt.Errorf("roll back one: %w", errors.Join(undoErr, result.Err))
		}
	}
	if _, err := tx.ExecContext(ctx, `RELEASE one`); err != nil {
		return result, fmt.Errorf("release: %w", err)
	}
	return result, nil
}
