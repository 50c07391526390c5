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
	RequestsSlow   Requests = "slow"   // those that took as long as Options.Slow says or longer, and those that failed
	RequestsFailed Requests = "failed" // those that were answered with a 4xx or 5xx status, or broken off
	RequestsNone   Requests = "none"
)

const kindsLimit = 500 // kinds of requests whose lines are prepared

// requestLog writes one line for a request: method, route, status, duration and bytes of the body sent; the logger adds the ids.
// That of an add says how long it waited in the queue, how many shared its commit, and how long that took; that of a slow request is a
// warning, and says what it asked the database. The path is not in it: it may be anything, and hold anything.
type requestLog struct {
	logger   *slog.Logger
	now      func() time.Time
	requests Requests
	slow     time.Duration // 0: none is

	prepared sync.Map // a slog.Handler for each requestKind, which has its attributes written already
	kinds    atomic.Int64
}

// requestKind is what many requests have in common.
type requestKind struct {
	method, route string
	status        int
}

func newRequestLog(options Options) *requestLog {
	return &requestLog{logger: options.Logger, now: options.Now, requests: options.Requests, slow: options.Slow}
}

// write logs a request that has been answered.
func (l *requestLog) write(r *http.Request, seen httpsnoop.Metrics, caught *caughtPanic) {
	kind := requestKind{method: methodOf(r), route: routeOf(r), status: seen.Code}
	if kind.status == 0 {
		kind.status = http.StatusOK // net/http's own, for a handler that said nothing
	}
	level, isSlow := requestLevel(kind, caught), l.isSlow(kind, seen.Duration)
	if isSlow {
		level = max(level, slog.LevelWarn)
	}
	if !l.wanted(kind, isSlow, caught) || !l.logger.Enabled(r.Context(), level) {
		return
	}
	l.writeLine(r.Context(), line{level: level, kind: kind, slow: isSlow, seen: seen, caught: caught})
}

// line is what a request's line is made of.
type line struct {
	level  slog.Level
	kind   requestKind
	slow   bool
	seen   httpsnoop.Metrics
	caught *caughtPanic
}

// writeLine makes the record itself: a Logger would look for its caller, which is here, and which costs as much as the rest.
func (l *requestLog) writeLine(ctx context.Context, of line) {
	record := slog.NewRecord(l.now(), of.level, "request", 0)
	record.AddAttrs(milliseconds("duration", of.seen.Duration), slog.Int64("bytes", of.seen.Written))
	addQueue(&record, requestOf(ctx))
	if of.slow {
		addStatements(&record, requestOf(ctx))
	}
	if of.caught != nil {
		record.AddAttrs(of.caught.attrs()...)
	}
	_ = l.handler(of.kind).Handle(ctx, record) // a log that cannot be written can be told to nobody
}

// addQueue says what the add of a request waited for: for its batch, and for the commit of all in it. A batch of 0 never began.
func addQueue(record *slog.Record, r *request) {
	if r == nil {
		return
	}
	queued := time.Duration(r.queued.Load())
	if queued == 0 {
		return
	}
	in := r.batch.Load()
	if in == nil {
		record.AddAttrs(milliseconds("queue_wait", queued), slog.Int("batch", 0))
		return
	}
	entries, took := in.standing()
	record.AddAttrs(milliseconds("queue_wait", queued), slog.Int("batch", entries), milliseconds("commit", took))
}

// addStatements says which statements of a request, and of the batch that its add was in, took longest.
func addStatements(record *slog.Record, r *request) {
	if r == nil {
		return
	}
	all := []*times{&r.times}
	if in := r.batch.Load(); in != nil {
		all = append(all, &in.times)
	}
	count, total, slowest := sum(all...)
	record.AddAttrs(slog.Int("statements", count), milliseconds("statements", total), slog.String("slowest", describe(slowest)))
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

// isSlow reports whether somebody waited long for a page. Machines ask for theirs all day.
func (l *requestLog) isSlow(kind requestKind, took time.Duration) bool {
	return l.slow > 0 && took >= l.slow && !isForMachines(kind.route)
}

func (l *requestLog) wanted(kind requestKind, slow bool, caught *caughtPanic) bool {
	failed := kind.status >= http.StatusBadRequest || caught != nil
	switch l.requests {
	case RequestsNone:
		return caught != nil && !caught.isAbort()
	case RequestsFailed:
		return failed
	case RequestsSlow:
		return failed || slow
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
