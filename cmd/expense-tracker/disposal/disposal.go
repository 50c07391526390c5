// Package disposal is the job that takes for good what has been in the bin for long enough, while the program serves: at once when it
// starts, and once an hour. Each instance looks; each expense is taken by one.
package disposal

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"expense-tracker/cmd/expense-tracker/everyledger"
	"expense-tracker/cmd/expense-tracker/job"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// pause is the time between two looks into the bin.
const pause = time.Hour

// Job takes for good what was deleted long ago.
type Job struct {
	Expenses *expense.Service // whose clock says how long ago
	Ledgers  everyledger.Ledgers
	Logger   *slog.Logger
}

// Start looks at once, and then again and again. The function that it returns ends the job and waits for that.
func (j Job) Start(ctx context.Context) (stop func()) {
	return job.Start(ctx, func(ctx context.Context) { job.Every(ctx, pause, j.look) })
}

func (j Job) look(ctx context.Context) {
	purged := 0
	var failed error
	err := everyledger.Do(ctx, j.Ledgers, func(actor ledger.Actor) {
		gone, err := j.Expenses.EmptyBin(ctx, actor)
		purged += gone
		failed = errors.Join(failed, err)
	})
	err = errors.Join(err, failed)
	if purged > 0 {
		j.Logger.InfoContext(ctx, "deleted expenses are gone for good", "expenses", purged)
	}
	if err != nil && !errors.Is(ctx.Err(), context.Canceled) {
		j.Logger.WarnContext(ctx, "the bin could not be emptied; trying again later", "error", err)
	}
}
