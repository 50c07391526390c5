package observability_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"expense-tracker/observability"
)

func TestEndpointsStandBeforeTheSite(t *testing.T) {
	telemetry := newTelemetry(t, observability.Options{})
	health, err := telemetry.NewHealth((&pinged{}).ping)
	if err != nil {
		t.Fatal(err)
	}
	site := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "site")
	})
	all := observability.Endpoints{Metrics: telemetry.MetricsHandler(), Health: health}.Before(site)
	healthOnly := observability.Endpoints{Health: health}.Before(site)
	for _, test := range []struct {
		name         string
		handler      http.Handler
		method, path string
		status       int
		route        string
	}{
		{"metrics", all, http.MethodGet, "/metrics", http.StatusOK, "GET /metrics"},
		{"liveness", all, http.MethodGet, "/healthz", http.StatusOK, "GET /healthz"},
		{"readiness by HEAD", all, http.MethodHead, "/readyz", http.StatusOK, "GET /readyz"},
		{"wrong method", all, http.MethodPost, "/metrics", http.StatusMethodNotAllowed, ""},
		{"below a path", all, http.MethodGet, "/metrics/x", http.StatusTeapot, ""},
		{"page", all, http.MethodGet, "/", http.StatusTeapot, ""},
		{"metrics elsewhere", healthOnly, http.MethodGet, "/metrics", http.StatusTeapot, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, w := httptest.NewRequest(test.method, test.path, nil), httptest.NewRecorder()
			test.handler.ServeHTTP(w, r)
			if w.Code != test.status || r.Pattern != test.route {
				t.Errorf("%d by pattern %q, want %d by %q", w.Code, r.Pattern, test.status, test.route)
			}
		})
	}
}
