package observability

import (
	"net/http"
	"net/netip"
	"slices"

	"github.com/felixge/httpsnoop"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// Middleware returns next, named, measured, logged and guarded against panics: from outside to inside,
//
//	name     gives the request its id, and breaks the response off where that is all that can be done
//	otelhttp records http_server_request_duration_seconds, and the request's span if there are traces
//	observe  writes the request's line, and turns a panic into a 500 so that otelhttp sees it
//
// Route labels are the mux's pattern, so next has to pass on the very request that it gets, without a WithContext, until the mux has
// set its Pattern. onPanic writes the page for a panic; what the handler had set about its own content is gone by then.
func (t *Telemetry) Middleware(next http.Handler, onPanic http.HandlerFunc) http.Handler {
	observed := &observer{next: next, onPanic: onPanic, log: newRequestLog(t.options)}
	measured := otelhttp.NewHandler(observed, "http",
		otelhttp.WithMeterProvider(t.provider),
		otelhttp.WithTracerProvider(t.requestTraces()),
		otelhttp.WithPropagators(propagation.TraceContext{}),
	)
	return t.name(measured)
}

// requestTraces makes the spans of requests. Without, the id of a trace that a proxy began is kept for the log.
func (t *Telemetry) requestTraces() trace.TracerProvider {
	if t.traces == nil {
		return noop.NewTracerProvider()
	}
	return shownProvider{traces: t.traces}
}

func (t *Telemetry) name(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		named := &request{Context: r.Context(), id: r.Header.Get(requestIDHeader)}
		if !isRequestID(named.id) {
			named.id = t.options.NewRequestID()
		}
		w.Header().Set(requestIDHeader, named.id)
		if !t.isTrusted(r.RemoteAddr) {
			r.Header.Del("Traceparent")
			r.Header.Del("Tracestate")
		}
		next.ServeHTTP(w, r.WithContext(named)) //nolint:contextcheck // it holds the request's
		if named.aborted {
			panic(http.ErrAbortHandler) // net/http closes the connection, so that the client cannot take a part for the whole
		}
	})
}

// isTrusted reports whether a peer is a proxy that the operator trusts.
func (t *Telemetry) isTrusted(peer string) bool {
	if len(t.options.TrustedProxies) == 0 {
		return false
	}
	address, err := netip.ParseAddrPort(peer)
	from := address.Addr().Unmap().WithZone("")
	return err == nil && slices.ContainsFunc(t.options.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(from) })
}

// observer sees one request from inside otelhttp. It listens to the response through httpsnoop, as otelhttp does, which keeps all that the
// server's own response can do; a writer of our own was not measurably faster under load.
type observer struct {
	next    http.Handler
	onPanic http.HandlerFunc
	log     *requestLog
}

func (o *observer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var seen httpsnoop.Metrics // its code stays 0 until the response begins
	var caught *caughtPanic
	seen.CaptureMetrics(w, func(w http.ResponseWriter) {
		if caught = o.guarded(w, r); caught != nil {
			o.answerPanic(w, r, caught, seen.Code != 0 || seen.Written != 0)
		}
	})
	if span := trace.SpanFromContext(r.Context()); span.IsRecording() {
		describeRequest(span, r)
	}
	o.log.write(r, seen, caught)
}

// describeRequest adds to a request's span what the log's line has: its name, and the route, which nobody knew when it began.
func describeRequest(span trace.Span, r *http.Request) {
	attrs := []attribute.KeyValue{attribute.String("expense.request_id", RequestID(r.Context()))}
	if route := routeOf(r); route != "" {
		attrs = append(attrs, semconv.HTTPRoute(route))
	}
	spanOf(span).SetAttributes(attrs...)
}

// answerPanic ends the response of a handler that panicked: with a page, or if it has begun already, by breaking it off.
func (o *observer) answerPanic(w http.ResponseWriter, r *http.Request, caught *caughtPanic, begun bool) {
	if begun || caught.isAbort() {
		requestOf(r.Context()).aborted = true
		return
	}
	forgetContent(w.Header())
	o.onPanic(w, r)
}
