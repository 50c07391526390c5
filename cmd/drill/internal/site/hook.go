package site

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Message is what Alertmanager said of one alert.
type Message struct {
	At       time.Time // when it came in
	Alert    string
	Resolved bool
	Runbook  string
	Labels   map[string]string
}

// Hook receives Alertmanager's messages: those for people, and those for the outside switch.
type Hook struct {
	Refuses  atomic.Bool // answers people's first address with an error
	server   *Server
	mu       sync.Mutex
	messages []Message
	pinged   time.Time
}

// NewHook starts to listen on the loopback.
func NewHook() (h *Hook, err error) {
	h = &Hook{}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /people", func(w http.ResponseWriter, r *http.Request) {
		if h.Refuses.Load() {
			http.Error(w, "not now", http.StatusServiceUnavailable)
			return
		}
		h.take(r)
	})
	mux.HandleFunc("POST /others", func(_ http.ResponseWriter, r *http.Request) { h.take(r) })
	mux.HandleFunc("POST /switch", func(http.ResponseWriter, *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.pinged = time.Now()
	})
	h.server, err = Serve(mux, nil)
	return h, err
}

// URL returns the address of people, of others or of the switch.
func (h *Hook) URL(of string) string { return "http://" + h.server.Address() + "/" + of }

// Close ends it.
func (h *Hook) Close() { h.server.Close() }

func (h *Hook) take(r *http.Request) {
	var said struct {
		Alerts []struct {
			Status      string
			Labels      map[string]string
			Annotations map[string]string
		}
	}
	if json.NewDecoder(r.Body).Decode(&said) != nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, one := range said.Alerts {
		h.messages = append(h.messages, Message{
			At: time.Now(), Alert: one.Labels["alertname"], Resolved: one.Status == "resolved", Runbook: one.Annotations["runbook_url"],
			Labels: one.Labels,
		})
	}
}

// Since returns the first message of an alert that came in after a moment, be it raised or resolved.
func (h *Hook) Since(since time.Time, alert string, resolved bool) (Message, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	found := slices.IndexFunc(h.messages, func(m Message) bool {
		return m.Alert == alert && m.Resolved == resolved && m.At.After(since)
	})
	if found < 0 {
		return Message{}, false
	}
	return h.messages[found], true
}

// News returns the messages that came in between two moments and said something new of an alert. What was said already, be it that it is
// raised or that it is over, is told once more when something else of its job is told.
func (h *Hook) News(since, until time.Time, alert string) (found []Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	raised := map[string]bool{} // by labels, which fmt writes in their order
	for _, m := range h.messages {
		if m.Alert != alert || !m.At.Before(until) {
			continue
		}
		labels := fmt.Sprint(m.Labels)
		if raised[labels] == m.Resolved && m.At.After(since) {
			found = append(found, m)
		}
		raised[labels] = !m.Resolved
	}
	return found
}

// Pinged returns when the switch was last asked for.
func (h *Hook) Pinged() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.pinged
}
