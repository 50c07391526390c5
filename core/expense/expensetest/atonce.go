package expensetest

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// testAllAtOnce lets adds, edits, deletes, restores, renames, merges and overviews run into each other, and checks that every
// total is exact when they are done and was consistent with its list all the while.
func testAllAtOnce(t *testing.T, b *fixture) {
	const workers, rounds = 8, 25
	var all sync.WaitGroup
	for worker := range workers {
		all.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(worker)))
			var mine []expense.ID
			for round := range rounds {
				category := fmt.Sprint("category ", random.IntN(6))
				entry := entryWithKey(t, fmt.Sprintf("%d-%d", worker, round), category, fmt.Sprintf("%d.%02d", random.IntN(100), 1+random.IntN(99)),
					someDay.AddDays(random.IntN(60)))
				entry.PaidBy = ledger.UserID(random.IntN(4))
				receipt, err := b.Add(t.Context(), b.in, entry)
				if err != nil {
					t.Errorf("add: %v", err)
					return
				}
				mine = append(mine, receipt.Expense.ID)
				if err := b.disturb(t, random, mine, receipt.Expense.Category.ID); err != nil {
					t.Errorf("round %d: %v", round, err)
				}
			}
		})
	}
	all.Wait()
	b.wantSound(t)
}

// disturb does one random thing to the worker's own expenses or to a category that others use as well.
func (b *fixture) disturb(t *testing.T, random *rand.Rand, mine []expense.ID, category expense.CategoryID) error {
	id := mine[random.IntN(len(mine))]
	switch random.IntN(9) {
	case 0:
		_, err := b.tryEdit(t, id, func(e *expense.Expense) { e.Price, e.PaidBy = amount(t, "33.33", "USD"), ledger.UserID(random.IntN(4)) })
		return err
	case 1:
		_, err := b.tryEdit(t, id, func(e *expense.Expense) { e.Deleted = !e.Deleted })
		return err
	case 2:
		_, err := b.tryEdit(t, id, func(e *expense.Expense) {
			e.Category = expense.Category{Name: expense.CategoryName(fmt.Sprint("category ", random.IntN(9)))}
		})
		return err
	case 3: // may find its category changed or merged away by another worker, which is as good
		_, err := b.rename(t, category, expense.CategoryName(fmt.Sprint("renamed ", random.IntN(1000))))
		wantAnswer(t, err)
	case 4:
		other, err := b.Get(t.Context(), b.in, id)
		if err != nil {
			return err
		}
		if other.Category.ID != category {
			_, err := b.merge(t, category, other.Category.ID)
			wantAnswer(t, err)
		}
	case 5:
		undo := b.undo
		if b.categoryRevision(t, category) == 0 {
			undo = b.undoMerge
		}
		_, err := undo(t, category)
		wantAnswer(t, err)
	case 6:
		wantAnswer(t, b.remove(t, category))
	case 7:
		return b.changeSome(t, mine[len(mine)*2/3:])
	default:
		return b.wantConsistent(t)
	}
	return nil
}

// changeSome changes the worker's own expenses as one, and takes that back.
func (b *fixture) changeSome(t *testing.T, mine []expense.ID) error {
	var rows []expense.Expense
	for _, id := range mine {
		e, err := b.Get(t.Context(), b.in, id)
		if err != nil {
			return err
		}
		rows = append(rows, e)
	}
	batch := batchOf(fmt.Sprint("some", rows), someMoment, rows...)
	changed, err := b.ChangeAll(t.Context(), b.in, batch, revised(func(e *expense.Expense) {
		e.Date, e.Deleted = e.Date.AddDays(1), !e.Deleted
	}))
	if err != nil {
		return err
	}
	before, err := b.BatchBefore(t.Context(), b.in, batch.Number())
	if err != nil || len(before) != len(rows) {
		return fmt.Errorf("%d of %d rows are known: %w", len(before), len(rows), err)
	}
	was := make(map[expense.ID]expense.Expense)
	for _, e := range before {
		was[e.ID] = e
	}
	_, err = b.ChangeAll(t.Context(), b.in, batchOf(fmt.Sprint("back", rows), someMoment, changed...), revised(func(e *expense.Expense) {
		*e = was[e.ID]
	}))
	return err
}

// wantConsistent checks that an overview's list and total are of one moment.
func (b *fixture) wantConsistent(t *testing.T) error {
	overview, err := b.Overview(t.Context(), b.in, expense.OverviewQuery{Month: someDay.MonthOf(), Newest: 1000, Months: 1, Categories: 100,
		Suggestions: 1, Currency: "USD", Currencies: 10})
	if err != nil {
		return err
	}
	var sum, kept int64
	for _, e := range overview.Newest {
		sum += e.Spent().Minor()
	}
	for _, total := range overview.AllTime {
		kept += total.Amount.Minor()
	}
	if sum != kept {
		return fmt.Errorf("version %d: the list adds up to %d and the total says %d", overview.State.Version, sum, kept)
	}
	return nil
}
