package expenses

import (
	"math"
	"testing"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/words"
)

// A difference that no number holds is not told, and least of all with the wrong sign.
func TestThePaceTellsNoDifferenceThatOverflows(t *testing.T) {
	book, err := words.Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	own := ledgertest.Owner().Ledger.Currency
	today := civil.Date{Year: 2026, Month: time.November, Day: 24}
	spent := func(day civil.Date, minor int64) expense.DayTotal {
		return expense.DayTotal{Day: day, Total: expense.Total{Count: 1, Amount: money.FromMinor(minor, own)}}
	}
	lastMonth := today.AddDays(-31)
	for _, tt := range []struct {
		now, before int64
		want        string
	}{
		{math.MaxInt64, -100, ""},
		{-math.MaxInt64, 100, ""},
		{30000, 10000, "$200 more than October by this day"},
		{10000, 30000, "$200 less than October by this day"},
	} {
		got := ""
		if pace := newPace(book.English(), []expense.DayTotal{spent(lastMonth, tt.before), spent(today, tt.now)}, today, own); pace != nil {
			got = pace.Before + pace.Strong + pace.After
		}
		if got != tt.want {
			t.Errorf("%d after %d: %q, want %q", tt.now, tt.before, got, tt.want)
		}
	}
}

// Nor is a sum on the way: a month may hold more than any number until a day on which much of it came back.
func TestThePaceTellsNoSumThatOverflows(t *testing.T) {
	book, err := words.Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	own := ledgertest.Owner().Ledger.Currency
	today := civil.Date{Year: 2026, Month: time.November, Day: 24}
	spent := func(day, minor int64, month time.Month) expense.DayTotal {
		return expense.DayTotal{
			Day: civil.Date{Year: 2026, Month: month, Day: int(day)}, Total: expense.Total{Count: 1, Amount: money.FromMinor(minor, own)},
		}
	}
	for name, days := range map[string][]expense.DayTotal{
		"this month": {
			spent(1, 100, time.October), spent(1, math.MaxInt64, time.November), spent(2, 1, time.November), spent(3, -500, time.November),
		},
		"the month before": {
			spent(1, math.MaxInt64, time.October), spent(2, 1, time.October), spent(3, -500, time.October), spent(1, 100, time.November),
		},
	} {
		glance := newGlance(book.English(), today, nil, days, own)
		if glance.Pace != nil || glance.Chart != nil {
			t.Errorf("%s: the pace is %+v, and its chart %+v", name, glance.Pace, glance.Chart)
		}
	}
}
