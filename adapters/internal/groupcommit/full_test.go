package groupcommit_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"expense-tracker/adapters/internal/groupcommit"
)

// As many wait as a batch may have: nobody else is waited for, who had to go with the next one anyway.
func TestAFullBatchWaitsForNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := options()
		o.MaxBatch = 8
		storage := &across{}
		adder := groupcommit.New(storage.addAll, storage.addAcross, o)
		var done sync.WaitGroup
		come := func(first, callers int, after, within time.Duration) {
			for n := range callers {
				done.Go(func() {
					time.Sleep(after)
					begun := time.Now()
					if _, err := adder.Add(t.Context(), 1, entry(first+n)); err != nil {
						t.Error(err)
					}
					if took := time.Since(begun); took > within {
						t.Errorf("add %d took %v, want %v at most", first+n, took, within)
					}
				})
			}
		}
		const moment = time.Millisecond / 10
		come(0, 1, 0, commitTime)
		come(1, 7, moment, 2*commitTime)
		come(8, 3, commitTime+moment, 2*commitTime)
		come(11, 5, 2*commitTime+moment, commitTime)
		done.Wait()
		adder.Close()
	})
}
