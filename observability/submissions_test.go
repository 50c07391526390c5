package observability_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/observability"
)

func TestSubmissionsAreCountedByWhatTheSenderWasTold(t *testing.T) {
	for _, test := range []struct {
		name    string
		receipt expense.Receipt
		err     error
		want    string
	}{
		{"stored", expense.Receipt{}, nil, "accepted"},
		{"known", expense.Receipt{Duplicate: true}, nil, "duplicate"},
		{"bad field", expense.Receipt{}, fault.Field("op", "price", "bad"), "rejected"},
		{"key reused", expense.Receipt{}, fmt.Errorf("add: %w", expense.KeyReused("op")), "rejected"},
		{"viewer", expense.Receipt{}, fault.New(fault.Forbidden, "op", ""), "rejected"},
		{"nobody", expense.Receipt{}, fault.New(fault.Unauthenticated, "op", ""), "rejected"},
		{"body too large", expense.Receipt{}, fmt.Errorf("read form: %w", &http.MaxBytesError{Limit: 1}), "rejected"},
		{"storage away", expense.Receipt{}, fault.New(fault.Unavailable, "op", ""), "failed"},
		{"storage slow", expense.Receipt{}, fault.Wrap(fault.Unavailable, "op", context.DeadlineExceeded), "failed"},
		{"not found", expense.Receipt{}, fault.New(fault.NotFound, "op", ""), "failed"},
		{"bug", expense.Receipt{}, errors.New("bug"), "failed"},
		{"canceled by a bug, with the sender there", expense.Receipt{}, context.Canceled, "failed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			telemetry := newTelemetry(t, observability.Options{})
			telemetry.RecordSubmission(t.Context(), ledger.Default, test.receipt, test.err)
			for labels, count := range scrape(t, telemetry).values("expense_submissions_total") {
				if want := labels == fmt.Sprintf("outcome=%q", test.want); (count == 1) != want {
					t.Errorf("%s counted %v", labels, count)
				}
			}
		})
	}
}

func TestASubmissionWhoseSenderWentAwayIsNotCounted(t *testing.T) {
	telemetry := newTelemetry(t, observability.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	telemetry.RecordSubmission(ctx, ledger.Default, expense.Receipt{}, fault.Wrap(fault.Unavailable, "op", context.Cause(ctx)))
	for labels, count := range scrape(t, telemetry).values("expense_submissions_total") {
		if count != 0 {
			t.Errorf("%s counted %v", labels, count)
		}
	}
	telemetry.RecordSubmission(ctx, ledger.Default, expense.Receipt{}, nil)
	if got := scrape(t, telemetry).values("expense_submissions_total")[`outcome="accepted"`]; got != 1 {
		t.Errorf("one that was stored nevertheless counted %v, want 1", got)
	}
}
