package schedule

import (
	"context"
	"errors"
	"fmt"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
)

// What one batch of making may be: between two, whoever else writes has a turn.
const (
	batchSize    = 100
	batchTimeout = 20 * time.Second
)

// Outcome says what a look for what was due came to.
type Outcome struct {
	Made    int64 // expenses that were not there before
	Arrears int64 // dates that are due and not made
	Failed  int   // schedules of which a date could not be made
	Err     error // the first reason why; nil if all that was due is made
}

// CatchUp makes every expense that is due by today and not made, each once, however many instances do so at the same time. Progress
// is stored batch by batch: what a crash leaves half done is made by the next call, whose keys find what is there. It ends early with
// ctx. After each batch watch is told how it stands; it may be nil.
func (s *Service) CatchUp(ctx context.Context, actor ledger.Actor, watch func(Outcome)) Outcome {
	var total Outcome
	if total.Err = actor.Require(ledger.Editor, "schedule.CatchUp"); total.Err != nil {
		return total
	}
	if watch == nil {
		watch = func(Outcome) {}
	}
	failed := make(map[ID]bool)
	for first := true; ; first = false {
		today := s.Today(actor)
		due, err := s.store.List(ctx, actor.Ledger.ID, Query{DueBy: today, Limit: MaxLive})
		if err != nil {
			total.Err = err
			return total
		}
		if first || len(due) == 0 { // other instances may have made some meanwhile
			total.Arrears = arrears(due, today)
			watch(total)
		}
		progressed := false
		for _, one := range due { // one batch of each in turn, so that a long one keeps no other waiting
			if failed[one.ID] {
				continue
			}
			made, passed, err := s.makeBatch(ctx, actor, one, today)
			total.Made += made
			total.Arrears -= passed
			if err != nil {
				if total.Err == nil {
					total.Err = fmt.Errorf("schedule %d: %w", one.ID, err)
				}
				failed[one.ID] = true
				total.Failed++
			}
			progressed = progressed || passed > 0 && err == nil // one that is listed and not due must not be listed for ever
			watch(total)
			if ctx.Err() != nil {
				return total
			}
		}
		if !progressed {
			return total
		}
	}
}

// makeBatch makes the earliest dates of a schedule that are due, and stores how far it came: up to the first that failed. It returns
// how many expenses are new, and how many dates are done with.
func (s *Service) makeBatch(ctx context.Context, actor ledger.Actor, one Schedule, today civil.Date) (made, passed int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, batchTimeout)
	defer cancel()
	due := one.Due(today, batchSize)
	if len(due) == 0 {
		return 0, 0, nil
	}
	making := make([]Making, len(due))
	for i, occurrence := range due {
		making[i] = Making{Key: one.Key(occurrence.Date), Occurrence: occurrence}
	}
	progress := one.Progress
	for i, outcome := range s.expenses.Make(ctx, actor, one.Spending, one.Progress, making) {
		if outcome.Err != nil && err == nil {
			err = outcome.Err
		}
		if outcome.Err == nil && outcome.IsNew {
			made++
		}
		if err != nil {
			continue // what is made behind one that failed is found again
		}
		passed++
		progress.To = due[i].Date
		if outcome.Expense != 0 {
			progress.Last, progress.Category = outcome.Expense, outcome.Category
		}
	}
	if passed == 0 {
		return made, 0, err
	}
	_, stored := s.store.Advance(ctx, actor.Ledger.ID, one.ID, func(now Schedule) Progress {
		return one.moved(now, progress, due[:passed])
	})
	return made, passed, errors.Join(err, stored)
}

// moved returns the progress of a schedule as it is now, once dates have been made that were due before. Another instance may have made
// and counted some of them.
func (s Schedule) moved(now Schedule, to Progress, made []Occurrence) Progress {
	if now.Progress.To.Compare(to.To) >= 0 { // another instance was as fast
		return now.Progress
	}
	if now.Progress.To.Compare(s.Progress.To) < 0 { // the storage is of an earlier moment: a restore, or a standby that took over
		return now.Progress
	}
	if now.Rule != s.Rule { // others may be due before these, which are found again
		return now.Progress
	}
	if now.Spending.Category != s.Spending.Category {
		to.Category = 0 // another was chosen meanwhile
	}
	to.Made = now.Progress.Made
	for _, one := range made {
		if one.Date.Compare(now.Progress.To) > 0 {
			to.Made++
		}
	}
	return to
}

// arrears counts the dates that are due.
func arrears(due []Schedule, today civil.Date) (n int64) {
	for _, one := range due {
		n += int64(len(one.Due(today, maxArrears)))
	}
	return n
}
