package postgres_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/fault"
)

// A request that waits long for its session is told why, whoever asked: the log names the slowest statements of each request.
func TestEachVisitIsToldOfTheStatementItWaitedFor(t *testing.T) {
	const visits, locked = 12, 400 * time.Millisecond
	database := postgrestest.Start(t)
	told := tracetest.NewSpanRecorder()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(told))
	db := open(t, database, postgres.Options{Traces: provider}).db
	release := hold(t, database, "LOCK TABLE account_session IN ACCESS EXCLUSIVE MODE")
	asked := make([]trace.TraceID, visits)
	var done sync.WaitGroup
	for n := range visits {
		done.Go(func() {
			ctx, span := provider.Tracer("test").Start(t.Context(), "a request")
			asked[n] = span.SpanContext().TraceID()
			_, err := db.Accounts().Visit(ctx, sha256.Sum256([]byte(fmt.Sprint(n))), 1)
			if fault.KindOf(err) != fault.NotFound {
				t.Errorf("visit %d: %v", n, err)
			}
		})
	}
	time.Sleep(locked)
	release()
	done.Wait()
	waited := map[trace.TraceID][]time.Duration{} // by the request: how long each of its statements took
	for _, span := range told.Ended() {
		for _, attr := range span.Attributes() {
			if strings.Contains(attr.Value.String(), "account_session") {
				of := span.SpanContext().TraceID()
				waited[of] = append(waited[of], span.EndTime().Sub(span.StartTime()))
			}
		}
	}
	for n, id := range asked {
		if took := waited[id]; len(took) != 1 || took[0] < locked/4 {
			t.Errorf("visit %d is told of statements that took %v, want one, since the table was locked for %v", n, took, locked)
		}
	}
}
