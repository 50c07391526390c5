// Package repeats is the job that makes what schedules have due while the program serves: at once when it starts, at each midnight of
// the ledger, when a schedule changes, and once a minute.
package repeats

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"expense-tracker/cmd/expense-tracker/everyledger"
	"expense-tracker/cmd/expense-tracker/job"
	"expense-tracker/core/ledger"
	"expense-tracker/core/schedule"
	"expense-tracker/observability"
)

// pause is the longest time between two looks for what repeats have due: another instance may have changed one.
const pause = time.Minute

// Bell wakes whoever waits for it. Rings that come while nobody waits are one.
type Bell chan struct{}

// NewBell returns a Bell.
func NewBell() Bell { return make(Bell, 1) }

// Ring wakes who waits, or who comes to wait next.
func (b Bell) Ring() {
	select {
	case b <- struct{}{}:
	default:
	}
}

// Job makes what schedules have due.
type Job struct {
	Schedules *schedule.Service
	Ledgers   everyledger.Ledgers
	Changed   Bell // rings after each change of a schedule on this instance
	Measured  *observability.Repeats
	Logger    *slog.Logger
	Now       func() time.Time
}

// Start looks at once, and then whenever something can be due. The function that it returns ends the job and waits for that.
func (j Job) Start(ctx context.Context) (stop func()) {
	return job.Start(ctx, j.run) // requests in flight may still change a schedule
}

func (j Job) run(ctx context.Context) {
	for ctx.Err() == nil {
		seen := j.look(ctx)
		timer := time.NewTimer(untilNextLook(j.Now(), seen))
		select {
		case <-ctx.Done():
		case <-j.Changed:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// look makes what is due, in each ledger, and returns one ledger of each zone.
func (j Job) look(ctx context.Context) (seen map[string]ledger.Ledger) {
	seen = make(map[string]ledger.Ledger)
	var outcome schedule.Outcome
	err := everyledger.Do(ctx, j.Ledgers, func(actor ledger.Actor) {
		seen[actor.Ledger.ZoneName()] = actor.Ledger
		watch := func(so schedule.Outcome) { j.Measured.Progress(ctx, together(outcome, so)) }
		outcome = together(outcome, j.Schedules.CatchUp(ctx, actor, watch))
	})
	if outcome.Err == nil {
		outcome.Err = err
	}
	j.Measured.Ended(ctx, outcome)
	if outcome.Err != nil && !errors.Is(ctx.Err(), context.Canceled) {
		j.Logger.WarnContext(ctx, "not all that repeats is made; trying again", "made", outcome.Made, "arrears", outcome.Arrears,
			"repeats", outcome.Failed, "error", outcome.Err)
	}
	return seen
}

// together returns what looks in two ledgers came to.
func together(x, y schedule.Outcome) schedule.Outcome {
	if x.Err == nil {
		x.Err = y.Err
	}
	return schedule.Outcome{Made: x.Made + y.Made, Arrears: x.Arrears + y.Arrears, Failed: x.Failed + y.Failed, Err: x.Err}
}

// untilNextLook returns how long to wait for the next look: until the first midnight of one of the ledgers, when dates fall due, or for
// the pause.
func untilNextLook(now time.Time, ledgers map[string]ledger.Ledger) time.Duration {
	wait := pause
	for _, of := range ledgers {
		wait = min(wait, untilMidnight(now, of))
	}
	return wait
}

// untilMidnight returns how long it is until a ledger's day ends, if that is before the pause is over, and else the pause.
func untilMidnight(now time.Time, of ledger.Ledger) time.Duration {
	today := of.Today(now)
	if of.Today(now.Add(pause)) == today {
		return pause
	}
	midnight := now.Truncate(time.Second)
	for of.Today(midnight) == today {
		midnight = midnight.Add(time.Second)
	}
	return midnight.Sub(now)
}
