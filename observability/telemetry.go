// Package observability tells the operator how the program is doing. It sets up OpenTelemetry with its Prometheus exporter, wraps the
// core's ports and the HTTP handler to measure them, writes the log, and answers health probes.
//
// It knows the core's ports, and no adapter, no page and no configuration: what it needs of those is handed in. Labels come
// from fixed sets only; nothing that a user or a stranger sends becomes one.
package observability

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	goruntime "go.opentelemetry.io/contrib/instrumentation/runtime"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/trace"
)

const (
	meterName = "expense-tracker/observability"

	// seriesLimit bounds the series of one metric, should a label ever escape its fixed set; the rest is summed up in one.
	seriesLimit = 500

	scrapesAtOnce = 8
)

// Options are what Telemetry is told about the program. What is left out gets a working default.
type Options struct {
	Version      string           // as stamped into the binary
	Revision     string           // of the source
	Logger       *slog.Logger     // takes request lines and what goes wrong here; nil: nothing is logged
	Requests     Requests         // which requests are logged; "": all
	Now          func() time.Time // the clock; nil: the machine's
	NewRequestID func() string    // names a request that brings no id; nil: 128 random bits as text

	// Slow is from when on a request's line is a warning that says what took the time; 0: none is.
	Slow time.Duration
	// Traces says whether spans are made, and sent as OpenTelemetry's standard variables of the process say; see TracesWanted.
	Traces bool
	// TrustedProxies are whose word is taken for which trace a request belongs to. A stranger's could turn on what traces cost.
	TrustedProxies []netip.Prefix
}

// Telemetry owns the program's metrics. Nothing of it is global: two of them do not meet.
type Telemetry struct {
	options     Options
	registry    *prometheus.Registry
	provider    *sdkmetric.MeterProvider
	meter       metric.Meter
	operations  *operations
	submissions *submissions
	probed      *submissions // the same of the program's own probe
	traces      *traces      // nil if none are made
}

// New returns a Telemetry that exports the metrics of the Go runtime, the process and the build, and all submission outcomes at 0.
// What is measured later is added by its methods. The caller ends it with Shutdown.
func New(options Options) (*Telemetry, error) {
	t, err := newTelemetry(options)
	if err != nil {
		return nil, err
	}
	if err := t.instrument(); err != nil {
		return nil, errors.Join(err, t.Shutdown(context.Background()))
	}
	return t, nil
}

// newTelemetry returns a Telemetry that exports the metrics of the Go runtime, the process and the build.
func newTelemetry(options Options) (*Telemetry, error) {
	t := &Telemetry{options: options.withDefaults(), registry: prometheus.NewRegistry()}
	if t.options.Traces {
		var err error
		if t.traces, err = newTraces(t.options); err != nil { // nobody's expenses wait for traces
			t.options.Logger.Warn("no traces are sent", "error", err)
		}
	}
	exporter, err := otelprometheus.New(
		otelprometheus.WithRegisterer(t.registry),
		otelprometheus.WithoutScopeInfo(),
		otelprometheus.WithoutTargetInfo(),
	)
	if err != nil {
		return nil, fmt.Errorf("prometheus exporter: %w", err)
	}
	t.provider = sdkmetric.NewMeterProvider(
		sdkmetric.WithReader(exporter),
		sdkmetric.WithView(views()...),
		sdkmetric.WithCardinalityLimit(seriesLimit),
		sdkmetric.WithExemplarFilter(t.traces.exemplars()),
	)
	t.meter = t.provider.Meter(meterName)
	if err := t.describe(); err != nil {
		return nil, errors.Join(err, t.Shutdown(context.Background()))
	}
	return t, nil
}

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewRequestID == nil {
		o.NewRequestID = rand.Text
	}
	return o
}

// describe creates what every process has.
func (t *Telemetry) describe() (err error) {
	if err = t.registry.Register(collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})); err != nil {
		return fmt.Errorf("process metrics: %w", err)
	}
	if err = goruntime.Start(goruntime.WithMeterProvider(t.provider)); err != nil {
		return fmt.Errorf("runtime metrics: %w", err)
	}
	if err = publishBuildInfo(t.meter, t.options); err != nil {
		return fmt.Errorf("build info: %w", err)
	}
	return nil
}

// instrument creates what every program that serves has, whichever its storage.
func (t *Telemetry) instrument() (err error) {
	if t.operations, err = newOperations(t.meter, t.options.Now); err != nil {
		return fmt.Errorf("store operations: %w", err)
	}
	if err = publishLines(t.meter, t.options.Logger); err != nil {
		return fmt.Errorf("log lines: %w", err)
	}
	t.operations.traces = t.traces
	if t.submissions, err = newSubmissions(t.meter, ofPeople, aboutPeople); err != nil {
		return fmt.Errorf("submissions: %w", err)
	}
	if t.probed, err = newSubmissions(t.meter, ofProbe, aboutProbe); err != nil {
		return fmt.Errorf("submissions of the probe: %w", err)
	}
	return nil
}

// MeterProvider returns the provider for libraries that measure themselves, such as otelsql.
func (t *Telemetry) MeterProvider() metric.MeterProvider { return t.provider }

// TracerProvider returns what otelsql is given, so that statements stand in traces and in the lines of slow requests.
func (t *Telemetry) TracerProvider() trace.TracerProvider { return statements{traces: t.traces} }

// MetricsHandler answers a scrape in the Prometheus text format, or in OpenMetrics, which has exemplars, if there are traces to lead to.
// A metric that cannot be read is left out and logged.
func (t *Telemetry) MetricsHandler() http.Handler {
	return promhttp.HandlerFor(t.registry, promhttp.HandlerOpts{
		ErrorLog:            slog.NewLogLogger(t.options.Logger.Handler(), slog.LevelError),
		ErrorHandling:       promhttp.ContinueOnError,
		MaxRequestsInFlight: scrapesAtOnce,
		EnableOpenMetrics:   t.traces != nil,
	})
}

// Shutdown ends the collection. What is recorded afterwards is dropped. It takes two seconds at most for spans that are still to be sent.
func (t *Telemetry) Shutdown(ctx context.Context) error {
	ended := t.traces.shutdown(ctx)
	if err := t.provider.Shutdown(ctx); err != nil {
		return errors.Join(ended, fmt.Errorf("end telemetry: %w", err))
	}
	return ended
}
