package sqlite_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"expense-tracker/adapters/sqlite"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/tests/rig/check"
)

// What other processes do with a file in their ordinary life is nothing wrong: adds, checkpoints, a smaller file, coming and going.
func TestLifeOfOthersIsNothingWrong(t *testing.T) {
	path, log := newPath(t), &check.Log{}
	store, err := tryOpen(t.Context(), path, sqlite.Options{Logger: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.db.Close(); err != nil {
			t.Error(err)
		}
	}()
	acknowledged := make(map[idempotency.Key]expense.ID)
	for round := range 4 {
		other := startChild(t, path, fmt.Sprint("other-", round))
		plain := openPlain(t, path)
		plain.SetMaxOpenConns(1)
		for i := range 40 {
			key := fmt.Sprintf("mine-%d-%d", round, i)
			receipt, err := store.Add(t.Context(), ledger.Default, entry(key))
			if err != nil {
				t.Errorf("%s: %v", key, err)
				continue
			}
			acknowledged[idempotency.Key(key)] = receipt.Expense.ID
			if err := store.db.Ready(t.Context()); err != nil {
				t.Error(err)
			}
		}
		for key, id := range other.killAfter(t, 200) {
			acknowledged[key] = id
		}
		for _, text := range []string{`PRAGMA busy_timeout = 5000`, `VACUUM`, `PRAGMA wal_checkpoint(PASSIVE)`} {
			if _, err := plain.Exec(text); err != nil {
				t.Errorf("%s: %v", text, err)
			}
		}
		if err := store.db.Ready(t.Context()); err != nil {
			t.Error(err)
		}
		if _, err := plain.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
			t.Error(err)
		}
	}
	time.Sleep(1200 * time.Millisecond) // the files are looked at while nothing is added, too
	if err := store.db.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	wantStored(t, store, acknowledged)
	if n := log.Count("level=ERROR"); n > 0 {
		t.Errorf("%d errors in the log:\n%s", n, log.String())
	}
}

func TestLogIsMeasuredAndEmptied(t *testing.T) {
	path, log, reader := newPath(t), &check.Log{}, metric.NewManualReader()
	store, err := tryOpen(t.Context(), path, sqlite.Options{
		Logger: slog.New(slog.NewTextHandler(log, nil)), Meters: metric.NewMeterProvider(metric.WithReader(reader)), OperationTimeout: patience,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.db.Close(); err != nil {
			t.Error(err)
		}
	}()
	foreign := openPlain(t, path)
	tx, err := foreign.Begin()
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := tx.QueryRow(`SELECT count(*) FROM expense_entry`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	const large = 65 << 20
	size := func() int64 {
		info, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	for batch := 0; size() < large; batch++ {
		if batch == 5000 {
			t.Fatalf("the log has only %d bytes", size())
		}
		entries := make([]expense.Entry, 200)
		for i := range entries {
			entries[i] = entry(fmt.Sprintf("key-%d-%d", batch, i))
			entries[i].Note = strings.Repeat("x", expense.MaxNote) // so that few rows fill the log
		}
		if _, err := store.AddAll(t.Context(), ledger.Default, entries); err != nil {
			t.Fatal(err)
		}
	}
	if measured := walBytes(t, reader); measured < large {
		t.Errorf("the metric says %d bytes", measured)
	}
	eventually(t, "a warning", func() bool { return log.Count("write-ahead log is large") == 1 })
	started := time.Now()
	if _, err := store.Add(t.Context(), ledger.Default, entry("meanwhile")); err != nil || time.Since(started) > 2*time.Second {
		t.Errorf("an add beside a large log: %v after %s", err, time.Since(started))
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the log is emptied", func() bool { return size() < 1<<20 && walBytes(t, reader) < 1<<20 })
	eventually(t, "that is said", func() bool { return log.Count("write-ahead log is small again") == 1 })
	if err := store.db.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

// walBytes returns the metric.
func walBytes(t *testing.T, reader *metric.ManualReader) int64 {
	t.Helper()
	var all metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			if data, ok := m.Data.(metricdata.Gauge[int64]); ok && m.Name == "expense_store.wal" && len(data.DataPoints) == 1 {
				return data.DataPoints[0].Value
			}
		}
	}
	t.Fatal("no metric of the log's size")
	return 0
}

// A look into the file takes a while, in which others commit: what they store is not foreign content.
func TestLooksBesideAddsFindNothingWrong(t *testing.T) {
	store := open(t, newFile(t))
	looking, stop := context.WithCancel(t.Context())
	var looks sync.WaitGroup
	for range 2 {
		looks.Go(func() {
			for looking.Err() == nil {
				if err := sqlite.LookIntoForTest(store.db); err != nil {
					t.Errorf("a look: %v", err)
					return
				}
			}
		})
	}
	for n := range 300 {
		if _, err := store.Add(t.Context(), ledger.Default, entry(fmt.Sprint("key-", n))); err != nil {
			t.Errorf("add %d: %v", n, err)
			break
		}
		time.Sleep(time.Millisecond) // so that states have numbers of their own
	}
	stop()
	looks.Wait()
}
