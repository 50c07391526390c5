package observability

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/metric"
)

const (
	entriesBound = time.Second // of a scrape's wait for the storage
	entriesKept  = time.Second // so that no number of scrapers burdens it
)

// publishEntries exports how many expenses are stored. A storage that does not answer leaves the metric out: a 0 would look like
// a loss of everything. Why it did not answer is in the operation's outcome.
func (t *Telemetry) publishEntries(read func(context.Context) (int64, error)) error {
	entries := &kept[int64]{read: read, bound: entriesBound, keep: entriesKept, now: t.options.Now}
	_, err := t.meter.Int64ObservableGauge("expense.entries",
		metric.WithUnit("{expense}"),
		metric.WithDescription("Expenses stored, in all ledgers."),
		metric.WithInt64Callback(func(ctx context.Context, o metric.Int64Observer) error {
			if n, err := entries.get(ctx); err == nil {
				o.Observe(n)
			}
			return nil
		}))
	return err
}
