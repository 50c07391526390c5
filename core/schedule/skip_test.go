package schedule_test

import (
	"errors"
	"testing"

	"expense-tracker/core/fault"
)

// A date that was to be skipped stays skipped when a pause begins and ends before it.
func TestAPauseKeepsWhatIsSkippedAfterIt(t *testing.T) {
	w := newWorld(t)
	id := w.create(draft("weekly", "2026-11-30", "5")).ID
	w.change(id, w.Skip)
	w.change(id, w.Skip)
	w.change(id, w.Pause)
	w.catchUp()
	w.today("2026-12-01")
	w.change(id, w.Resume)
	if _, paused := w.get(id).PausedOn(); paused {
		t.Error("it is paused still")
	}
	w.today("2026-12-20")
	w.catchUp()
	w.want("2026-12-14 5.00 rent")
}

// Who skips the next date means the one that the page shows, and not the one after it if that was made meanwhile.
func TestASkipIsOfTheDateThatWasSeen(t *testing.T) {
	w := newWorld(t)
	made := w.create(draft("weekly", "2026-11-30", "5"))
	saw := made.Seen()
	w.today("2026-11-30")
	w.catchUp()
	if _, err := w.Skip(t.Context(), owner, made.ID, saw); !errors.Is(err, fault.Conflict) {
		t.Errorf("a skip of a date that was made: %v, want Conflict", err)
	}
	saw = w.get(made.ID).Seen()
	for range 2 { // and sent again
		if _, err := w.Skip(t.Context(), owner, made.ID, saw); err != nil {
			t.Error(err)
		}
	}
	w.today("2026-12-14")
	w.catchUp()
	w.want("2026-11-30 5.00 rent, 2026-12-14 5.00 rent")
}

// A date that was skipped by a slip falls due again, once, as long as it has not passed.
func TestASkipIsTakenBack(t *testing.T) {
	w := newWorld(t)
	id := w.create(draft("weekly", "2026-11-30", "5")).ID
	w.change(id, w.Skip)
	w.change(id, w.Skip)
	saw := w.get(id).Seen()
	for _, day := range []string{"2026-12-14", "2026-12-06", "", "x"} {
		if _, err := w.Unskip(t.Context(), owner, id, saw, day); !errors.Is(err, fault.Conflict) {
			t.Errorf("a skip of %q is taken back: %v, want Conflict", day, err)
		}
	}
	for range 2 { // and sent again
		if _, err := w.Unskip(t.Context(), owner, id, saw, "2026-12-07"); err != nil {
			t.Error(err)
		}
	}
	w.today("2026-12-14")
	w.catchUp()
	w.want("2026-12-07 5.00 rent, 2026-12-14 5.00 rent")
	if _, err := w.Unskip(t.Context(), owner, id, w.get(id).Seen(), "2026-11-30"); !errors.Is(err, fault.Conflict) {
		t.Errorf("a skip that has passed is taken back: %v, want Conflict", err)
	}
}
