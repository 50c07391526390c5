package schedule_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/adapters/repeated"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/schedule"
)

// partly makes expenses but those of one category, which it refuses.
type partly struct {
	schedule.Expenses
	refused string
}

func (p *partly) Make(ctx context.Context, actor ledger.Actor, spending schedule.Spending, progress schedule.Progress,
	due []schedule.Making) []schedule.Made {
	if spending.Category != p.refused {
		return p.Expenses.Make(ctx, actor, spending, progress, due)
	}
	made := p.Expenses.Make(ctx, actor, spending, progress, due[:len(due)/2])
	for range len(due) - len(made) {
		made = append(made, schedule.Made{Err: fault.New(fault.Invalid, "test", "no")})
	}
	return made
}

// One schedule that cannot be made keeps no other waiting, and goes on from where it failed.
func TestOneThatFailsKeepsNoOtherWaiting(t *testing.T) {
	w := newWorld(t)
	db := memory.New()
	clock := func() time.Time { return w.now }
	w.expenses = expense.NewService(db.Expenses(), expense.Settings{Now: clock, PageSize: 10000})
	broken := &partly{Expenses: repeated.NewMaker(w.expenses), refused: "rent"}
	w.Service = schedule.NewService(db.Schedules(), broken, schedule.Settings{Now: clock})
	for i, category := range []string{"rent", "bus"} {
		d := draft("weekly", "2026-11-02", "5")
		d.Category, d.Key = category, fmt.Sprint("key-", i)
		w.create(d)
	}
	outcome := w.CatchUp(t.Context(), owner, nil)
	if outcome.Made != 6 || outcome.Arrears != 2 || outcome.Failed != 1 || !errors.Is(outcome.Err, fault.Invalid) ||
		!strings.Contains(outcome.Err.Error(), "schedule ") {
		t.Errorf("%+v", outcome)
	}
	if outcome := w.CatchUp(t.Context(), owner, nil); outcome.Made != 1 || outcome.Arrears != 1 {
		t.Errorf("again: %+v", outcome)
	}
	broken.refused = ""
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if outcome := w.CatchUp(ctx, owner, nil); outcome.Err == nil || outcome.Made != 0 {
		t.Errorf("made %d after the end: %v", outcome.Made, outcome.Err)
	}
	if outcome := w.catchUp(); outcome.Made != 1 {
		t.Errorf("at last: %+v", outcome)
	}
}

// overtaken lets another instance make some of what is due while this one does, once.
type overtaken struct {
	schedule.Expenses
	by func()
}

func (o *overtaken) Make(ctx context.Context, actor ledger.Actor, spending schedule.Spending, progress schedule.Progress,
	due []schedule.Making) []schedule.Made {
	if by := o.by; by != nil {
		o.by = nil
		by()
	}
	return o.Expenses.Make(ctx, actor, spending, progress, due)
}

// What two instances make at the same time is counted once.
func TestWhatTwoInstancesMakeIsCountedOnce(t *testing.T) {
	w := newWorld(t)
	db := memory.New()
	clock := func() time.Time { return w.now }
	w.expenses = expense.NewService(db.Expenses(), expense.Settings{Now: clock, PageSize: 10000})
	maker := repeated.NewMaker(w.expenses)
	other := schedule.NewService(db.Schedules(), &partly{Expenses: maker, refused: "rent"}, schedule.Settings{Now: clock})
	w.Service = schedule.NewService(db.Schedules(), &overtaken{Expenses: maker, by: func() {
		if outcome := other.CatchUp(t.Context(), owner, nil); outcome.Made != 2 {
			t.Errorf("the other instance made %d of 4", outcome.Made)
		}
	}}, schedule.Settings{Now: clock})
	d := draft("weekly", "2026-11-02", "5")
	d.Key = "key"
	made := w.create(d)
	w.catchUp()
	if progress := w.get(made.ID).Progress; progress.Made != 4 || progress.To.String() != "2026-11-23" {
		t.Errorf("%+v", progress)
	}
}

// Ten years of days are made in batches, between which others write.
func TestTenYearsOfDaysAreCaughtUp(t *testing.T) {
	w := newWorld(t)
	w.create(draft("daily", "2016-11-24", "1"))
	w.create(draft("weekly", "2026-11-23", "5"))
	batches := 0
	outcome := w.CatchUp(t.Context(), owner, func(schedule.Outcome) { batches++ })
	if outcome.Made != 3652+1 || outcome.Arrears != 0 || outcome.Err != nil {
		t.Errorf("%+v", outcome)
	}
	if batches < 36 {
		t.Errorf("%d batches", batches)
	}
}

// earlier is a storage that a restore, or a standby that takes over, puts back to its first moment while the second batch is made.
type earlier struct {
	schedule.Store
	advanced    int
	first, left schedule.Progress
}

func (e *earlier) Advance(ctx context.Context, in ledger.ID, id schedule.ID, move func(schedule.Schedule) schedule.Progress) (
	schedule.Schedule, error,
) {
	e.advanced++
	return e.Store.Advance(ctx, in, id, func(now schedule.Schedule) schedule.Progress {
		switch e.advanced {
		case 1:
			e.first = now.Progress
		case 2:
			now.Progress = e.first
			e.left = move(now)
			return e.left
		}
		return move(now)
	})
}

// What was made before the batch is gone with the progress: it must be found due again.
func TestAStorageThatGoesBackMeanwhileLeavesNoGap(t *testing.T) {
	w := newWorld(t)
	db := memory.New()
	clock := func() time.Time { return w.now }
	w.expenses = expense.NewService(db.Expenses(), expense.Settings{Now: clock, PageSize: 10000})
	store := &earlier{Store: db.Schedules()}
	w.Service = schedule.NewService(store, repeated.NewMaker(w.expenses), schedule.Settings{Now: clock})
	d := draft("daily", "2026-01-01", "5")
	d.Key = "key"
	made := w.create(d)
	w.catchUp()
	if store.left != store.first {
		t.Errorf("progress is %+v after the restore, want %+v", store.left, store.first)
	}
	if progress := w.get(made.ID).Progress; progress.To.String() != "2026-11-23" || store.advanced < 6 {
		t.Errorf("%+v after %d batches", progress, store.advanced)
	}
}
