package observability_test

import (
	"bytes"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"expense-tracker/observability"
	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/otlptest"
)

func TestTracesAreWantedOnlyIfAnEndpointIsSet(t *testing.T) {
	const at, tls = "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318", "OTEL_EXPORTER_OTLP_ENDPOINT=https://collector:4318"
	certificate := certificateFile(t)
	for _, test := range []struct {
		environ []string
		want    bool
		about   string // what the error names; "" for none
	}{
		{nil, false, ""},
		{[]string{"OTEL_EXPORTER_OTLP_ENDPOINT="}, false, ""},
		{[]string{at}, true, ""},
		{[]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=https://collector/v1/traces"}, true, ""},
		{[]string{at, "OTEL_EXPORTER_OTLP_ENDPOINT="}, false, ""}, // the last one counts
		{[]string{at, "OTEL_SDK_DISABLED=TRUE"}, false, ""},
		{[]string{at, "OTEL_SDK_DISABLED=false"}, true, ""},
		{[]string{at, "OTEL_TRACES_EXPORTER=none"}, false, ""},
		{[]string{at, "OTEL_TRACES_EXPORTER=console"}, false, "OTEL_TRACES_EXPORTER"},
		{[]string{"OTEL_EXPORTER_OTLP_ENDPOINT=collector:4318"}, false, "OTEL_EXPORTER_OTLP_ENDPOINT"},
		{[]string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://"}, false, "OTEL_EXPORTER_OTLP_ENDPOINT"},
		{[]string{at, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=://secret"}, false, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"},
		{[]string{at, "OTEL_EXPORTER_OTLP_PROTOCOL=http/json"}, true, ""},
		{[]string{at, "OTEL_EXPORTER_OTLP_PROTOCOL=grpc"}, false, "OTEL_EXPORTER_OTLP_PROTOCOL"},
		{[]string{at, "OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf"}, true, ""},
		{[]string{at, "OTEL_EXPORTER_OTLP_HEADERS=a=secret%20b, c=d"}, true, ""},
		{[]string{at, "OTEL_EXPORTER_OTLP_HEADERS=secret"}, false, "OTEL_EXPORTER_OTLP_HEADERS"},
		{[]string{at, "OTEL_EXPORTER_OTLP_HEADERS=a b=secret"}, false, "OTEL_EXPORTER_OTLP_HEADERS"},
		{[]string{at, "OTEL_EXPORTER_OTLP_HEADERS=a=%zsecret"}, false, "OTEL_EXPORTER_OTLP_HEADERS"},
		{[]string{at, "OTEL_TRACES_SAMPLER=traceidratio", "OTEL_TRACES_SAMPLER_ARG=0.1"}, true, ""},
		{[]string{at, "OTEL_TRACES_SAMPLER=traceidratio", "OTEL_TRACES_SAMPLER_ARG=NaN"}, false, "OTEL_TRACES_SAMPLER_ARG"},
		{[]string{at, "OTEL_TRACES_SAMPLER=traceidratio", "OTEL_TRACES_SAMPLER_ARG=10%"}, false, "OTEL_TRACES_SAMPLER_ARG"},
		{[]string{at, "OTEL_TRACES_SAMPLER=jaeger_remote"}, false, "OTEL_TRACES_SAMPLER"},
		{[]string{at, "OTEL_EXPORTER_OTLP_TIMEOUT=2000", "OTEL_BSP_SCHEDULE_DELAY=500", "OTEL_SPAN_LINK_COUNT_LIMIT=-1"}, true, ""},
		{[]string{at, "OTEL_EXPORTER_OTLP_TIMEOUT=2s"}, false, "OTEL_EXPORTER_OTLP_TIMEOUT"},
		{[]string{at, "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT=0"}, false, "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT"},
		{[]string{at, "OTEL_BSP_SCHEDULE_DELAY=0"}, false, "OTEL_BSP_SCHEDULE_DELAY"},
		{[]string{at, "OTEL_BSP_SCHEDULE_DELAY=9999999999999999"}, false, "OTEL_BSP_SCHEDULE_DELAY"},
		{[]string{at, "OTEL_BSP_MAX_QUEUE_SIZE=-1"}, false, "OTEL_BSP_MAX_QUEUE_SIZE"},
		{[]string{at, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE=many"}, false, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE"},
		{[]string{at, "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT=few"}, false, "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT"},
		{[]string{at, "OTEL_EXPORTER_OTLP_COMPRESSION=zstd"}, false, "OTEL_EXPORTER_OTLP_COMPRESSION"},
		{[]string{tls, "OTEL_EXPORTER_OTLP_CERTIFICATE=" + certificate}, true, ""},
		{[]string{at, "OTEL_EXPORTER_OTLP_CERTIFICATE=" + certificate}, false, "OTEL_EXPORTER_OTLP_ENDPOINT"},
		{[]string{tls, "OTEL_EXPORTER_OTLP_CERTIFICATE=/no/secret.pem"}, false, "OTEL_EXPORTER_OTLP_CERTIFICATE"},
		{[]string{tls, "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE=/dev/null"}, false, "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE"},
		{[]string{tls, "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE=" + certificate}, false, "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"},
	} {
		got, err := observability.TracesWanted(test.environ)
		if got != test.want || (err != nil) != (test.about != "") {
			t.Errorf("%v: %v, %v", test.environ, got, err)
		}
		if err != nil && (!strings.HasPrefix(err.Error(), test.about+" ") || strings.Contains(err.Error(), "secret")) {
			t.Errorf("%v: %v", test.environ, err)
		}
	}
}

// certificateFile returns a file with a certificate.
func certificateFile(t *testing.T) string {
	t.Helper()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	path := filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(path, block, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// What the exporter itself refuses costs the traces and not the program.
func TestAnExporterThatCannotBeMadeIsNoFault(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318")
	t.Setenv("OTEL_EXPORTER_OTLP_CERTIFICATE", certificateFile(t))
	var log check.Log
	logger, err := observability.NewLogger(&log, "debug", "json")
	if err != nil {
		t.Fatal(err)
	}
	telemetry := newTelemetry(t, observability.Options{Logger: logger, Traces: true})
	site(t, telemetry).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/expenses/7", nil))
	check.Equal(t, "warnings", log.Count("no traces are sent"), 1)
}

// tracing returns a Telemetry that sends its traces to a receiver.
func tracing(t *testing.T, options observability.Options) (*observability.Telemetry, *otlptest.Receiver) {
	t.Helper()
	receiver := otlptest.Start(t)
	for _, one := range receiver.Environment() {
		name, value, _ := strings.Cut(one, "=")
		t.Setenv(name, value)
	}
	options.Traces = true
	return newTelemetry(t, options), receiver
}

func TestThePagesOfMachinesAreNotTraced(t *testing.T) {
	telemetry, receiver := tracing(t, observability.Options{})
	handler := site(t, telemetry)
	for _, path := range []string{"/metrics", "/healthz", "/readyz", "/static/style.css", "/expenses/7"} {
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil))
	}
	check.Eventually(t, 30*time.Second, "the span of a page", func() bool { return len(receiver.Named("GET /expenses/{id}")) == 1 })
	check.Equal(t, "spans", len(receiver.Spans()), 1)
}

func TestAPanicIsAFailedSpan(t *testing.T) {
	telemetry, receiver := tracing(t, observability.Options{})
	site(t, telemetry).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/panic", nil))
	check.Eventually(t, 30*time.Second, "its span", func() bool { return len(receiver.Named("GET /panic")) == 1 })
	span := receiver.Named("GET /panic")[0]
	if !span.Failed || span.Said != "" || span.Attributes["http.response.status_code"] != "int_value:500" {
		t.Errorf("%+v", span)
	}
}

// More spans than the queue holds are let go, which is said when those that are left have arrived.
func TestAQueueThatOverflowsIsSaid(t *testing.T) {
	var log check.Log
	logger, err := observability.NewLogger(&log, "debug", "json")
	if err != nil {
		t.Fatal(err)
	}
	telemetry, receiver := tracing(t, observability.Options{Logger: logger})
	receiver.Refuse(func(w http.ResponseWriter) bool { http.Error(w, "no", http.StatusInternalServerError); return true })
	handler := site(t, telemetry)
	ask := func() {
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/expenses/7", nil))
	}
	for range 5000 {
		ask()
	}
	check.Eventually(t, 30*time.Second, "that it was tried", func() bool { asked, _ := receiver.Asked(); return asked > 3 })
	receiver.Refuse(nil)
	check.Eventually(t, 30*time.Second, "that spans arrive", func() bool {
		ask()
		time.Sleep(20 * time.Millisecond)
		return len(receiver.Spans()) > 0
	})
	var warned, mended int
	check.Eventually(t, 30*time.Second, "that this is said", func() bool {
		return log.Count("spans are sent again") > 0
	})
	for _, line := range lines(t, bytes.NewBufferString(log.String())) {
		switch msg, _ := line["msg"].(string); {
		case strings.HasPrefix(msg, "spans cannot be sent"):
			warned++
		case msg == "spans are sent again":
			mended++
			if lost, ok := line["lost"].(float64); !ok || lost < 500 {
				t.Errorf("%v spans are said to be lost", line["lost"])
			}
		}
	}
	check.Equal(t, "warnings", warned, 1)
	check.Equal(t, "said that all is well", mended, 1)
}
