package sqlkit

import (
	"context"
	"database/sql"
	"database/sql/driver"

	"github.com/uptrace/opentelemetry-go-extra/otelsql"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	semconv "go.opentelemetry.io/otel/semconv/v1.10.0" // otelsql's, so that a statement's text has one key
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
	by = by.orNobody()
	return otelsql.OpenDB(connector, otelsql.WithDBSystem(system), otelsql.WithAttributes(attribute.String("pool", pool)),
		otelsql.WithMeterProvider(by.Meters), otelsql.WithTracerProvider(by.Traces))
}

// orNobody returns watchers of which none is nil.
func (w Watchers) orNobody() Watchers {
	if w.Meters == nil {
		w.Meters = metricnoop.NewMeterProvider()
	}
	if w.Traces == nil {
		w.Traces = tracenoop.NewTracerProvider()
	}
	return w
}

// Shared returns what tells them of a call that waits for a query which others asked: to its caller it is a statement as any other.
func (w Watchers) Shared(query string) func(ctx context.Context) (end func(error)) {
	tracer := w.orNobody().Traces.Tracer("expense-tracker/adapters/internal/sqlkit")
	said := trace.WithAttributes(semconv.DBStatementKey.String(query))
	return func(ctx context.Context) func(error) {
		_, span := tracer.Start(ctx, "db.Shared", said)
		return func(err error) {
			if err != nil {
				span.RecordError(err)
				span.SetStatus(codes.Error, "")
			}
			span.End()
		}
	}
}
