package groupcommit_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"expense-tracker/adapters/internal/groupcommit"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// shared is an AddSeveral that takes the time of one commit. What it is asked to leave, it leaves for AddAll.
type shared struct {
	disk
	spans [][]ledger.ID
	leave func(groupcommit.Group) bool
	fail  error
}

func (s *shared) addSeveral(_ context.Context, groups []groupcommit.Group) ([][]expense.AddResult, error) {
	time.Sleep(commitTime)
	s.mu.Lock()
	defer s.mu.Unlock()
	var ledgers []ledger.ID
	results := make([][]expense.AddResult, len(groups))
	for i, group := range groups {
		ledgers = append(ledgers, group.In)
		if s.leave != nil && s.leave(group) {
			continue
		}
		results[i] = make([]expense.AddResult, len(group.Entries))
		for n, entry := range group.Entries {
			results[i][n].Receipt.Expense.Note = fmt.Sprint(group.In, " ", entry.Key)
		}
	}
	s.spans = append(s.spans, ledgers)
	return results, s.fail
}

// addOf adds to many ledgers at once, a moment after the first one has begun its commit, and returns how long all took.
func addOf(t *testing.T, s *shared, ledgers int, want func(in ledger.ID, receipt expense.Receipt, err error)) time.Duration {
	several := options()
	several.Several = s.addSeveral
	adder := groupcommit.New(s.addAll, several)
	started := time.Now()
	var callers sync.WaitGroup
	for n := range ledgers {
		in := ledger.ID(n + 1)
		callers.Go(func() {
			time.Sleep(time.Duration(ledgers-n) * time.Microsecond)
			receipt, err := adder.Add(t.Context(), in, entry(n))
			want(in, receipt, err)
		})
	}
	callers.Wait()
	adder.Close()
	return time.Since(started).Truncate(commitTime)
}

func TestLedgersShareACommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shared{}
		took := addOf(t, s, 101, func(in ledger.ID, receipt expense.Receipt, err error) {
			own := fmt.Sprint(in, " ", entry(int(in-1)).Key)
			if alone := string(entry(int(in - 1)).Key); err != nil || receipt.Expense.Note != own && receipt.Expense.Note != alone {
				t.Errorf("ledger %d got %q, %v: not its own answer", in, receipt.Expense.Note, err)
			}
		})
		if took != 3*commitTime {
			t.Errorf("took %v, want the time of three commits", took)
		}
		if len(s.spans) != 2 || len(s.spans[0]) != 64 || len(s.spans[1]) != 36 || !slices.IsSorted(s.spans[0]) {
			t.Errorf("spans %v, want 64 ledgers and 36, in order", s.spans)
		}
	})
}

// A ledger that somebody holds makes nobody wait but its own adds.
func TestALedgerThatIsLeftIsCommittedAloneBesideOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const held = 7
		s := &shared{leave: func(g groupcommit.Group) bool { return g.In == held }}
		addOf(t, s, 20, func(in ledger.ID, receipt expense.Receipt, err error) {
			if err != nil || in == held && receipt.Expense.Note != string(entry(held-1).Key) {
				t.Errorf("ledger %d got %q, %v", in, receipt.Expense.Note, err)
			}
		})
		if sizes := s.sizes(); len(s.spans) != 1 || fmt.Sprint(sizes) != "[1 1]" {
			t.Errorf("spans %v, and alone %v: want the first and the one that was left", s.spans, sizes)
		}
	})
}

func TestASpanThatIsRefusedIsTriedLedgerByLedger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad := errors.New("bad row")
		s := &shared{fail: bad}
		s.refuse = func(entries []expense.Entry) error {
			if entries[0].Key == entry(6).Key {
				return bad
			}
			return nil
		}
		addOf(t, s, 20, func(in ledger.ID, _ expense.Receipt, err error) {
			if (err != nil) != (in == 7) {
				t.Errorf("ledger %d: %v", in, err)
			}
		})
	})
}

func TestAnUnreachableStorageIsNotAskedAgainForEachLedger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := fault.New(fault.Unavailable, "test", "gone")
		s := &shared{fail: gone}
		s.refuse = func([]expense.Entry) error { return gone }
		addOf(t, s, 20, func(in ledger.ID, _ expense.Receipt, err error) {
			if !errors.Is(err, fault.Unavailable) {
				t.Errorf("ledger %d: %v, want Unavailable", in, err)
			}
		})
		if len(s.spans)+len(s.batches) > 2 {
			t.Errorf("asked %d times", len(s.spans)+len(s.batches))
		}
	})
}

func TestAPanicOfASpanIsTriedLedgerByLedger(t *testing.T) {
	d := &disk{}
	several := options()
	several.Several = func(context.Context, []groupcommit.Group) ([][]expense.AddResult, error) { panic("boom") }
	adder := groupcommit.New(d.addAll, several)
	var callers sync.WaitGroup
	for n := range 20 {
		callers.Go(func() {
			if _, err := adder.Add(t.Context(), ledger.ID(n+1), entry(n)); err != nil {
				t.Error(err)
			}
		})
	}
	callers.Wait()
	adder.Close()
}
