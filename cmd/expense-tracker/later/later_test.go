package later_test

import (
	"context"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"expense-tracker/cmd/expense-tracker/later"
)

func TestNobodyWaitsForWhatIsDoneLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		worker, stop := later.Start(t.Context(), time.Minute)
		var done atomic.Int64
		started := make(chan struct{})
		worker.Do("slow", func(ctx context.Context) { // a storage that does not answer
			close(started)
			<-ctx.Done()
		})
		<-started
		for i := range 1000 {
			worker.Do(strconv.Itoa(i), func(context.Context) { done.Add(1) })
		}
		synctest.Wait()
		if n := done.Load(); n != 0 {
			t.Errorf("%d were done beside the one that is under way", n)
		}
		worker.Do("last", func(context.Context) { t.Error("what waits has no bound") })
		stop()
	})
}

func TestWorkIsDoneInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		worker, stop := later.Start(t.Context(), time.Minute)
		defer stop()
		var order []int
		for i := range 5 {
			worker.Do(strconv.Itoa(i), func(context.Context) { order = append(order, i) })
		}
		synctest.Wait()
		if len(order) != 5 || order[0] != 0 || order[4] != 4 {
			t.Errorf("done %v", order)
		}
	})
}

func TestWorkOfOneNameIsDoneOnceInATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		worker, stop := later.Start(t.Context(), time.Minute)
		defer stop()
		done := 0
		for range 3 {
			for range 100 {
				worker.Do("one", func(context.Context) { done++ })
			}
			synctest.Wait()
			time.Sleep(30 * time.Second)
		}
		if synctest.Wait(); done != 2 {
			t.Errorf("done %d times", done)
		}
	})
}
