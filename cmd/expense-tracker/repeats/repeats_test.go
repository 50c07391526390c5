package repeats

import (
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/adapters/repeated"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/schedule"
	"expense-tracker/observability"
)

func TestTheNextLookIsAtMidnightOrWithinAMinute(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	of := ledgertest.Ledger(ledger.Default)
	of.Zone = berlin
	for at, want := range map[string]time.Duration{
		"2026-11-23T12:00:00Z":     time.Minute,
		"2026-11-23T22:58:59Z":     time.Minute,
		"2026-11-23T22:59:30Z":     30 * time.Second,
		"2026-11-23T22:59:59.750Z": 250 * time.Millisecond,
		"2026-11-23T23:00:00Z":     time.Minute,
		"2026-03-29T21:59:50Z":     10 * time.Second, // on the day that has 23 hours
	} {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := untilNextLook(now, map[string]ledger.Ledger{"": ledgertest.Ledger(2), of.ZoneName(): of}); got != want {
			t.Errorf("at %s: %s, want %s", at, got, want)
		}
	}
}

// A change of a schedule wakes the job; its end waits until the job has ended.
func TestAChangeOfARepeatIsMadeAtOnce(t *testing.T) {
	db, changed := memory.New(), NewBell()
	keys := 0
	newKey := func() idempotency.Key { keys++; return idempotency.Key(fmt.Sprint("key-", keys)) }
	now := func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }
	expenses := expense.NewService(db.Expenses(), expense.Settings{Now: now, NewKey: newKey, PageSize: 5})
	schedules := schedule.NewService(db.Schedules(), repeated.NewMaker(expenses),
		schedule.Settings{Now: now, NewKey: newKey, Changed: changed.Ring})
	if _, err := db.Ledgers().Define(t.Context(), ledgertest.Ledger(ledger.Default)); err != nil {
		t.Fatal(err)
	}
	telemetry, err := observability.New(observability.Options{})
	if err != nil {
		t.Fatal(err)
	}
	measured, err := telemetry.NewRepeats()
	if err != nil {
		t.Fatal(err)
	}
	job := Job{Schedules: schedules, Ledgers: db.Ledgers(), Changed: changed, Measured: measured,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: now}
	stop := job.Start(t.Context())
	draft := schedule.Draft{Frequency: "weekly", Start: "2026-11-09", Typed: schedule.Typed{Category: "bus", Price: "23.35"}}
	if _, err := schedules.Create(t.Context(), ledgertest.Owner(), draft, civil.Date{}); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		n, err := db.ExpenseCounter().CountExpenses(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 3 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%d expenses, want 3", n)
		}
	}
	stop()
	draft.Note = "after the end"
	if _, err := schedules.Create(t.Context(), ledgertest.Owner(), draft, civil.Date{}); err != nil {
		t.Fatal(err)
	}
	if n, err := db.ExpenseCounter().CountExpenses(t.Context()); err != nil || n != 3 {
		t.Errorf("%d expenses after the job's end, %v", n, err)
	}
}
