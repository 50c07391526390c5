package later_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"expense-tracker/cmd/expense-tracker/later"
)

func TestNobodyWaitsForWhatIsDoneLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		worker, stop := later.Start(t.Context())
		var done atomic.Int64
		started := make(chan struct{})
		worker.Do(func(ctx context.Context) { // a storage that does not answer
			close(started)
			<-ctx.Done()
		})
		<-started
		for range 1000 {
			worker.Do(func(context.Context) { done.Add(1) })
		}
		synctest.Wait()
		if n := done.Load(); n != 0 {
			t.Errorf("%d were done beside the one that is under way", n)
		}
		worker.Do(func(context.Context) { t.Error("what waits has no bound") })
		stop()
	})
}

func TestWorkIsDoneInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		worker, stop := later.Start(t.Context())
		defer stop()
		var order []int
		for i := range 5 {
			worker.Do(func(context.Context) { order = append(order, i) })
		}
		synctest.Wait()
		if len(order) != 5 || order[0] != 0 || order[4] != 4 {
			t.Errorf("done %v", order)
		}
	})
}
