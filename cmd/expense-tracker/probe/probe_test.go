package probe

import (
	"encoding/csv"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/observability"
	"expense-tracker/web"
)

// target is a program as the probe sees it, which a test makes ill.
type target struct {
	mu     sync.Mutex
	notes  []string
	keys   map[string]bool
	ill    map[string]http.HandlerFunc // by method and path
	hidden bool                        // the file shows nothing
}

func (g *target) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if ill := g.ill[r.Method+" "+r.URL.Path]; ill != nil {
		ill(w, r)
		return
	}
	if r.Header.Get(web.ProbeHeader) == "" || r.Header.Get("Authorization") != "Bearer secret" {
		http.Error(w, "no", http.StatusUnauthorized)
		return
	}
	w.Header().Set(web.ProbeHeader, "yes")
	switch r.URL.Path {
	case "/":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
	case "/add":
		if key := r.FormValue("idempotency_key"); g.keys[key] {
			w.Header().Set("Idempotent-Replayed", "true")
		} else {
			g.keys[key] = true
			g.notes = append(g.notes, r.FormValue("note"))
		}
		w.WriteHeader(http.StatusSeeOther)
	case "/search.csv":
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		file := csv.NewWriter(w)
		_ = file.Write([]string{"date", "note"})
		for _, note := range g.notes {
			if !g.hidden && strings.Contains(note, r.FormValue("q")) {
				_ = file.Write([]string{"2026-11-29", note})
			}
		}
		file.Flush()
	}
}

func (g *target) set(change func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	change()
}

// bench is a probe of a target, with a clock of the test's.
type bench struct {
	*Probe
	t       *testing.T
	target  *target
	server  *httptest.Server
	metrics *observability.Probe
	at      time.Time
}

func newBench(t *testing.T, secret string) *bench {
	t.Helper()
	b := &bench{t: t, target: &target{keys: map[string]bool{}, ill: map[string]http.HandlerFunc{}}, at: time.Now()}
	b.server = httptest.NewServer(b.target)
	t.Cleanup(b.server.Close)
	var err error
	if b.metrics, err = observability.NewProbe(observability.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.metrics.Shutdown(t.Context()) })
	b.Probe = New(Options{ // no answer takes as long as its time, on a machine that does much else
		URL: b.server.URL, Secret: secret, Timeout: time.Minute, Metrics: b.metrics, Pause: time.Millisecond,
		Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return b.at },
	})
	return b
}

// round makes rounds half a minute apart.
func (b *bench) rounds(count int) {
	for range count {
		b.Round(b.t.Context())
		b.at = b.at.Add(30 * time.Second)
	}
}

// want checks what was counted, as "adds accepted 3, readbacks lost 1"; what is not named is 0.
func (b *bench) want(what, want string) {
	b.t.Helper()
	recorder := httptest.NewRecorder()
	b.metrics.MetricsHandler().ServeHTTP(recorder, httptest.NewRequestWithContext(b.t.Context(), http.MethodGet, "/metrics", nil))
	var got []string
	for _, m := range regexp.MustCompile(`(?m)^expense_probe_(adds|readbacks|doubled)_total(?:\{outcome="(\w+)"\})? ([1-9]\d*)$`).
		FindAllStringSubmatch(recorder.Body.String(), -1) {
		got = append(got, strings.Join(strings.Fields(fmt.Sprint(m[1], " ", m[2], " ", m[3])), " "))
	}
	if said := strings.Join(got, ", "); said != want {
		b.t.Errorf("%s: counted %q, want %q", what, said, want)
	}
}

func TestAllIsWell(t *testing.T) {
	b := newBench(t, "secret")
	b.rounds(70) // more than a batch, of which each tenth is sent twice
	b.want("all is well", "adds accepted 70, adds duplicate 7, readbacks found 70")
	if len(b.target.notes) != 70 || b.ledger.waiting() != 0 || len(b.ledger.entries) > batchSize {
		t.Errorf("%d are stored, %d wait, %d are known", len(b.target.notes), b.ledger.waiting(), len(b.ledger.entries))
	}
	if !b.Alive(time.Minute) {
		t.Error("it is not alive")
	}
}

func TestAWrongSecretIsRefusedAndAddsNothing(t *testing.T) {
	b := newBench(t, "another")
	b.rounds(3)
	b.want("a wrong secret", "adds refused 3")
	if len(b.target.notes) > 0 {
		t.Errorf("it added %v", b.target.notes)
	}
}

func TestWhatIsNotTheProgramGetsNoAdd(t *testing.T) {
	garbage := map[string]http.HandlerFunc{
		"a page of something else": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<h1>Welcome to nginx</h1>") },
		"a page to sign in": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/portal", http.StatusFound)
		},
		"bytes without end": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		},
		"headers without end": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Long", strings.Repeat("x", 1<<20))
		},
		"an error": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
	}
	for name, handler := range garbage {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, "secret")
			added := false
			b.target.ill["GET /"] = handler
			b.target.ill["POST /add"] = func(http.ResponseWriter, *http.Request) { added = true }
			b.rounds(1)
			want := "adds failed 1"
			if name == "bytes without end" || name == "headers without end" {
				want = "adds unknown 1"
			}
			b.want(name, want)
			if added {
				t.Error("it was sent an add")
			}
		})
	}
}

func TestAnOutageFailsAndLosesNothing(t *testing.T) {
	b := newBench(t, "secret")
	b.target.hidden = true // so that one is acknowledged, and not found before the outage
	b.rounds(1)
	b.server.Close()
	b.rounds(20) // ten minutes
	b.want("an outage", "adds accepted 1, adds failed 20")
	if b.ledger.waiting() != 1 {
		t.Errorf("%d wait to be found", b.ledger.waiting())
	}
	again := httptest.NewServer(b.target)
	defer again.Close()
	b.options.URL, b.target.hidden = again.URL, false
	b.rounds(1)
	b.want("after it", "adds accepted 2, adds failed 20, readbacks found 1, readbacks late 1")
}

func TestWhatGetsNoAnswerIsSentAgainWithItsKey(t *testing.T) {
	b := newBench(t, "secret")
	b.rounds(1)
	b.target.set(func() {
		b.target.ill["POST /add"] = func(_ http.ResponseWriter, r *http.Request) { // it is stored, and the answer is lost
			b.target.keys[r.FormValue("idempotency_key")] = true
			b.target.notes = append(b.target.notes, r.FormValue("note"))
			panic(http.ErrAbortHandler)
		}
	})
	b.rounds(1)
	b.want("no answer", "adds accepted 1, adds unknown 1, readbacks found 1")
	b.target.set(func() { delete(b.target.ill, "POST /add") })
	b.rounds(1)
	b.want("sent again", "adds accepted 2, adds duplicate 1, adds unknown 1, readbacks found 3")
	if len(b.target.notes) != 3 || len(b.unknown) != 0 {
		t.Errorf("stored %v; unknown %v", b.target.notes, b.unknown)
	}
}

func TestALostAddIsCounted(t *testing.T) {
	b := newBench(t, "secret")
	b.target.hidden = true
	b.rounds(2)
	b.want("within the time", "adds accepted 2")
	b.rounds(2)
	b.want("after it", "adds accepted 4, readbacks lost 1")
	b.target.hidden = false
	b.rounds(1)
	b.want("there again", "adds accepted 5, readbacks found 3, readbacks late 1, readbacks lost 1")
	b.target.notes = b.target.notes[:len(b.target.notes)-1] // found, and gone again, as after a fail-over that loses
	b.rounds(1)
	b.want("gone", "adds accepted 6, readbacks found 4, readbacks late 1, readbacks lost 2")
}

func TestADoubledAddIsCounted(t *testing.T) {
	b := newBench(t, "secret")
	b.rounds(1)
	b.target.notes = append(b.target.notes, b.target.notes[0], b.target.notes[0])
	b.rounds(3)
	b.want("doubled", "adds accepted 4, doubled 2, readbacks found 4")
}

func TestAFileThatIsCutShortSaysNothing(t *testing.T) {
	b := newBench(t, "secret")
	b.rounds(1)
	b.target.ill["GET /search.csv"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(web.ProbeHeader, "yes")
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, "date,note\r\n")
	}
	b.rounds(10)
	b.want("cut short", "adds accepted 11, adds duplicate 1, readbacks found 1")
	b.at = b.at.Add(2 * time.Hour)
	b.rounds(1)
	b.want("for hours", "adds accepted 12, adds duplicate 1, readbacks found 1, readbacks lost 10")
}

// Two probes add to one ledger, and neither takes the other's for its own.
func TestTwoProbesAtOnce(t *testing.T) {
	one, other := newBench(t, "secret"), newBench(t, "secret")
	other.options.URL = one.options.URL
	for range 5 {
		one.rounds(1)
		other.rounds(1)
	}
	for _, b := range []*bench{one, other} {
		b.want("two", "adds accepted 5, readbacks found 5")
	}
}

func TestIntervalsDiffer(t *testing.T) {
	seen := map[time.Duration]bool{}
	for range 100 {
		d := jittered(30 * time.Second)
		if d < 27*time.Second || d > 33*time.Second {
			t.Errorf("an interval of %s", d)
		}
		seen[d] = true
	}
	if len(seen) < 50 {
		t.Errorf("%d of 100 intervals differ", len(seen))
	}
}
