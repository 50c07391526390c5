package sqlkit

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"expense-tracker/core/ledger"
)

func TestALaneIsAsWideAsItSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lanes := newLanes(2)
		var running, most atomic.Int64
		stop := make(chan struct{})
		done := make(chan error)
		for range 16 {
			go func() {
				leave, err := lanes.enter(t.Context(), 1)
				if err == nil {
					if now := running.Add(1); now > most.Load() {
						most.Store(now)
					}
					<-stop
					running.Add(-1)
					leave()
				}
				done <- err
			}()
		}
		synctest.Wait()
		if most.Load() != 2 {
			t.Errorf("%d of one ledger run at a time, want 2", most.Load())
		}
		if leave, err := lanes.enter(t.Context(), 2); err != nil {
			t.Errorf("another ledger's: %v", err)
		} else {
			leave()
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := lanes.enter(ended, ledger.ID(1)); !errors.Is(err, context.Canceled) {
			t.Errorf("one whose context has ended: %v", err)
		}
		for range 16 {
			stop <- struct{}{}
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if len(lanes.open) != 0 {
			t.Errorf("%d lanes are open with nobody in them", len(lanes.open))
		}
	})
}
