package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"expense-tracker/core/ledger"
	"expense-tracker/core/schedule"
	"expense-tracker/observability"
)

// repeatsPause is the longest time between two looks for what repeats have due: another instance may have changed one.
const repeatsPause = time.Minute

// bell wakes whoever waits for it. Rings that come while nobody waits are one.
type bell chan struct{}

func newBell() bell { return make(bell, 1) }

func (b bell) ring() {
	select {
	case b <- struct{}{}:
	default:
	}
}

// repeats is the job that makes what schedules have due.
type repeats struct {
	schedules *schedule.Service
	actor     ledger.Actor
	changed   bell // rings after each change of a schedule on this instance
	measured  *observability.Repeats
	logger    *slog.Logger
	now       func() time.Time
}

// start looks at once, and then whenever something can be due. The function that it returns ends the job and waits for that.
func (r repeats) start(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) // until stop: requests in flight may still change a schedule
	var running sync.WaitGroup
	running.Go(func() { r.run(ctx) })
	return func() {
		cancel()
		running.Wait()
	}
}

func (r repeats) run(ctx context.Context) {
	for ctx.Err() == nil {
		r.look(ctx)
		timer := time.NewTimer(untilNextLook(r.now(), r.actor.Ledger))
		select {
		case <-ctx.Done():
		case <-r.changed:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// look makes what is due.
func (r repeats) look(ctx context.Context) {
	outcome := r.schedules.CatchUp(ctx, r.actor, func(so schedule.Outcome) { r.measured.Progress(ctx, so) })
	r.measured.Ended(ctx, outcome)
	if outcome.Err != nil && !errors.Is(ctx.Err(), context.Canceled) {
		r.logger.WarnContext(ctx, "not all that repeats is made; trying again", "made", outcome.Made, "arrears", outcome.Arrears,
			"repeats", outcome.Failed, "error", outcome.Err)
	}
}

// untilNextLook returns how long to wait for the next look: until the ledger's midnight, when dates fall due, or for the pause.
func untilNextLook(now time.Time, of ledger.Ledger) time.Duration {
	today := of.Today(now)
	if of.Today(now.Add(repeatsPause)) == today {
		return repeatsPause
	}
	midnight := now.Truncate(time.Second)
	for of.Today(midnight) == today {
		midnight = midnight.Add(time.Second)
	}
	return midnight.Sub(now)
}
