package observability

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/metric"
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
	silent   atomic.Bool // whether the last ping failed
}

// NewHealth returns a Health whose readiness is the storage's answer to ping. However many ask, the storage is pinged at most four times a second,
// and each ping is measured as an operation of the store. ping heeds its context. It is called once for a Telemetry.
func (t *Telemetry) NewHealth(ping func(context.Context) error) (*Health, error) {
	h := &Health{logger: t.options.Logger}
	h.ping = &kept[struct{}]{bound: pingBound, keep: pingKept, now: t.options.Now,
		read: func(ctx context.Context) (struct{}, error) {
			started := t.options.Now()
			err := ping(ctx)
			t.operations.done(ctx, opPing, started, err)
			h.logChange(ctx, err)
			return struct{}{}, err
		}}
	_, err := t.meter.Int64ObservableGauge("expense_tracker.ready",
		metric.WithDescription("1 if the program can serve: the storage answers and no shutdown has begun. 0 if not."),
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
	if _, err := h.ping.get(ctx); err != nil {
		return "the storage does not answer"
	}
	return ""
}

// logChange writes a line when the storage falls silent and when it is back, not one for each ping.
func (h *Health) logChange(ctx context.Context, err error) {
	was := h.silent.Swap(err != nil)
	switch {
	case err != nil && !was:
		h.logger.WarnContext(ctx, "the storage does not answer", "error", err)
	case err == nil && was:
		h.logger.InfoContext(ctx, "the storage answers again")
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
