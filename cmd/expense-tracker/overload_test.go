package main

import (
	"context"
	"database/sql"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// hold keeps every writer of the storage waiting until the function that it returns is called.
func hold(t *testing.T, storage string) (release func()) {
	t.Helper()
	conn, err := openDatabase(t, storage).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	begin := "BEGIN IMMEDIATE"
	if !strings.HasPrefix(storage, "sqlite:") {
		begin = "BEGIN; LOCK TABLE expense_entry IN SHARE ROW EXCLUSIVE MODE"
	}
	if _, err := conn.ExecContext(t.Context(), begin); err != nil {
		t.Fatal(err)
	}
	var once bool
	release = func() {
		if !once {
			once = true
			rollBack(t, conn)
		}
	}
	t.Cleanup(release)
	return release
}

func rollBack(t *testing.T, conn *sql.Conn) {
	t.Helper()
	if _, err := conn.ExecContext(context.Background(), "ROLLBACK"); err != nil {
		t.Errorf("let the writers go on: %v", err)
	}
	if err := conn.Close(); err != nil {
		t.Errorf("let the writers go on: %v", err)
	}
}

func TestTooManyAddsAtOnceAreSentAwayWithTheirInput(t *testing.T) {
	onEach(t, durableStorages(), func(t *testing.T, storage string) {
		p := start(t, storage, "--config", writeFile(t, "config.yaml", "database:\n  queue: 1\n  operation_timeout: 30s\n"))
		user := visit(t, p.URL)
		user.add("before", "1.00")
		release := hold(t, storage)
		type outcome struct {
			receipt
			err error
		}
		outcomes := make(chan outcome, 2)
		for _, key := range []string{"first", "second"} { // one is being committed, one waits, in whatever order
			go func() {
				got, err := sendOnce(p.URL, form("category", "food", "price", "1.00", "idempotency_key", key))
				outcomes <- outcome{got, err}
			}()
			if key == "first" {
				eventually(t, 10*time.Second, "the first add is being committed", func() bool {
					return value(t, p.URL, "expense_store_batch_entries", nil) == 2 && value(t, p.URL, "expense_store_queue_entries", nil) == 0
				})
			}
		}
		eventually(t, 10*time.Second, "the second add waits", func() bool { return value(t, p.URL, "expense_store_queue_entries", nil) == 1 })

		sent := time.Now()
		typed := form("category", "kept", "price", "2.50", "note", "typed by hand", "idempotency_key", "third")
		answer := user.post("/add", typed)
		if took := time.Since(sent); took > 3*time.Second {
			t.Errorf("the refusal took %s", took)
		}
		expect(t, "status", answer.status, http.StatusServiceUnavailable)
		if seconds, err := strconv.Atoi(answer.header.Get("Retry-After")); err != nil || seconds < 1 {
			t.Errorf("Retry-After: %q", answer.header.Get("Retry-After"))
		}
		for _, field := range []string{"category", "price", "note", "idempotency_key"} {
			expect(t, field, answer.field(field), typed.Get(field))
		}
		release()
		for range 2 {
			got := <-outcomes
			if got.err != nil || got.status != http.StatusSeeOther {
				t.Errorf("an add that waited: %d, %v", got.status, got.err)
			}
		}
		expect(t, "total", user.submit("/add", typed).total(), "5.50")
		expect(t, "rows", stored(t, storage), 4)
	})
}

func TestALockedStorageIsAnsweredInTime(t *testing.T) {
	onEach(t, durableStorages(), func(t *testing.T, storage string) {
		p := start(t, storage, "--config", writeFile(t, "config.yaml", "database:\n  operation_timeout: 1s\n"))
		user := visit(t, p.URL)
		release := hold(t, storage)
		sent := time.Now()
		typed := form("category", "kept", "price", "2.50", "idempotency_key", "a-key")
		answer := user.post("/add", typed)
		if took := time.Since(sent); took > 5*time.Second {
			t.Errorf("the answer took %s", took)
		}
		expect(t, "status", answer.status, http.StatusServiceUnavailable)
		expect(t, "price", answer.field("price"), "2.50")
		expect(t, "reading meanwhile", user.get("/").status, http.StatusOK)
		release()
		expect(t, "total", user.submit("/add", typed).total(), "2.50")
		user.submit("/add", typed)
		expect(t, "rows", stored(t, storage), 1)
	})
}
