package observability_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"expense-tracker/observability"
)

func newTelemetry(t testing.TB, options observability.Options) *observability.Telemetry {
	t.Helper()
	telemetry, err := observability.New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := telemetry.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return telemetry
}

// scrapeText returns what Prometheus would read.
func scrapeText(t testing.TB, telemetry *observability.Telemetry) []byte {
	t.Helper()
	w := httptest.NewRecorder()
	telemetry.MetricsHandler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("scrape: %d %s", w.Code, w.Body)
	}
	return w.Body.Bytes()
}

type families map[string]*dto.MetricFamily

func scrape(t testing.TB, telemetry *observability.Telemetry) families {
	t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	parsed, err := parser.TextToMetricFamilies(bytes.NewReader(scrapeText(t, telemetry)))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// values returns the value of each series of a metric by its labels, written as a="b",c="d"; for a histogram it is the count.
func (f families) values(name string) map[string]float64 {
	values := make(map[string]float64)
	for _, m := range f[name].GetMetric() {
		var labels []string
		for _, l := range m.GetLabel() {
			labels = append(labels, fmt.Sprintf("%s=%q", l.GetName(), l.GetValue()))
		}
		key := strings.Join(labels, ",")
		switch f[name].GetType() {
		case dto.MetricType_COUNTER:
			values[key] = m.GetCounter().GetValue()
		case dto.MetricType_GAUGE:
			values[key] = m.GetGauge().GetValue()
		case dto.MetricType_HISTOGRAM:
			values[key] = float64(m.GetHistogram().GetSampleCount())
		case dto.MetricType_SUMMARY, dto.MetricType_UNTYPED, dto.MetricType_GAUGE_HISTOGRAM: // which the program does not export
		}
	}
	return values
}

// series counts every series of every metric.
func (f families) series() int {
	n := 0
	for _, family := range f {
		n += len(family.GetMetric())
	}
	return n
}

// logTo returns a logger that writes everything to w as JSON.
func logTo(t testing.TB, w *bytes.Buffer) *slog.Logger {
	t.Helper()
	logger, err := observability.NewLogger(w, "debug", "json")
	if err != nil {
		t.Fatal(err)
	}
	return logger
}
