package observability

import (
	"context"
	"fmt"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
)

// Batches measures how a storage puts adds together into commits. It is what the SQL adapters ask for as their observer.
type Batches struct {
	entries metric.Int64Histogram
	wait    metric.Float64Histogram
	queued  metric.Int64UpDownCounter
	traces  *traces // nil if nothing is traced
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
	return &Batches{entries: entries, wait: wait, queued: queued, traces: t.traces}, nil
}

// batch is one that is under way, and the context of what is done for it.
type batch struct {
	context.Context //nolint:containedctx // it is one; replaced until the storage gets it

	began time.Time
	times times

	mu      sync.Mutex
	entries int           // adds in it
	took    time.Duration // until its adds had their outcomes; 0 until then

	span    trace.Span   // nil if none of its adds is traced
	commits []trace.Span // one of each traced add; they end together
}

type batchKey struct{}

// Value gives what the batch carries by its keys, and else what its own context has.
func (b *batch) Value(key any) any {
	switch key.(type) {
	case batchKey:
		return b
	case timesKey:
		return &b.times
	}
	return b.Context.Value(key)
}

// standing returns how many adds share the batch, and how long it takes or has taken.
func (b *batch) standing() (entries int, took time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.took == 0 {
		return b.entries, time.Since(b.began)
	}
	return b.entries, b.took
}

func batchOf(ctx context.Context) *batch {
	b, _ := ctx.Value(batchKey{}).(*batch)
	return b
}

// QueueChanged records that so many more adds wait, or fewer if it is negative.
func (b *Batches) QueueChanged(delta int) { b.queued.Add(context.Background(), int64(delta)) }

// GaveUp notes how long an add waited whose caller went without an outcome.
func (b *Batches) GaveUp(add context.Context, since time.Time) {
	of := requestOf(add)
	if of != nil && of.batch.Load() != nil {
		return // it waits for its batch, which is told by itself
	}
	of.waited(time.Since(since), nil)
	if _, span := b.traces.within(add, "store.queue", trace.WithTimestamp(since)); span != nil {
		span.SetStatus(codes.Error, "gave up")
		span.End()
	}
}

// Begin begins a batch. What is returned is the context of all that is done for it.
func (b *Batches) Begin(ctx context.Context) context.Context {
	return &batch{Context: ctx, began: time.Now()}
}

// Waited records how long one add waited for its batch. The first one that is traced has the batch in its trace, the others lead there.
func (b *Batches) Waited(in, add context.Context, since time.Time) {
	of, now := batchOf(in), time.Now()
	b.wait.Record(add, now.Sub(since).Seconds())
	requestOf(add).waited(now.Sub(since), of)
	_, queue := b.traces.within(add, "store.queue", trace.WithTimestamp(since))
	if queue == nil {
		return
	}
	queue.End(trace.WithTimestamp(now))
	ctx, commit := b.traces.within(add, "store.commit", trace.WithTimestamp(now))
	of.commits = append(of.commits, commit)
	if of.span == nil {
		_, of.span = b.traces.within(ctx, "store.batch", trace.WithTimestamp(now))
		of.Context = trace.ContextWithSpan(of.Context, of.span)
	}
	of.span.AddLink(trace.Link{SpanContext: trace.SpanContextFromContext(add)})
	commit.AddLink(trace.Link{SpanContext: of.span.SpanContext()})
}

// Commit records that so many adds are about to be committed. After a batch was refused as a whole, it is told of each part.
func (b *Batches) Commit(in context.Context, entries int) {
	b.entries.Record(in, int64(entries))
	of := batchOf(in)
	of.mu.Lock()
	of.entries = max(of.entries, entries)
	of.mu.Unlock()
}

// End records that a batch has its outcomes, so many of them errors.
func (b *Batches) End(in context.Context, failed int) {
	of := batchOf(in)
	of.mu.Lock()
	of.took = max(time.Since(of.began), 1)
	entries := of.entries
	of.mu.Unlock()
	if of.span == nil {
		return
	}
	of.span.SetAttributes(attribute.Int("expense.batch.entries", entries), attribute.Int("expense.batch.failed", failed))
	if failed > 0 {
		of.span.SetStatus(codes.Error, "not all were stored")
	}
	of.span.End()
	for _, commit := range of.commits {
		commit.SetAttributes(attribute.Int("expense.batch.entries", entries))
		commit.End()
	}
}
