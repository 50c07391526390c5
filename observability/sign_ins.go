package observability

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"expense-tracker/core/fault"
)

// SignIns measures who comes in, without saying who.
type SignIns struct {
	counter                                    metric.Int64Counter
	waits                                      metric.Float64Histogram
	accepted, refused, throttled, busy, failed []metric.AddOption
}

// NewSignIns begins to export how tries to sign in ended, each outcome at 0, and how long passwords waited to be hashed. It is called once
// for a Telemetry.
func (t *Telemetry) NewSignIns() (*SignIns, error) {
	s := &SignIns{}
	var err error
	if s.counter, err = t.meter.Int64Counter("expense.sign_ins",
		metric.WithUnit("{try}"),
		metric.WithDescription("Tries to sign in: accepted, refused for their name or password, throttled since they came too often, "+
			"busy since too many passwords were being hashed, or failed through no fault of theirs.")); err != nil {
		return nil, fmt.Errorf("sign-ins metric: %w", err)
	}
	if s.waits, err = t.meter.Float64Histogram("expense.password.hash.wait",
		metric.WithUnit("s"),
		metric.WithDescription("How long passwords waited for their turn to be hashed."),
		metric.WithExplicitBucketBoundaries(durationBuckets()...)); err != nil {
		return nil, fmt.Errorf("hash waits metric: %w", err)
	}
	outcome := func(name string) []metric.AddOption {
		options := []metric.AddOption{metric.WithAttributeSet(attribute.NewSet(attribute.String("outcome", name)))}
		s.counter.Add(context.Background(), 0, options...) // a series that began at 1 would show no increase
		return options
	}
	s.accepted, s.refused, s.throttled = outcome("accepted"), outcome("refused"), outcome("throttled")
	s.busy, s.failed = outcome("busy"), outcome("failed")
	return s, nil
}

// Record counts a try to sign in by how it ended. One whose sender went away before the answer is not counted.
func (s *SignIns) Record(ctx context.Context, err error) {
	if err != nil && ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return
	}
	s.counter.Add(ctx, 1, s.outcomeOf(err)...)
}

func (s *SignIns) outcomeOf(err error) []metric.AddOption {
	if err == nil {
		return s.accepted
	}
	switch fault.KindOf(err) {
	case fault.Unauthenticated, fault.Invalid, fault.Forbidden, fault.Conflict:
		return s.refused
	case fault.Throttled:
		return s.throttled
	case fault.Busy:
		return s.busy
	case fault.NotFound, fault.Unavailable, fault.Internal:
	}
	return s.failed
}

// Waited records how long a password waited to be hashed.
func (s *SignIns) Waited(ctx context.Context, wait time.Duration) {
	s.waits.Record(ctx, wait.Seconds())
}
