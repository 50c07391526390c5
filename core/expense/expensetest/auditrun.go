package expensetest

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/core/expense"
)

// testAuditRuns checks that one of many begins an audit, and that all know what the last one found.
func testAuditRuns(t *testing.T, b *fixture) {
	ctx := t.Context()
	if found, err := b.LastAudit(ctx); err != nil || found != (expense.AuditReport{}) {
		t.Errorf("before the first audit, the last one found %+v, %v", found, err)
	}
	begin := func(what string, now time.Time, want bool) {
		t.Helper()
		if begun, err := b.BeginAudit(ctx, now, time.Hour); err != nil || begun != want {
			t.Errorf("%s: begun %v, %v, want %v", what, begun, err, want)
		}
	}
	var one sync.WaitGroup
	var begun atomic.Int64
	for range 8 {
		one.Go(func() {
			mine, err := b.BeginAudit(ctx, someTime, time.Hour)
			if err != nil {
				t.Error(err)
			}
			if mine {
				begun.Add(1)
			}
		})
	}
	if one.Wait(); begun.Load() != 1 {
		t.Errorf("%d of eight instances audit at once", begun.Load())
	}
	begin("within the hour", someTime.Add(59*time.Minute), false)
	begin("an instance whose clock is behind", someTime.Add(-30*time.Minute), false)
	begin("after an hour", someTime.Add(time.Hour), true)
	begin("an instance whose clock is a day ahead", someTime.Add(24*time.Hour), true)
	begin("after a clock that was a day ahead", someTime.Add(2*time.Hour), true)
	if renewed, err := b.BeginAudit(ctx, someTime.Add(2*time.Hour+time.Minute), 0); err != nil || !renewed {
		t.Errorf("who audits cannot say that it goes on: %v, %v", renewed, err)
	}

	for differences := range 3 {
		ended := someTime.Add(time.Duration(differences) * time.Microsecond)
		report := expense.AuditReport{Ended: ended, Ledgers: 7, Differences: 2 - differences}
		if err := b.EndAudit(ctx, report); err != nil {
			t.Fatal(err)
		}
		if found, err := b.LastAudit(ctx); err != nil || found != report {
			t.Errorf("the last audit found %+v, %v, want %+v", found, err, report)
		}
	}
	begin("an end is no beginning", someTime.Add(2*time.Hour+2*time.Minute), false)
}
