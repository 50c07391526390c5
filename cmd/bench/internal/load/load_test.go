package load_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/cmd/bench/internal/load"
)

func TestRunMeasuresPages(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.String() != "/expenses?from=oldest" {
			t.Errorf("%s %s", r.Method, r.URL)
		}
		time.Sleep(2 * time.Millisecond)
		_, _ = w.Write([]byte("twelve bytes"))
	}))
	defer server.Close()
	result, err := load.Run(t.Context(), server.URL, load.Page(server.URL+"/expenses?from=oldest"),
		load.Options{Clients: 2, Warmup: 250 * time.Millisecond, Duration: time.Second}) // a busy machine stands still at times
	if err != nil {
		t.Fatal(err)
	}
	if result.Bytes != 12 || result.P50 < 2*time.Millisecond || result.P99 < result.P50 || result.PerSecond < 10 || result.PerSecond > 1000 {
		t.Errorf("%+v", result)
	}
	if measured := int64(result.PerSecond); result.Answered <= measured {
		t.Errorf("%d answers, %d of them measured: the warm-up is missing", result.Answered, measured)
	}
}

func TestRunCountsWhatWasAcknowledged(t *testing.T) {
	var mu sync.Mutex
	keys, dates := map[string]int{}, map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		keys[r.PostFormValue("idempotency_key")]++
		dates[r.PostFormValue("date")]++
		w.WriteHeader(http.StatusSeeOther)
	}))
	defer server.Close()
	today := time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC)
	result, err := load.Run(t.Context(), server.URL, load.NewFill(server.URL, "k", today, 90, 3), load.Options{Clients: 8})
	if err != nil {
		t.Fatal(err)
	}
	if result.Answered != 90 || len(keys) != 90 {
		t.Errorf("%d of 90 adds answered, %d keys seen", result.Answered, len(keys))
	}
	if len(dates) != 3 || dates["2026-03-02"] != 30 || dates["2026-03-01"] != 30 || dates["2026-02-28"] != 30 {
		t.Errorf("days: %v", dates)
	}
}

func TestRunRefusesAnotherAnswer(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	_, err := load.Run(t.Context(), server.URL, load.Page(server.URL+"/"), load.Options{Clients: 1, Duration: time.Second})
	if err == nil || !strings.Contains(err.Error(), "404 instead of 200") {
		t.Errorf("error %v", err)
	}
}

// A client's request is used again and again, and each time it is another's.
func TestEachRequestIsOfOnePerson(t *testing.T) {
	var mu sync.Mutex
	asked := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked[r.Header.Get("Cookie")]++
		w.WriteHeader(http.StatusSeeOther)
	}))
	defer server.Close()
	adds := load.As([]string{"a", "b", "c"}, load.NewFill(server.URL, "k", time.Now(), 90, 3))
	if _, err := load.Run(t.Context(), server.URL, adds, load.Options{Clients: 4}); err != nil {
		t.Fatal(err)
	}
	if len(asked) != 3 || asked["expense_session=a"] != 30 || asked["expense_session=b"] != 30 {
		t.Errorf("asked by %v", asked)
	}
}

func TestGuessesComeFromEverywhere(t *testing.T) {
	var mu sync.Mutex
	from, names := map[string]int{}, map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		from[r.Header.Get("X-Forwarded-For")]++
		names[r.PostFormValue("name")]++
		w.WriteHeader(http.StatusTooManyRequests) // no answer ends it
	}))
	defer server.Close()
	result, err := load.Run(t.Context(), server.URL, load.NewGuesses(server.URL), load.Options{Clients: 4, Duration: 500 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(from)) != result.Answered || len(from) != len(names) || len(from) < 4 {
		t.Errorf("%d guesses from %d addresses of %d names", result.Answered, len(from), len(names))
	}
}
