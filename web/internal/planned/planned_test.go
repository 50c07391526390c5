package planned_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"expense-tracker/core/budget"
	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/planned"
	"expense-tracker/web/internal/words"
)

// told are the standings of a test, or its error.
type told struct {
	standings []budget.Standing
	err       error
}

func (t told) Left(context.Context, ledger.Actor, civil.Month) ([]budget.Standing, error) {
	return t.standings, t.err
}

func TestWhatIsLeftIsSaid(t *testing.T) {
	book, err := words.Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	usd, err := money.ParseCurrency("USD")
	if err != nil {
		t.Fatal(err)
	}
	dollars := func(minor int64) money.Amount { return money.FromMinor(minor, usd) }
	month := civil.Month{Year: 2026, Month: time.November}
	for _, tt := range []struct {
		limit, carried, spent int64
		day                   int
		whole, category       string
		german                string
		over                  bool
	}{
		{150000, 0, 109000, 10, "$410.00 left of $1,500; $20 a day for 20 days", "$410.00 left of $1,500",
			"410,00 $ übrig von 1.500 $; 20 $ am Tag für 20 Tage", false},
		{150000, 0, 109000, 29, "$410.00 left of $1,500 for one more day", "$410.00 left of $1,500",
			"410,00 $ übrig von 1.500 $ für noch einen Tag", false},
		{150000, 0, 109000, 30, "$410.00 left of $1,500", "$410.00 left of $1,500", "410,00 $ übrig von 1.500 $", false},
		{150050, 1000, 0, 30, "$1,510.50 left of $1,510.50", "$1,510.50 left of $1,510.50", "1.510,50 $ übrig von 1.510,50 $", false},
		{10000, 0, 10000, 10, "All of $100 is spent", "All of $100 is spent", "Alle 100 $ sind ausgegeben", false},
		{10000, 0, 13500, 10, "$35.00 over the budget of $100", "$35.00 over $100", "35,00 $ über dem Budget von 100 $", true},
		{10000, -20000, 0, 10, "$100.00 over", "$100.00 over", "100,00 $ darüber", true},
		{1, 0, math.MaxInt64, 10, "$92,233,720,368,547,758.06 over the budget of $0.01", "$92,233,720,368,547,758.06 over $0.01",
			"92.233.720.368.547.758,06 $ über dem Budget von 0,01 $", true},
		{1, math.MinInt64, math.MaxInt64, 10, "$92,233,720,368,547,758.07 over", "$92,233,720,368,547,758.07 over",
			"92.233.720.368.547.758,07 $ darüber", true},
	} {
		standing := budget.Standing{
			Month: month, Term: budget.Term{Limit: dollars(tt.limit)}, Carried: dollars(tt.carried), Spent: dollars(tt.spent),
		}
		category := standing
		category.Category, category.Of = 7, 9
		teller := planned.NewTeller(told{standings: []budget.Standing{standing, category}})
		today := civil.Date{Year: 2026, Month: time.November, Day: tt.day}
		found, err := teller.Of(t.Context(), book.English(), ledger.Actor{}, month, today)
		if err != nil || found.Whole == nil {
			t.Fatalf("%+v: %v, %v", tt, found, err)
		}
		limit := found.Limits[7]
		if found.Whole.Text != tt.whole || found.Whole.Over != tt.over || limit.Left != tt.category || limit.Over != tt.over {
			t.Errorf("%+v: %+v, %+v", tt, found.Whole, limit)
		}
		if line := found.Category(7); line == nil || *line != (planned.Line{Text: tt.category, Over: tt.over, Address: "/budgets/9"}) {
			t.Errorf("%+v: the category's line is %+v", tt, line)
		}
		if line := found.Category(8); line != nil {
			t.Errorf("a category without a budget has %+v", line)
		}
		german, err := teller.Of(t.Context(), book.All()[1], ledger.Actor{}, month, today)
		if err != nil || strings.ReplaceAll(german.Whole.Text, "\u00a0", " ") != tt.german {
			t.Errorf("%q, want %q; %v", german.Whole.Text, tt.german, err)
		}
	}
}

func TestWithoutBudgetsThereIsNothingToSay(t *testing.T) {
	down := errors.New("down")
	for name, teller := range map[string]planned.Teller{
		"no budgets":    planned.NewTeller(told{}),
		"no teller":     {},
		"cannot be had": planned.NewTeller(told{err: down}),
	} {
		found, err := teller.Of(t.Context(), nil, ledger.Actor{}, civil.Month{}, civil.Date{})
		if found.Whole != nil || found.Limits != nil || errors.Is(err, down) != (name == "cannot be had") {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
	}
}
