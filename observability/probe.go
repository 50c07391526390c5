package observability

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// The outcomes of what a probe asks.
const (
	ProbeOK        = "ok"        // a page or a file came, whole
	ProbeAccepted  = "accepted"  // an add was stored
	ProbeDuplicate = "duplicate" // an add that is known, since it was sent twice
	ProbeRefused   = "refused"   // the probe is at fault, or its settings
	ProbeFailed    = "failed"    // the program is: it cannot be reached, answers with an error, or answers what no program of ours does
	ProbeUnknown   = "unknown"   // what was sent got no answer in time
)

// The outcomes of reading back what was acknowledged.
const (
	ProbeFound = "found"
	ProbeLate  = "late" // it was missing before, and there only after the time that it has
	ProbeLost  = "lost" // it was missing when its time was over, or later
)

// What a probe asks for.
const (
	ProbeHome = "home"
	ProbeAdd  = "add"
	ProbeFile = "file" // of what was added
)

// Probe measures what the program's own probe meets.
type Probe struct {
	*Telemetry
	adds, asks, readbacks metric.Int64Counter
	doubled               metric.Int64Counter
	duration, readback    metric.Float64Histogram
	waiting               metric.Int64Gauge
}

// NewProbe returns a Telemetry that has the metrics of a probe in place of a program's that serves, with all outcomes at 0. The caller ends
// it with Shutdown.
func NewProbe(options Options) (*Probe, error) {
	t, err := newTelemetry(options)
	if err != nil {
		return nil, err
	}
	p := &Probe{Telemetry: t}
	if err := p.instrument(); err != nil {
		return nil, errors.Join(fmt.Errorf("metrics of the probe: %w", err), t.Shutdown(context.Background()))
	}
	return p, nil
}

func (p *Probe) instrument() error {
	var failed error
	counter := func(name, unit, about string) metric.Int64Counter {
		made, err := p.meter.Int64Counter(name, metric.WithUnit(unit), metric.WithDescription(about))
		failed = errors.Join(failed, err)
		return made
	}
	seconds := func(name, about string, bounds ...float64) metric.Float64Histogram {
		made, err := p.meter.Float64Histogram(name, metric.WithUnit("s"), metric.WithDescription(about),
			metric.WithExplicitBucketBoundaries(bounds...))
		failed = errors.Join(failed, err)
		return made
	}
	p.adds = counter("expense.probe.adds", "{add}", "Adds that the probe sent, by what they were answered.")
	p.asks = counter("expense.probe.requests", "{request}", "Pages and files that the probe asked for, by what it was answered.")
	p.readbacks = counter("expense.probe.readbacks", "{add}", "Acknowledged adds of the probe that were found again, late, or are lost.")
	p.doubled = counter("expense.probe.doubled", "{add}", "Acknowledged adds of the probe that were found more than once.")
	p.duration = seconds("expense.probe.duration", "How long the probe waited for what it was answered well.", durationBuckets()...)
	p.readback = seconds("expense.probe.readback", "How long after its acknowledgement an add of the probe was found.",
		0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
	var err error
	p.waiting, err = p.meter.Int64Gauge("expense.probe.waiting", metric.WithUnit("{add}"),
		metric.WithDescription("Acknowledged adds of the probe that are yet to be found."))
	if failed = errors.Join(failed, err); failed != nil {
		return failed
	}
	p.begin()
	return nil
}

// begin shows all outcomes from the start: a series that began at 1 would show no increase.
func (p *Probe) begin() {
	ctx := context.Background()
	for _, outcome := range []string{ProbeAccepted, ProbeDuplicate, ProbeRefused, ProbeFailed, ProbeUnknown} {
		p.adds.Add(ctx, 0, outcomes(outcome))
	}
	for _, request := range []string{ProbeHome, ProbeFile} {
		for _, outcome := range []string{ProbeOK, ProbeRefused, ProbeFailed, ProbeUnknown} {
			p.asks.Add(ctx, 0, requests(request), outcomes(outcome))
		}
	}
	for _, outcome := range []string{ProbeFound, ProbeLate, ProbeLost} {
		p.readbacks.Add(ctx, 0, outcomes(outcome))
	}
	p.doubled.Add(ctx, 0)
	p.waiting.Record(ctx, 0)
}

func outcomes(outcome string) metric.MeasurementOption {
	return metric.WithAttributes(attribute.String("outcome", outcome))
}

func requests(request string) metric.MeasurementOption {
	return metric.WithAttributes(attribute.String("request", request))
}

// Added records one add that was sent, and how long its answer took.
func (p *Probe) Added(ctx context.Context, outcome string, took time.Duration) {
	p.adds.Add(ctx, 1, outcomes(outcome))
	if outcome == ProbeAccepted || outcome == ProbeDuplicate {
		p.duration.Record(ctx, took.Seconds(), requests(ProbeAdd))
	}
}

// Asked records one request of ProbeHome or ProbeFile, and how long its answer took.
func (p *Probe) Asked(ctx context.Context, request, outcome string, took time.Duration) {
	p.asks.Add(ctx, 1, requests(request), outcomes(outcome))
	if outcome == ProbeOK {
		p.duration.Record(ctx, took.Seconds(), requests(request))
	}
}

// ReadBack records what became of an add so long after its acknowledgement.
func (p *Probe) ReadBack(ctx context.Context, outcome string, after time.Duration) {
	p.readbacks.Add(ctx, 1, outcomes(outcome))
	if outcome != ProbeLost {
		p.readback.Record(ctx, after.Seconds())
	}
}

// Doubled records that an add was found so many times too often.
func (p *Probe) Doubled(ctx context.Context, times int) { p.doubled.Add(ctx, int64(times)) }

// Waiting records how many adds are yet to be found.
func (p *Probe) Waiting(ctx context.Context, adds int) { p.waiting.Record(ctx, int64(adds)) }
