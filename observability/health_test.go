package observability_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/observability"
)

// pinged is a storage's ping whose answer can be set.
type pinged struct {
	count  atomic.Int64
	answer func(context.Context) error
}

func (p *pinged) ping(ctx context.Context) error {
	p.count.Add(1)
	if p.answer == nil {
		return nil
	}
	return p.answer(ctx)
}

func probe(handler http.Handler, path string) (status int, body string) {
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, strings.TrimSpace(w.Body.String())
}

func TestHealthFollowsTheStorage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		telemetry := newTelemetry(t, observability.Options{Logger: logTo(t, &log)})
		storage := &pinged{}
		health, err := telemetry.NewHealth(storage.ping)
		if err != nil {
			t.Fatal(err)
		}
		handler := observability.Endpoints{Health: health}.Before(http.NotFoundHandler())
		expect := func(when string, ready float64, status int, body string) {
			t.Helper()
			if gotStatus, gotBody := probe(handler, "/readyz"); gotStatus != status || gotBody != body {
				t.Errorf("%s: readiness %d %q, want %d %q", when, gotStatus, gotBody, status, body)
			}
			if got := scrape(t, telemetry).values("expense_tracker_ready")[""]; got != ready {
				t.Errorf("%s: ready %v, want %v", when, got, ready)
			}
			if status, body := probe(handler, "/healthz"); status != http.StatusOK || body != "ok" {
				t.Errorf("%s: liveness %d %q", when, status, body)
			}
		}
		expect("at first", 1, http.StatusOK, "ok")

		storage.answer = func(context.Context) error { return errors.New("dial tcp: password=hunter2") }
		time.Sleep(time.Second)
		expect("storage away", 0, http.StatusServiceUnavailable, "the storage does not answer")
		time.Sleep(time.Second)
		expect("storage still away", 0, http.StatusServiceUnavailable, "the storage does not answer")

		storage.answer = func(context.Context) error {
			full := &fault.Error{Kind: fault.Unavailable, Message: fault.Say("the disk is full"),
				Err: errors.New("write /home/somebody/x.db: no space")}
			return fault.Wrap(fault.Unavailable, "test", full)
		}
		time.Sleep(time.Second)
		expect("disk full", 0, http.StatusServiceUnavailable, "the disk is full")

		storage.answer = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
		time.Sleep(time.Second)
		before := time.Now()
		expect("storage hangs", 0, http.StatusServiceUnavailable, "the storage does not answer")
		if waited := time.Since(before); waited > 2*time.Second {
			t.Errorf("a probe waited %v for a storage that hangs", waited)
		}

		storage.answer = nil
		time.Sleep(time.Second)
		expect("storage back", 1, http.StatusOK, "ok")
		health.SetDraining()
		expect("in a shutdown", 0, http.StatusServiceUnavailable, "shutting down")

		for line, want := range map[string]int{
			"not ready: the storage does not answer": 2, "not ready: the disk is full": 1, "ready again": 1, "hunter2": 1, "no space": 1,
		} {
			if got := strings.Count(log.String(), line); got != want {
				t.Errorf("%q was logged %d times, want %d:\n%s", line, got, want, &log)
			}
		}
	})
}

// A storage that hangs for good, whatever its context says, costs one goroutine, and no prober more than the bound.
func TestAStorageThatHangsIsAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mended := make(chan struct{})
		storage := &pinged{answer: func(context.Context) error { <-mended; return nil }}
		health, err := newTelemetry(t, observability.Options{}).NewHealth(storage.ping)
		if err != nil {
			t.Fatal(err)
		}
		handler := observability.Endpoints{Health: health}.Before(http.NotFoundHandler())
		for round := range 3 {
			var probes sync.WaitGroup
			began := time.Now()
			for range 100 {
				probes.Go(func() {
					if status, body := probe(handler, "/readyz"); status != http.StatusServiceUnavailable || body != "the storage does not answer" {
						t.Errorf("readiness %d %q", status, body)
					}
				})
			}
			probes.Wait()
			if waited := time.Since(began); waited > 1500*time.Millisecond || (round > 0 && waited > 0) {
				t.Errorf("round %d: the probes took %v", round, waited)
			}
			time.Sleep(time.Minute)
		}
		if got := storage.count.Load(); got != 1 {
			t.Errorf("the storage was asked %d times", got)
		}
		close(mended)
		synctest.Wait()
		if status, body := probe(handler, "/readyz"); status != http.StatusOK {
			t.Errorf("after it was mended: %d %q", status, body)
		}
	})
}

func TestAStormOfProbesSharesOnePing(t *testing.T) {
	storage := &pinged{answer: func(context.Context) error { time.Sleep(10 * time.Millisecond); return nil }}
	now := time.Now()
	telemetry := newTelemetry(t, observability.Options{Now: func() time.Time { return now }}) // the answer does not age
	health, err := telemetry.NewHealth(storage.ping)
	if err != nil {
		t.Fatal(err)
	}
	handler := observability.Endpoints{Health: health}.Before(http.NotFoundHandler())
	var storm sync.WaitGroup
	for range 1000 {
		storm.Go(func() {
			if status, body := probe(handler, "/readyz"); status != http.StatusOK {
				t.Errorf("readiness %d %q", status, body)
			}
		})
	}
	storm.Wait()
	if got := storage.count.Load(); got != 1 {
		t.Errorf("the storage was pinged %d times", got)
	}
}

// The first prober's patience must not decide for those who wait with it.
func TestAProberThatGoesAwayDoesNotMakeTheStorageSilent(t *testing.T) {
	storage := &pinged{answer: func(ctx context.Context) error { return ctx.Err() }}
	health, err := newTelemetry(t, observability.Options{}).NewHealth(storage.ping)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	observability.Endpoints{Health: health}.Before(http.NotFoundHandler()).
		ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/readyz", nil))
	if w.Code != http.StatusOK {
		t.Errorf("readiness %d %q", w.Code, w.Body)
	}
}
