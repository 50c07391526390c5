package postgres_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdk "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

func TestALedgerThatIsHeldTooLongIsUnavailable(t *testing.T) {
	const limit = 2 * time.Second // which no other call reaches, on a machine that does much else
	database := postgrestest.Start(t)
	store := open(t, database, postgres.Options{OperationTimeout: limit})
	load(t, store, 1)
	release := hold(t, database, "UPDATE ledger SET version = version")
	started := time.Now()
	if _, err := store.Add(t.Context(), ledger.Default, entry(2, usd(t))); !errors.Is(err, fault.Unavailable) {
		t.Errorf("an add: %v, want Unavailable", err)
	}
	if took := time.Since(started); took < limit || took > 5*limit {
		t.Errorf("it took %v, want about %v", took, limit)
	}
	if _, err := store.State(t.Context(), ledger.Default); err != nil {
		t.Errorf("a read meanwhile: %v", err)
	}
	release()
	if receipt, err := store.Add(t.Context(), ledger.Default, entry(2, usd(t))); err != nil || receipt.Duplicate {
		t.Errorf("the add again: %+v, %v, want it stored now", receipt, err)
	}
}

func TestTheServerItselfCutsOffWhatTheProgramCannot(t *testing.T) {
	database := postgrestest.Start(t)
	limit := postgres.Options{OperationTimeout: 1500 * time.Millisecond}
	for n, setting := range []string{"statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"} {
		wantSetting(t, database, open(t, database, limit), int64(n), setting, "1500ms")
	}
	wantSetting(t, database, open(t, database+"&statement_timeout=7s", limit), 9, "statement_timeout", "7s")
}

func TestConnectionsAndQueriesAreMeasuredWithoutWhatUsersTyped(t *testing.T) {
	reader := sdk.NewManualReader()
	store := open(t, postgrestest.Start(t), postgres.Options{Meters: sdk.NewMeterProvider(sdk.WithReader(reader))})
	load(t, store, 3)
	var measured metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &measured); err != nil {
		t.Fatal(err)
	}
	found := make(map[string]bool)
	for _, scope := range measured.ScopeMetrics {
		for _, metric := range scope.Metrics {
			found[metric.Name] = true
			switch data := metric.Data.(type) {
			case metricdata.Histogram[int64]:
				for _, series := range data.DataPoints {
					if text := series.Attributes.Encoded(attribute.DefaultEncoder()); text != "db.system=postgresql,pool=main" &&
						text != "db.system=postgresql,pool=adds" {
						t.Errorf("%s has a series with %s", metric.Name, text)
					}
				}
			case metricdata.Gauge[int64]:
				if strings.HasSuffix(metric.Name, "max_open") && (len(data.DataPoints) != 2 ||
					data.DataPoints[0].Value+data.DataPoints[1].Value != 10) {
					t.Errorf("%s is %+v, want two pools with 10, the default", metric.Name, data.DataPoints)
				}
			}
		}
	}
	for _, name := range []string{
		"go.sql.query_timing", "go.sql.connections_open", "go.sql.connections_max_open", "go.sql.connections_wait_count",
	} {
		if !found[name] {
			t.Errorf("%s is missing of %v", name, found)
		}
	}
}
