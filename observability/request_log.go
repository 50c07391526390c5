package observability

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/felixge/httpsnoop"
)

// Requests says which requests have a line in the log. One whose handler panicked always has.
type Requests string

// The choices, each with fewer lines than the one before.
const (
	RequestsAll    Requests = "all"
	RequestsSlow   Requests = "slow"   // those that took slowRequest or longer, and those that failed
	RequestsFailed Requests = "failed" // those that were answered with a 4xx or 5xx status, or broken off
	RequestsNone   Requests = "none"
)

const (
	slowRequest = time.Second
	kindsLimit  = 500 // kinds of requests whose lines are prepared
)

// requestLog writes one line for a request: method, route, status, duration and bytes of the body sent; the logger adds the ids.
// The path is not in it: it may be anything, and hold anything.
type requestLog struct {
	logger   *slog.Logger
	now      func() time.Time
	requests Requests

	prepared sync.Map // a slog.Handler for each requestKind, which has its attributes written already
	kinds    atomic.Int64
}

// requestKind is what many requests have in common.
type requestKind struct {
	method, route string
	status        int
}

func newRequestLog(options Options) *requestLog {
	return &requestLog{logger: options.Logger, now: options.Now, requests: options.Requests}
}

// write logs a request that has been answered.
func (l *requestLog) write(r *http.Request, seen httpsnoop.Metrics, caught *caughtPanic) {
	kind := requestKind{method: methodOf(r), route: routeOf(r), status: seen.Code}
	if kind.status == 0 {
		kind.status = http.StatusOK // net/http's own, for a handler that said nothing
	}
	level := requestLevel(kind, caught)
	if !l.wanted(kind, seen.Duration, caught) || !l.logger.Enabled(r.Context(), level) {
		return
	}
	l.writeLine(r.Context(), level, kind, seen, caught)
}

// writeLine makes the record itself: a Logger would look for its caller, which is here, and which costs as much as the rest.
func (l *requestLog) writeLine(ctx context.Context, level slog.Level, kind requestKind, seen httpsnoop.Metrics, caught *caughtPanic) {
	record := slog.NewRecord(l.now(), level, "request", 0)
	record.AddAttrs(milliseconds("duration", seen.Duration), slog.Int64("bytes", seen.Written))
	if caught != nil {
		record.AddAttrs(caught.attrs()...)
	}
	_ = l.handler(kind).Handle(ctx, record) // a log that cannot be written can be told to nobody
}

// handler returns one that has written the kind's attributes in advance. Kinds are few: should they ever not be, the rest is not kept.
func (l *requestLog) handler(kind requestKind) slog.Handler {
	if kept, ok := l.prepared.Load(kind); ok {
		return kept.(slog.Handler) //nolint:forcetypeassert // nothing else is stored
	}
	handler := l.logger.Handler().WithAttrs([]slog.Attr{
		slog.String("method", kind.method), slog.String("route", kind.route), slog.Int("status", kind.status),
	})
	if l.kinds.Load() < kindsLimit {
		if _, known := l.prepared.LoadOrStore(kind, handler); !known {
			l.kinds.Add(1)
		}
	}
	return handler
}

func (l *requestLog) wanted(kind requestKind, took time.Duration, caught *caughtPanic) bool {
	failed := kind.status >= http.StatusBadRequest || caught != nil
	switch l.requests {
	case RequestsNone:
		return caught != nil && !caught.isAbort()
	case RequestsFailed:
		return failed
	case RequestsSlow:
		return failed || took >= slowRequest
	case RequestsAll:
	}
	return true
}

func requestLevel(kind requestKind, caught *caughtPanic) slog.Level {
	switch {
	case caught != nil && !caught.isAbort():
		return slog.LevelError
	case kind.route == MetricsPath, kind.route == LivenessPath, kind.route == ReadinessPath:
		return slog.LevelDebug // machines ask these all day; a change of readiness has a line of its own
	case kind.status == http.StatusServiceUnavailable:
		return slog.LevelWarn
	case kind.status >= http.StatusInternalServerError:
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
