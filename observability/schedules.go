package observability

import (
	"context"
	"errors"
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
	"expense-tracker/core/schedule"
)

// ScheduleStore returns next with every method measured, as Store does.
func (t *Telemetry) ScheduleStore(next schedule.Store) schedule.Store {
	return &measuredSchedules{next: next, operations: t.operations}
}

// measuredSchedules times the calls of another store and changes nothing about them.
type measuredSchedules struct {
	next       schedule.Store
	operations *operations
}

func (s *measuredSchedules) Create(ctx context.Context, in ledger.ID, entry schedule.Entry) (schedule.Schedule, error) {
	return measure(ctx, s.operations, "schedule_create", func(ctx context.Context) (schedule.Schedule, error) {
		return s.next.Create(ctx, in, entry)
	})
}

func (s *measuredSchedules) Get(ctx context.Context, in ledger.ID, id schedule.ID) (schedule.Schedule, error) {
	return measure(ctx, s.operations, "schedule_get", func(ctx context.Context) (schedule.Schedule, error) { return s.next.Get(ctx, in, id) })
}

func (s *measuredSchedules) List(ctx context.Context, in ledger.ID, query schedule.Query) ([]schedule.Schedule, error) {
	return measure(ctx, s.operations, "schedule_list", func(ctx context.Context) ([]schedule.Schedule, error) {
		return s.next.List(ctx, in, query)
	})
}

func (s *measuredSchedules) Change(ctx context.Context, in ledger.ID, id schedule.ID, basis revision.Basis,
	revise func(schedule.Schedule) (schedule.Schedule, error)) (schedule.Schedule, error) {
	return measure(ctx, s.operations, "schedule_change", func(ctx context.Context) (schedule.Schedule, error) {
		return s.next.Change(ctx, in, id, basis, revise)
	})
}

func (s *measuredSchedules) Advance(ctx context.Context, in ledger.ID, id schedule.ID,
	move func(schedule.Schedule) schedule.Progress) (schedule.Schedule, error) {
	return measure(ctx, s.operations, "schedule_advance", func(ctx context.Context) (schedule.Schedule, error) {
		return s.next.Advance(ctx, in, id, move)
	})
}

func (s *measuredSchedules) State(ctx context.Context, in ledger.ID) (ledger.State, error) {
	return measure(ctx, s.operations, "state", func(ctx context.Context) (ledger.State, error) { return s.next.State(ctx, in) })
}

// Repeats measures the job that makes what schedules have due.
type Repeats struct {
	made         metric.Int64Counter
	runs         metric.Int64Counter
	ok, failed   metric.MeasurementOption
	late         atomic.Int64 // dates that are due and not made
	lastReported int64        // of the run under way; is the job's
}

// NewRepeats begins to export what the job does. It is called once for a Telemetry.
func (t *Telemetry) NewRepeats() (*Repeats, error) {
	r := &Repeats{
		ok:     metric.WithAttributeSet(attribute.NewSet(attribute.String("outcome", "ok"))),
		failed: metric.WithAttributeSet(attribute.NewSet(attribute.String("outcome", "failed"))),
	}
	var err error
	if r.made, err = t.meter.Int64Counter("expense.repeats.made", metric.WithUnit("{expense}"),
		metric.WithDescription("Expenses that repeats have made.")); err != nil {
		return nil, err
	}
	if r.runs, err = t.meter.Int64Counter("expense.repeats.runs", metric.WithUnit("{run}"),
		metric.WithDescription("Looks for what repeats have due, by outcome; failed: some of it could not be made.")); err != nil {
		return nil, err
	}
	_, err = t.meter.Int64ObservableGauge("expense.repeats.arrears", metric.WithUnit("{expense}"),
		metric.WithDescription("Expenses that repeats have due and that are not made yet, as the last look found."),
		metric.WithInt64Callback(func(_ context.Context, o metric.Int64Observer) error {
			o.Observe(r.late.Load())
			return nil
		}))
	if err != nil {
		return nil, err
	}
	ctx := context.Background() // a series that began at 1 would show no increase
	r.made.Add(ctx, 0)
	r.runs.Add(ctx, 0, r.ok)
	r.runs.Add(ctx, 0, r.failed)
	return r, nil
}

// Progress records how a run stands. Only the job calls it.
func (r *Repeats) Progress(ctx context.Context, so schedule.Outcome) {
	r.late.Store(so.Arrears)
	r.made.Add(ctx, so.Made-r.lastReported)
	r.lastReported = so.Made
}

// Ended records how a run ended. One that the program's end has cut off is none.
func (r *Repeats) Ended(ctx context.Context, so schedule.Outcome) {
	r.Progress(ctx, so)
	r.lastReported = 0
	switch {
	case so.Err == nil:
		r.runs.Add(ctx, 1, r.ok)
	case !errors.Is(so.Err, context.Canceled) && fault.KindOf(so.Err) != fault.Forbidden:
		r.runs.Add(ctx, 1, r.failed)
	}
}
