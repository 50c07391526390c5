package groupcommit_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"expense-tracker/adapters/internal/groupcommit"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// across is a storage that stores several ledgers in one commit. A ledger that somebody holds is left undone, and held when it is
// stored by itself.
type across struct {
	disk
	held    ledger.ID
	fail    error // of a commit of several ledgers
	commits atomic.Int32
	shared  atomic.Int32 // of several ledgers
	under   atomic.Int32
	most    atomic.Int32 // under way at a time
}

const holdTime = 10 * commitTime

func (a *across) addAll(ctx context.Context, in ledger.ID, entries []expense.Entry) ([]expense.AddResult, error) {
	a.commits.Add(1)
	if in == a.held {
		time.Sleep(holdTime)
	}
	return a.disk.addAll(ctx, in, entries)
}

func (a *across) addAcross(_ context.Context, parts []groupcommit.Part) ([][]expense.AddResult, error) {
	a.commits.Add(1)
	a.shared.Add(1)
	if now := a.under.Add(1); now > a.most.Load() {
		a.most.Store(now)
	}
	defer a.under.Add(-1)
	time.Sleep(commitTime)
	if a.fail != nil {
		return nil, a.fail
	}
	seen := map[ledger.ID]bool{}
	results := make([][]expense.AddResult, len(parts))
	for i, part := range parts {
		if seen[part.In] {
			return nil, errors.New("a ledger twice in a batch")
		}
		if seen[part.In] = true; part.In == a.held {
			continue
		}
		results[i] = make([]expense.AddResult, len(part.Entries))
		for n, entry := range part.Entries {
			results[i][n].Receipt.Expense.Note = string(entry.Key)
		}
	}
	return results, nil
}

func spanning(a *across, lanes int) *groupcommit.Adder {
	o := options()
	o.Lanes = lanes
	return groupcommit.New(a.addAll, a.addAcross, o)
}

func TestLedgersShareACommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		storage := &across{}
		adder := spanning(storage, 1)
		var callers sync.WaitGroup
		for n := range 61 {
			callers.Go(func() {
				time.Sleep(time.Duration(n) * time.Microsecond)
				receipt, err := adder.Add(t.Context(), ledger.ID(n%30+1), entry(n))
				if err != nil || receipt.Expense.Note != string(entry(n).Key) {
					t.Errorf("add %d got %q, %v: not its own answer", n, receipt.Expense.Note, err)
				}
			})
		}
		callers.Wait()
		adder.Close()
		if storage.commits.Load() != 2 || storage.shared.Load() != 1 {
			t.Errorf("%d commits, %d of several ledgers; want the first alone, and one for the rest", storage.commits.Load(),
				storage.shared.Load())
		}
	})
}

func TestNoMoreBatchesThanLanes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		storage := &across{}
		adder := spanning(storage, 3)
		var callers sync.WaitGroup
		for n := range 400 {
			callers.Go(func() {
				time.Sleep(time.Duration(n) * time.Millisecond / 4)
				if _, err := adder.Add(t.Context(), ledger.ID(n%100+1), entry(n)); err != nil {
					t.Error(err)
				}
			})
		}
		callers.Wait()
		adder.Close()
		if storage.most.Load() > 3 {
			t.Errorf("%d batches were under way at a time", storage.most.Load())
		}
		if storage.shared.Load() < 5 {
			t.Errorf("%d batches of several ledgers", storage.shared.Load())
		}
	})
}

// Who holds a ledger keeps those from their answers who add to it, and nobody else.
func TestALedgerThatIsHeldHoldsNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		storage := &across{held: 7}
		adder := spanning(storage, 1)
		var callers sync.WaitGroup
		for n := range 40 {
			callers.Go(func() {
				time.Sleep(time.Duration(n) * time.Microsecond)
				in := ledger.ID(n%10 + 1)
				began := time.Now()
				if _, err := adder.Add(t.Context(), in, entry(n)); err != nil {
					t.Error(err)
				}
				if took := time.Since(began); (took >= holdTime) != (in == storage.held) {
					t.Errorf("an add to ledger %d took %s", in, took)
				}
			})
		}
		callers.Wait()
		adder.Close()
	})
}

func TestABatchOfLedgersThatIsRefusedIsStoredByLedger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		storage := &across{fail: errors.New("refused as a whole")}
		adder := spanning(storage, 1)
		var callers sync.WaitGroup
		for n := range 21 {
			callers.Go(func() {
				time.Sleep(time.Duration(n) * time.Microsecond)
				if receipt, err := adder.Add(t.Context(), ledger.ID(n%5+1), entry(n)); err != nil ||
					receipt.Expense.Note != string(entry(n).Key) {
					t.Errorf("add %d: %q, %v", n, receipt.Expense.Note, err)
				}
			})
		}
		callers.Wait()
		adder.Close()
		if got := fmt.Sprint(storage.sizes()); got != "[1 4 4 4 4 4]" {
			t.Errorf("batches of one ledger: %s", got)
		}
	})
}

func TestAStorageThatIsGoneIsNotAskedAgainForEachLedger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		storage := &across{fail: fault.New(fault.Unavailable, "test", "gone")}
		adder := spanning(storage, 1)
		var told atomic.Int32
		var callers sync.WaitGroup
		for n := range 31 {
			callers.Go(func() {
				time.Sleep(time.Duration(n) * time.Microsecond)
				if _, err := adder.Add(t.Context(), ledger.ID(n+1), entry(n)); errors.Is(err, fault.Unavailable) {
					told.Add(1)
				}
			})
		}
		callers.Wait()
		adder.Close()
		if storage.commits.Load() != 2 || told.Load() != 30 {
			t.Errorf("asked %d times, and %d were told", storage.commits.Load(), told.Load())
		}
	})
}

// Across panics, and everybody is told.
func TestAPanicOfABatchOfLedgersIsNoOnesEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		storage := &across{}
		panics := func(context.Context, []groupcommit.Part) ([][]expense.AddResult, error) { panic("boom") }
		adder := groupcommit.New(storage.addAll, panics, options())
		var callers sync.WaitGroup
		for n := range 5 {
			callers.Go(func() {
				if _, err := adder.Add(t.Context(), ledger.ID(n+1), entry(n)); err != nil {
					t.Errorf("each is stored by itself after a panic: %v", err)
				}
			})
		}
		callers.Wait()
		adder.Close()
	})
}

// A ledger that somebody holds takes a lane of its own for its one batch alone: afterwards there are as many as before.
func TestWhatWasLeftUndoneLeavesNoLaneBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		storage := &across{held: 1}
		adder := spanning(storage, 1)
		var callers sync.WaitGroup
		for n := range 2000 { // without a pause, and the held ledger again and again
			callers.Go(func() {
				time.Sleep(time.Duration(n) * commitTime / 20)
				if _, err := adder.Add(t.Context(), ledger.ID(n%40+1), entry(n)); err != nil {
					t.Error(err)
				}
			})
		}
		callers.Wait()
		adder.Close()
		if storage.most.Load() > 1 {
			t.Errorf("%d batches of several ledgers were under way at a time, want 1", storage.most.Load())
		}
	})
}

// Ledgers that are held take every lane, and yet the adds to others go on soon.
func TestHeldLedgersKeepNoLane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const lanes, held = 2, time.Minute
		storage := &across{}
		o := options()
		o.Lanes, o.Timeout = lanes, 2*held
		adder := groupcommit.New(func(ctx context.Context, in ledger.ID, entries []expense.Entry) ([]expense.AddResult, error) {
			if in <= lanes {
				time.Sleep(held)
			}
			return storage.addAll(ctx, in, entries)
		}, storage.addAcross, o)
		var callers sync.WaitGroup
		for n := range 40 {
			callers.Go(func() {
				time.Sleep(time.Duration(n) * time.Microsecond)
				in, began := ledger.ID(n+1), time.Now()
				receipt, err := adder.Add(t.Context(), in, entry(n))
				if err != nil || receipt.Expense.Note != string(entry(n).Key) {
					t.Errorf("add %d: %q, %v", n, receipt.Expense.Note, err)
				}
				if took := time.Since(began); in > lanes && took > time.Second {
					t.Errorf("an add to ledger %d took %s", in, took)
				}
			})
		}
		callers.Wait()
		for n := range 400 { // there are as many lanes as before
			callers.Go(func() {
				time.Sleep(time.Duration(n) * time.Millisecond / 4)
				if _, err := adder.Add(t.Context(), ledger.ID(n%100+10), entry(n)); err != nil {
					t.Error(err)
				}
			})
		}
		callers.Wait()
		adder.Close()
		if storage.most.Load() > lanes {
			t.Errorf("%d batches of several ledgers were under way at a time", storage.most.Load())
		}
	})
}
