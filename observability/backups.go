package observability

import (
	"context"
	"fmt"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// Backups measures how the storage's backups go. Its zero is not usable.
type Backups struct {
	attempts metric.Int64Counter
	outcomes map[string]metric.AddOption
	phases   map[string]metric.ObserveOption

	mu       sync.Mutex
	known    bool // what the repository holds
	restored time.Time
	kept     int64
	based    time.Time // the last base backup that was restored
	baseless bool      // the last try of one failed
	archive  Archive
	due      time.Time
	began    time.Time // the last attempt
	ended    bool      // an attempt, so that good is known
	good     bool      // the last attempt
	aged     float64   // 1 if what is old was forgotten and found whole; -1 if that is not known
	bytes    int64
	entries  int64
	took     map[string]time.Duration
}

// Outcomes of an attempt besides success and the phases in which it may fail.
const (
	backupRestored = "restored"
	backupSkipped  = "skipped"
)

// NewBackups begins to export how backups go; phases are those in which an attempt may fail. Every outcome is at 0. What is not known is
// not exported: the age of the newest backup is there once the repository was read. It is called once for a Telemetry.
func (t *Telemetry) NewBackups(phases []string) (*Backups, error) {
	b := &Backups{
		outcomes: map[string]metric.AddOption{}, phases: map[string]metric.ObserveOption{}, took: map[string]time.Duration{}, aged: -1,
	}
	var err error
	if b.attempts, err = t.meter.Int64Counter("expense.backup.attempts", metric.WithUnit("{attempt}"), metric.WithDescription(
		"Tries to make a backup, by outcome: restored and checked, skipped since another scheduler was at it, "+
			"or the step in which it failed: open, dump, store, fetch, try, forget or base.")); err != nil {
		return nil, fmt.Errorf("backups metric: %w", err)
	}
	for _, outcome := range append([]string{backupRestored, backupSkipped}, phases...) {
		b.outcomes[outcome] = metric.WithAttributeSet(attribute.NewSet(attribute.String("outcome", outcome)))
		b.attempts.Add(context.Background(), 0, b.outcomes[outcome]) // a series that began at 1 would show no increase
	}
	for _, phase := range phases {
		b.phases[phase] = metric.WithAttributeSet(attribute.NewSet(attribute.String("phase", phase)))
	}
	return b, b.observe(t.meter)
}

// observe exports the gauges.
func (b *Backups) observe(meter metric.Meter) error {
	moment := func(at time.Time) (float64, bool) { return float64(at.UnixMilli()) / 1000, !at.IsZero() }
	for _, gauge := range []struct {
		name, unit, description string
		value                   func() (float64, bool)
	}{
		{"expense.backup.last_restored.timestamp", "s",
			"When the newest backup was taken that was restored into a scratch storage and found right; 0 if there is none after a try.",
			// Before the first try has ended, that there is none is nobody's fault.
			func() (float64, bool) {
				value, there := moment(b.restored)
				if !there {
					value = 0
				}
				return value, b.known && (there || b.ended)
			}},
		{"expense.backup.last_attempt.timestamp", "s", "When the last try to make a backup began.",
			func() (float64, bool) { return moment(b.began) }},
		{"expense.backup.next_attempt.timestamp", "s", "When the next try to make a backup is due.",
			func() (float64, bool) { return moment(b.due) }},
		{"expense.backup.last_attempt.succeeded", "",
			"1 if the last try brought a backup that was restored and checked, or found a young one of another; 0 if not.",
			func() (float64, bool) { return truth(b.good), b.ended }},
		{"expense.backup.old_ones.whole", "",
			"1 if old backups were forgotten as they should be, and those that stay are whole as far as was looked; 0 if not.",
			func() (float64, bool) { return b.aged, b.aged >= 0 }},
		{"expense.backup.base.last_restored.timestamp", "s",
			"When the newest base backup was taken that was restored with the archived log and found right, since this process began.",
			func() (float64, bool) { return moment(b.based) }},
		{"expense.backup.archive.last.timestamp", "s", "When PostgreSQL last archived a piece of its log.",
			func() (float64, bool) { return moment(b.archive.Last) }},
		{"expense.backup.base.failing", "", "1 if the last base backup failed, 0 if not, or if none is made.",
			func() (float64, bool) { return truth(b.baseless), true }},
		{"expense.backup.archive.failing", "",
			"1 while PostgreSQL's log cannot be archived: the last try failed. 0 if not, or if none is archived.",
			func() (float64, bool) { return truth(b.archive.Failing), true }},
		{"expense.backup.kept", "{backup}", "Backups that are kept and were restored.",
			func() (float64, bool) { return float64(b.kept), b.known }},
		{"expense.backup.size", "By", "Size of the newest backup's dump, before compression.",
			func() (float64, bool) { return float64(b.bytes), b.bytes > 0 }},
		{"expense.backup.entries", "{expense}", "Expenses that the newest backup holds.",
			func() (float64, bool) { return float64(b.entries), b.bytes > 0 }},
	} {
		if _, err := meter.Float64ObservableGauge(gauge.name, metric.WithUnit(gauge.unit), metric.WithDescription(gauge.description),
			metric.WithFloat64Callback(func(_ context.Context, o metric.Float64Observer) error {
				b.mu.Lock()
				defer b.mu.Unlock()
				if value, there := gauge.value(); there {
					o.Observe(value)
				}
				return nil
			})); err != nil {
			return fmt.Errorf("backups metric: %w", err)
		}
	}
	_, err := meter.Float64ObservableGauge("expense.backup.duration", metric.WithUnit("s"),
		metric.WithDescription("How long each step of the newest backup took."),
		metric.WithFloat64Callback(func(_ context.Context, o metric.Float64Observer) error {
			b.mu.Lock()
			defer b.mu.Unlock()
			for phase, took := range b.took {
				o.Observe(took.Seconds(), b.phases[phase])
			}
			return nil
		}))
	if err != nil {
		return fmt.Errorf("backups metric: %w", err)
	}
	return nil
}

func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// Known records what the repository holds: when the newest restored backup was taken, zero if there is none, how many there are, and what
// the newest holds, where that is known.
func (b *Backups) Known(newest time.Time, kept int, bytes, entries int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.known, b.restored, b.kept = true, newest, int64(kept)
	if bytes > 0 && entries >= 0 {
		b.bytes, b.entries = bytes, entries
	}
}

// Due records when the next attempt is.
func (b *Backups) Due(at time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.due = at
}

// Began records that an attempt has begun.
func (b *Backups) Began(at time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.began = at
}

// Made records a backup that was restored and checked: when it was taken, what it holds, and how long each phase took.
func (b *Backups) Made(taken time.Time, kept int, bytes, entries int64, took map[string]time.Duration) {
	b.attempts.Add(context.Background(), 1, b.outcomes[backupRestored])
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended, b.good, b.known = true, true, true
	b.restored, b.bytes, b.entries, b.took = taken, bytes, entries, took
	if kept > 0 { // else they could not be counted
		b.kept = int64(kept)
	}
}

// Failed counts an attempt that failed in a phase.
func (b *Backups) Failed(phase string) {
	b.attempts.Add(context.Background(), 1, b.outcomes[phase])
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended, b.good = true, false
}

// Skipped counts an attempt that another scheduler made needless, and records whether a young backup was found: then all is well again.
func (b *Backups) Skipped(made bool) {
	b.attempts.Add(context.Background(), 1, b.outcomes[backupSkipped])
	b.mu.Lock()
	defer b.mu.Unlock()
	if made {
		b.ended, b.good = true, true
	}
}

// Based records when a base backup began, and whether it was restored with the log and found right.
func (b *Backups) Based(at time.Time, well bool) {
	if !well {
		b.attempts.Add(context.Background(), 1, b.outcomes["base"])
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.baseless = !well
	if well {
		b.based = at
	}
}

// Archive is how the archive of PostgreSQL's log is doing.
type Archive struct {
	Last    time.Time
	Failing bool
}

// Archived records how the archive is doing.
func (b *Backups) Archived(a Archive) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.archive = a
}

// Aged records whether old backups were forgotten, and those that stay are whole as far as was looked.
func (b *Backups) Aged(well bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.aged = truth(well)
}
