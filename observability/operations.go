package observability

import (
	"context"
	"errors"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"expense-tracker/core/fault"
)

// operations measures how long the calls of a storage take, by operation and outcome.
type operations struct {
	now      func() time.Time
	duration metric.Float64Histogram
	traces   *traces // nil if nothing is traced
	// Labels are made once for each operation, since building a set costs more than recording it. The map is replaced and never changed.
	labels atomic.Pointer[map[string]*labels]
	making sync.Mutex
}

// labels are one operation's, by outcome.
type labels struct {
	outcomes [outcomeError + 1][]metric.RecordOption
	span     string // the name of the operation's span
}

func newOperations(meter metric.Meter, now func() time.Time) (*operations, error) {
	duration, err := meter.Float64Histogram("expense.store.operation.duration",
		metric.WithUnit("s"),
		metric.WithDescription("How long the storage took to answer a call, by operation and outcome."),
		metric.WithExplicitBucketBoundaries(durationBuckets()...))
	if err != nil {
		return nil, err
	}
	o := &operations{now: now, duration: duration}
	o.labels.Store(&map[string]*labels{})
	return o, nil
}

// measure makes a call of a port, records how long it took and how it ended, and returns what it returned. The operation's name is a
// constant of the caller's: it becomes a label. The call is made with the context that it gets, in which the operation is a span.
func measure[T any](ctx context.Context, o *operations, operation string, call func(context.Context) (T, error)) (T, error) {
	of := o.labelsOf(operation)
	started := o.now()
	ctx, span := o.traces.within(ctx, of.span)
	value, err := call(ctx)
	took := o.now().Sub(started)
	outcome := outcomeOf(err)
	o.duration.Record(ctx, took.Seconds(), of.outcomes[outcome]...)
	if span != nil {
		endOperation(span, outcome)
	}
	return value, err
}

func endOperation(span trace.Span, outcome outcome) {
	span.SetAttributes(attribute.String("outcome", outcome.String()))
	if outcome == outcomeUnavailable || outcome == outcomeError {
		span.SetStatus(codes.Error, outcome.String())
	}
	span.End()
}

func (o *operations) labelsOf(operation string) *labels {
	if made, ok := (*o.labels.Load())[operation]; ok {
		return made
	}
	return o.makeLabels(operation)
}

// makeLabels makes the labels of an operation that is called for the first time.
func (o *operations) makeLabels(operation string) *labels {
	o.making.Lock()
	defer o.making.Unlock()
	all := maps.Clone(*o.labels.Load())
	if made, ok := all[operation]; ok { // another caller was faster
		return made
	}
	made := &labels{span: "store." + operation}
	for n := range made.outcomes {
		set := attribute.NewSet(attribute.String("operation", operation), attribute.String("outcome", outcome(n).String()))
		made.outcomes[n] = []metric.RecordOption{metric.WithAttributeSet(set)}
	}
	all[operation] = made
	o.labels.Store(&all)
	return made
}

// outcome says how a call ended.
type outcome int

const (
	outcomeOK outcome = iota
	outcomeInvalid
	outcomeNotFound
	outcomeConflict
	outcomeUnavailable
	outcomeCanceled // the caller gave up, which says nothing about the storage
	outcomeError    // what a storage should never answer
)

// String returns the label's value.
func (o outcome) String() string {
	return [...]string{"ok", "invalid", "not_found", "conflict", "unavailable", "canceled", "error"}[o]
}

func outcomeOf(err error) outcome {
	switch {
	case err == nil:
		return outcomeOK
	case errors.Is(err, context.Canceled):
		return outcomeCanceled
	}
	switch fault.KindOf(err) {
	case fault.Invalid:
		return outcomeInvalid
	case fault.NotFound:
		return outcomeNotFound
	case fault.Conflict:
		return outcomeConflict
	case fault.Unavailable:
		return outcomeUnavailable
	case fault.Internal, fault.Forbidden, fault.Unauthenticated, fault.Throttled, fault.Busy:
	}
	return outcomeError
}
