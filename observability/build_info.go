package observability

import (
	"context"
	"runtime"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// publishBuildInfo exports a constant 1 whose labels say what runs: a dashboard joins it to show where a release begins.
func publishBuildInfo(meter metric.Meter, options Options) error {
	build := metric.WithAttributeSet(attribute.NewSet(
		attribute.String("version", options.Version),
		attribute.String("revision", options.Revision),
		attribute.String("go_version", runtime.Version()),
	))
	_, err := meter.Int64ObservableGauge("expense_tracker.build_info",
		metric.WithDescription("What runs: always 1."),
		metric.WithInt64Callback(func(_ context.Context, o metric.Int64Observer) error {
			o.Observe(1, build)
			return nil
		}))
	return err
}
