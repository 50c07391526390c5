package audit_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/cmd/expense-tracker/audit"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/observability"
)

// totals are those of some ledgers; an audit of one takes a second.
type totals struct {
	expense.Auditor // which remembers who audits
	ledgers         int
	differ          atomic.Int64 // in the last ledger
	first           atomic.Int64 // differences in the first
	err             error
	audits          atomic.Int64
	busy            atomic.Int64 // nanoseconds
}

func (s *totals) Ledgers(context.Context) (all []ledger.ID, err error) {
	for n := range s.ledgers {
		all = append(all, ledger.ID(n+1))
	}
	return all, s.err
}

func (s *totals) Audit(ctx context.Context, in ledger.ID, repair bool) ([]expense.Discrepancy, error) {
	if repair {
		return nil, errors.New("nobody has asked for a repair")
	}
	s.audits.Add(1)
	s.busy.Add(int64(time.Second))
	time.Sleep(time.Second)
	if first := s.first.Load(); in == 1 && first > 0 {
		return make([]expense.Discrepancy, first), ctx.Err()
	}
	if int(in) == s.ledgers {
		return make([]expense.Discrepancy, s.differ.Load()), ctx.Err()
	}
	return nil, ctx.Err()
}

// instance starts the job as an instance of the program does, and returns what reads its metrics.
func instance(t *testing.T, of expense.Auditor, log io.Writer) (metric func(line string) bool, stop func()) {
	t.Helper()
	telemetry, err := observability.New(observability.Options{})
	if err != nil {
		t.Fatal(err)
	}
	measured, err := telemetry.NewAudits()
	if err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.NewTextHandler(log, nil))
	stop = audit.Job{Auditor: of, Every: time.Hour, Measured: measured, Logger: logger, Now: time.Now}.Start(t.Context())
	return func(line string) bool {
		t.Helper()
		answer := httptest.NewRecorder()
		telemetry.MetricsHandler().ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
		return strings.Contains(answer.Body.String(), "\n"+line)
	}, stop
}

func TestOneInstanceAuditsAndAllKnow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		storage := &totals{Auditor: memory.New().ExpenseAuditor(), ledgers: 3}
		storage.differ.Store(2)
		var log bytes.Buffer
		one, stopOne := instance(t, storage, &log)
		other, stopOther := instance(t, storage, &log)
		if synctest.Wait(); one("expense_totals_differences") || other("expense_totals_differences") {
			t.Error("before an audit it is said how many totals differ")
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		for _, metric := range []func(string) bool{one, other} {
			if !metric("expense_totals_differences 2\n") || !metric("expense_totals_audited_timestamp_seconds 9.46") {
				t.Error("an instance does not know what the audit found")
			}
		}
		if storage.audits.Load() != 3 {
			t.Errorf("%d ledgers were audited within two minutes, want 3", storage.audits.Load())
		}
		if said := log.String(); strings.Count(said, "ledger=3 differences=2") != 1 {
			t.Errorf("the log says %s", said)
		}
		storage.differ.Store(0)
		time.Sleep(time.Hour)
		if synctest.Wait(); storage.audits.Load() != 6 || !one("expense_totals_differences 0\n") || !other("expense_totals_differences 0\n") {
			t.Errorf("after an hour %d ledgers were audited, want 6", storage.audits.Load())
		}
		stopOne()
		stopOther()
	})
}

func TestAnAuditLeavesTheStorageToOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		storage := &totals{Auditor: memory.New().ExpenseAuditor(), ledgers: 1000} // more than an hour takes
		_, stopOne := instance(t, storage, io.Discard)
		_, stopOther := instance(t, storage, io.Discard)
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if storage.audits.Load() < 600 || time.Duration(storage.busy.Load()) > 2*time.Hour/10+time.Second {
			t.Errorf("%d ledgers were audited in %s of two hours: want a tenth at most, by one instance at a time",
				storage.audits.Load(), time.Duration(storage.busy.Load()))
		}
		stopOne()
		stopOther()
	})
}

// What one ledger has shown is known while others are still looked at, and all of it before the audit rests.
func TestWhatWasFoundIsKnownBeforeTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		storage := &totals{Auditor: memory.New().ExpenseAuditor(), ledgers: 2}
		storage.first.Store(3)
		storage.differ.Store(4)
		metric, stop := instance(t, storage, io.Discard)
		time.Sleep(1500 * time.Millisecond)
		if synctest.Wait(); !metric("expense_totals_differences 3\n") || metric("expense_totals_audited") {
			t.Error("after the first of two ledgers it is not known what it has shown, or the audit counts as ended")
		}
		time.Sleep(10 * time.Second) // the rest after the first, and the second
		if synctest.Wait(); !metric("expense_totals_differences 7\n") || !metric("expense_totals_audited") {
			t.Error("at the end of an audit it is not known what it has found")
		}
		storage.first.Store(0)
		storage.differ.Store(0)
		time.Sleep(time.Hour + time.Minute)
		if synctest.Wait(); !metric("expense_totals_differences 0\n") {
			t.Error("what the audit before has found is still there")
		}
		stop()
	})
}

func TestAnAuditThatFailsIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		storage := &totals{Auditor: memory.New().ExpenseAuditor(), err: errors.New("the storage is away")}
		var log bytes.Buffer
		metric, stop := instance(t, storage, &log)
		time.Sleep(90 * time.Minute)
		synctest.Wait()
		if !metric(`expense_audits_total{outcome="failed"} 2`) || metric("expense_totals_differences") {
			t.Error("two audits that failed are not counted, or have found something")
		}
		if !strings.Contains(log.String(), "the storage is away") {
			t.Errorf("the log says %s", &log)
		}
		stop()
	})
}
