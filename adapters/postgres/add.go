package postgres

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"expense-tracker/adapters/internal/sqlstore"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// Add stores an entry together with those that arrive while another commit of the ledger is under way.
func (s *Store) Add(ctx context.Context, in ledger.ID, entry expense.Entry) (expense.Receipt, error) {
	return s.adder.Add(ctx, in, entry)
}

// AddAll stores entries in one transaction. It runs again at once when the connection broke: by then the server may be back,
// and the keys make sure that nothing is stored twice.
func (s *Store) AddAll(ctx context.Context, in ledger.ID, entries []expense.Entry) ([]expense.AddResult, error) {
	const op = "postgres.AddAll"
	results, err := again(ctx, s, func(ctx context.Context) ([]expense.AddResult, error) {
		return s.AddCounted(ctx, op, entries, func(ctx context.Context, entries []expense.Entry) ([]expense.AddResult, error) {
			return s.addAll(ctx, in, entries)
		})
	})
	if err != nil {
		return nil, asFault(op, err)
	}
	return results, nil
}

// addAll adds entries of distinct keys first and then those that repeat a key, which by then is known.
func (s *Store) addAll(ctx context.Context, in ledger.ID, entries []expense.Entry) ([]expense.AddResult, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	repeats := repeatedKeys(entries)
	if len(repeats) == 0 {
		return s.addDistinct(ctx, in, entries)
	}
	results := make([]expense.AddResult, len(entries))
	for _, places := range [][]int{others(len(entries), repeats), repeats} {
		part, err := s.addAll(ctx, in, pick(entries, places))
		if err != nil {
			return nil, err
		}
		for i, place := range places {
			results[place] = part[i]
		}
	}
	return results, nil
}

// addDistinct adds entries of distinct keys. Usually all keys are new and all categories known: then the one statement does it all.
func (s *Store) addDistinct(ctx context.Context, in ledger.ID, entries []expense.Entry) ([]expense.AddResult, error) {
	a := addition{store: s.Store, in: in, entries: entries, results: make([]expense.AddResult, len(entries))}
	stored, err := s.insertAtOnce(ctx, in, entries)
	if err != nil && !hasState(err, stateNumericOutOfRange) {
		return nil, err
	}
	a.accept(stored)
	if len(stored) == len(entries) {
		return a.results, nil
	}
	if err := a.findKnown(ctx, s.pools.main); err != nil {
		return nil, err
	}
	if len(a.open()) == 0 {
		return a.results, nil
	}
	known := a.results
	err = s.Write(ctx, "postgres.AddAll", in, func(ctx context.Context, tx *sql.Tx) error {
		a.results = slices.Clone(known) // for it may run again
		return a.addSlowly(ctx, tx)
	})
	if err != nil {
		return nil, err
	}
	return a.results, nil
}

// insertAtOnce waits for a connection as long as ctx says, and then runs the one statement without watching it. The connection ends
// with the call.
func (s *Store) insertAtOnce(ctx context.Context, in ledger.ID, entries []expense.Entry) (stored map[expense.Key]expense.Expense, err error) {
	conn, err := s.pools.adds.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return insert(context.WithoutCancel(ctx), conn, in, entries)
}

// addition is a call's entries, of distinct keys, and their outcomes so far.
type addition struct {
	store   *sqlstore.Store
	in      ledger.ID
	entries []expense.Entry
	results []expense.AddResult // the zero AddResult for an entry without outcome
}

// open returns the places of the entries that have no outcome yet.
func (a *addition) open() []int {
	var places []int
	for i, r := range a.results {
		if r.Err == nil && r.Receipt.Expense.ID == 0 {
			places = append(places, i)
		}
	}
	return places
}

// accept notes which entries were stored.
func (a *addition) accept(stored map[expense.Key]expense.Expense) {
	for i, entry := range a.entries {
		if e, found := stored[entry.Key]; found {
			a.results[i].Receipt.Expense = e
		}
	}
}

// repeatedKeys returns the places of entries whose key an earlier one has.
func repeatedKeys(entries []expense.Entry) []int {
	if len(entries) == 1 {
		return nil
	}
	var repeats []int
	seen := make(map[expense.Key]struct{}, len(entries))
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
