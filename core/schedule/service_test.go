package schedule_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/adapters/repeated"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/revision"
	"expense-tracker/core/schedule"
)

// world is the service on an empty storage, with a clock that stands still until it is set.
type world struct {
	*schedule.Service
	t        *testing.T
	expenses *expense.Service
	now      time.Time
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	keys := 0
	newKey := func() idempotency.Key { keys++; return idempotency.Key(fmt.Sprint("made-", keys)) }
	clock := func() time.Time { return w.now }
	db := memory.New()
	w.expenses = expense.NewService(db.Expenses(), expense.Settings{Now: clock, NewKey: newKey, PageSize: 10000})
	w.Service = schedule.NewService(db.Schedules(), repeated.NewMaker(w.expenses), schedule.Settings{Now: clock, NewKey: newKey})
	return w
}

var owner = ledgertest.Owner()

func draft(frequency, start, price string) schedule.Draft {
	return schedule.Draft{Frequency: frequency, Start: start, Typed: schedule.Typed{Category: "rent", Price: price}}
}

func (w *world) create(d schedule.Draft) schedule.Schedule {
	w.t.Helper()
	made, err := w.Create(w.t.Context(), owner, d, civil.Date{})
	if err != nil {
		w.t.Fatal(err)
	}
	return made
}

func (w *world) today(text string) {
	w.t.Helper()
	w.now = day(w.t, text).UTC().Add(12 * time.Hour)
}

func (w *world) catchUp() schedule.Outcome {
	w.t.Helper()
	outcome := w.CatchUp(w.t.Context(), owner, nil)
	if outcome.Err != nil || outcome.Arrears != 0 {
		w.t.Errorf("caught up with %+v", outcome)
	}
	return outcome
}

// made lists the expenses, the oldest first, as "2026-12-01 1180.00 rent".
func (w *world) made() string {
	w.t.Helper()
	page, err := w.expenses.PageAfter(w.t.Context(), owner, expense.Position{})
	if err != nil {
		w.t.Fatal(err)
	}
	var lines []string
	for _, e := range page.Expenses {
		lines = append(lines, fmt.Sprintf("%s %s %s", e.Date, e.Price.Decimal(), e.Category.Name))
	}
	slices.Reverse(lines)
	return strings.Join(lines, ", ")
}

func (w *world) want(made string) {
	w.t.Helper()
	if got := w.made(); got != made {
		w.t.Errorf("made %s\nwant %s", got, made)
	}
}

func (w *world) get(id schedule.ID) schedule.Schedule {
	w.t.Helper()
	found, err := w.Get(w.t.Context(), owner, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

// change does something to a schedule as it is now.
func (w *world) change(id schedule.ID, do func(context.Context, ledger.Actor, schedule.ID, revision.Seen) (schedule.Schedule, error)) {
	w.t.Helper()
	if _, err := do(w.t.Context(), owner, id, w.get(id).Seen()); err != nil {
		w.t.Fatal(err)
	}
}

func TestWhatFellDueIsMadeOnce(t *testing.T) {
	w := newWorld(t)
	w.create(draft("monthly", "2026-08-31", "1180"))
	w.catchUp()
	w.want("2026-08-31 1180.00 rent, 2026-09-30 1180.00 rent, 2026-10-31 1180.00 rent")
	if again := w.catchUp(); again.Made != 0 {
		t.Errorf("made %d again", again.Made)
	}
	w.today("2026-11-30")
	if next := w.catchUp(); next.Made != 1 {
		t.Errorf("made %d on the day, want 1", next.Made)
	}
}

func TestAnExpenseSaysAllThatItsScheduleSays(t *testing.T) {
	w := newWorld(t)
	d := draft("weekly", "2026-11-23", "5")
	d.Payee, d.Note, d.Tags, d.Refund, d.Currency = " Ana ", "a note", "#work, family", true, "eur"
	id := w.create(d).ID
	w.catchUp()
	made, err := w.expenses.Get(t.Context(), owner, expense.ID(w.get(id).Progress.Last))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(made.Payee, "|", made.Note, "|", made.Tags, "|", made.Spent()); got != "Ana|a note|work family|-5.00 EUR" {
		t.Error(got)
	}
}

func TestADeletedExpenseIsNotMadeAgain(t *testing.T) {
	w := newWorld(t)
	made := w.create(draft("weekly", "2026-11-16", "5"))
	w.catchUp()
	last, err := w.expenses.Get(t.Context(), owner, expense.ID(w.get(made.ID).Progress.Last))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.expenses.Delete(t.Context(), owner, last.ID, last.Seen()); err != nil {
		t.Fatal(err)
	}
	w.catchUp()
	w.want("2026-11-16 5.00 rent")
}

func TestPauseSkipAndEnd(t *testing.T) {
	w := newWorld(t)
	id := w.create(draft("weekly", "2026-11-16", "5")).ID
	w.today("2026-11-25") // one date was not made yet when it is paused
	w.change(id, w.Pause)
	w.catchUp()
	w.today("2026-12-09")
	w.catchUp()
	w.want("2026-11-16 5.00 rent, 2026-11-23 5.00 rent")
	w.change(id, w.Resume)
	w.change(id, w.Skip)
	if next, ok := w.get(id).NextDue(); !ok || next != day(t, "2026-12-21") {
		t.Errorf("next on %s, want 2026-12-21", next)
	}
	w.today("2026-12-23")
	w.catchUp()
	w.want("2026-11-16 5.00 rent, 2026-11-23 5.00 rent, 2026-12-21 5.00 rent")
	w.change(id, w.Pause)
	w.change(id, w.End)
	if s := w.get(id); !s.HasEnded() {
		t.Errorf("goes on as %+v", s)
	}
	w.today("2027-03-01")
	if outcome := w.catchUp(); outcome.Made != 0 {
		t.Errorf("made %d after the end", outcome.Made)
	}
}

func TestAnotherPriceFromADateOn(t *testing.T) {
	w := newWorld(t)
	id := w.create(draft("monthly", "2026-12-01", "1180")).ID
	if _, err := w.SetPrice(t.Context(), owner, id, w.get(id).Seen(), "2027-02-01", "1250.50"); err != nil {
		t.Fatal(err)
	}
	w.today("2027-03-15")
	w.catchUp()
	w.want("2026-12-01 1180.00 rent, 2027-01-01 1180.00 rent, 2027-02-01 1250.50 rent, 2027-03-01 1250.50 rent")
	if got := w.get(id).Price().Decimal(); got != "1250.50" {
		t.Errorf("the next costs %s", got)
	}
}

func TestAScheduleFollowsItsCategory(t *testing.T) {
	w := newWorld(t)
	d := draft("weekly", "2026-11-23", "5")
	d.Category = "bus"
	id := w.create(d).ID
	w.catchUp()
	bus := expense.CategoryID(w.get(id).Progress.Category)
	if _, err := w.expenses.RenameCategory(t.Context(), owner, bus, revision.At(1), "transport"); err != nil {
		t.Fatal(err)
	}
	w.today("2026-11-30")
	w.catchUp()
	receipt, err := w.expenses.Add(t.Context(), owner, expense.Draft{Category: "travel", Price: "1", Date: "2020-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.expenses.MergeCategory(t.Context(), owner, bus, revision.At(2), receipt.Expense.Category.ID); err != nil {
		t.Fatal(err)
	}
	w.today("2026-12-07")
	w.catchUp()
	w.want("2020-01-01 1.00 travel, 2026-11-23 5.00 travel, 2026-11-30 5.00 travel, 2026-12-07 5.00 travel")
}

func TestAnEditCountsFromTheNextDateOn(t *testing.T) {
	w := newWorld(t)
	id := w.create(draft("monthly", "2026-11-01", "1180")).ID
	w.catchUp()
	changed := draft("monthly", "2026-11-01", "1300")
	changed.Day, changed.Category = "15", "home"
	if _, err := w.Edit(t.Context(), owner, id, w.get(id).Seen(), changed); err != nil {
		t.Fatal(err)
	}
	w.catchUp()
	w.today("2026-12-20")
	w.catchUp()
	w.want("2026-11-01 1180.00 rent, 2026-11-15 1300.00 home, 2026-12-15 1300.00 home")
}

func TestWhatIsThereAlreadyIsNotMade(t *testing.T) {
	w := newWorld(t)
	if _, err := w.Create(t.Context(), owner, draft("monthly", "2026-10-31", "9"), day(t, "2026-10-31")); err != nil {
		t.Fatal(err)
	}
	w.today("2027-03-01")
	w.catchUp()
	w.want("2026-11-30 9.00 rent, 2026-12-31 9.00 rent, 2027-01-31 9.00 rent, 2027-02-28 9.00 rent")
}

func TestEveryWrongFieldIsNamed(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		spoil func(*schedule.Draft)
		field string
	}{
		"no frequency":        {func(d *schedule.Draft) { d.Frequency = "" }, "frequency"},
		"every 0":             {func(d *schedule.Draft) { d.Every = "0" }, "every"},
		"every -1":            {func(d *schedule.Draft) { d.Every = "-1" }, "every"},
		"every 1000":          {func(d *schedule.Draft) { d.Every = "1000" }, "every"},
		"every 1e9":           {func(d *schedule.Draft) { d.Every = "99999999999999999999" }, "every"},
		"the 33rd":            {func(d *schedule.Draft) { d.Frequency, d.Day = "monthly", "33" }, "day"},
		"the 0th":             {func(d *schedule.Draft) { d.Frequency, d.Day = "monthly", "0" }, "day"},
		"30 February":         {func(d *schedule.Draft) { d.Start = "2026-02-30" }, "start"},
		"a year of the Bible": {func(d *schedule.Draft) { d.Start = "0026-02-03" }, "start"},
		"eleven years ago":    {func(d *schedule.Draft) { d.Start = "2015-11-01" }, "start"},
		"end before start":    {func(d *schedule.Draft) { d.End = "2026-11-30" }, "end"},
		"end before the day":  {func(d *schedule.Draft) { d.Frequency, d.Day, d.End = "monthly", "20", "2026-12-19" }, "end"},
		"no category":         {func(d *schedule.Draft) { d.Category = "" }, "category"},
		"price 0":             {func(d *schedule.Draft) { d.Price = "0" }, "price"},
		"no such currency":    {func(d *schedule.Draft) { d.Currency = "XYZ" }, "currency"},
		"a key with a space":  {func(d *schedule.Draft) { d.Key = "a b" }, "idempotency_key"},
	} {
		d := draft("weekly", "2026-12-01", "5")
		c.spoil(&d)
		_, err := w.Create(t.Context(), owner, d, civil.Date{})
		wrong := fault.ViolationsOf(err)
		if !errors.Is(err, fault.Invalid) || len(wrong) != 1 || wrong[0].Field != c.field {
			t.Errorf("%s: %v, want a violation at %s", name, err, c.field)
		}
	}
	_, err := w.Create(t.Context(), owner, schedule.Draft{Every: "x", Start: "y", End: "z"}, civil.Date{})
	if n := len(fault.ViolationsOf(err)); n != 6 {
		t.Errorf("%d violations of an empty form: %v", n, err)
	}
	id := w.create(draft("monthly", "2026-10-01", "5")).ID
	w.catchUp()
	for _, c := range [][3]string{{"2026-11-01", "5", "from"}, {"x", "5", "from"}, {"2027-01-01", "0", "price"}} {
		_, err := w.SetPrice(t.Context(), owner, id, w.get(id).Seen(), c[0], c[1])
		if wrong := fault.ViolationsOf(err); len(wrong) != 1 || wrong[0].Field != c[2] {
			t.Errorf("another price %v: %v", c, err)
		}
	}
}

func TestEveryUseCaseChecksTheRole(t *testing.T) {
	w := newWorld(t)
	ctx, id := t.Context(), w.create(draft("weekly", "2026-12-01", "5")).ID
	saw := revision.At(0)
	for name, useCase := range map[string]struct {
		need ledger.Role
		call func(ledger.Actor) error
	}{
		"Get":   {ledger.Viewer, func(a ledger.Actor) error { _, err := w.Get(ctx, a, id); return err }},
		"Live":  {ledger.Viewer, func(a ledger.Actor) error { _, err := w.Live(ctx, a); return err }},
		"Ended": {ledger.Viewer, func(a ledger.Actor) error { _, err := w.Ended(ctx, a); return err }},
		"Soon":  {ledger.Viewer, func(a ledger.Actor) error { _, err := w.Soon(ctx, a, 30, 4); return err }},
		"Create": {ledger.Editor, func(a ledger.Actor) error {
			_, err := w.Create(ctx, a, draft("weekly", "2026-12-01", "5"), civil.Date{})
			return err
		}},
		"Edit": {ledger.Editor, func(a ledger.Actor) error {
			_, err := w.Edit(ctx, a, id, saw, draft("weekly", "2026-12-01", "5"))
			return err
		}},
		"Pause":    {ledger.Editor, func(a ledger.Actor) error { _, err := w.Pause(ctx, a, id, saw); return err }},
		"Resume":   {ledger.Editor, func(a ledger.Actor) error { _, err := w.Resume(ctx, a, id, saw); return err }},
		"Skip":     {ledger.Editor, func(a ledger.Actor) error { _, err := w.Skip(ctx, a, id, saw); return err }},
		"Unskip":   {ledger.Editor, func(a ledger.Actor) error { _, err := w.Unskip(ctx, a, id, saw, "2026-12-01"); return err }},
		"SetPrice": {ledger.Editor, func(a ledger.Actor) error { _, err := w.SetPrice(ctx, a, id, saw, "", "1"); return err }},
		"End":      {ledger.Editor, func(a ledger.Actor) error { _, err := w.End(ctx, a, id, saw); return err }},
		"CatchUp":  {ledger.Editor, func(a ledger.Actor) error { return w.CatchUp(ctx, a, nil).Err }},
	} {
		for _, role := range []ledger.Role{0, ledger.Viewer, ledger.Editor, ledger.Owner} {
			err := useCase.call(ledger.Actor{Ledger: ledgertest.Ledger(ledger.Default), Role: role})
			if forbidden := errors.Is(err, fault.Forbidden); forbidden != (role < useCase.need) {
				t.Errorf("%s as %s: %v", name, role, err)
			}
		}
	}
}
