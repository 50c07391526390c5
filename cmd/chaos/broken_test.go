package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/cmd/chaos/internal/evidence"
	"expense-tracker/cmd/chaos/internal/world"
	"expense-tracker/tests/rig/program"
)

// A trial is worth what it finds: the real program behind a front that makes it break one promise at a time.
func TestATrialFindsABrokenProgram(t *testing.T) {
	binary, err := program.Build(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var tries sync.WaitGroup
	for name, c := range map[string]struct {
		lie  lie
		find []string // what a breach says, one of these; none if it has to find nothing
	}{
		"it is not broken": {func(w http.ResponseWriter, r *http.Request, _ int, next http.Handler) bool {
			if r.URL.Path != "/add" {
				return false
			}
			next.ServeHTTP(w, r)
			return true
		}, nil},
		"it acknowledges and does not store": {func(w http.ResponseWriter, r *http.Request, n int, _ http.Handler) bool {
			if r.URL.Path != "/add" || r.Method != http.MethodPost || n%4 != 0 {
				return false
			}
			acknowledge(w, fmt.Sprintf("added.%d", 1_000_000+n), "/")
			return true
		}, []string{"acknowledged and not stored"}},
		"it stores twice": {func(w http.ResponseWriter, r *http.Request, n int, next http.Handler) bool {
			if r.URL.Path != "/add" || r.Method != http.MethodPost || n%4 != 0 {
				return false
			}
			form := formOf(r)
			next.ServeHTTP(w, with(r, form))
			form.Set("idempotency_key", form.Get("idempotency_key")+"x")
			next.ServeHTTP(httptest.NewRecorder(), with(r, form))
			return true
		}, []string{"stored twice"}},
		"it stores what nobody sent": {func(w http.ResponseWriter, r *http.Request, n int, next http.Handler) bool {
			if r.URL.Path != "/add" || r.Method != http.MethodPost || n%4 != 0 {
				return false
			}
			form := formOf(r)
			next.ServeHTTP(w, with(r, form))
			form.Set("idempotency_key", form.Get("idempotency_key")+"x")
			form.Set("note", fmt.Sprintf("nobody%d;", n))
			next.ServeHTTP(httptest.NewRecorder(), with(r, form))
			return true
		}, []string{"stored, and nobody was told"}},
		"it stores another price": {func(w http.ResponseWriter, r *http.Request, n int, next http.Handler) bool {
			if r.URL.Path != "/add" || r.Method != http.MethodPost || n%4 != 0 {
				return false
			}
			form := formOf(r)
			form.Set("price", "1"+form.Get("price"))
			next.ServeHTTP(w, with(r, form))
			return true
		}, []string{"stored is ", " shows "}},
		"it loses an edit": {func(w http.ResponseWriter, r *http.Request, _ int, _ http.Handler) bool {
			if r.Method != http.MethodPost || !oneExpense.MatchString(r.URL.Path) {
				return false
			}
			acknowledge(w, "saved."+filepath.Base(r.URL.Path), "/")
			return true
		}, []string{"stored is ", " shows "}},
		"a total is off by a cent": {func(w http.ResponseWriter, r *http.Request, _ int, next http.Handler) bool {
			if r.URL.Path != "/" {
				return false
			}
			rewrite(w, r, next, func(body string) string {
				return total.ReplaceAllStringFunc(body, func(found string) string {
					whole, cents, _ := strings.Cut(total.FindStringSubmatch(found)[1], ".")
					n, _ := strconv.Atoi(whole + cents) // digits, as the expression says
					return fmt.Sprintf(`<data id="total" value="%d.%02d"`, (n+1)/100, (n+1)%100)
				})
			})
			return true
		}, []string{"the total at "}},
		"its first page has no total": {func(w http.ResponseWriter, r *http.Request, _ int, next http.Handler) bool {
			if r.URL.Path != "/" {
				return false
			}
			rewrite(w, r, next, func(body string) string { return total.ReplaceAllString(body, `<data id="other" value="1.00"`) })
			return true
		}, []string{"the first page has no total"}},
		"it fails": {func(w http.ResponseWriter, _ *http.Request, n int, _ http.Handler) bool {
			if n%10 != 0 {
				return false
			}
			http.Error(w, "it failed", http.StatusInternalServerError)
			return true
		}, []string{"was answered with 500"}},
		"it refuses a client's own change": {func(w http.ResponseWriter, r *http.Request, n int, _ http.Handler) bool {
			if r.URL.Path != "/add" || r.Method != http.MethodPost || n%4 != 0 {
				return false
			}
			http.Error(w, "conflict", http.StatusConflict)
			return true
		}, []string{"POST /add: 409"}},
	} {
		tries.Go(func() { // all at once, for they mostly wait
			breaches, err := tryBroken(t, binary, c.lie)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			says := func(b evidence.Breach) bool {
				return slices.ContainsFunc(c.find, func(text string) bool { return strings.Contains(b.What, text) })
			}
			switch {
			case c.find == nil && len(breaches) > 0:
				t.Errorf("%s, and yet: %s", name, said(breaches))
			case c.find != nil && !slices.ContainsFunc(breaches, says):
				t.Errorf("%s: no breach says %q: %s", name, c.find, said(breaches))
			}
		})
	}
	tries.Wait()
}

// said is what breaches say, without the pages that show it.
func said(breaches []evidence.Breach) string {
	var text strings.Builder
	for _, b := range breaches {
		fmt.Fprintf(&text, "\n%s", b.What)
	}
	return text.String()
}

var (
	oneExpense = regexp.MustCompile(`^/expenses/[0-9]+$`)
	total      = regexp.MustCompile(`<data id="total" value="([0-9]+\.[0-9]{2})"`)
)

// lie answers a request, the nth of its method, in the program's place. It returns false to leave it to the program.
type lie func(w http.ResponseWriter, r *http.Request, n int, next http.Handler) bool

// enoughLies is how many lies are told in a try.
const enoughLies = 5

// tryBroken lets people work on one instance behind a front, and returns the breaches.
func tryBroken(t *testing.T, binary string, lie lie) (breaches []evidence.Breach, err error) {
	s := setUp{storage: "sqlite", instances: 1, record: evidence.NewRecord(io.Discard, func() bool { return false })}
	tr := &trial{options: options{seed: 1, clients: 3}, setUp: s, say: func(string, ...any) {}}
	folder, err := os.MkdirTemp("", "expense-tracker-chaos-") // not t.TempDir: a file system is mounted in it, and unmounted first
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	tr.world, err = world.New(t.Context(), world.Site{Binary: binary, Folder: folder, Logs: folder, Record: s.record}, s.storage, s.instances)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, tr.world.Close(context.WithoutCancel(t.Context()))) }()
	front := newFront(tr.world, lie)
	defer front.Close()
	tr.front = front
	if err := tr.people(t.Context()); err != nil {
		return nil, err
	}
	front.lying.Store(true)
	err = tr.work(t.Context(), func() {
		for until := time.Now().Add(time.Minute); front.told.Load() < enoughLies && time.Now().Before(until); {
			time.Sleep(10 * time.Millisecond)
		}
	})
	if told := front.told.Load(); told < enoughLies {
		err = errors.Join(err, fmt.Errorf("it came to %d lies only", told))
	}
	err = errors.Join(err, tr.check(t.Context()))
	_, breaches = s.record.Breached()
	return breaches, err
}

// front stands between people and the only instance of a world.
type front struct {
	*world.World
	server *httptest.Server
	lying  atomic.Bool
	told   atomic.Int64 // lies
}

func newFront(w *world.World, lie lie) *front {
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			if to, err := url.Parse(w.URLs()[0]); err == nil { // else nothing is asked, and there is no answer
				r.SetURL(to)
			}
			r.Out.Header.Del("Accept-Encoding") // so that the pages can be read here
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusServiceUnavailable) },
	}
	f := &front{World: w}
	var counts [2]atomic.Int64
	f.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kind := 0
		if r.Method == http.MethodPost {
			kind = 1
		}
		n := int(counts[kind].Add(1))
		if f.lying.Load() && lie(w, r, n, proxy) {
			f.told.Add(1)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	return f
}

func (f *front) URLs() []string { return []string{f.server.URL} }

func (f *front) Close() { f.server.Close() }

// acknowledge answers as the program does when it has stored something.
func acknowledge(w http.ResponseWriter, flash, to string) {
	http.SetCookie(w, &http.Cookie{Name: "flash", Value: flash, Path: "/"})
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusSeeOther)
}

// rewrite changes what the program answers.
func rewrite(w http.ResponseWriter, r *http.Request, next http.Handler, change func(body string) string) {
	answer := httptest.NewRecorder()
	next.ServeHTTP(answer, r)
	w.WriteHeader(answer.Code)
	_, _ = io.WriteString(w, change(answer.Body.String())) // a client that is gone misses nothing
}

func formOf(r *http.Request) url.Values {
	body, _ := io.ReadAll(r.Body) // what is missing is missing from the form
	form, _ := url.ParseQuery(string(body))
	return form
}

// with is a request with another form.
func with(r *http.Request, form url.Values) *http.Request {
	body := form.Encode()
	r = r.Clone(r.Context())
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return r
}
