package schedule_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/adapters/repeated"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/schedule"
)

// Somebody puts the start a month back while the first date is being made: the dates in between are made as well.
func TestAnEarlierStartIsCaughtUpWhileADateIsMade(t *testing.T) {
	w := newWorld(t)
	db := memory.New()
	clock := func() time.Time { return w.now }
	w.expenses = expense.NewService(db.Expenses(), expense.Settings{Now: clock, PageSize: 100})
	d := draft("weekly", "2026-11-23", "5")
	d.Key = "key"
	var made schedule.Schedule
	w.Service = schedule.NewService(db.Schedules(), &overtaken{Expenses: repeated.NewMaker(w.expenses), by: func() {
		earlier := d
		earlier.Start = "2026-11-09"
		if _, err := w.Edit(t.Context(), owner, made.ID, made.Seen(), earlier); err != nil {
			t.Error(err)
		}
	}}, schedule.Settings{Now: clock})
	made = w.create(d)
	w.catchUp()
	w.want("2026-11-09 5.00 rent, 2026-11-16 5.00 rent, 2026-11-23 5.00 rent")
}

// wrongly says of a schedule that it is due, as a storage would whose column was written by another version.
type wrongly struct {
	schedule.Store
	asked int
}

func (s *wrongly) List(ctx context.Context, in ledger.ID, query schedule.Query) ([]schedule.Schedule, error) {
	if s.asked++; s.asked > 3 {
		return nil, errors.New("asked again and again")
	}
	query.DueBy = civil.Date{}
	return s.Store.List(ctx, in, query)
}

func TestWhatIsListedWithoutBeingDueIsAskedForOnce(t *testing.T) {
	w := newWorld(t)
	db := memory.New()
	clock := func() time.Time { return w.now }
	w.expenses = expense.NewService(db.Expenses(), expense.Settings{Now: clock, PageSize: 100})
	w.Service = schedule.NewService(&wrongly{Store: db.Schedules()}, repeated.NewMaker(w.expenses), schedule.Settings{Now: clock})
	d := draft("weekly", "2026-12-07", "5")
	d.Key = "key"
	w.create(d)
	w.catchUp()
}
