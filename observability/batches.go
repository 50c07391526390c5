package observability

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/metric"
)

// Batches measures how a storage puts adds together into commits. It is what the SQL adapters ask for as their observer.
type Batches struct {
	entries metric.Int64Histogram
	wait    metric.Float64Histogram
	queued  metric.Int64UpDownCounter
}

// Batches begins to export the metrics of shared commits. It is called once, and only for a storage that shares commits.
func (t *Telemetry) Batches() (*Batches, error) {
	entries, err := t.meter.Int64Histogram("expense.store.batch.entries",
		metric.WithUnit("{expense}"),
		metric.WithDescription("Adds that shared one commit."),
		metric.WithExplicitBucketBoundaries(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024))
	if err != nil {
		return nil, fmt.Errorf("batch entries metric: %w", err)
	}
	wait, err := t.meter.Float64Histogram("expense.store.batch.wait",
		metric.WithUnit("s"),
		metric.WithDescription("How long an add waited until its batch was started."),
		metric.WithExplicitBucketBoundaries(durationBuckets()...))
	if err != nil {
		return nil, fmt.Errorf("batch wait metric: %w", err)
	}
	queued, err := t.meter.Int64UpDownCounter("expense.store.queue.entries",
		metric.WithUnit("{expense}"),
		metric.WithDescription("Adds that wait for a commit now."))
	if err != nil {
		return nil, fmt.Errorf("queue metric: %w", err)
	}
	queued.Add(context.Background(), 0) // shown from the start, not from the first add
	return &Batches{entries: entries, wait: wait, queued: queued}, nil
}

// Batch records that a commit of so many adds was started.
func (b *Batches) Batch(entries int) { b.entries.Record(context.Background(), int64(entries)) }

// Wait records how long one add waited for its batch to start.
func (b *Batches) Wait(d time.Duration) { b.wait.Record(context.Background(), d.Seconds()) }

// QueueChanged records that so many more adds wait, or fewer if it is negative.
func (b *Batches) QueueChanged(delta int) { b.queued.Add(context.Background(), int64(delta)) }
