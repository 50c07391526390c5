package postgres

import (
	"context"
	"database/sql"
	"slices"

	"expense-tracker/adapters/internal/sqlexpense"
	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
)

// AddAll stores entries in one transaction. It runs again at once when the connection broke: by then the server may be back,
// and the keys make sure that nothing is stored twice.
func (s *expenseStore) AddAll(ctx context.Context, in ledger.ID, entries []expense.Entry) ([]expense.AddResult, error) {
	ctx, cancel := s.runner.Bounded(ctx)
	defer cancel()
	return s.AddCounted(ctx, opAddAll, entries, func(ctx context.Context, entries []expense.Entry) ([]expense.AddResult, error) {
		return s.addBatch(ctx, in, entries)
	})
}

const opAddAll = "postgres.AddAll"

// addBatch adds entries of distinct keys first and then those that repeat a key, which by then is known.
func (s *expenseStore) addBatch(ctx context.Context, in ledger.ID, entries []expense.Entry) ([]expense.AddResult, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	repeats := repeatedKeys(entries)
	if len(repeats) == 0 {
		b := &batch{store: s.Store, in: in, entries: entries}
		err := s.write(ctx, b)
		return b.results, err
	}
	results := make([]expense.AddResult, len(entries))
	for _, places := range [][]int{others(len(entries), repeats), repeats} {
		part, err := s.addBatch(ctx, in, pick(entries, places))
		if err != nil {
			return nil, err
		}
		for i, place := range places {
			results[place] = part[i]
		}
	}
	return results, nil
}

// write gives the entries of a batch their outcomes. The fast path stores nearly every batch; what it leaves open takes the slow one.
func (s *expenseStore) write(ctx context.Context, b *batch) error {
	err := s.runner.Call(sqlkit.InLedger(ctx, b.in), opAddAll, func(ctx context.Context) error { return s.fastPath(ctx, b) })
	if err != nil {
		return err
	}
	return s.writeOpen(ctx, b)
}

// writeOpen gives those of a batch an outcome that have none.
func (s *expenseStore) writeOpen(ctx context.Context, b *batch) error {
	if len(b.open()) == 0 {
		return nil
	}
	known := b.results
	return s.runner.Write(ctx, opAddAll, b.in, func(ctx context.Context, tx *sql.Tx) error {
		b.results = slices.Clone(known) // for it may run again
		return b.slowPath(ctx, tx)
	})
}

// fastPath stores a batch by one statement. Usually all keys are new and all categories known: then that does it all. The statement
// runs unwatched, on a connection that ends with the call.
func (s *expenseStore) fastPath(ctx context.Context, b *batch) error {
	b.results = make([]expense.AddResult, len(b.entries)) // for it may run again
	var stored map[idempotency.Key]expense.Expense
	err := sqlkit.Unwatched(ctx, s.adds, func(ctx context.Context, on sqlkit.Querier) (err error) {
		stored, err = insertEntries(ctx, on, b.in, b.entries)
		return err
	})
	if err != nil && !hasState(err, stateNumericOutOfRange) {
		return err
	}
	b.accept(stored)
	if len(stored) == len(b.entries) {
		return nil
	}
	return b.findKnown(ctx, s.main)
}

// batch is entries of distinct keys that share a transaction, and their outcomes so far.
type batch struct {
	store   *sqlexpense.Store
	in      ledger.ID
	entries []expense.Entry
	results []expense.AddResult // the zero AddResult for an entry without outcome
}

// open returns the places of the entries that have no outcome yet.
func (b *batch) open() []int {
	var places []int
	for i, r := range b.results {
		if r.Err == nil && r.Receipt.Expense.ID == 0 {
			places = append(places, i)
		}
	}
	return places
}

// accept notes which entries were stored.
func (b *batch) accept(stored map[idempotency.Key]expense.Expense) {
	for i, entry := range b.entries {
		if e, found := stored[entry.Key]; found {
			b.results[i].Receipt.Expense = e
		}
	}
}

// repeatedKeys returns the places of entries whose key an earlier one has.
func repeatedKeys(entries []expense.Entry) []int {
	if len(entries) == 1 {
		return nil
	}
	var repeats []int
	seen := make(map[idempotency.Key]struct{}, len(entries))
	for i, entry := range entries {
		if _, found := seen[entry.Key]; found {
			repeats = append(repeats, i)
		}
		seen[entry.Key] = struct{}{}
	}
	return repeats
}

// others returns the places from 0 to n-1 that are not among the given ones, which are sorted.
func others(n int, places []int) []int {
	rest := make([]int, 0, n-len(places))
	for i := range n {
		if len(places) > 0 && places[0] == i {
			places = places[1:]
			continue
		}
		rest = append(rest, i)
	}
	return rest
}

func pick(entries []expense.Entry, places []int) []expense.Entry {
	picked := make([]expense.Entry, len(places))
	for i, place := range places {
		picked[i] = entries[place]
	}
	return picked
}
