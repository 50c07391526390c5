package observability

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

const (
	serviceName = "expense-tracker" // unless OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES says otherwise

	// linksLimit is the most adds that share a batch: each is linked to it.
	linksLimit = 1024

	// lastExport is how long the end of the program waits for the spans that are not sent yet.
	lastExport = 2 * time.Second
)

// traces makes spans and sends them. A nil one makes none.
type traces struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
	logger   *slog.Logger
	queries  queryTexts
}

// newTraces begins to send spans to where OpenTelemetry's variables say. It does not wait for the receiver.
func newTraces(options Options) (*traces, error) {
	ctx := context.Background()
	client, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("the traces' exporter: %w", err)
	}
	told := &watchedExporter{next: client, logger: options.Logger, now: options.Now, queue: variables(os.Environ()).queueSize()}
	limits := sdktrace.NewSpanLimits()
	if os.Getenv("OTEL_SPAN_LINK_COUNT_LIMIT") == "" {
		limits.LinkCountLimit = linksLimit
	}
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithResource(theProgram(ctx, options)),
		sdktrace.WithRawSpanLimits(limits),
		sdktrace.WithSpanProcessor(countingProcessor{sdktrace.NewBatchSpanProcessor(told), told}),
	)
	return &traces{
		provider: provider, tracer: provider.Tracer(meterName), logger: options.Logger,
		queries: queryTexts{kept: make(map[string]string)},
	}, nil
}

// theProgram says who makes the spans. What the variables say wins.
func theProgram(ctx context.Context, options Options) *resource.Resource {
	known := []attribute.KeyValue{semconv.ServiceName(serviceName)}
	if options.Version != "" {
		known = append(known, semconv.ServiceVersion(options.Version))
	}
	if host, err := os.Hostname(); err == nil {
		known = append(known, semconv.ServiceInstanceID(host))
	}
	made, err := resource.New(ctx, resource.WithAttributes(known...), resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		options.Logger.WarnContext(ctx, "OTEL_RESOURCE_ATTRIBUTES cannot be read as a whole", "error", err)
	}
	return made
}

// within starts a span in the one of ctx, if that is recorded. Else it returns nil, and ctx.
func (t *traces) within(ctx context.Context, name string, options ...trace.SpanStartOption) (context.Context, trace.Span) {
	if t == nil || !trace.SpanFromContext(ctx).IsRecording() {
		return ctx, nil
	}
	return t.tracer.Start(ctx, name, options...)
}

// shutdown sends what is left, for a short while.
func (t *traces) shutdown(ctx context.Context) error {
	if t == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, lastExport)
	defer cancel()
	switch err := t.provider.Shutdown(ctx); {
	case ctx.Err() != nil:
		t.logger.WarnContext(ctx, "the last spans were not sent in time")
	case err != nil:
		return fmt.Errorf("end traces: %w", err)
	}
	return nil
}
