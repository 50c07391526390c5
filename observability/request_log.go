package observability

import (
	"log/slog"
	"net/http"
	"strings"

	"github.com/felixge/httpsnoop"
)

// logRequest writes one line for a request: method, route, status, duration and bytes of the body sent; the logger adds the ids.
// The path is not in it: it may be anything, and hold anything.
func logRequest(logger *slog.Logger, r *http.Request, seen httpsnoop.Metrics, caught *caughtPanic) {
	status := seen.Code
	if status == 0 {
		status = http.StatusOK // net/http's own, for a handler that said nothing
	}
	route := routeOf(r)
	level := requestLevel(route, status, caught)
	if !logger.Enabled(r.Context(), level) {
		return
	}
	attrs := [...]slog.Attr{
		slog.String("method", methodOf(r)),
		slog.String("route", route),
		slog.Int("status", status),
		slog.Duration("duration", seen.Duration),
		slog.Int64("bytes", seen.Written),
	}
	if caught == nil {
		logger.LogAttrs(r.Context(), level, "request", attrs[:]...)
		return
	}
	logger.LogAttrs(r.Context(), level, "request", append(attrs[:], caught.attrs()...)...)
}

func requestLevel(route string, status int, caught *caughtPanic) slog.Level {
	switch {
	case caught != nil && !caught.isAbort():
		return slog.LevelError
	case route == MetricsPath, route == LivenessPath, route == ReadinessPath:
		return slog.LevelDebug // machines ask these all day; a change of readiness has a line of its own
	case status == http.StatusServiceUnavailable:
		return slog.LevelWarn
	case status >= http.StatusInternalServerError:
		return slog.LevelError
	}
	return slog.LevelInfo
}

// routeOf returns the mux's pattern without method and host, as otelhttp labels it; "" if no pattern matched.
func routeOf(r *http.Request) string {
	if i := strings.IndexByte(r.Pattern, '/'); i >= 0 {
		return r.Pattern[i:]
	}
	return ""
}

// methodOf returns the request's method, or _OTHER, as otelhttp does, for one that somebody made up.
func methodOf(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
		http.MethodConnect, http.MethodOptions, http.MethodTrace:
		return r.Method
	}
	return "_OTHER"
}
