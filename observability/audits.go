package observability

import (
	"context"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"expense-tracker/core/expense"
)

// Audits measures the job that compares kept totals with the sums of their expenses.
type Audits struct {
	runs       metric.Int64Counter
	ok, failed metric.MeasurementOption
	last       atomic.Pointer[expense.AuditReport] // nil until one is known
	found      atomic.Pointer[expense.AuditReport] // what the one under way has found so far; nil for nothing
}

// NewAudits begins to export what the job finds. It is called once for a Telemetry. Until an audit is known, how many totals differ is left
// out: a 0 would say that all is well.
func (t *Telemetry) NewAudits() (*Audits, error) {
	a := &Audits{
		ok:     metric.WithAttributeSet(attribute.NewSet(attribute.String("outcome", "ok"))),
		failed: metric.WithAttributeSet(attribute.NewSet(attribute.String("outcome", "failed"))),
	}
	var err error
	if a.runs, err = t.meter.Int64Counter("expense.audits", metric.WithUnit("{audit}"),
		metric.WithDescription("Audits of the kept totals that this instance has made, by outcome.")); err != nil {
		return nil, err
	}
	differences, err := t.meter.Int64ObservableGauge("expense.totals.differences", metric.WithUnit("{total}"),
		metric.WithDescription("Kept totals that differ from the sums of their expenses, in all ledgers, "+
			"as the last audit by any instance found, or more if the one under way has found them."))
	if err != nil {
		return nil, err
	}
	at, err := t.meter.Float64ObservableGauge("expense.totals.audited.timestamp", metric.WithUnit("s"),
		metric.WithDescription("When the last audit of the kept totals ended, in seconds since 1970."))
	if err != nil {
		return nil, err
	}
	const second = 1e6
	_, err = t.meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		last, found := a.last.Load(), a.found.Load()
		if last != nil {
			o.ObserveFloat64(at, float64(last.Ended.UnixMicro())/second)
		}
		if last != nil || found != nil {
			o.ObserveInt64(differences, int64(max(differ(last), differ(found))))
		}
		return nil
	}, differences, at)
	if err != nil {
		return nil, err
	}
	ctx := context.Background() // a series that began at 1 would show no increase
	a.runs.Add(ctx, 0, a.ok)
	a.runs.Add(ctx, 0, a.failed)
	return a, nil
}

func differ(found *expense.AuditReport) int {
	if found == nil {
		return 0
	}
	return found.Differences
}

// Found exports what an audit under way has found so far, until one has ended.
func (a *Audits) Found(at time.Time, differences int) {
	a.found.Store(&expense.AuditReport{Ended: at, Differences: differences})
}

// Know exports what the last audit found, whoever made it.
func (a *Audits) Know(last expense.AuditReport) {
	if last.Ended.IsZero() {
		return
	}
	a.last.Store(&last)
	if found := a.found.Load(); found != nil && !found.Ended.After(last.Ended) {
		a.found.Store(nil)
	}
}

// Ended counts an audit that this instance made.
func (a *Audits) Ended(ctx context.Context) { a.runs.Add(ctx, 1, a.ok) }

// Failed counts an audit that did not come to its end.
func (a *Audits) Failed(ctx context.Context) { a.runs.Add(ctx, 1, a.failed) }
