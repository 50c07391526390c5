package budget_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/budget"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

var owner = ledgertest.Owner()

// house is a service on an empty storage, with its expenses, on a day that the test chooses.
type house struct {
	*budget.Service
	expenses *expense.Service
	t        *testing.T
	now      time.Time
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return h.now }
	db, keys := memory.New(), 0
	h.expenses = expense.NewService(db.Expenses(), expense.Settings{PageSize: 10, Now: clock, NewKey: func() idempotency.Key {
		keys++
		return idempotency.Key(fmt.Sprint("key-", keys))
	}})
	h.Service = budget.NewService(db.Budgets(), h.expenses, budget.Settings{Now: clock})
	return h
}

// spend adds an expense and returns its category.
func (h *house) spend(category, price, date string) budget.CategoryID {
	h.t.Helper()
	receipt, err := h.expenses.Add(h.t.Context(), owner, expense.Draft{Category: category, Price: price, Date: date})
	if err != nil {
		h.t.Fatal(err)
	}
	return budget.CategoryID(receipt.Expense.Category.ID)
}

func (h *house) set(of budget.CategoryID, draft budget.Draft) budget.Budget {
	h.t.Helper()
	now, _, err := h.Get(h.t.Context(), owner, of)
	if err != nil {
		h.t.Fatal(err)
	}
	saw := revision.Seen{}
	if now.Revision > 0 {
		saw = now.Seen()
	}
	b, err := h.Set(h.t.Context(), owner, of, saw, draft)
	if err != nil {
		h.t.Fatal(err)
	}
	return b
}

// standings writes those of a month as "7: 120.00+3.00-137.80=-14.80".
func (h *house) standings(month civil.Month) string {
	h.t.Helper()
	all, err := h.Left(h.t.Context(), owner, month)
	if err != nil {
		h.t.Fatal(err)
	}
	shown := make([]string, len(all))
	for i, s := range all {
		shown[i] = fmt.Sprintf("%d: %s+%s-%s=%s", s.Category, s.Term.Limit.Decimal(), s.Carried.Decimal(), s.Spent.Decimal(), s.Left().Decimal())
	}
	return strings.Join(shown, ", ")
}

var november = civil.Month{Year: 2026, Month: time.November}

func TestABudgetStandsBesideWhatWasSpent(t *testing.T) {
	h := newHouse(t)
	food := h.spend("food", "137.80", "2026-11-03")
	h.spend("rent", "1000", "2026-11-01")
	h.spend("food", "500", "2026-10-03")
	h.set(food, budget.Draft{Amount: "120", From: "2026-10"})
	h.set(budget.Everything, budget.Draft{Amount: "1 500.00"})
	if got := h.standings(november); got != "0: 1500.00+0.00-1137.80=362.20, 1: 120.00+0.00-137.80=-17.80" {
		t.Error(got)
	}
	if got := h.standings(november.AddMonths(-1)); got != "1: 120.00+0.00-500.00=-380.00" {
		t.Errorf("October: %s", got)
	}
	if got := h.standings(november.AddMonths(6)); got != "0: 1500.00+0.00-0.00=1500.00, 1: 120.00+0.00-0.00=120.00" {
		t.Errorf("May: %s", got)
	}
}

func TestWhatIsLeftIsCarriedOver(t *testing.T) {
	h := newHouse(t)
	food := h.spend("food", "70", "2026-08-03") // 30 left
	h.spend("food", "150", "2026-09-03")        // 20 over after that
	h.spend("food", "10.50", "2026-11-03")
	h.set(food, budget.Draft{Amount: "100", From: "2026-08", Carry: true})
	h.set(food, budget.Draft{Amount: "90", From: "2026-11", Carry: true})
	for month, want := range map[civil.Month]string{
		november.AddMonths(-3): "1: 100.00+0.00-70.00=30.00",
		november.AddMonths(-2): "1: 100.00+30.00-150.00=-20.00",
		november.AddMonths(-1): "1: 100.00+-20.00-0.00=80.00",
		november:               "1: 90.00+80.00-10.50=159.50",
	} {
		if got := h.standings(month); got != want {
			t.Errorf("%s: %s, want %s", month, got, want)
		}
	}
	h.set(food, budget.Draft{Amount: "90", From: "2026-11"})
	if got := h.standings(november); got != "1: 90.00+0.00-10.50=79.50" {
		t.Errorf("without a carry: %s", got)
	}
	h.set(food, budget.Draft{Amount: "90", Currency: "eur", From: "2026-11", Carry: true})
	if got := h.standings(november); got != "1: 90.00+0.00-0.00=90.00" {
		t.Errorf("in another currency: %s", got)
	}
}

// What is carried is counted from two years back, however long a budget has been there.
func TestCarryingIsBounded(t *testing.T) {
	h := newHouse(t)
	h.now = time.Date(2022, 11, 1, 0, 0, 0, 0, time.UTC)
	food := h.spend("food", "1", "2022-11-03")
	h.set(food, budget.Draft{Amount: "100", From: "2020-11", Carry: true})
	h.now = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	if got := h.standings(november); got != "1: 100.00+2400.00-0.00=2500.00" {
		t.Error(got)
	}
}

func TestABudgetThatWasMergedAwayCountsUnlessAnotherDoes(t *testing.T) {
	h := newHouse(t)
	food, snacks := h.spend("food", "10", ""), h.spend("snacks", "5", "")
	h.set(snacks, budget.Draft{Amount: "50"})
	merge := func(from, into budget.CategoryID) {
		t.Helper()
		if _, err := h.expenses.MergeCategory(t.Context(), owner, expense.CategoryID(from), revision.At(1),
			expense.CategoryID(into)); err != nil {
			t.Fatal(err)
		}
	}
	merge(snacks, food)
	if got := h.standings(november); got != "1: 50.00+0.00-15.00=35.00" {
		t.Error(got)
	}
	h.set(food, budget.Draft{Amount: "80"})
	if got := h.standings(november); got != "1: 80.00+0.00-15.00=65.00" {
		t.Errorf("beside one of its own: %s", got)
	}
}

func TestSetRefusesWhatIsNoBudget(t *testing.T) {
	h := newHouse(t)
	for _, tt := range []struct {
		draft budget.Draft
		want  string
	}{
		{budget.Draft{}, "amount: enter an amount, such as 300"},
		{budget.Draft{Amount: "-1"}, "amount: a budget is more than zero; one that you have can be ended"},
		{budget.Draft{Amount: "−1"}, "amount: a budget is more than zero; one that you have can be ended"},
		{budget.Draft{Amount: "0"}, "amount: a budget is more than zero; one that you have can be ended"},
		{budget.Draft{Amount: "0.00"}, "amount: a budget is more than zero; one that you have can be ended"},
		{budget.Draft{Amount: "9999999999999.99"}, ""},
		{budget.Draft{Amount: "10000000000000.00"}, "amount: a budget is at most $9,999,999,999,999.99"},
		{budget.Draft{Amount: "18446744073709551616"}, "amount: a budget is at most $9,999,999,999,999.99"},
		{budget.Draft{Amount: strings.Repeat("9", 1000)}, "amount: a budget is at most $9,999,999,999,999.99"},
		{budget.Draft{Amount: "much", Currency: "ABC", From: "2026-13"},
			`currency: "ABC" is not an ISO 4217 currency code such as USD|amount: this is not a number; write it like 12.50 or 1` +
				"\u00a0" + `234.50|` +
				`from: enter a month that exists, as YYYY-MM`},
		{budget.Draft{Amount: "1", From: "2024-10"}, "from: enter a month from 2024-11 to 2028-11"},
		{budget.Draft{Amount: "1", From: "2028-12"}, "from: enter a month from 2024-11 to 2028-11"},
		{budget.Draft{Amount: "1", From: "2024-11"}, ""},
		{budget.Draft{Amount: "1", From: "2028-11"}, ""},
	} {
		now, _, err := h.Get(t.Context(), owner, budget.Everything)
		if err != nil {
			t.Fatal(err)
		}
		saw := revision.Seen{}
		if now.Revision > 0 {
			saw = now.Seen()
		}
		_, err = h.Set(t.Context(), owner, budget.Everything, saw, tt.draft)
		said := ""
		for i, v := range fault.ViolationsOf(err) {
			if i > 0 {
				said += "|"
			}
			said += v.Field + ": " + v.Message.String()
		}
		if said != tt.want || (err != nil) != (tt.want != "") {
			t.Errorf("%+v: %q, %v, want %q", tt.draft, said, err, tt.want)
		}
	}
}

func TestABudgetIsChangedAsItWasSeen(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	food := h.spend("food", "10", "")
	first := h.set(food, budget.Draft{Amount: "100"})
	if _, err := h.Set(ctx, owner, food, revision.Seen{}, budget.Draft{Amount: "100"}); err != nil {
		t.Errorf("a second click: %v", err)
	}
	if _, err := h.Set(ctx, owner, food, revision.Seen{}, budget.Draft{Amount: "200"}); !errors.Is(err, fault.Conflict) {
		t.Errorf("a second budget: %v, want Conflict", err)
	}
	second := h.set(food, budget.Draft{Amount: "200"})
	if _, err := h.Set(ctx, owner, food, first.Seen(), budget.Draft{Amount: "300"}); !errors.Is(err, fault.Conflict) {
		t.Errorf("a stale change: %v, want Conflict", err)
	}
	if _, err := h.End(ctx, owner, food, first.Seen(), ""); !errors.Is(err, fault.Conflict) {
		t.Errorf("a stale end: %v, want Conflict", err)
	}
	for range 2 { // a second click as well
		if _, err := h.End(ctx, owner, food, second.Seen(), ""); err != nil {
			t.Errorf("end: %v", err)
		}
	}
	if got := h.standings(november); got != "" {
		t.Errorf("after the end: %s", got)
	}
	if b := h.set(food, budget.Draft{Amount: "50"}); b.Revision != 4 {
		t.Errorf("it came back as %+v", b)
	}
	if _, err := h.Set(ctx, owner, 99, revision.Seen{}, budget.Draft{Amount: "1"}); !errors.Is(err, fault.NotFound) {
		t.Errorf("a budget of nobody: %v, want NotFound", err)
	}
	if _, err := h.End(ctx, owner, budget.Everything, revision.At(1), ""); !errors.Is(err, fault.NotFound) {
		t.Errorf("the end of no budget: %v, want NotFound", err)
	}
}

// The form of a new budget also takes the place of one that has ended.
func TestABudgetThatHasEndedIsSetAnew(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	b := h.set(budget.Everything, budget.Draft{Amount: "100", From: "2026-09"})
	if _, err := h.End(ctx, owner, budget.Everything, b.Seen(), "2026-11"); err != nil {
		t.Fatal(err)
	}
	month, err := h.Month(ctx, owner, november)
	if err != nil || fmt.Sprint(month.Lapsed) != "[0]" {
		t.Errorf("lapsed %v, %v", month.Lapsed, err)
	}
	if copied, err := h.Copy(ctx, owner); err != nil || copied != 1 {
		t.Errorf("copied %d, %v", copied, err)
	}
	if copied, err := h.Copy(ctx, owner); err != nil || copied != 0 {
		t.Errorf("copied again %d, %v", copied, err)
	}
	if got := h.standings(november); got != "0: 100.00+0.00-0.00=100.00" {
		t.Error(got)
	}
	b, _, err = h.Get(ctx, owner, budget.Everything)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.End(ctx, owner, budget.Everything, b.Seen(), ""); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Set(ctx, owner, budget.Everything, revision.Seen{}, budget.Draft{Amount: "70", From: "2026-12"}); err != nil {
		t.Errorf("set anew: %v", err)
	}
}

func TestABudgetThatDoesNotCountYetIsAhead(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	h.set(budget.Everything, budget.Draft{Amount: "100"})
	food := h.spend("food", "1", "")
	h.set(food, budget.Draft{Amount: "10", From: "2027-03"})
	ended := h.set(h.spend("gone", "1", ""), budget.Draft{Amount: "10", From: "2027-01"})
	if _, err := h.End(ctx, owner, ended.Category, ended.Seen(), "2026-12"); err != nil {
		t.Fatal(err)
	}
	got, err := h.Ahead(ctx, owner)
	if err != nil || len(got) != 1 || got[0].Category != food || got[0].Term.From.String() != "2027-03" {
		t.Errorf("%v, %v", got, err)
	}
}

func TestALedgerHasSoManyBudgets(t *testing.T) {
	h := newHouse(t)
	for i := range budget.MaxBudgets {
		h.set(h.spend(fmt.Sprint("category ", i), "1", ""), budget.Draft{Amount: "10"})
	}
	_, err := h.Set(t.Context(), owner, h.spend("one more", "1", ""), revision.Seen{}, budget.Draft{Amount: "10"})
	if violations := fault.ViolationsOf(err); len(violations) != 1 || violations[0].Field != budget.FieldCategory {
		t.Errorf("one more: %v", err)
	}
}

func TestEveryUseCaseChecksTheRole(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	for name, useCase := range map[string]struct {
		need ledger.Role
		call func(ledger.Actor) error
	}{
		"Left":  {ledger.Viewer, func(a ledger.Actor) error { _, err := h.Left(ctx, a, november); return err }},
		"Month": {ledger.Viewer, func(a ledger.Actor) error { _, err := h.Month(ctx, a, november); return err }},
		"Ahead": {ledger.Viewer, func(a ledger.Actor) error { _, err := h.Ahead(ctx, a); return err }},
		"Get":   {ledger.Viewer, func(a ledger.Actor) error { _, _, err := h.Get(ctx, a, 0); return err }},
		"Set": {ledger.Editor, func(a ledger.Actor) error {
			_, err := h.Set(ctx, a, 0, revision.Seen{}, budget.Draft{Amount: "1"})
			return err
		}},
		"End":  {ledger.Editor, func(a ledger.Actor) error { _, err := h.End(ctx, a, 0, revision.At(1), ""); return err }},
		"Copy": {ledger.Editor, func(a ledger.Actor) error { _, err := h.Copy(ctx, a); return err }},
	} {
		for _, role := range []ledger.Role{0, ledger.Viewer, ledger.Editor, ledger.Owner} {
			err := useCase.call(ledger.Actor{Ledger: owner.Ledger, Role: role})
			if forbidden := errors.Is(err, fault.Forbidden); forbidden != (role < useCase.need) {
				t.Errorf("%s as %s: %v", name, role, err)
			}
		}
	}
}

func TestAStandingSaysWhereTheMonthGoes(t *testing.T) {
	usd := owner.Ledger.Currency
	for _, tt := range []struct {
		day, limit, carried, spent string
		want                       string
	}{
		{"2026-11-24", "44000", "0", "42045", "1955 left, 6 days, 325 a day, near, ends 52556"},
		{"2026-11-24", "44000", "0", "41799", "2201 left, 6 days, 366 a day, ends 52249"},
		{"2026-11-24", "12000", "0", "13780", "-1780 left, 6 days, over, ends 17225"},
		{"2026-11-24", "12000", "-20000", "0", "-8000 left, 6 days, over, ends 0"},
		{"2026-11-24", "100", "0", "100", "0 left, 6 days, near, ends 125"},
		{"2026-11-24", "100", "0", "-100", "200 left, 6 days, 33 a day, ends -125"}, // more came back than was spent
		{"2026-11-06", "100", "0", "50", "50 left, 24 days, 2 a day"},
		{"2026-11-07", "100", "0", "50", "50 left, 23 days, 2 a day, ends 214"},
		{"2026-11-29", "100", "0", "50", "50 left, 1 days, 50 a day, ends 52"},
		{"2026-11-30", "100", "0", "99", "1 left, 0 days"},
		{"2026-12-01", "100", "0", "99", "1 left, 0 days"},
		{"2026-10-31", "100", "0", "0", "100 left, 30 days, 3 a day"},
		{"2026-11-24", "999999999999999", "9223372036854775807", "9223372036854775807", "0 left, 6 days, near"},
		{"2026-11-24", "999999999999999", "-9223372036854775808", "9223372036854775807", "-9223372036854775808 left, 6 days, over"},
	} {
		today, err := civil.ParseDate(tt.day)
		if err != nil {
			t.Fatal(err)
		}
		s := budget.Standing{Month: november, Term: budget.Term{Limit: minor(t, tt.limit, usd)},
			Carried: minor(t, tt.carried, usd), Spent: minor(t, tt.spent, usd)}
		got := fmt.Sprintf("%d left, %d days", s.Left().Minor(), s.DaysToGo(today))
		if perDay, ok := s.PerDay(today); ok {
			got += fmt.Sprintf(", %d a day", perDay.Minor())
		}
		if s.IsOver() {
			got += ", over"
		}
		if s.IsNear(today) {
			got += ", near"
		}
		if ends, ok := s.Forecast(today); ok {
			got += fmt.Sprintf(", ends %d", ends.Minor())
		}
		if got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}

func minor(t *testing.T, digits string, c money.Currency) money.Amount {
	t.Helper()
	var n int64
	if _, err := fmt.Sscan(digits, &n); err != nil {
		t.Fatal(err)
	}
	return money.FromMinor(n, c)
}
