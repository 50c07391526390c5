package observability

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"expense-tracker/core/fault"
)

// operation names a call of a storage's port in the label of that name.
type operation string

const (
	opAdd               operation = "add"
	opAddAll            operation = "add_all"
	opGet               operation = "get"
	opChange            operation = "change"
	opList              operation = "list"
	opOverview          operation = "overview"
	opState             operation = "state"
	opEntries           operation = "entries"
	opListCategories    operation = "list_categories"
	opGetCategory       operation = "get_category"
	opSuggestCategories operation = "suggest_categories"
	opCategoryNamed     operation = "category_named"
	opRenameCategory    operation = "rename_category"
	opMergeCategory     operation = "merge_category"
	opLedgers           operation = "ledgers"
	opAudit             operation = "audit"
	opPing              operation = "ping"
)

// outcome says how a call ended in the label of that name.
type outcome string

const (
	outcomeOK          outcome = "ok"
	outcomeInvalid     outcome = "invalid"
	outcomeNotFound    outcome = "not_found"
	outcomeConflict    outcome = "conflict"
	outcomeUnavailable outcome = "unavailable"
	outcomeCanceled    outcome = "canceled" // the caller gave up, which says nothing about the storage
	outcomeError       outcome = "error"    // what a storage should never answer
)

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
	case fault.Internal, fault.Forbidden, fault.Unauthenticated:
	}
	return outcomeError
}

// operations measures how long the calls of a storage take.
type operations struct {
	now      func() time.Time
	duration metric.Float64Histogram
	labels   map[label][]metric.RecordOption // made once: building a set for each call would cost more than recording it
}

type label struct {
	operation operation
	outcome   outcome
}

func newOperations(meter metric.Meter, now func() time.Time) (*operations, error) {
	duration, err := meter.Float64Histogram("expense.store.operation.duration",
		metric.WithUnit("s"),
		metric.WithDescription("How long the storage took to answer a call, by operation and outcome."),
		metric.WithExplicitBucketBoundaries(durationBuckets()...))
	if err != nil {
		return nil, err
	}
	o := &operations{now: now, duration: duration, labels: make(map[label][]metric.RecordOption)}
	for _, op := range []operation{
		opAdd, opAddAll, opGet, opChange, opList, opOverview, opState, opEntries,
		opListCategories, opGetCategory, opSuggestCategories, opCategoryNamed, opRenameCategory, opMergeCategory, opLedgers, opAudit, opPing,
	} {
		for _, out := range []outcome{
			outcomeOK, outcomeInvalid, outcomeNotFound, outcomeConflict, outcomeUnavailable, outcomeCanceled, outcomeError,
		} {
			set := attribute.NewSet(attribute.String("operation", string(op)), attribute.String("outcome", string(out)))
			o.labels[label{op, out}] = []metric.RecordOption{metric.WithAttributeSet(set)}
		}
	}
	return o, nil
}

// done records a call that began at started and ended now with err.
func (o *operations) done(ctx context.Context, op operation, started time.Time, err error) {
	o.duration.Record(ctx, o.now().Sub(started).Seconds(), o.labels[label{op, outcomeOf(err)}]...)
}
