package disposal

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"expense-tracker/cmd/expense-tracker/job"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// probePause is the time between two looks at the probe's ledger: it adds some forty expenses in that time.
const probePause = 20 * time.Minute

// StartProbe keeps the ledger of the program's own probe small: at once, and then again and again, all but its newest expenses are removed.
// It does so where no probe is let in, too, for there may have been one. The function that it returns ends that and waits for it.
func StartProbe(ctx context.Context, expenses *expense.Service, in money.Currency, logger *slog.Logger) (stop func()) {
	look := func(ctx context.Context) {
		if _, err := expenses.TidyProbe(ctx, ledger.Prober(in)); err != nil && !errors.Is(ctx.Err(), context.Canceled) {
			logger.WarnContext(ctx, "old expenses of the probe could not be removed; trying again later", "error", err)
		}
	}
	return job.Start(ctx, func(ctx context.Context) { job.Every(ctx, probePause, look) })
}
