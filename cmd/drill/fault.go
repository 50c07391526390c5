package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"expense-tracker/cmd/drill/internal/site"
)

// fault is something bad that is really done, and what has to be told of it.
type fault struct {
	name   string
	alerts []string
	before func(ctx context.Context) error // makes what the fault needs; what that raises is over before it begins; nil for nothing
	begin  func(ctx context.Context) error
	end    func(ctx context.Context) error
	once   bool // however often it comes and goes, and whoever raises it, there is one message while it lasts
}

// outcome is what became of one alert of a fault.
type outcome struct {
	fault, alert       string
	scale              int           // by how much all was quicker than the rules say
	detected, resolved time.Duration // from the fault's beginning, and from its end, to the message
	err                error
}

// switchPatience is how long an outside switch hears nothing until it tells, as docs/ALERTS.md advises.
const switchPatience = 5 * time.Minute

// wait bounds how long a message may take, with a drill's quick rules.
const wait = 3 * time.Minute

// inflict does a fault, waits until each of its alerts is told, puts it right, and waits until that is told.
func inflict(ctx context.Context, at *site.Site, f fault, say func(string, ...any)) []outcome {
	outcomes := make([]outcome, len(f.alerts))
	for i, alert := range f.alerts {
		outcomes[i] = outcome{fault: f.name, alert: alert, scale: at.Scale}
	}
	fail := func(err error) []outcome {
		for i := range outcomes {
			outcomes[i].err = errors.Join(outcomes[i].err, err)
		}
		return outcomes
	}
	if f.before != nil {
		if err := f.before(ctx); err != nil {
			return fail(fmt.Errorf("before it: %w", err))
		}
	}
	// What another fault has raised is over first.
	if err := site.Until(ctx, wait, "nothing of it is raised any more", func() bool { return at.Calm(ctx, f.alerts) }); err != nil {
		return fail(err)
	}
	say("%s", f.name)
	began := time.Now()
	if err := f.begin(ctx); err != nil {
		return fail(errors.Join(fmt.Errorf("begin: %w", err), f.end(context.WithoutCancel(ctx))))
	}
	await := func(since time.Time, resolved bool, took func(*outcome) *time.Duration) {
		until := time.Now().Add(wait) // what was to be done may have taken long
		for i := range outcomes {
			one := &outcomes[i]
			if one.err != nil {
				continue
			}
			if one.alert == "Watchdog" { // it is its silence that tells
				silent := switchPatience / time.Duration(at.Scale)
				one.err = site.Until(ctx, wait, "the switch notices", func() bool {
					*took(one) = time.Since(since)
					return time.Since(at.Hook.Pinged()) > silent != resolved
				})
				continue
			}
			one.err = site.Until(ctx, time.Until(until), one.alert+" is told", func() bool {
				message, told := at.Hook.Since(since, one.alert, resolved)
				if told {
					*took(one) = message.At.Sub(since)
				}
				if told && message.Runbook != "docs/runbooks/"+one.alert+".md" {
					one.err = fmt.Errorf("the message leads to the runbook %q", message.Runbook)
				}
				return told
			})
		}
	}
	await(began, false, func(o *outcome) *time.Duration { return &o.detected })
	if f.once {
		time.Sleep(2 * at.Gathering()) // a second message would come within it
	}
	ended := time.Now()
	if err := f.end(context.WithoutCancel(ctx)); err != nil {
		return fail(fmt.Errorf("end: %w", err))
	}
	await(ended, true, func(o *outcome) *time.Duration { return &o.resolved })
	for i := range outcomes {
		if told := at.Hook.News(began, ended, outcomes[i].alert); f.once && outcomes[i].err == nil && len(told) != 1 {
			outcomes[i].err = fmt.Errorf("%d messages while it lasts, want one", len(told))
			for _, m := range told {
				outcomes[i].err = fmt.Errorf("%w; after %.1f s of %v (over: %v)", outcomes[i].err, m.At.Sub(began).Seconds(), m.Labels, m.Resolved)
			}
		}
	}
	return outcomes
}
