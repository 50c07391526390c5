package sharedread_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"expense-tracker/adapters/internal/sharedread"
	"expense-tracker/core/fault"
)

const (
	queryTime = time.Millisecond
	most      = 10
)

// storage answers a key with how much it holds. What a query finds is of the moment when it begins.
type storage struct {
	mu      sync.Mutex
	holds   int
	queries [][]int // the keys of each
	slow    int     // a query for this key takes a second
	bad     int     // one for this key fails, and alone says why
	ended   []error // how each wait for a query of others ended
	gone    error   // if the storage is not there
}

func (s *storage) ask(ctx context.Context, keys []int) ([]string, error) {
	s.mu.Lock()
	s.queries = append(s.queries, keys)
	holds := s.holds
	s.mu.Unlock()
	takes := queryTime
	if slices.Contains(keys, s.slow) {
		takes = time.Second
	}
	select {
	case <-time.After(takes):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if s.gone != nil {
		return nil, s.gone
	}
	if slices.Contains(keys, s.bad) {
		panic(fmt.Sprintf("key %d cannot be read", s.bad))
	}
	answers := make([]string, len(keys))
	for i, key := range keys {
		answers[i] = fmt.Sprintf("%d of %d", key, holds)
	}
	return answers, nil
}

func (s *storage) wait(context.Context) func(error) {
	return func(err error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.ended = append(s.ended, err)
	}
}

// waits are how the waits for a query of others have ended so far.
func (s *storage) waits() []error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ended)
}

func (s *storage) store() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.holds++
}

// sizes are how many keys each query had so far.
func (s *storage) sizes() (sizes []int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, keys := range s.queries {
		sizes = append(sizes, len(keys))
	}
	return sizes
}

// in runs a test with a storage whose keys begin with 1 and where nothing is wrong.
func in(t *testing.T, test func(t *testing.T, s *storage, r *sharedread.Reader[int, string])) {
	synctest.Test(t, func(t *testing.T) {
		s := &storage{holds: 1}
		test(t, s, sharedread.New(most, s.ask, s.wait))
	})
}

// get asks for a key, and has the test fail unless the answer is of what is held.
func get(t *testing.T, r *sharedread.Reader[int, string], key, holds int) {
	if answer, err := r.Get(t.Context(), key); err != nil || answer != fmt.Sprintf("%d of %d", key, holds) {
		t.Errorf("key %d: %q, %v, want that of %d", key, answer, err, holds)
	}
}

func TestReadsThatComeWhileOneIsUnderWayShareAQuery(t *testing.T) {
	in(t, func(t *testing.T, s *storage, r *sharedread.Reader[int, string]) {
		var done sync.WaitGroup
		for key := range 1 + most + 3 {
			done.Go(func() { get(t, r, key+1, 1) })
		}
		done.Wait()
		if sizes := s.sizes(); !slices.Equal(sizes, []int{1, most, 3}) {
			t.Errorf("queries were of %v keys", sizes)
		}
		if waited := len(s.waits()); waited != most+3 {
			t.Errorf("%d were said to wait", waited)
		}
		begun := time.Now()
		get(t, r, 1, 1)
		if took := time.Since(begun); took != queryTime || len(s.waits()) != most+3 {
			t.Errorf("a read that came alone took %v, and %d were said to wait", took, len(s.waits()))
		}
	})
}

func TestAReadSeesWhatWasStoredBeforeItCame(t *testing.T) {
	in(t, func(t *testing.T, s *storage, r *sharedread.Reader[int, string]) {
		var done sync.WaitGroup
		done.Go(func() { get(t, r, 1, 1) })
		time.Sleep(queryTime / 2) // the query is under way
		s.store()
		get(t, r, 2, 2)
		done.Wait()
	})
}

func TestASlowQueryKeepsOthersWaitingForAMoment(t *testing.T) {
	in(t, func(t *testing.T, s *storage, r *sharedread.Reader[int, string]) {
		s.slow = 1
		var done sync.WaitGroup
		begun := time.Now()
		done.Go(func() { get(t, r, 1, 1) })
		synctest.Wait()
		for key := 2; key < 5; key++ {
			done.Go(func() {
				get(t, r, key, 1)
				if took := time.Since(begun); took > 100*time.Millisecond {
					t.Errorf("key %d took %v", key, took)
				}
			})
		}
		time.Sleep(200 * time.Millisecond)
		again := time.Now()
		get(t, r, 5, 1)
		if took := time.Since(again); took != queryTime {
			t.Errorf("one that came later took %v", took)
		}
		done.Wait()
		if took := time.Since(begun); took != time.Second {
			t.Errorf("the slow one took %v", took)
		}
	})
}

func TestWhoLeavesWaitsNoLonger(t *testing.T) {
	in(t, func(t *testing.T, s *storage, r *sharedread.Reader[int, string]) {
		s.slow = 2
		leaving, leave := context.WithCancel(t.Context())
		gone := func(ctx context.Context, key int) {
			if _, err := r.Get(ctx, key); !errors.Is(err, context.Canceled) {
				t.Errorf("key %d: %v", key, err)
			}
		}
		early, leaveEarly := context.WithCancel(t.Context())
		var left, stay sync.WaitGroup
		stay.Go(func() { get(t, r, 1, 1) })
		synctest.Wait()
		left.Go(func() { gone(leaving, 2) }) // the first of those who share the next query
		synctest.Wait()
		left.Go(func() { gone(early, 3) })
		stay.Go(func() { get(t, r, 4, 1) })
		synctest.Wait()
		leaveEarly()
		time.Sleep(2 * queryTime)
		begun := time.Now()
		leave()
		left.Wait()
		if took := time.Since(begun); took != 0 {
			t.Errorf("who left waited for %v", took)
		}
		if waits := s.waits(); !slices.Equal(waits, []error{context.Canceled, context.Canceled}) {
			t.Errorf("the waits ended with %v", waits)
		}
		stay.Wait()
		if !slices.Equal(slices.Concat(s.queries...), []int{1, 2, 4}) {
			t.Errorf("asked for %v", s.queries)
		}
		hurried, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		if _, err := r.Get(hurried, 2); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a query of one's own: %v", err)
		}
	})
}

func TestOnlyWhatIsAtFaultFails(t *testing.T) {
	in(t, func(t *testing.T, s *storage, r *sharedread.Reader[int, string]) {
		s.bad = 3
		var done sync.WaitGroup
		for _, key := range []int{1, 2, 4, 5} {
			done.Go(func() { get(t, r, key, 1) })
		}
		done.Go(func() {
			if _, err := r.Get(t.Context(), 3); err == nil || !strings.Contains(err.Error(), "key 3 cannot be read") {
				t.Errorf("what cannot be read: %v", err)
			}
		})
		done.Wait()
	})
}

func TestWhoHasLeftIsNotAskedForAgain(t *testing.T) {
	in(t, func(t *testing.T, s *storage, r *sharedread.Reader[int, string]) {
		s.bad = 3
		leaving, leave := context.WithCancel(t.Context())
		var done sync.WaitGroup
		done.Go(func() { get(t, r, 1, 1) })
		synctest.Wait()
		for _, key := range []int{2, 3} {
			done.Go(func() {
				if _, err := r.Get(leaving, key); !errors.Is(err, context.Canceled) {
					t.Errorf("key %d: %v", key, err)
				}
			})
			synctest.Wait()
		}
		done.Go(func() { get(t, r, 4, 1) })
		time.Sleep(queryTime + queryTime/2) // their query is under way
		leave()
		done.Wait()
		time.Sleep(time.Second)
		if sizes := s.sizes(); !slices.Equal(sizes, []int{1, 3, 1}) {
			t.Errorf("queries were of %v keys", sizes)
		}
	})
}

func TestAStorageThatIsGoneIsNotAskedForEach(t *testing.T) {
	in(t, func(t *testing.T, s *storage, r *sharedread.Reader[int, string]) {
		s.gone = fault.New(fault.Unavailable, "test", "gone")
		var done sync.WaitGroup
		for key := range most {
			done.Go(func() {
				if _, err := r.Get(t.Context(), key+1); !errors.Is(err, fault.Unavailable) {
					t.Errorf("key %d: %v", key+1, err)
				}
			})
		}
		done.Wait()
		if sizes := s.sizes(); !slices.Equal(sizes, []int{1, most - 1}) {
			t.Errorf("queries were of %v keys", sizes)
		}
	})
}
