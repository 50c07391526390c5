package observability

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/metric"

	"expense-tracker/core/fault"
)

const (
	pingBound = time.Second
	pingKept  = 250 * time.Millisecond
)

// Health says whether the process lives and whether it can serve. Its readiness is in expense_tracker_ready too.
type Health struct {
	logger   *slog.Logger
	ping     *kept[struct{}]
	draining atomic.Bool

	mu  sync.Mutex
	ill string // what was wrong with the storage when it was asked last; empty for nothing
}

// NewHealth returns a Health whose readiness is the storage's answer to ping: nil if it can be read and can store now, else a fault whose
// message says which part is ill. However many ask, the storage is pinged at most four times a second and by one at a time, and each ping
// is measured as an operation of the store. One that takes longer than a second has failed. It is called once for a Telemetry.
func (t *Telemetry) NewHealth(ping func(context.Context) error) (*Health, error) {
	h := &Health{logger: t.options.Logger}
	h.ping = &kept[struct{}]{bound: pingBound, keep: pingKept, now: t.options.Now,
		read: func(ctx context.Context) (struct{}, error) {
			return measure(ctx, t.operations, "ping", func(ctx context.Context) (struct{}, error) { return struct{}{}, ping(ctx) })
		}}
	_, err := t.meter.Int64ObservableGauge("expense_tracker.ready",
		metric.WithDescription("1 if the program can serve: expenses can be read and stored, and no shutdown has begun. 0 if not."),
		metric.WithInt64Callback(func(ctx context.Context, o metric.Int64Observer) error {
			var ready int64
			if h.unready(ctx) == "" {
				ready = 1
			}
			o.Observe(ready)
			return nil
		}))
	if err != nil {
		return nil, fmt.Errorf("readiness metric: %w", err)
	}
	return h, nil
}

// SetDraining makes the program unready for good: the first thing to do in a shutdown, while requests are still served.
func (h *Health) SetDraining() { h.draining.Store(true) }

// unready returns why the program cannot serve, in words that hold no secret, or "".
func (h *Health) unready(ctx context.Context) string {
	if h.draining.Load() {
		return "shutting down"
	}
	_, err := h.ping.get(ctx)
	reason := reasonOf(err)
	h.logChange(ctx, reason, err)
	return reason
}

// reasonOf says what is wrong with the storage. The cause behind it may hold hosts and paths, so it is for the log only.
func reasonOf(err error) string {
	if err == nil {
		return ""
	}
	return cmp.Or(fault.MessageOf(err), "the storage does not answer")
}

// logChange writes a line when the program becomes unready, when the reason is another one, and when it is ready again, not one for
// each ping.
func (h *Health) logChange(ctx context.Context, reason string, err error) {
	h.mu.Lock()
	was := h.ill
	h.ill = reason
	h.mu.Unlock()
	switch reason {
	case was:
	case "":
		h.logger.InfoContext(ctx, "ready again: expenses can be read and stored")
	default:
		h.logger.WarnContext(ctx, "not ready: "+reason, "error", err)
	}
}

// serveLiveness answers 200 for as long as the process can answer at all.
func (h *Health) serveLiveness(w http.ResponseWriter, _ *http.Request) {
	writeHealth(w, http.StatusOK, "ok")
}

// serveReadiness answers 200, or 503 with the reason.
func (h *Health) serveReadiness(w http.ResponseWriter, r *http.Request) {
	if reason := h.unready(r.Context()); reason != "" {
		writeHealth(w, http.StatusServiceUnavailable, reason)
		return
	}
	writeHealth(w, http.StatusOK, "ok")
}

func writeHealth(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n") // a prober that went away needs no answer
}
