package demo

import (
	"errors"
	"slices"
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/adapters/repeated"
	"expense-tracker/core/budget"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/expense/sample"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/rate"
	"expense-tracker/core/schedule"
	"expense-tracker/tests/rig/check"
)

// A sample of which one expense cannot be stored is no demo: the start fails with the reason.
func TestADemoThatCannotBeFilledDoesNotStart(t *testing.T) {
	t.Parallel()
	store := memory.New().Expenses()
	usd, err := money.ParseCurrency("USD")
	if err != nil {
		t.Fatal(err)
	}
	day := civil.Date{Year: 2026, Month: 1, Day: 1}
	taken := slices.Collect(sample.Entries(sample.Options{Count: 1, From: day, To: day, Seed: seed, Currency: usd}))[0]
	taken.Note = "something else with the first one's key"
	if _, err := store.Add(t.Context(), ledger.Default, taken); err != nil {
		t.Fatal(err)
	}
	own := ledger.Ledger{ID: ledger.Default, Currency: usd, Zone: time.UTC}
	err = Fill(t.Context(), store, own, time.Now())
	if !errors.Is(err, fault.Conflict) {
		t.Fatalf("filled with %v", err)
	}
	check.Contains(t, "the reason", err.Error(), "fill the demo", "expense 1 of 1050")
}

// The demo has something on every page, whatever day it is and whatever its money.
func TestTheDemoShowsEveryPageAlive(t *testing.T) {
	t.Parallel()
	for _, day := range []string{"2026-11-24", "2028-02-29", "2027-01-31", "2026-12-01"} {
		for _, code := range []string{"USD", "EUR", "JPY", "KWD"} {
			t.Run(code+" on "+day, func(t *testing.T) {
				now, err := time.Parse(time.DateOnly, day)
				if err != nil {
					t.Fatal(err)
				}
				isAlive(t, now, code)
			})
		}
	}
}

func isAlive(t *testing.T, now time.Time, code string) {
	t.Helper()
	currency, err := money.ParseCurrency(code)
	if err != nil {
		t.Fatal(err)
	}
	ctx, own, db := t.Context(), ledger.Ledger{ID: ledger.Default, Currency: currency, Zone: time.UTC}, memory.New()
	services, actor := demoServices(db, now), ledger.LocalOwner(own)
	if err := errors.Join(Fill(ctx, db.Expenses(), own, now), Furnish(ctx, services, own)); err != nil {
		t.Fatal(err)
	}
	if outcome := services.Schedules.CatchUp(ctx, actor, nil); outcome.Err != nil || outcome.Made < 5 {
		t.Errorf("caught up with %+v", outcome)
	}
	soon, err := services.Schedules.Soon(ctx, actor, 30, 4)
	if err != nil || len(soon) < 3 {
		t.Errorf("%d come up, %v", len(soon), err)
	}
	standings, err := services.Budgets.Left(ctx, actor, own.Today(now).MonthOf())
	if err != nil || len(standings) != 6 {
		t.Errorf("%d budgets, %v", len(standings), err)
	}
	sum, err := services.Rates.Summary(ctx, actor)
	if err != nil || !sum.AllTime.IsNeeded() || !sum.AllTime.IsWhole() {
		t.Errorf("all of it makes %+v, %v", sum.AllTime, err)
	}
}

func demoServices(db *memory.DB, now time.Time) Services {
	clock := func() time.Time { return now }
	newKey := func() idempotency.Key { return "unused" }
	services := Services{Expenses: expense.NewService(db.Expenses(), expense.Settings{Now: clock, NewKey: newKey, PageSize: 50})}
	services.Budgets = budget.NewService(db.Budgets(), services.Expenses, budget.Settings{Now: clock})
	services.Rates = rate.NewService(db.Rates(), services.Expenses, rate.Settings{Now: clock, PageSize: 50})
	services.Schedules = schedule.NewService(db.Schedules(), repeated.NewMaker(services.Expenses),
		schedule.Settings{Now: clock, NewKey: newKey})
	return services
}
