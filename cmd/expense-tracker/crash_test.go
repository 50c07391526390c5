package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/tests/rig/program"
)

// persist sends a form until it is answered with a redirect, as a patient user would over any kind of failure, and returns the
// expense's id.
func persist(url string, values url.Values) (id string, err error) {
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		var got receipt
		got, err = sendOnce(url, values)
		switch {
		case err != nil:
		case got.status == http.StatusSeeOther:
			return got.id, nil
		case got.status == http.StatusServiceUnavailable:
			err = errors.New("the storage is unavailable")
		default:
			return "", fmt.Errorf("status %d", got.status)
		}
	}
	return "", fmt.Errorf("no answer in time: %w", err)
}

// again starts the program on the address that another of its processes had.
func again(t *testing.T, storage string, before *program.Program) *program.Program {
	t.Helper()
	return start(t, storage, "--listen", strings.TrimPrefix(before.URL, "http://"))
}

func TestAKilledInstanceLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	const callers = 50
	storage := durableStorages()[1].make(t)
	one, other := start(t, storage), start(t, storage)
	db := openDatabase(t, storage)
	lock, err := db.BeginTx(t.Context(), nil) // holds every add in the middle of its transaction
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock.ExecContext(t.Context(), "LOCK TABLE expense_entry IN SHARE ROW EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	values := form("category", "food", "price", "12.50", "idempotency_key", "over-two-instances")
	var ids [callers]string
	var failures [callers]error
	var wait sync.WaitGroup
	for i := range callers {
		url := one.URL
		if i%2 == 1 {
			url = other.URL
		}
		wait.Go(func() { ids[i], failures[i] = persist(url, values) })
	}
	eventually(t, 10*time.Second, "both instances wait for the lock", func() bool {
		return ask[int](t, storage, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") >= 2
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
		home := visit(t, p.URL).get("/")
		expect(t, "rows", len(home.rows()), 1)
		expect(t, "total", home.total(), "12.50")
	}
	expect(t, "rows in the database", stored(t, storage), 1)
	contains(t, "verify", succeed(t, "verify", "--storage", storage), "0 differences")
}

func TestAKillUnderLoadLosesAndDoublesNothing(t *testing.T) {
	onEach(t, durableStorages(), func(t *testing.T, storage string) {
		const callers, each = 8, 40
		p := start(t, storage)
		url := p.URL
		var acknowledged atomic.Int64
		halfway := make(chan struct{})
		var wait sync.WaitGroup
		for caller := range callers {
			wait.Go(func() {
				for i := range each {
					key := fmt.Sprintf("key-%d-%d", caller, i)
					if _, err := persist(url, form("category", "food", "price", "0.01", "idempotency_key", key)); err != nil {
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
		if rows := stored(t, storage); int64(rows) < known {
			t.Errorf("%d rows are left of %d that were acknowledged", rows, known)
		}
		p = again(t, storage, p)
		expect(t, "address", p.URL, url)
		wait.Wait()
		expect(t, "rows", stored(t, storage), callers*each)
		expect(t, "total", visit(t, p.URL).get("/").total(), "3.20")
		contains(t, "verify", succeed(t, "verify", "--storage", storage), "0 differences")
	})
}
