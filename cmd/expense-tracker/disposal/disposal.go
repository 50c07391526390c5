// Package disposal is the job that takes for good what has been in the bin for long enough, and what came late to a ledger that was erased,
// while the program serves: at once when it starts, and once an hour. Each instance looks; each expense is taken by one.
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
	"expense-tracker/core/member"
)

// pause is the time between two looks into the bin.
const pause = time.Hour

// Job takes for good what was deleted long ago, and what an erased ledger got since.
type Job struct {
	Expenses *expense.Service // whose clock says how long ago
	Members  *member.Service
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
	swept, unswept := j.Members.Sweep(ctx)
	if swept > 0 {
		j.Logger.InfoContext(ctx, "what came late to erased ledgers is gone, too", "ledgers", swept)
	}
	err = errors.Join(err, failed, unswept)
	if purged > 0 {
		j.Logger.InfoContext(ctx, "deleted expenses are gone for good", "expenses", purged)
	}
	if err != nil && !errors.Is(ctx.Err(), context.Canceled) {
		j.Logger.WarnContext(ctx, "what was deleted could not be taken for good; trying again later", "error", err)
	}
}
