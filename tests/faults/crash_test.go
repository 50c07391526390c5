package faults_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/program"
	"expense-tracker/tests/rig/programtest"
)

// again starts the program on the address that another of its processes had.
func again(t *testing.T, storage string, before *program.Program) *program.Program {
	t.Helper()
	return programtest.Start(t, storage, "--listen", strings.TrimPrefix(before.URL, "http://"))
}

func TestAKilledInstanceLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	const callers = 50
	storage := programtest.DurableStorages()[1].Make(t)
	one, other := programtest.Start(t, storage), programtest.Start(t, storage)
	db := programtest.OpenDatabase(t, storage)
	lock, err := db.BeginTx(t.Context(), nil) // holds every add in the middle of its transaction
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock.ExecContext(t.Context(), "LOCK TABLE expense_entry IN SHARE ROW EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	values := programtest.Form("category", "food", "price", "12.50", "idempotency_key", "over-two-instances")
	var ids [callers]string
	var failures [callers]error
	var wait sync.WaitGroup
	for i := range callers {
		url := one.URL
		if i%2 == 1 {
			url = other.URL
		}
		wait.Go(func() { ids[i], failures[i] = programtest.Persist(url, values) })
	}
	check.Eventually(t, 30*time.Second, "both instances wait for the lock", func() bool {
		return programtest.Ask[int](t, storage, `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock'`) >= 2
	})
	if err := one.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	one = again(t, storage, one)
	wait.Wait()
	for i := range callers {
		if failures[i] != nil || ids[i] != ids[0] || ids[i] == "" {
			t.Errorf("caller %d got expense %q, %v; the first got %q", i, ids[i], failures[i], ids[0])
		}
	}
	for _, p := range []*program.Program{one, other} {
		home := programtest.Visit(t, p.URL).Get("/")
		check.Equal(t, "rows", len(home.Rows()), 1)
		check.Equal(t, "total", home.Total(), "12.50")
	}
	check.Equal(t, "rows in the database", programtest.Stored(t, storage), 1)
	check.Contains(t, "verify", programtest.Succeed(t, "verify", "--storage", storage), "0 differences")
}

func TestAKillUnderLoadLosesAndDoublesNothing(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		const callers, each = 8, 40
		p := programtest.Start(t, storage)
		url := p.URL
		var acknowledged atomic.Int64
		halfway := make(chan struct{})
		var wait sync.WaitGroup
		for caller := range callers {
			wait.Go(func() {
				for i := range each {
					key := fmt.Sprintf("key-%d-%d", caller, i)
					if _, err := programtest.Persist(url, programtest.Form("category", "food", "price", "0.01", "idempotency_key", key)); err != nil {
						t.Errorf("%s: %v", key, err)
						return
					}
					if acknowledged.Add(1) == callers*each/2 {
						close(halfway)
					}
				}
			})
		}
		select {
		case <-halfway:
		case <-time.After(30 * time.Second):
			t.Error("half of the adds are not done in time")
		}
		if err := p.Kill(); err != nil {
			t.Error(err)
		}
		known := acknowledged.Load()
		if rows := programtest.Stored(t, storage); int64(rows) < known {
			t.Errorf("%d rows are left of %d that were acknowledged", rows, known)
		}
		p = again(t, storage, p)
		check.Equal(t, "address", p.URL, url)
		wait.Wait()
		check.Equal(t, "rows", programtest.Stored(t, storage), callers*each)
		check.Equal(t, "total", programtest.Visit(t, p.URL).Get("/").Total(), "3.20")
		check.Contains(t, "verify", programtest.Succeed(t, "verify", "--storage", storage), "0 differences")
	})
}
