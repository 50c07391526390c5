package sqlkit

import (
	"database/sql"
	"database/sql/driver"

	"github.com/uptrace/opentelemetry-go-extra/otelsql"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/trace"
	tracenoop "go.opentelemetry.io/otel/trace/noop"
)

// Watchers are told of the pools' state and query times, and of each statement as a span; nil for nobody. A span is given the database's
// error texts, which may have in them what users typed: the provider must not hand them on.
type Watchers struct {
	Meters metric.MeterProvider
	Traces trace.TracerProvider
}

// OpenMeasured opens a pool of a database system, such as sqlite, that is watched under the pool's name.
func OpenMeasured(connector driver.Connector, system, pool string, by Watchers) *sql.DB {
	if by.Meters == nil {
		by.Meters = metricnoop.NewMeterProvider()
	}
	if by.Traces == nil {
		by.Traces = tracenoop.NewTracerProvider()
	}
	return otelsql.OpenDB(connector, otelsql.WithDBSystem(system), otelsql.WithAttributes(attribute.String("pool", pool)),
		otelsql.WithMeterProvider(by.Meters), otelsql.WithTracerProvider(by.Traces))
}
