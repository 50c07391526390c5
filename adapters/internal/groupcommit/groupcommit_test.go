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
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
)

// disk is an AddAll that takes a while for each commit and remembers the batches. What it is asked to refuse, it refuses whole.
type disk struct {
	mu      sync.Mutex
	batches [][]expense.Entry
	refuse  func(entries []expense.Entry) error
}

const commitTime = 10 * time.Millisecond

func (d *disk) addAll(_ context.Context, _ ledger.ID, entries []expense.Entry) ([]expense.AddResult, error) {
	time.Sleep(commitTime)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.batches = append(d.batches, entries)
	if d.refuse != nil {
		if err := d.refuse(entries); err != nil {
			return nil, err
		}
	}
	results := make([]expense.AddResult, len(entries))
	for i, entry := range entries {
		results[i].Receipt.Expense.Note = string(entry.Key)
	}
	return results, nil
}

func (d *disk) sizes() []int {
	d.mu.Lock()
	defer d.mu.Unlock()
	sizes := make([]int, len(d.batches))
	for i, batch := range d.batches {
		sizes[i] = len(batch)
	}
	return sizes
}

func options() groupcommit.Options {
	return groupcommit.Options{MaxBatch: 64, MaxQueue: 1000, Timeout: time.Second, Lanes: 1}
}

func entry(n int) expense.Entry { return expense.Entry{Key: idempotency.Key(fmt.Sprint("key-", n))} }

// ofOne is an AddAcross that is never asked, since all adds are to one ledger.
func ofOne(context.Context, []groupcommit.Part) ([][]expense.AddResult, error) {
	panic("a batch of several ledgers")
}

func TestWhatArrivesDuringACommitSharesTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		adder := groupcommit.New(d.addAll, ofOne, options())
		started := time.Now()
		var callers sync.WaitGroup
		for n := range 101 {
			callers.Go(func() {
				time.Sleep(time.Duration(n) * time.Microsecond) // the first finds the ledger idle
				receipt, err := adder.Add(t.Context(), ledger.Default, entry(n))
				if err != nil || receipt.Expense.Note != string(entry(n).Key) {
					t.Errorf("add %d got %q, %v: not its own answer", n, receipt.Expense.Note, err)
				}
			})
		}
		callers.Wait()
		if got, want := fmt.Sprint(d.sizes()), "[1 64 36]"; got != want {
			t.Errorf("batches %s, want %s", got, want)
		}
		if got := time.Since(started); got != 3*commitTime {
			t.Errorf("took %v, want the time of three commits", got)
		}
		adder.Close()
	})
}

func TestLedgersDoNotWaitForEachOtherWhileThereAreLanes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const lanes = 5
		adder := spanning(&across{}, lanes)
		started := time.Now()
		var callers sync.WaitGroup
		for in := range ledger.ID(lanes) {
			callers.Go(func() {
				if _, err := adder.Add(t.Context(), in+1, entry(1)); err != nil {
					t.Error(err)
				}
			})
		}
		callers.Wait()
		if got := time.Since(started); got != commitTime {
			t.Errorf("took %v, want the time of one commit", got)
		}
		adder.Close()
	})
}

func TestABadEntryFailsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad := errors.New("bad row")
		d := &disk{refuse: func(entries []expense.Entry) error {
			for _, e := range entries {
				if e.Key == entry(7).Key {
					return bad
				}
			}
			return nil
		}}
		adder := groupcommit.New(d.addAll, ofOne, options())
		var failed atomic.Int32
		var callers sync.WaitGroup
		for n := range 20 {
			callers.Go(func() {
				_, err := adder.Add(t.Context(), ledger.Default, entry(n))
				if (err != nil) != (n == 7) {
					t.Errorf("add %d: %v", n, err)
				}
				if errors.Is(err, bad) {
					failed.Add(1)
				}
			})
		}
		callers.Wait()
		if failed.Load() != 1 {
			t.Errorf("%d adds failed, want the bad one only", failed.Load())
		}
		adder.Close()
	})
}

func TestAnUnreachableStorageIsNotAskedAgainForEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{refuse: func([]expense.Entry) error { return fault.New(fault.Unavailable, "test", "gone") }}
		adder := groupcommit.New(d.addAll, ofOne, options())
		var callers sync.WaitGroup
		for n := range 30 {
			callers.Go(func() {
				if _, err := adder.Add(t.Context(), ledger.Default, entry(n)); !errors.Is(err, fault.Unavailable) {
					t.Errorf("add %d: %v, want Unavailable", n, err)
				}
			})
		}
		callers.Wait()
		if got := len(d.sizes()); got > 2 {
			t.Errorf("asked %d times, want at most twice", got)
		}
		adder.Close()
	})
}

// A batch is refused, and while its entries are tried alone, the storage goes away: each further try would take as long as the first.
func TestAStorageThatGoesAwayWhileEachIsTriedAloneIsNotAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const callers = 20
		d := &disk{}
		d.refuse = func([]expense.Entry) error {
			switch len(d.batches) {
			case 1, 3: // the first caller's, and the first that is tried alone
				return nil
			case 2:
				return errors.New("refused as a whole")
			}
			return fault.New(fault.Unavailable, "disk", "gone")
		}
		adder := groupcommit.New(d.addAll, ofOne, options())
		var stored, away atomic.Int32
		var wait sync.WaitGroup
		for n := range callers {
			wait.Go(func() {
				time.Sleep(time.Duration(n) * time.Microsecond)
				switch _, err := adder.Add(t.Context(), ledger.Default, entry(n)); {
				case err == nil:
					stored.Add(1)
				case errors.Is(err, fault.Unavailable):
					away.Add(1)
				default:
					t.Errorf("add: %v", err)
				}
			})
		}
		wait.Wait()
		adder.Close()
		if stored.Load() != 2 || away.Load() != callers-2 || len(d.batches) != 4 {
			t.Errorf("%d stored, %d told that the storage is gone, in %d tries", stored.Load(), away.Load(), len(d.batches))
		}
	})
}

// Entries that are tried alone share the time of one batch, however long each takes.
func TestABatchHasTheTimeOfOneAdd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(ctx context.Context, _ ledger.ID, entries []expense.Entry) ([]expense.AddResult, error) {
			if len(entries) > 1 {
				return nil, errors.New("refused as a whole")
			}
			select {
			case <-time.After(400 * time.Millisecond):
				return make([]expense.AddResult, 1), nil
			case <-ctx.Done():
				return nil, fault.Wrap(fault.Unavailable, "slow", ctx.Err())
			}
		}
		adder := groupcommit.New(slow, ofOne, options())
		started := time.Now()
		var wait sync.WaitGroup
		for n := range 20 {
			wait.Go(func() {
				time.Sleep(time.Duration(n) * time.Microsecond)
				_, _ = adder.Add(t.Context(), ledger.Default, entry(n)) // most have no time left
			})
		}
		wait.Wait()
		adder.Close()
		if took := time.Since(started); took > 2*options().Timeout {
			t.Errorf("it took %s", took)
		}
	})
}

func TestACallerWhoGivesUpDoesNotBreakTheBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		adder := groupcommit.New(d.addAll, ofOne, options())
		impatient, cancel := context.WithTimeout(t.Context(), commitTime+commitTime/2)
		defer cancel()
		var callers sync.WaitGroup
		for n := range 3 {
			callers.Go(func() {
				time.Sleep(time.Duration(n) * time.Microsecond)
				ctx := t.Context()
				if n == 1 {
					ctx = impatient
				}
				_, err := adder.Add(ctx, ledger.Default, entry(n))
				if errors.Is(err, fault.Unavailable) != (n == 1) {
					t.Errorf("add %d: %v", n, err)
				}
			})
		}
		callers.Wait()
		adder.Close()
		if got, want := fmt.Sprint(d.sizes()), "[1 2]"; got != want {
			t.Errorf("batches %s, want %s", got, want)
		}
	})
}

func TestBeyondTheQueueIsUnavailableAndCloseDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		small := options()
		small.MaxQueue = 5
		adder := groupcommit.New(d.addAll, ofOne, small)
		var stored, refused atomic.Int32
		for range 10 {
			go func() {
				_, err := adder.Add(t.Context(), ledger.Default, entry(1))
				var f *fault.Error
				switch {
				case err == nil:
					stored.Add(1)
				case errors.As(err, &f) && f.Kind == fault.Unavailable && f.RetryAfter > 0:
					refused.Add(1)
				default:
					t.Errorf("unexpected %v", err)
				}
			}()
		}
		synctest.Wait()
		adder.Close()
		synctest.Wait()
		if stored.Load() < 5 || stored.Load()+refused.Load() != 10 {
			t.Errorf("%d stored and %d refused, want at least 5 stored and 10 in all", stored.Load(), refused.Load())
		}
		if _, err := adder.Add(t.Context(), ledger.Default, entry(2)); !errors.Is(err, fault.Unavailable) {
			t.Errorf("an add after Close: %v, want Unavailable", err)
		}
	})
}

func TestAPanicOfTheStorageIsAnError(t *testing.T) {
	adder := groupcommit.New(func(context.Context, ledger.ID, []expense.Entry) ([]expense.AddResult, error) { panic("boom") }, ofOne,
		options())
	if _, err := adder.Add(t.Context(), ledger.Default, entry(1)); err == nil {
		t.Error("no error")
	}
	adder.Close()
}
