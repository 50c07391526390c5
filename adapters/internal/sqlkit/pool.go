package sqlkit

import (
	"database/sql"
	"database/sql/driver"

	"github.com/uptrace/opentelemetry-go-extra/otelsql"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	tracenoop "go.opentelemetry.io/otel/trace/noop"
)

// OpenMeasured opens a pool of a database system, such as sqlite, whose state and query times are reported to the meter provider, nil
// for none, under the pool's name. Spans are never made: they would carry the database's error texts, with what users typed in them.
func OpenMeasured(connector driver.Connector, system, pool string, meters metric.MeterProvider) *sql.DB {
	if meters == nil {
		meters = metricnoop.NewMeterProvider()
	}
	return otelsql.OpenDB(connector, otelsql.WithDBSystem(system), otelsql.WithAttributes(attribute.String("pool", pool)),
		otelsql.WithMeterProvider(meters), otelsql.WithTracerProvider(tracenoop.NewTracerProvider()))
}
