// Package audit is the job that compares, while the program serves, every kept total with the sum of its expenses, and exports how many
// differ. One instance of all does it, once in a while; each of them exports what came of it.
package audit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"expense-tracker/cmd/expense-tracker/job"
	"expense-tracker/core/expense"
	"expense-tracker/observability"
)

const (
	pause = time.Minute // the longest time between two looks at whether an audit is due, or another instance has made one
	bound = 5 * time.Minute
	// share is how much of the time an audit may keep the storage busy with it: one part of so many.
	share = 10
)

// Job audits the totals.
type Job struct {
	Auditor  expense.Auditor
	Every    time.Duration // between two audits, by whichever instance; above 0
	Measured *observability.Audits
	Logger   *slog.Logger
	Now      func() time.Time
}

// Start looks at once whether an audit is due, and then again and again. The function that it returns ends the job and waits for that.
func (j Job) Start(ctx context.Context) (stop func()) {
	return job.Start(ctx, j.run)
}

func (j Job) run(ctx context.Context) {
	var free time.Time // until then this instance leaves the storage to others
	for ctx.Err() == nil {
		if err := j.look(ctx, &free); err != nil && !errors.Is(ctx.Err(), context.Canceled) {
			j.Measured.Failed(ctx)
			j.Logger.WarnContext(ctx, "the totals could not be audited; trying again later", "error", err)
		}
		rest(ctx, min(pause, j.Every))
	}
}

// look audits if nobody has done so lately, and exports what the last audit found.
func (j Job) look(ctx context.Context, free *time.Time) (err error) {
	mine := false
	if now := j.Now(); !now.Before(*free) {
		if mine, err = j.Auditor.BeginAudit(ctx, now, j.Every); err != nil {
			return err
		}
	}
	if mine {
		busy, err := j.audit(ctx)
		if err != nil {
			return err
		}
		*free = j.Now().Add((share - 1) * busy)
		j.Measured.Ended(ctx)
	}
	last, err := j.Auditor.LastAudit(ctx)
	if err != nil {
		return err
	}
	j.Measured.Know(last)
	return nil
}

// audit looks at each ledger, and rests between two of them. It returns how long the last one took: what it found is known before it rests.
func (j Job) audit(ctx context.Context) (busy time.Duration, err error) {
	ledgers, err := j.Auditor.Ledgers(ctx)
	if err != nil {
		return 0, err
	}
	differences, said := 0, j.Now()
	for _, in := range ledgers {
		if !rest(ctx, (share-1)*busy) {
			return 0, ctx.Err()
		}
		began := j.Now()
		if began.Sub(said) > j.Every/2 { // it goes on: nobody else shall begin
			said = began
			if _, err := j.Auditor.BeginAudit(ctx, began, 0); err != nil {
				return 0, err
			}
		}
		bounded, cancel := context.WithTimeout(ctx, bound)
		found, err := j.Auditor.Audit(bounded, in, false)
		cancel()
		if err != nil {
			return 0, fmt.Errorf("ledger %d: %w", in, err)
		}
		if len(found) > 0 {
			differences += len(found)
			j.Measured.Found(j.Now(), differences)
			j.Logger.WarnContext(ctx, "kept totals differ from the sums of their expenses: see expense-tracker verify",
				"ledger", int64(in), "differences", len(found))
		}
		busy = j.Now().Sub(began)
	}
	return busy, j.Auditor.EndAudit(ctx, expense.AuditReport{Ended: j.Now(), Ledgers: len(ledgers), Differences: differences})
}

// rest waits, and reports whether the job goes on.
func rest(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}
