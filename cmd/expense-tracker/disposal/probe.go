package disposal

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// probePause is the time between two looks at the probe's ledger: it adds some forty expenses in that time.
const probePause = 20 * time.Minute

// StartProbe keeps the ledger of the program's own probe small: at once, and then again and again, all but its newest expenses are removed.
// It does so where no probe is let in, too, for there may have been one. The function that it returns ends that and waits for it.
func StartProbe(ctx context.Context, expenses *expense.Service, in money.Currency, logger *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	running.Go(func() {
		timer := time.NewTicker(probePause)
		defer timer.Stop()
		for {
			if _, err := expenses.TidyProbe(ctx, ledger.Prober(in)); err != nil && !errors.Is(ctx.Err(), context.Canceled) {
				logger.WarnContext(ctx, "old expenses of the probe could not be removed; trying again later", "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-timer.C:
			}
		}
	})
	return func() {
		cancel()
		running.Wait()
	}
}
