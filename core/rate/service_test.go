package rate_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/money"
	"expense-tracker/core/rate"
	"expense-tracker/core/revision"
)

var owner = ledgertest.Owner()

// house is a service on an empty storage, with its expenses, on 24 November 2026.
type house struct {
	*rate.Service
	expenses *expense.Service
	t        *testing.T
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t}
	clock := func() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }
	db, keys := memory.New(), 0
	h.expenses = expense.NewService(db.Expenses(), expense.Settings{PageSize: 10, Now: clock, NewKey: func() idempotency.Key {
		keys++
		return idempotency.Key(fmt.Sprint("key-", keys))
	}})
	h.Service = rate.NewService(db.Rates(), h.expenses, rate.Settings{Now: clock, PageSize: 2})
	return h
}

func (h *house) spend(price, currency, date string) {
	h.t.Helper()
	if _, err := h.expenses.Add(h.t.Context(), owner, expense.Draft{Category: "x", Price: price, Currency: currency, Date: date}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) enter(currency, value, date string) rate.Rate {
	h.t.Helper()
	r, err := h.Enter(h.t.Context(), owner, rate.Draft{Currency: currency, Rate: value, Date: date})
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

func TestASummaryConvertsAtTheRatesOfToday(t *testing.T) {
	h := newHouse(t)
	h.spend("2688.58", "USD", "2026-11-02")
	h.spend("100", "EUR", "2026-11-03")
	h.spend("50", "EUR", "2026-10-03")
	h.enter("eur", "1.2", "2026-10-01")
	h.enter(" EUR ", "1.0952", "2026-11-03")
	h.enter("EUR", "2", "2026-11-25") // tomorrow's
	s, err := h.Summary(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(s.Currencies, s.Newest[0].Value, s.Month.Amount, s.Month.Rounded, s.AllTime.Amount, s.AllTime.Rounded); got !=
		"[EUR] 1.0952 2798.10 USD false 2852.86 USD false" {
		t.Error(got)
	}
	h.spend("1", "GBP", "2026-10-03")
	s, err = h.Summary(t.Context(), owner)
	if err != nil || !s.Month.IsWhole() || s.AllTime.IsWhole() || strings.Join(s.AllTime.Missing, " ") != "GBP" {
		t.Errorf("with pounds: %+v, %v", s, err)
	}
	october, err := h.Altogether(t.Context(), owner, []money.Amount{money.FromMinor(5000, currency(t, "EUR"))},
		civil.Date{Year: 2026, Month: 10, Day: 31})
	if err != nil || october.Amount.Decimal() != "60.00" || october.Rates[0].Day.String() != "2026-10-01" {
		t.Errorf("October: %+v, %v", october, err)
	}
}

func TestARateIsEnteredOnceForADay(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	first := h.enter("EUR", "1.0952", "")
	if first.Day.String() != "2026-11-24" || first.Revision != 1 {
		t.Errorf("entered %+v", first)
	}
	if again := h.enter("EUR", "1.09520", ""); again != first { // a second click
		t.Errorf("again it is %+v", again)
	}
	if _, err := h.Enter(ctx, owner, rate.Draft{Currency: "EUR", Rate: "1.1"}); !errors.Is(err, fault.Conflict) {
		t.Errorf("another rate of the day: %v, want Conflict", err)
	}
	_, err := h.Enter(ctx, owner, rate.Draft{Currency: "usd", Rate: "0", Date: "2026-13-01"})
	var fields []string
	for _, v := range fault.ViolationsOf(err) {
		fields = append(fields, v.Field)
	}
	if got := strings.Join(fields, " "); !errors.Is(err, fault.Invalid) || got != "currency rate date" {
		t.Errorf("violations at %q, %v", got, err)
	}
	for _, draft := range []rate.Draft{{Currency: "XQX", Rate: "1.5"}, {Rate: "1.5"}, {Currency: "EUR", Rate: "1.5", Date: "1899-12-31"}} {
		if _, err := h.Enter(ctx, owner, draft); !errors.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v, want Invalid", draft, err)
		}
	}
}

func TestARateIsChangedRemovedAndPutBack(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	first := h.enter("EUR", "1.5", "")
	for range 2 { // a second click as well
		if r, err := h.Change(ctx, owner, first.ID(), first.Seen(), "1.6"); err != nil || r.Revision != 2 || r.Value.String() != "1.6" {
			t.Fatalf("changed to %+v, %v", r, err)
		}
	}
	if _, err := h.Change(ctx, owner, first.ID(), first.Seen(), "1.7"); !errors.Is(err, fault.Conflict) {
		t.Errorf("a stale change: %v, want Conflict", err)
	}
	if _, err := h.Change(ctx, owner, first.ID(), revision.At(2), "0"); !errors.Is(err, fault.Invalid) {
		t.Errorf("a change to nothing: %v, want Invalid", err)
	}
	if _, err := h.Remove(ctx, owner, first.ID(), first.Seen()); !errors.Is(err, fault.Conflict) {
		t.Errorf("a stale removal: %v, want Conflict", err)
	}
	second, err := h.Get(ctx, owner, first.ID())
	if err != nil {
		t.Fatal(err)
	}
	var removed rate.Rate
	for range 2 {
		if removed, err = h.Remove(ctx, owner, first.ID(), second.Seen()); err != nil || !removed.Removed {
			t.Fatalf("removed: %+v, %v", removed, err)
		}
	}
	if _, err := h.Change(ctx, owner, first.ID(), removed.Seen(), "1.8"); !errors.Is(err, fault.Conflict) {
		t.Errorf("a change of what is removed: %v, want Conflict", err)
	}
	if r, err := h.Restore(ctx, owner, first.ID(), removed.Seen()); err != nil || r.Removed || r.Value.String() != "1.6" {
		t.Errorf("put back: %+v, %v", r, err)
	}
	back, err := h.Get(ctx, owner, first.ID())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Remove(ctx, owner, first.ID(), back.Seen()); err != nil {
		t.Fatal(err)
	}
	if r := h.enter("EUR", "1.9", ""); r.Removed || r.Value.String() != "1.9" || r.Revision != 6 {
		t.Errorf("entered anew: %+v", r)
	}
	for _, id := range []rate.ID{7, first.ID() + 1} {
		if _, err := h.Remove(ctx, owner, id, revision.At(1)); !errors.Is(err, fault.NotFound) {
			t.Errorf("a rate of nobody: %v, want NotFound", err)
		}
	}
}

func TestRatesAreListedInPages(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	for _, day := range []string{"2026-11-01", "2026-11-02", "2026-11-03"} {
		h.enter("EUR", "1.5", day)
	}
	first, err := h.List(ctx, owner, 0)
	if err != nil || len(first.Rates) != 2 || first.Next == 0 {
		t.Fatalf("the first page: %+v, %v", first, err)
	}
	last, err := h.List(ctx, owner, first.Next)
	if err != nil || len(last.Rates) != 1 || last.Next != 0 || last.Rates[0].Day.Day != 1 {
		t.Errorf("the last page: %+v, %v", last, err)
	}
}

func TestEveryUseCaseChecksTheRole(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	for name, useCase := range map[string]struct {
		need ledger.Role
		call func(ledger.Actor) error
	}{
		"Summary":    {ledger.Viewer, func(a ledger.Actor) error { _, err := h.Summary(ctx, a); return err }},
		"Altogether": {ledger.Viewer, func(a ledger.Actor) error { _, err := h.Altogether(ctx, a, nil, civil.Date{}); return err }},
		"List":       {ledger.Viewer, func(a ledger.Actor) error { _, err := h.List(ctx, a, 0); return err }},
		"Get":        {ledger.Viewer, func(a ledger.Actor) error { _, err := h.Get(ctx, a, 1); return err }},
		"Enter":      {ledger.Editor, func(a ledger.Actor) error { _, err := h.Enter(ctx, a, rate.Draft{}); return err }},
		"Change":     {ledger.Editor, func(a ledger.Actor) error { _, err := h.Change(ctx, a, 1, revision.At(1), "1"); return err }},
		"Remove":     {ledger.Editor, func(a ledger.Actor) error { _, err := h.Remove(ctx, a, 1, revision.At(1)); return err }},
		"Restore":    {ledger.Editor, func(a ledger.Actor) error { _, err := h.Restore(ctx, a, 1, revision.At(1)); return err }},
	} {
		for _, role := range []ledger.Role{0, ledger.Viewer, ledger.Editor, ledger.Owner} {
			err := useCase.call(ledger.Actor{Ledger: owner.Ledger, Role: role})
			if forbidden := errors.Is(err, fault.Forbidden); forbidden != (role < useCase.need) {
				t.Errorf("%s as %s: %v", name, role, err)
			}
		}
	}
}
