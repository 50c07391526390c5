package postgres

import (
	"database/sql"
	"database/sql/driver"

	"github.com/uptrace/opentelemetry-go-extra/otelsql"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	tracenoop "go.opentelemetry.io/otel/trace/noop"
)

// openMeasured opens a pool whose state and query times are reported to the meter provider, under the pool's name; nil for none.
// Spans are never made: they would carry the server's error texts, with what users typed in them.
func openMeasured(connector driver.Connector, pool string, meters metric.MeterProvider) *sql.DB {
	if meters == nil {
		meters = metricnoop.NewMeterProvider()
	}
	return otelsql.OpenDB(connector, otelsql.WithDBSystem("postgresql"), otelsql.WithAttributes(attribute.String("pool", pool)),
		otelsql.WithMeterProvider(meters), otelsql.WithTracerProvider(tracenoop.NewTracerProvider()))
}
