package observability

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	oldconv "go.opentelemetry.io/otel/semconv/v1.10.0"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/embedded"
	"go.opentelemetry.io/otel/trace/noop"
)

// shown are the attributes of libraries that a span may have: such as say nothing of who asked, from where, and for what. What stands in a
// path as typed, in a header, in an error's text or in a value that is bound to a statement is in no span.
func shown(key attribute.Key) bool {
	switch key {
	case semconv.HTTPRequestMethodKey, semconv.HTTPRouteKey, semconv.HTTPResponseStatusCodeKey, semconv.URLSchemeKey,
		semconv.NetworkProtocolVersionKey, semconv.HTTPRequestBodySizeKey, semconv.HTTPResponseBodySizeKey,
		oldconv.DBSystemKey, "pool", "db.rows_affected":
		return true
	}
	return false
}

func onlyShown(attrs []attribute.KeyValue) []attribute.KeyValue {
	kept := make([]attribute.KeyValue, 0, len(attrs))
	for _, attr := range attrs {
		if shown(attr.Key) {
			kept = append(kept, attr)
		}
	}
	return kept
}

// shownSpan is a span of a library's, with which nothing gets out that is not shown.
type shownSpan struct{ trace.Span }

// spanOf returns a span of a library's for an attribute of ours.
func spanOf(span trace.Span) trace.Span {
	if s, ok := span.(shownSpan); ok {
		return s.Span
	}
	return span
}

func (s shownSpan) SetAttributes(attrs ...attribute.KeyValue) {
	s.Span.SetAttributes(onlyShown(attrs)...)
}
func (s shownSpan) AddEvent(string, ...trace.EventOption) {}
func (s shownSpan) SetStatus(code codes.Code, _ string)   { s.Span.SetStatus(code, "") }
func (s shownSpan) AddLink(trace.Link)                    {}

// RecordError says of which kind an error is. Its text may hold what somebody typed.
func (s shownSpan) RecordError(err error, _ ...trace.EventOption) {
	if err != nil {
		s.Span.SetAttributes(semconv.ErrorTypeKey.String(kindOfError(err)))
	}
}

// kindOfError returns a word of a fixed set, or the five characters by which SQL names an error.
func kindOfError(err error) string {
	var coded interface{ SQLState() string }
	switch {
	case errors.As(err, &coded) && len(coded.SQLState()) == 5:
		return coded.SQLState()
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.Is(err, driver.ErrBadConn):
		return "bad_connection"
	}
	return "_OTHER"
}

// shownProvider gives a library a tracer whose spans show only what may be. It makes none for what machines ask all day.
type shownProvider struct {
	embedded.TracerProvider
	traces *traces
}

// Tracer implements trace.TracerProvider.
func (p shownProvider) Tracer(name string, options ...trace.TracerOption) trace.Tracer {
	return requestTracer{next: p.traces.provider.Tracer(name, options...)}
}

// requestTracer makes the spans of requests.
type requestTracer struct {
	embedded.Tracer
	next trace.Tracer
}

// Start implements trace.Tracer.
func (t requestTracer) Start(ctx context.Context, name string, options ...trace.SpanStartOption) (context.Context, trace.Span) {
	config := trace.NewSpanStartConfig(options...)
	for _, attr := range config.Attributes() {
		if attr.Key == semconv.URLPathKey && isForMachines(attr.Value.AsString()) {
			return ctx, noop.Span{}
		}
	}
	ctx, span := t.next.Start(ctx, name, trace.WithSpanKind(config.SpanKind()), trace.WithAttributes(onlyShown(config.Attributes())...))
	if !span.IsRecording() {
		return ctx, span
	}
	return ctx, shownSpan{span}
}

func isForMachines(path string) bool {
	return path == MetricsPath || path == LivenessPath || path == ReadinessPath || strings.HasPrefix(path, "/static/")
}

// statements is what otelsql asks for spans. It notes how long each statement took, for the log, and makes a span of it where the request
// or the batch is traced: what the program asks for itself has none.
type statements struct {
	embedded.TracerProvider
	traces *traces // nil if none are made
}

// Tracer implements trace.TracerProvider.
func (s statements) Tracer(string, ...trace.TracerOption) trace.Tracer {
	return statementTracer{traces: s.traces}
}

type statementTracer struct {
	embedded.Tracer
	traces *traces
}

// notAsked is the span of a statement that nobody asks about.
var notAsked trace.Span = noop.Span{}

// Start implements trace.Tracer. Its context is the caller's where there is no span, for a new one would cost as much as the rest.
func (t statementTracer) Start(ctx context.Context, name string, options ...trace.SpanStartOption) (context.Context, trace.Span) {
	of := timesOf(ctx)
	if of == nil && t.traces == nil {
		return ctx, notAsked
	}
	s := &statement{Span: notAsked, of: of, name: name, options: options, began: time.Now()}
	if t.traces == nil || !trace.SpanFromContext(ctx).IsRecording() {
		return ctx, s
	}
	config := trace.NewSpanStartConfig(options...)
	attrs := onlyShown(config.Attributes())
	if query := queryOf(options); query != "" {
		attrs = append(attrs, semconv.DBQueryText(t.traces.queries.of(query)))
	}
	ctx, span := t.traces.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attrs...))
	s.Span = shownSpan{span}
	return ctx, s
}

// statement is what is asked of the database, and its span. Its text is in the options, from which it is read only if somebody wants to
// know.
type statement struct {
	trace.Span // notAsked if there is none

	of      *times // nil if nobody asks
	name    string // the driver's call, such as db.Query
	options []trace.SpanStartOption
	began   time.Time
	took    time.Duration
}

// End implements trace.Span.
func (s *statement) End(options ...trace.SpanEndOption) {
	if s.of != nil {
		s.took = time.Since(s.began)
		s.of.note(s)
	}
	s.Span.End(options...)
}
