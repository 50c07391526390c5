package observability

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/trace"
)

// flusher is a writer that keeps lines for a while.
type flusher interface{ Flush() error }

// NewLogger returns a logger that writes lines of at least the level (debug, info, warn or error) to w, as text or as json, and adds the
// request_id and the trace_id of the context that it is called with. A duration is written in milliseconds, under its name with _ms.
// If w gathers lines, as Chunks does, a warning or an error is not kept waiting, and neither is what came before it.
func NewLogger(w io.Writer, level, format string) (*slog.Logger, error) {
	var least slog.Level
	if err := least.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("log level: %w", err)
	}
	gathered, _ := w.(flusher)
	options := &slog.HandlerOptions{Level: least}
	switch format {
	case "text":
		return slog.New(contextHandler{slog.NewTextHandler(w, options), gathered, new(lines)}), nil
	case "json":
		return slog.New(contextHandler{slog.NewJSONHandler(w, options), gathered, new(lines)}), nil
	}
	return nil, fmt.Errorf("log format %q is neither text nor json", format)
}

// contextHandler adds to each line which request and which trace it belongs to.
type contextHandler struct {
	slog.Handler
	gathered flusher // nil if each line is written at once
	lines    *lines  // counts all
}

// Handle writes the record with the ids that ctx carries.
func (h contextHandler) Handle(ctx context.Context, record slog.Record) error {
	h.lines.count(record.Level)
	record = inMilliseconds(record)
	if id := RequestID(ctx); id != "" {
		record.AddAttrs(slog.String("request_id", id))
	}
	if span := trace.SpanContextFromContext(ctx); span.HasTraceID() {
		record.AddAttrs(slog.String("trace_id", span.TraceID().String()))
	}
	err := h.Handler.Handle(ctx, record)
	if err == nil && h.gathered != nil && record.Level >= slog.LevelWarn {
		return h.gathered.Flush()
	}
	return err
}

// WithAttrs returns a handler that adds the ids too.
func (h contextHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	inUnits := make([]slog.Attr, len(attrs))
	for i, attr := range attrs {
		inUnits[i] = withUnit(attr)
	}
	return contextHandler{h.Handler.WithAttrs(inUnits), h.gathered, h.lines}
}

// WithGroup returns a handler that adds the ids too, inside the group.
func (h contextHandler) WithGroup(name string) slog.Handler {
	return contextHandler{h.Handler.WithGroup(name), h.gathered, h.lines}
}

// inMilliseconds returns the record with a unit in the name of each duration: slog's own JSON would say nanoseconds, and not say so.
func inMilliseconds(record slog.Record) slog.Record {
	durations := false
	record.Attrs(func(attr slog.Attr) bool {
		durations = attr.Value.Kind() == slog.KindDuration
		return !durations
	})
	if !durations {
		return record
	}
	changed := slog.NewRecord(record.Time, record.Level, record.Message, record.PC)
	record.Attrs(func(attr slog.Attr) bool {
		changed.AddAttrs(withUnit(attr))
		return true
	})
	return changed
}

func withUnit(attr slog.Attr) slog.Attr {
	if attr.Value.Kind() != slog.KindDuration {
		return attr
	}
	return milliseconds(attr.Key, attr.Value.Duration())
}

// milliseconds is a duration as the log writes it, exact to the microsecond.
func milliseconds(key string, d time.Duration) slog.Attr {
	return slog.Float64(key+"_ms", float64(d.Round(time.Microsecond).Microseconds())/1000)
}
