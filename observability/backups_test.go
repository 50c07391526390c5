package observability_test

import (
	"testing"
	"time"

	"expense-tracker/observability"
)

// That there is no restored backup yet is said after the first try, not before: an alert and thirty days' budget hang on it.
func TestNoBackupIsKnownBeforeTheFirstTry(t *testing.T) {
	telemetry := newTelemetry(t, observability.Options{})
	measured, err := telemetry.NewBackups([]string{"dump"})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		does  string
		do    func()
		there bool
		want  float64
	}{
		{"it starts", func() {}, false, 0},
		{"a first try is under way", func() { measured.Known(time.Time{}, 0, 0, 0); measured.Began(time.Unix(900, 0)) }, false, 0},
		{"it failed", func() { measured.Failed("dump") }, true, 0},
		{"another did not", func() { measured.Made(time.Unix(1000, 0), 1, 1, 1, nil) }, true, 1000},
	} {
		step.do()
		got, there := scrape(t, telemetry).values("expense_backup_last_restored_timestamp_seconds")[""]
		if there != step.there || got != step.want {
			t.Errorf("when %s: %g, %t, want %g, %t", step.does, got, there, step.want, step.there)
		}
	}
}

// Who finds a young backup of another after a failure has nothing to complain of any more.
func TestABackupOfAnotherMakesUpForAFailure(t *testing.T) {
	telemetry := newTelemetry(t, observability.Options{})
	measured, err := telemetry.NewBackups([]string{"open"})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		does string
		do   func()
		want float64
	}{
		{"it failed", func() { measured.Failed("open") }, 0},
		{"another is at it", func() { measured.Skipped(false) }, 0},
		{"another has made one", func() { measured.Skipped(true) }, 1},
	} {
		step.do()
		if got := scrape(t, telemetry).values("expense_backup_last_attempt_succeeded")[""]; got != step.want {
			t.Errorf("when %s: %g, want %g", step.does, got, step.want)
		}
	}
}
