package observability

import "net/http"

// Where the operator's machines ask.
const (
	MetricsPath   = "/metrics"
	LivenessPath  = "/healthz"
	ReadinessPath = "/readyz"
)

// Endpoints are the operator's paths on a listener. One that is nil is not served there.
type Endpoints struct {
	Metrics http.Handler // usually Telemetry.MetricsHandler
	Health  *Health
}

// Before returns a handler that answers the operator's paths and hands everything else to site. It does so by exact paths: a
// mux would need a pattern for the rest, and that pattern would be the route label of every unknown path.
func (e Endpoints) Before(site http.Handler) http.Handler {
	mux := http.NewServeMux()
	served := make(map[string]bool)
	serve := func(path string, handler http.Handler) {
		mux.Handle("GET "+path, handler)
		served[path] = true
	}
	if e.Metrics != nil {
		serve(MetricsPath, e.Metrics)
	}
	if e.Health != nil {
		serve(LivenessPath, http.HandlerFunc(e.Health.serveLiveness))
		serve(ReadinessPath, http.HandlerFunc(e.Health.serveReadiness))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if served[r.URL.Path] {
			mux.ServeHTTP(w, r)
			return
		}
		site.ServeHTTP(w, r)
	})
}
