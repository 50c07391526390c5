package scheduletest

import (
	"errors"
	"sync"
	"testing"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/schedule"
)

func testChange(t *testing.T, f *fixture) {
	made := f.create(t, rent("2026-12-01"))
	before := f.state(t)
	changed, err := f.Change(t.Context(), in, made.ID, basis(1, "dearer"), dearer)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := dearer(made)
	want.ID, want.Revision = made.ID, 2
	same(t, changed, want)
	same(t, f.get(t, made.ID), want)
	if f.state(t) == before {
		t.Error("a change left the state")
	}
}

func testStale(t *testing.T, f *fixture) {
	made := f.create(t, rent("2026-12-01"))
	if _, err := f.Change(t.Context(), in, made.ID, basis(1, "theirs"), dearer); err != nil {
		t.Fatal(err)
	}
	before := f.state(t)
	for _, saw := range []int{0, 1, 3} {
		if _, err := f.Change(t.Context(), in, made.ID, basis(saw, "mine"), dearer); !errors.Is(err, fault.Conflict) {
			t.Errorf("from revision %d: %v, want Conflict", saw, err)
		}
	}
	if f.state(t) != before {
		t.Error("a refused change changed the state")
	}
}

func testRepeated(t *testing.T, f *fixture) {
	made := f.create(t, rent("2026-12-01"))
	for range 2 {
		changed, err := f.Change(t.Context(), in, made.ID, basis(1, "dearer"), dearer)
		if err != nil || changed.Revision != 2 || len(changed.Prices) != 1 {
			t.Fatalf("changed to %+v, %v", changed, err)
		}
	}
	end := func(s schedule.Schedule) (schedule.Schedule, error) { s.Rule.End = day("2026-12-31"); return s, nil }
	if _, err := f.Change(t.Context(), in, made.ID, basis(2, "end"), end); err != nil {
		t.Fatal(err)
	}
	before := f.state(t)
	again, err := f.Change(t.Context(), in, made.ID, basis(1, "dearer"), dearer)
	if err != nil || again.Revision != 3 {
		t.Errorf("a repeat after another change: %+v, %v, want the schedule as it is now", again, err)
	}
	if f.state(t) != before {
		t.Error("a repeat changed the state")
	}
}

func testRefusal(t *testing.T, f *fixture) {
	made := f.create(t, rent("2026-12-01"))
	before := f.state(t)
	refusal := errors.New("no")
	_, err := f.Change(t.Context(), in, made.ID, basis(1, "x"), func(schedule.Schedule) (schedule.Schedule, error) {
		return schedule.Schedule{}, refusal
	})
	if !errors.Is(err, refusal) || fault.KindOf(err) != fault.Internal {
		t.Errorf("got %v, want the very error", err)
	}
	if f.state(t) != before {
		t.Error("a refusal changed the state")
	}
	same(t, f.get(t, made.ID), made)
}

func testAdvance(t *testing.T, f *fixture) {
	made := f.create(t, rent("2026-12-01"))
	to := schedule.Progress{To: day("2027-01-01"), Made: 2, Last: 17, Category: 3}
	moved, err := f.Advance(t.Context(), in, made.ID, func(schedule.Schedule) schedule.Progress { return to })
	if err != nil {
		t.Fatal(err)
	}
	made.Progress = to
	same(t, moved, made)
	same(t, f.get(t, made.ID), made)
	before := f.state(t)
	if _, err := f.Advance(t.Context(), in, made.ID, func(s schedule.Schedule) schedule.Progress { return s.Progress }); err != nil {
		t.Fatal(err)
	}
	if f.state(t) != before {
		t.Error("the same progress changed the state")
	}
	if _, err := f.Change(t.Context(), in, made.ID, basis(1, "after"), dearer); err != nil {
		t.Errorf("progress made a change stale: %v", err)
	}
	if got := f.list(t, schedule.Query{DueBy: day("2027-01-31"), Limit: 10}); len(got) != 0 {
		t.Errorf("%v is due again", got)
	}
}

func testAdvanceAtOnce(t *testing.T, f *fixture) {
	made := f.create(t, rent("2026-12-01"))
	const writers = 8
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for range 3 {
				if _, err := f.Advance(t.Context(), in, made.ID, func(s schedule.Schedule) schedule.Progress {
					s.Progress.Made++
					s.Progress.To = s.Progress.To.AddDays(1)
					return s.Progress
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	got := f.get(t, made.ID).Progress
	if got.Made != 3*writers || got.To != made.Progress.To.AddDays(3*writers) {
		t.Errorf("progress %+v after %d moves", got, 3*writers)
	}
}

func testTooMany(t *testing.T, f *fixture) {
	over := rent("2026-01-01")
	over.Rule.End, over.Progress.To = day("2026-03-01"), day("2026-03-01")
	ended := f.create(t, over)
	for range schedule.MaxLive {
		f.create(t, rent("2026-12-01"))
	}
	before := f.state(t)
	if _, err := f.Create(t.Context(), in, f.entry(rent("2026-12-01"))); !errors.Is(err, fault.Conflict) {
		t.Errorf("one more: %v, want Conflict", err)
	}
	if _, err := f.Change(t.Context(), in, ended.ID, basis(1, "go on"), func(s schedule.Schedule) (schedule.Schedule, error) {
		s.Rule.End = civil.Date{}
		return s, nil
	}); !errors.Is(err, fault.Conflict) {
		t.Errorf("one goes on: %v, want Conflict", err)
	}
	if f.state(t) != before {
		t.Error("a refusal changed the state")
	}
	f.create(t, over)
	if n := len(f.list(t, schedule.Query{Limit: 2 * schedule.MaxLive})); n != schedule.MaxLive {
		t.Errorf("%d go on", n)
	}
}

func testState(t *testing.T, f *fixture) {
	first := f.state(t)
	f.create(t, rent("2026-12-01"))
	second := f.state(t)
	if second.Version <= first.Version || second.Mark == first.Mark {
		t.Errorf("a creation turned state %v into %v", first, second)
	}
}

func testIsolation(t *testing.T, f *fixture) {
	made := f.create(t, rent("2026-12-01"))
	const other = in + 1
	if _, err := f.Get(t.Context(), other, made.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("another ledger gets %v", err)
	}
	keep := func(s schedule.Schedule) (schedule.Schedule, error) { return s, nil }
	if _, err := f.Change(t.Context(), other, made.ID, basis(1, "x"), keep); !errors.Is(err, fault.NotFound) {
		t.Errorf("another ledger changes it: %v", err)
	}
	if listed, err := f.List(t.Context(), other, schedule.Query{Limit: 10}); err != nil || len(listed) != 0 {
		t.Errorf("another ledger lists %v, %v", listed, err)
	}
	entry := f.entry(rent("2026-12-01"))
	for _, ledgerID := range []ledger.ID{in, other} { // each has keys of its own
		if _, err := f.Create(t.Context(), ledgerID, entry); err != nil {
			t.Error(err)
		}
	}
}
