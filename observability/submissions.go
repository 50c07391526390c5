package observability

import (
	"context"
	"errors"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// submissions counts the expenses that people sent in, by what they were told.
type submissions struct {
	counter                               metric.Int64Counter
	accepted, duplicate, rejected, failed []metric.AddOption
}

// The counters of submissions: those of people, and those of the program's own probe.
const (
	ofPeople = "expense.submissions"
	ofProbe  = "expense.probe.submissions"

	aboutPeople = "Expenses sent in: stored, known already, refused for what they said, or failed through no fault of theirs."
	aboutProbe  = "The same of the program's own probe, which adds to a ledger of its own."
)

func newSubmissions(meter metric.Meter, name, about string) (*submissions, error) {
	counter, err := meter.Int64Counter(name, metric.WithUnit("{submission}"), metric.WithDescription(about))
	if err != nil {
		return nil, err
	}
	outcome := func(name string) []metric.AddOption {
		options := []metric.AddOption{metric.WithAttributeSet(attribute.NewSet(attribute.String("outcome", name)))}
		counter.Add(context.Background(), 0, options...) // a series that began at 1 would show no increase
		return options
	}
	return &submissions{
		counter:  counter,
		accepted: outcome("accepted"), duplicate: outcome("duplicate"), rejected: outcome("rejected"), failed: outcome("failed"),
	}, nil
}

// RecordSubmission counts one expense that was sent in to a ledger, by the receipt or the error that its add ended with. One whose
// sender went away before the answer is not counted: browsers do so on a double click, and the click that follows brings the answer.
func (t *Telemetry) RecordSubmission(ctx context.Context, in ledger.ID, receipt expense.Receipt, err error) {
	if err != nil && ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return
	}
	s := t.submissions
	if !in.IsPeoples() {
		s = t.probed
	}
	s.counter.Add(ctx, 1, s.outcomeOf(receipt, err)...)
}

func (s *submissions) outcomeOf(receipt expense.Receipt, err error) []metric.AddOption {
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil && receipt.Duplicate:
		return s.duplicate
	case err == nil:
		return s.accepted
	case errors.As(err, &tooLarge):
		return s.rejected
	}
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Conflict, fault.Forbidden, fault.Unauthenticated, fault.Throttled:
		return s.rejected
	case fault.NotFound, fault.Unavailable, fault.Busy, fault.Internal:
	}
	return s.failed
}
