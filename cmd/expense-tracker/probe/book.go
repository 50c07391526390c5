package probe

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"expense-tracker/observability"
)

const (
	readTime  = time.Minute // in which an acknowledged add is there
	giveUp    = time.Hour   // after which one counts as lost that could not be looked for
	mostKnown = 2000        // acknowledged adds that are remembered
)

// book is what the program has acknowledged and what was found of it. What says that an add is not there is a file that came whole: while
// none comes, the program is away, and nothing is known to be lost. An add that was found stays in the book as long as its batch is looked
// at, since it may go missing later.
type book struct {
	metrics *observability.Probe
	logger  *slog.Logger
	entries []entry // the oldest first
}

type entry struct {
	add
	acknowledged time.Time
	after        time.Duration // until it was found
	state        state
	missed       bool // a file was without it
	times        int  // that it stood in the file
}

type state int

const (
	waits state = iota
	found
	lost
)

// acknowledge notes an add that was answered well. One that is known already, since it was sent twice, is not noted again.
func (b *book) acknowledge(a add, now time.Time) {
	if slices.ContainsFunc(b.entries, func(e entry) bool { return e.key == a.key }) {
		return
	}
	b.entries = append(b.entries, entry{add: a, acknowledged: now})
	if len(b.entries) > mostKnown {
		b.entries = slices.Delete(b.entries, 0, len(b.entries)-mostKnown)
	}
}

// batches returns what to look for: the batches with adds that are yet to be found, and the current one.
func (b *book) batches(current string) (all []string) {
	for _, e := range b.entries {
		if e.state == waits && !slices.Contains(all, e.batch) {
			all = append(all, e.batch)
		}
	}
	if current != "" && !slices.Contains(all, current) {
		all = append(all, current)
	}
	b.entries = slices.DeleteFunc(b.entries, func(e entry) bool { return !slices.Contains(all, e.batch) })
	return all
}

func (b *book) waiting() (n int) {
	for _, e := range b.entries {
		if e.state == waits {
			n++
		}
	}
	return n
}

func (b *book) waitingIn(batch string) (n int) {
	for _, e := range b.entries {
		if e.state == waits && e.batch == batch {
			n++
		}
	}
	return n
}

// compare takes a whole file of a batch.
func (b *book) compare(ctx context.Context, batch string, notes []string, now time.Time) {
	times := make(map[string]int)
	for _, note := range notes {
		times[note]++
	}
	for i := range b.entries {
		if e := &b.entries[i]; e.batch == batch {
			b.judge(ctx, e, times[e.note], now.Sub(e.acknowledged))
		}
	}
}

// judge says what becomes of an entry that stands in a file so many times.
func (b *book) judge(ctx context.Context, e *entry, times int, after time.Duration) {
	switch {
	case times > 0 && e.state == waits:
		e.state, e.after = found, after
		outcome := observability.ProbeFound
		if e.missed && after > readTime {
			outcome = observability.ProbeLate
			b.logger.ErrorContext(ctx, "an acknowledged add was not there in time", "note", e.note, "after", after.String())
		}
		b.metrics.ReadBack(ctx, outcome, after)
	case times == 0 && e.state == waits && after <= readTime:
		e.missed = true
	case times == 0 && e.state != lost:
		e.state = lost
		b.metrics.ReadBack(ctx, observability.ProbeLost, after)
		b.logger.ErrorContext(ctx, "an acknowledged add is lost", "note", e.note, "acknowledged", after.String()+" ago")
	case times > 0 && e.state == lost:
		e.state = found
		b.logger.WarnContext(ctx, "an add that counts as lost is there after all", "note", e.note, "after", after.String())
	}
	if times > 1 && times > e.times {
		b.metrics.Doubled(ctx, times-max(1, e.times))
		b.logger.ErrorContext(ctx, "an add was stored more than once", "note", e.note, "times", times)
	}
	e.times = max(e.times, times)
}

// giveUp counts as lost what could not be looked for in all the time that anybody would wait.
func (b *book) giveUp(ctx context.Context, now time.Time) {
	for i := range b.entries {
		if e := &b.entries[i]; e.state == waits && now.Sub(e.acknowledged) > giveUp {
			b.judge(ctx, e, 0, now.Sub(e.acknowledged))
		}
	}
}

// last says whether the youngest entry was found, and how long after its acknowledgement, where the last add was acknowledged.
func (b *book) last(of Answer) (isFound bool, after time.Duration) {
	if !of.acknowledged() || len(b.entries) == 0 {
		return false, 0
	}
	e := b.entries[len(b.entries)-1]
	return e.state == found, e.after
}
