package observability_test

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/observability"
)

// newBusyTelemetry returns a Telemetry with which everything was measured once.
func newBusyTelemetry(t *testing.T) *observability.Telemetry {
	t.Helper()
	telemetry := newTelemetry(t, observability.Options{Version: "1.2.3", Revision: "abc"})
	store := memory.New()
	if _, err := telemetry.Store(store.Expenses(), store.ExpenseCounter()); err != nil {
		t.Fatal(err)
	}
	if _, err := telemetry.NewHealth(store.Ready); err != nil {
		t.Fatal(err)
	}
	batches, err := telemetry.Batches()
	if err != nil {
		t.Fatal(err)
	}
	batches.QueueChanged(5)
	batches.QueueChanged(-2)
	batch := batches.Begin(t.Context())
	batches.Waited(batch, t.Context(), time.Now())
	batches.Commit(batch, 3)
	batches.End(batch, 0)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(http.ResponseWriter, *http.Request) {})
	telemetry.Middleware(mux, internalError).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	scrape(t, telemetry) // measures the storage's ping and entries, for the next scrape to see
	return telemetry
}

func TestExportsTheNamesThatDashboardsAndRulesUse(t *testing.T) {
	scraped := scrape(t, newBusyTelemetry(t))
	for name, want := range map[string]struct {
		kind   dto.MetricType
		series []string
	}{
		"http_server_request_duration_seconds": {
			dto.MetricType_HISTOGRAM,
			[]string{`http_request_method="GET",http_response_status_code="200",http_route="/{$}"`},
		},
		"expense_entries": {dto.MetricType_GAUGE, []string{""}},
		"expense_submissions_total": {
			dto.MetricType_COUNTER,
			[]string{`outcome="accepted"`, `outcome="duplicate"`, `outcome="failed"`, `outcome="rejected"`},
		},
		"expense_store_operation_duration_seconds": {
			dto.MetricType_HISTOGRAM,
			[]string{`operation="entries",outcome="ok"`, `operation="ping",outcome="ok"`},
		},
		"expense_store_batch_entries":      {dto.MetricType_HISTOGRAM, []string{""}},
		"expense_store_batch_wait_seconds": {dto.MetricType_HISTOGRAM, []string{""}},
		"expense_store_queue_entries":      {dto.MetricType_GAUGE, []string{""}},
		"expense_tracker_build_info": {
			dto.MetricType_GAUGE, []string{`go_version="` + runtime.Version() + `",revision="abc",version="1.2.3"`},
		},
		"expense_tracker_ready":         {dto.MetricType_GAUGE, []string{""}},
		"go_goroutine_count":            {dto.MetricType_GAUGE, []string{""}},
		"go_memory_used_bytes":          {dto.MetricType_GAUGE, []string{`go_memory_type="other"`, `go_memory_type="stack"`}},
		"process_cpu_seconds_total":     {dto.MetricType_COUNTER, []string{""}},
		"process_resident_memory_bytes": {dto.MetricType_GAUGE, []string{""}},
		"process_open_fds":              {dto.MetricType_GAUGE, []string{""}},
	} {
		family, ok := scraped[name]
		if !ok {
			t.Errorf("%s is not exported", name)
			continue
		}
		if family.GetType() != want.kind {
			t.Errorf("%s is a %v, want a %v", name, family.GetType(), want.kind)
		}
		if got := slices.Sorted(maps.Keys(scraped.values(name))); !slices.Equal(got, want.series) {
			t.Errorf("%s has the series %q, want %q", name, got, want.series)
		}
		if family.GetHelp() == "" {
			t.Errorf("%s has no help", name)
		}
	}
	if got := scraped.values("expense_store_queue_entries")[""]; got != 3 {
		t.Errorf("queue of %v, want 3", got)
	}
	for _, noise := range []string{"target_info", "otel_scope_info", "http_server_request_body_size_bytes",
		"http_server_response_body_size_bytes"} {
		if _, ok := scraped[noise]; ok {
			t.Errorf("%s is exported", noise)
		}
	}
}

// Prometheus' own linter, but for the names that OpenTelemetry's conventions give.
func TestMetricNamesPassPromlint(t *testing.T) {
	problems, err := promlint.New(bytes.NewReader(scrapeText(t, newBusyTelemetry(t)))).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		if problem.Metric == "go_goroutine_count" { // the convention's name, which ends as a histogram's would
			continue
		}
		t.Errorf("%s: %s", problem.Metric, problem.Text)
	}
}

func TestLatencyBucketsReachFromAPageInMemoryToADeadRequest(t *testing.T) {
	for _, name := range []string{
		"http_server_request_duration_seconds", "expense_store_operation_duration_seconds", "expense_store_batch_wait_seconds",
	} {
		buckets := scrape(t, newBusyTelemetry(t))[name].GetMetric()[0].GetHistogram().GetBucket()
		if len(buckets) != 17 || buckets[0].GetUpperBound() != 0.0001 || buckets[15].GetUpperBound() != 10 {
			t.Errorf("%s has the buckets %v", name, buckets)
		}
	}
}

func TestTwoTelemetriesDoNotMeet(t *testing.T) {
	first, second := newTelemetry(t, observability.Options{}), newTelemetry(t, observability.Options{})
	first.RecordSubmission(context.Background(), ledger.Default, expense.Receipt{}, nil)
	if got := scrape(t, second).values("expense_submissions_total")[`outcome="accepted"`]; got != 0 {
		t.Errorf("the second counted %v", got)
	}
}

func TestNothingIsExportedAfterShutdown(t *testing.T) {
	telemetry, err := observability.New(observability.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := telemetry.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, ok := scrape(t, telemetry)["expense_submissions_total"]; ok {
		t.Error("submissions are still exported")
	}
}
