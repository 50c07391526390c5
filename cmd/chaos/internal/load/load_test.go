package load_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/cmd/chaos/internal/evidence"
	"expense-tracker/cmd/chaos/internal/load"
)

// What the proxy got no answer to has none: it is no failure of the program's, and is sent again with its key.
func TestWhatTheProxyGotNoAnswerToIsSentAgain(t *testing.T) {
	var keys []string
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) {
		say(w, `<data id="total" value="%s"></data><form action="/add"><input name="idempotency_key" value="k"></form>`, price(0))
	})
	mux.HandleFunc("POST /add", func(w http.ResponseWriter, r *http.Request) {
		if keys = append(keys, r.FormValue("idempotency_key")); len(keys) > 1 {
			acknowledge(w, "added.1")
			return
		}
		w.WriteHeader(http.StatusBadGateway)
		say(w, "<html><body><h1>502 Bad Gateway</h1>\nThe server returned an invalid or incomplete response.\n</body></html>\n")
	})
	record := evidence.NewRecord(io.Discard, func() bool { return false })
	if err := load.NewClient("c1", serve(t, mux), load.NewSum(), record, 1).Add(t.Context()); err != nil {
		t.Fatal(err)
	}
	if found, which := record.Breached(); found != 0 || len(keys) != 2 || keys[0] != keys[1] {
		t.Errorf("%d breaches (%v), sent with the keys %q", found, which, keys)
	}
}

// A total is what is settled and any of the changes under way: a cent more or less is found, also while there are some.
func TestATotalIsMadeOfWholeChanges(t *testing.T) {
	sent, decide := make(chan int64), make(chan bool)
	var shown atomic.Int64
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) {
		say(w, `<data id="total" value="%s"></data><form action="/add"><input name="idempotency_key" value="k"></form>`, price(shown.Load()))
	})
	mux.HandleFunc("POST /add", func(w http.ResponseWriter, r *http.Request) {
		sent <- minor(r.FormValue("price"))
		<-decide
		acknowledge(w, "added.1")
	})
	record := evidence.NewRecord(io.Discard, func() bool { return false })
	site, sum := serve(t, mux), load.NewSum()
	client, reader := load.NewClient("c1", site, sum, record, 1), load.NewClient("reader", site, sum, record, 2)
	read := func(total int64, want int) {
		t.Helper()
		before, _ := record.Breached()
		shown.Store(total)
		if !reader.Total(t.Context(), string(site)) {
			t.Fatal("no total")
		}
		if after, which := record.Breached(); after-before != want {
			t.Errorf("a total of %d makes %d breaches, want %d: %v", total, after-before, want, which)
		}
	}
	read(0, 0)
	read(1, 1)
	added := make(chan error)
	go func() { added <- client.Add(t.Context()) }()
	under := <-sent
	read(0, 0)
	read(under, 0)
	for _, wrong := range []int64{-1, 1, under - 1, under + 1, under / 2} {
		read(wrong, 1)
	}
	close(decide)
	if err := <-added; err != nil {
		t.Fatal(err)
	}
	read(under, 0)
	read(0, 1)
}

// Two changes that started from one revision are not both right.
func TestTwoRivalsThatBothWinAreFound(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) {
		say(w, `<form action="/add"><input name="idempotency_key" value="k"></form>`)
	})
	mux.HandleFunc("POST /add", func(w http.ResponseWriter, _ *http.Request) { acknowledge(w, "added.7") })
	mux.HandleFunc("GET /expenses/7", func(w http.ResponseWriter, _ *http.Request) {
		say(w, `<form action="/expenses/7"><input name="revision" value="3-x"><input name="price" value="1.00">`+
			`<input type="checkbox" name="refund" value="1"></form>`)
	})
	mux.HandleFunc("POST /expenses/7", func(w http.ResponseWriter, r *http.Request) {
		if r.PostFormValue("refund") != "" {
			t.Error("a box was sent that nobody had checked")
		}
		acknowledge(w, "saved.7")
	})
	record := evidence.NewRecord(io.Discard, func() bool { return false })
	site, sum := serve(t, mux), load.NewSum()
	owner := load.NewClient("owner", site, sum, record, 1)
	if err := owner.Add(t.Context()); err != nil {
		t.Fatal(err)
	}
	shared, stop := load.NewShared(owner.Expenses[0]), make(chan struct{})
	var rivals sync.WaitGroup
	for n := range 2 {
		rival := load.NewClient(fmt.Sprintf("r%d", n), site, sum, record, uint64(2+n))
		rivals.Go(func() { rival.Rival(t.Context(), shared, stop) })
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	found := func() bool {
		_, which := record.Breached()
		return len(which) > 0 && strings.Contains(which[0].What, "two changes of revision 3 were acknowledged")
	}
	for !found() && ctx.Err() == nil {
		time.Sleep(10 * time.Millisecond)
	}
	close(stop)
	rivals.Wait()
	if !found() {
		_, which := record.Breached()
		t.Errorf("not found: %v", which)
	}
}

// site is a program at one address.
type site string

func (s site) URLs() []string        { return []string{string(s)} }
func (s site) Enter() (leave func()) { return func() {} }
func (s site) Repeats() bool         { return false }

func serve(t *testing.T, handler http.Handler) site {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return site(server.URL)
}

func say(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) } // the client sees what is missing

func acknowledge(w http.ResponseWriter, flash string) {
	http.SetCookie(w, &http.Cookie{Name: "flash", Value: flash})
	w.Header().Set("Location", "/")
	w.WriteHeader(http.StatusSeeOther)
}

func price(minor int64) string {
	return strings.Replace(fmt.Sprintf("%.2f", float64(minor)/100), "-0.00", "0.00", 1)
}

func minor(price string) int64 {
	n, _ := strconv.ParseInt(strings.Replace(price, ".", "", 1), 10, 64) // as the client wrote it
	return n
}
