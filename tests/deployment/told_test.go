package deployment_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// receiver notes the alerts that it is told of.
type receiver struct {
	*httptest.Server
	refuses atomic.Bool
	refused atomic.Int64
	mu      sync.Mutex
	told    []string
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		if r.refuses.Load() {
			r.refused.Add(1)
			http.Error(w, "not now", http.StatusServiceUnavailable)
			return
		}
		var said struct {
			Alerts []struct{ Labels map[string]string }
		}
		if err := json.NewDecoder(request.Body).Decode(&said); err != nil {
			t.Errorf("a message: %v", err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, alert := range said.Alerts {
			r.told = append(r.told, alert.Labels["alertname"])
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) heard() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Sorted(slices.Values(r.told))
}

// TestAlertmanagerTellsWhatMatters raises alerts at a real Alertmanager with the project's configuration, whose waits are a second each:
// an instance that is down silences what it lacks besides, a budget that goes fast the same one that goes slowly, the watchdog goes to the
// switch alone, the same alert of two Prometheus is one, and what a receiver refused is told when it takes messages again.
func TestAlertmanagerTellsWhatMatters(t *testing.T) {
	t.Parallel()
	people, outside := newReceiver(t), newReceiver(t)
	people.refuses.Store(true)
	config := receivers(t, map[string]string{webhookFile: people.URL, watchdogFile: outside.URL}, "ALERT_RECEIVERS=webhook")
	quick := regexp.MustCompile(`(group_wait|group_interval): \w+`).ReplaceAll(readPath(t, config), []byte("$1: 1s"))
	if err := os.WriteFile(config, quick, 0o600); err != nil {
		t.Fatal(err)
	}
	manager := startAlertmanager(t, config)
	const down, busy, burns = "ExpenseTrackerDown", "ExpenseTrackerPoolExhausted", "ExpenseTrackerAddsBurnBudget"
	for range 2 { // as two Prometheus do
		raise(t, manager, down, "critical", "instance", "a:9464")
		raise(t, manager, busy, "warning", "instance", "a:9464")
		raise(t, manager, busy, "warning", "instance", "b:9464") // another instance, which is not down
		raise(t, manager, burns, "critical", "objective", "x", "burn", "14.4")
		raise(t, manager, burns, "warning", "objective", "x", "burn", "3")
		raise(t, manager, watchdog, "none")
	}
	await(t, time.Minute, "the receiver was asked", func() bool { return people.refused.Load() > 1 })
	people.refuses.Store(false)
	want := []string{burns, down, busy} // of the other instance
	await(t, time.Minute, "people are told", func() bool { return len(people.heard()) >= len(want) })
	await(t, time.Minute, "the switch is asked for", func() bool { return len(outside.heard()) > 0 })
	time.Sleep(3 * time.Second) // in which more would come
	if got := people.heard(); !slices.Equal(got, want) {
		t.Errorf("people were told of %v, want %v", got, want)
	}
	if got := slices.Compact(outside.heard()); !slices.Equal(got, []string{watchdog}) {
		t.Errorf("the switch heard %v", got)
	}
}

// raise tells Alertmanager of an alert of the program's, with labels in pairs.
func raise(t *testing.T, manager, name, severity string, pairs ...string) {
	t.Helper()
	labels := map[string]string{"alertname": name, "severity": severity, "job": "expense-tracker"}
	for pair := range slices.Chunk(pairs, 2) {
		labels[pair[0]] = pair[1]
	}
	text, err := json.Marshal([]any{map[string]any{"labels": labels}})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+manager+"/api/v2/alerts", bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s is answered with %d", name, answer.StatusCode)
	}
}

// An outside switch is asked for at each turn, a minute apart, which is two seconds here, and not at every second one.
func TestTheSwitchIsAskedForEachMinute(t *testing.T) {
	t.Parallel()
	outside := newReceiver(t)
	config := receivers(t, map[string]string{watchdogFile: outside.URL})
	quick := regexp.MustCompile(`(_wait|_interval): (\w+)`).ReplaceAllFunc(readPath(t, config), func(found []byte) []byte {
		name, text, _ := strings.Cut(string(found), ": ")
		d, err := time.ParseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Appendf(nil, "%s: %dms", name, (d / 30).Milliseconds())
	})
	if err := os.WriteFile(config, quick, 0o600); err != nil {
		t.Fatal(err)
	}
	raise(t, startAlertmanager(t, config), watchdog, "none")
	await(t, time.Minute, "the switch is asked for", func() bool { return len(outside.heard()) > 0 })
	await(t, 9*time.Second, "it is asked for three more times", func() bool { return len(outside.heard()) > 3 })
}
