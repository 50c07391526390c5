package faults_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

func TestTooManyAddsAtOnceAreSentAwayWithTheirInput(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		p := programtest.Start(t, storage, "--config", programtest.WriteFile(t, "config.yaml",
			"database:\n  queue: 1\n  operation_timeout: 30s\n"))
		user := programtest.Visit(t, p.URL)
		user.Add("before", "1.00")
		release := programtest.Hold(t, storage)
		type outcome struct {
			programtest.Receipt
			err error
		}
		outcomes := make(chan outcome, 2)
		for _, key := range []string{"first", "second"} { // one is being committed, one waits, in whatever order
			go func() {
				got, err := programtest.SendOnce(p.URL, programtest.Form("category", "food", "price", "1.00", "idempotency_key", key))
				outcomes <- outcome{got, err}
			}()
			if key == "first" {
				check.Eventually(t, 30*time.Second, "the first add is being committed", func() bool {
					return programtest.Metric(t, p.URL, "expense_store_batch_entries", nil) == 2 &&
						programtest.Metric(t, p.URL, "expense_store_queue_entries", nil) == 0
				})
			}
		}
		check.Eventually(t, 30*time.Second, "the second add waits",
			func() bool { return programtest.Metric(t, p.URL, "expense_store_queue_entries", nil) == 1 })

		sent := time.Now()
		typed := programtest.Form("category", "kept", "price", "2.50", "note", "typed by hand", "idempotency_key", "third")
		answer := user.Post("/add", typed)
		if took := time.Since(sent); took > 15*time.Second { // and not as long as those that wait may
			t.Errorf("the refusal took %s", took)
		}
		check.Equal(t, "status", answer.Status, http.StatusServiceUnavailable)
		if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err != nil || seconds < 1 {
			t.Errorf("Retry-After: %q", answer.Header.Get("Retry-After"))
		}
		for _, field := range []string{"category", "price", "note", "idempotency_key"} {
			check.Equal(t, field, answer.Field(field), typed.Get(field))
		}
		release()
		for range 2 {
			got := <-outcomes
			if got.err != nil || got.Status != http.StatusSeeOther {
				t.Errorf("an add that waited: %d, %v", got.Status, got.err)
			}
		}
		check.Equal(t, "total", user.Submit("/add", typed).Total(), "5.50")
		check.Equal(t, "rows", programtest.Stored(t, storage), 4)
	})
}

func TestALockedStorageIsAnsweredInTime(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		p := programtest.Start(t, storage, "--config", programtest.WriteFile(t, "config.yaml", "database:\n  operation_timeout: 3s\n"))
		user := programtest.Visit(t, p.URL)
		release := programtest.Hold(t, storage)
		sent := time.Now()
		typed := programtest.Form("category", "kept", "price", "2.50", "idempotency_key", "a-key")
		answer := user.Post("/add", typed)
		if took := time.Since(sent); took > 15*time.Second {
			t.Errorf("the answer took %s", took)
		}
		check.Equal(t, "status", answer.Status, http.StatusServiceUnavailable)
		check.Equal(t, "price", answer.Field("price"), "2.50")
		check.Equal(t, "reading meanwhile", user.Get("/").Status, http.StatusOK)
		release()
		check.Equal(t, "total", user.Submit("/add", typed).Total(), "2.50")
		user.Submit("/add", typed)
		check.Equal(t, "rows", programtest.Stored(t, storage), 1)
	})
}
