package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

// move puts a row that was changed where it belongs, the list or the bin.
func (d *expenseData) move(before, after *row, at time.Time) {
	switch {
	case !before.Deleted:
		d.unlist(before.Expense)
	case !after.Deleted:
		d.unbin(before)
		after.deletedAt = time.Time{}
	}
	switch {
	case !after.Deleted:
		d.enlist(after.Expense)
	case !before.Deleted:
		after.deletedAt = moment(at)
		i, _ := slices.BinarySearchFunc(d.bin, positionOf(after), compareInBin)
		d.bin = slices.Insert(d.bin, i, positionOf(after))
	}
}

// moment returns a time as storages keep it.
func moment(at time.Time) time.Time {
	if at.IsZero() {
		at = time.Now() // nobody has said when
	}
	return at.UTC().Truncate(time.Microsecond)
}

func positionOf(r *row) expense.BinPosition { return expense.BinPosition{At: r.deletedAt, ID: r.ID} }

func compareInBin(p, other expense.BinPosition) int {
	return cmp.Or(p.At.Compare(other.At), cmp.Compare(p.ID, other.ID))
}

func (d *expenseData) unbin(r *row) {
	if i, found := slices.BinarySearchFunc(d.bin, positionOf(r), compareInBin); found {
		d.bin = slices.Delete(d.bin, i, i+1)
	}
}

// remember keeps what a change made of a row, and what it was before if that is not known yet.
func (d *expenseData) remember(before, after *row, basis revision.Basis, number expense.BatchNumber) {
	if len(d.histories[before.ID]) == 0 {
		d.histories[before.ID] = []change{{*before, moment(before.createdAt), before.AddedBy}}
	}
	d.histories[before.ID] = append(d.histories[before.ID], change{*after, moment(basis.At), basis.By})
	if number != noBatch {
		d.batches[number] = append(d.batches[number], expense.BatchRow{ID: after.ID, Revision: after.Revision})
	}
}

// Bin implements expense.BinStore.
func (s *expenseStore) Bin(_ context.Context, in ledger.ID, query expense.BinQuery) (found []expense.Binned, err error) {
	err = s.read(in, func(d *expenseData) error {
		from, to := max(0, len(d.bin)-query.Limit), len(d.bin)
		switch {
		case query.Before != nil:
			to, _ = slices.BinarySearchFunc(d.bin, *query.Before, compareInBin)
			from = max(0, to-query.Limit)
		case query.After != nil:
			at, isThere := slices.BinarySearchFunc(d.bin, *query.After, compareInBin)
			if isThere {
				at++
			}
			from, to = at, min(len(d.bin), at+query.Limit)
		}
		for _, position := range slices.Backward(d.bin[from:to]) {
			found = append(found, expense.Binned{Expense: d.shown(d.rows[position.ID]), At: position.At})
		}
		return nil
	})
	return found, err
}

// Purge implements expense.BinStore.
func (s *expenseStore) Purge(_ context.Context, in ledger.ID, before time.Time, limit int) (purged int, err error) {
	err = s.write(in, func(d *expenseData) error {
		for purged < limit && purged < len(d.bin) && d.bin[purged].At.Before(before) {
			d.purge(d.rows[d.bin[purged].ID])
			purged++
		}
		if purged == 0 {
			return errNothingChanged
		}
		d.bin = slices.Delete(d.bin, 0, purged)
		return nil
	})
	return purged, err
}

// Forget implements expense.BinStore.
func (s *expenseStore) Forget(_ context.Context, in ledger.ID, limit int) (forgotten int, err error) {
	if in.IsPeoples() {
		return 0, expense.NotForgotten("memory.Forget")
	}
	err = s.write(in, func(d *expenseData) error {
		if forgotten = min(limit, len(d.bin)); forgotten == 0 {
			return errNothingChanged
		}
		for _, position := range d.bin[:forgotten] {
			d.purge(d.rows[position.ID])
			delete(d.rows, position.ID)
		}
		maps.DeleteFunc(d.byKey, func(_ idempotency.Key, id expense.ID) bool { return d.rows[id] == nil })
		maps.DeleteFunc(d.batches, func(_ expense.BatchNumber, rows []expense.BatchRow) bool {
			return !slices.ContainsFunc(rows, func(r expense.BatchRow) bool { return d.rows[r.ID] != nil })
		})
		d.bin = slices.Delete(d.bin, 0, forgotten)
		return nil
	})
	return forgotten, err
}

// purge leaves nothing of a row but its ID, its key and its category.
func (d *expenseData) purge(r *row) {
	d.rows[r.ID] = &row{
		Expense: expense.Expense{
			ID: r.ID, Date: expense.NoDay(), Price: money.FromMinor(1, r.Price.Currency()), Revision: r.Revision + 1, Deleted: true, Gone: true,
		},
		category: r.category, fingerprint: r.fingerprint,
	}
	delete(d.histories, r.ID)
	for made := range d.changes {
		if made.kind == ofExpense && made.row == int64(r.ID) {
			delete(d.changes, made)
		}
	}
}

// History implements expense.BinStore.
func (s *expenseStore) History(
	_ context.Context, in ledger.ID, id expense.ID, query expense.HistoryQuery,
) (found []expense.Revision, err error) {
	err = s.read(in, func(d *expenseData) error {
		for _, one := range slices.Backward(d.histories[id]) {
			if len(found) < query.Limit && (query.From == 0 || one.Revision <= query.From) {
				found = append(found, expense.Revision{Expense: d.shown(&one.row), At: one.at, By: one.by})
			}
		}
		return nil
	})
	return found, err
}
