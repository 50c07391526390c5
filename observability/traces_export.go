package observability

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

const (
	sayAgain   = 10 * time.Minute // after which a failure that lasts is said again
	errorShown = 300              // bytes of what an exporter says: a receiver's answer may be a page
)

// watchedExporter says once that spans cannot be sent, and once that they can again. The SDK would say it for each batch.
type watchedExporter struct {
	next   sdktrace.SpanExporter
	logger *slog.Logger
	now    func() time.Time
	queue  int64 // spans that the SDK keeps at most

	ended  atomic.Int64 // spans that were to be sent
	mu     sync.Mutex
	given  int64     // to be sent, of those
	lost   int64     // since the last time that some arrived
	failed time.Time // when it was said; zero while all is well
}

// ExportSpans implements sdktrace.SpanExporter. What cannot be sent is lost, and no error of the program's.
func (e *watchedExporter) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	err := e.next.ExportSpans(ctx, spans)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.given += int64(len(spans))
	now := e.now()
	if err == nil {
		if !e.failed.IsZero() {
			e.logger.InfoContext(ctx, "spans are sent again", "lost", e.lost+e.overflown())
		}
		e.failed, e.lost = time.Time{}, 0
		return nil
	}
	e.lost += int64(len(spans))
	if e.failed.IsZero() || now.Sub(e.failed) >= sayAgain {
		e.failed = now
		e.logger.WarnContext(ctx, "spans cannot be sent; the program goes on without, and says when they can",
			"lost", e.lost, "error", shortened(err.Error(), errorShown))
	}
	return nil
}

// overflown returns how many spans at least the SDK has let go since it was asked last, since its queue was full. The caller holds
// the lock.
func (e *watchedExporter) overflown() int64 {
	gone := e.ended.Load() - e.given - e.queue
	if gone <= 0 {
		return 0
	}
	e.given += gone
	return gone
}

// Shutdown implements sdktrace.SpanExporter.
func (e *watchedExporter) Shutdown(ctx context.Context) error { return e.next.Shutdown(ctx) }

// countingProcessor counts the spans that are to be sent.
type countingProcessor struct {
	sdktrace.SpanProcessor
	of *watchedExporter
}

// OnEnd implements sdktrace.SpanProcessor.
func (p countingProcessor) OnEnd(span sdktrace.ReadOnlySpan) {
	if span.SpanContext().IsSampled() {
		p.of.ended.Add(1)
	}
	p.SpanProcessor.OnEnd(span)
}
