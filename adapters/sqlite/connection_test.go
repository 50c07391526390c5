package sqlite

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"path/filepath"
	"testing"

	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

func openForTest(t *testing.T, options Options) *DB {
	t.Helper()
	store, err := Open(t.Context(), filepath.Join(t.TempDir(), "expenses.db"), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

func TestPragmasAreInForce(t *testing.T) {
	store := openForTest(t, Options{})
	for _, tt := range []struct {
		db           *sql.DB
		pragma, want string
	}{
		{store.writer, "journal_mode", "wal"},
		{store.writer, "synchronous", "2"}, // FULL
		{store.writer, "foreign_keys", "1"},
		{store.writer, "busy_timeout", "10000"},
		{store.writer, "query_only", "0"},
		{store.writer, "trusted_schema", "0"},
		{store.reader, "journal_mode", "wal"},
		{store.reader, "query_only", "1"},
		{store.reader, "busy_timeout", "10000"},
		{store.reader, "cache_size", "-1024"},
	} {
		var got string
		if err := tt.db.QueryRow("PRAGMA " + tt.pragma).Scan(&got); err != nil || got != tt.want {
			t.Errorf("%s is %q, %v, want %q", tt.pragma, got, err, tt.want)
		}
	}
}

// A text of SQL may run again while the rows of its first run are still being read.
func TestStatementsAreNotShared(t *testing.T) {
	store := openForTest(t, Options{})
	const query = `WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1) SELECT n FROM n`
	tx, err := store.writer.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if first, second := pairs(t, tx, query), pairs(t, tx, query); first != "1 1;2 1;" || second != first {
		t.Errorf("read %s, then %s", first, second)
	}
}

// pairs reads the query's rows, and for each of them runs the query again.
func pairs(t *testing.T, tx *sql.Tx, query string) string {
	t.Helper()
	outer, err := tx.Query(query, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = outer.Close() }()
	var read string
	for outer.Next() {
		var a, b int
		if err := outer.Scan(&a); err != nil {
			t.Fatal(err)
		}
		if err := tx.QueryRow(query, 1).Scan(&b); err != nil {
			t.Fatal(err)
		}
		read += fmt.Sprint(a, b, ";")
	}
	if err := outer.Err(); err != nil {
		t.Fatal(err)
	}
	return read
}

func TestStatementsAreBounded(t *testing.T) {
	f := file(filepath.Join(t.TempDir(), "x.db"))
	if err := f.create(); err != nil {
		t.Fatal(err)
	}
	c, err := f.connector(writing, 0).Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ours := c.(*conn)
	for i := range 2 * maxPrepared {
		if _, err := ours.ExecContext(t.Context(), fmt.Sprintf("SELECT %d", i), []driver.NamedValue{}); err != nil {
			t.Fatal(err)
		}
	}
	if len(ours.prepared) != maxPrepared {
		t.Errorf("%d statements are kept, want %d", len(ours.prepared), maxPrepared)
	}
	if err := ours.Close(); err != nil {
		t.Error(err)
	}
}

// Some texts depend on how much is asked for. Those that came first are not to keep their places from what is asked all the time.
func TestAStatementThatIsUsedTakesAPlace(t *testing.T) {
	f := file(filepath.Join(t.TempDir(), "x.db"))
	if err := f.create(); err != nil {
		t.Fatal(err)
	}
	c, err := f.connector(writing, 0).Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ours := c.(*conn)
	for i := range maxPrepared {
		if _, err := ours.ExecContext(t.Context(), fmt.Sprintf("SELECT %d", i), []driver.NamedValue{}); err != nil {
			t.Fatal(err)
		}
	}
	const used = "SELECT 'used'"
	if _, err := ours.ExecContext(t.Context(), used, []driver.NamedValue{}); err != nil {
		t.Fatal(err)
	}
	if _, kept := ours.prepared[used]; !kept || len(ours.prepared) != maxPrepared {
		t.Errorf("it is kept: %t, among %d", kept, len(ours.prepared))
	}
	if err := ours.Close(); err != nil {
		t.Error(err)
	}
}

func TestPoolsAreMeasured(t *testing.T) {
	reader := metric.NewManualReader()
	openForTest(t, Options{Meters: metric.NewMeterProvider(metric.WithReader(reader))})
	var all metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	got := make(map[string]int64)
	timed := uint64(0)
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			switch data := m.Data.(type) {
			case metricdata.Gauge[int64]:
				for _, point := range data.DataPoints {
					pool, _ := point.Attributes.Value("pool")
					got[m.Name+" "+pool.AsString()] = point.Value
				}
			case metricdata.Histogram[int64]:
				for _, point := range data.DataPoints {
					timed += point.Count
				}
			}
		}
	}
	if got["go.sql.connections_max_open writer"] != 1 || got["go.sql.connections_max_open reader"] != readers {
		t.Errorf("pools %v", got)
	}
	if timed == 0 {
		t.Error("no query was timed")
	}
}
