package observability_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"expense-tracker/observability"
)

const requests = "http_server_request_duration_seconds"

func internalError(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "something went wrong", http.StatusInternalServerError)
}

// site is a small program with a page, pages that fail, and the operator's paths before it.
func site(t *testing.T, telemetry *observability.Telemetry) http.Handler {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "home of "+observability.RequestID(r.Context()))
	})
	mux.HandleFunc("GET /expenses/{id}", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /busy", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	mux.HandleFunc("GET /broken", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	mux.HandleFunc("GET /panic", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		panic("the roof is on fire")
	})
	mux.HandleFunc("GET /panic-late", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("half a page ", 1000))
		panic("too late")
	})
	mux.HandleFunc("GET /abort", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	mux.HandleFunc("GET /stream", func(w http.ResponseWriter, _ *http.Request) {
		if _, ok := w.(http.Flusher); !ok {
			t.Error("the response cannot be flushed")
		}
		_, _ = io.WriteString(w, "first")
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
	})
	return telemetry.Middleware(observability.Endpoints{Metrics: telemetry.MetricsHandler()}.Before(mux), internalError)
}

// serve runs handler as a real server.
func serve(t *testing.T, handler http.Handler) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// get returns a page, or the error of a response that broke off.
func get(t *testing.T, url string) (status int, header http.Header, body string, err error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, "", err
	}
	content, err := io.ReadAll(response.Body)
	return response.StatusCode, response.Header, string(content), errors.Join(err, response.Body.Close())
}

// lines returns the log's lines, each as its attributes.
func lines(t *testing.T, log *bytes.Buffer) []map[string]any {
	t.Helper()
	var all []map[string]any
	for decoder := json.NewDecoder(log); decoder.More(); {
		line := make(map[string]any)
		if err := decoder.Decode(&line); err != nil {
			t.Fatal(err)
		}
		all = append(all, line)
	}
	return all
}

func TestWhatStrangersSendAddsNoSeries(t *testing.T) {
	telemetry := newTelemetry(t, observability.Options{})
	handler := site(t, telemetry)
	send := func(i int) {
		for _, r := range []*http.Request{
			httptest.NewRequest(http.MethodGet, fmt.Sprintf("/made/up/%d", i), nil),
			httptest.NewRequest(http.MethodGet, fmt.Sprintf("/expenses/%d?q=%d", i, i), nil),
			httptest.NewRequest(fmt.Sprintf("METHOD%d", i), "/", nil),
			httptest.NewRequest(http.MethodGet, fmt.Sprintf("http://host%d.example:%d/", i, 1024+i), nil),
		} {
			r.Header.Set("X-Request-Id", fmt.Sprintf("request-%d", i))
			r.Header.Set("User-Agent", fmt.Sprintf("agent-%d", i))
			r.Header.Set("Traceparent", fmt.Sprintf("00-%032x-%016x-01", i+1, i+1))
			handler.ServeHTTP(httptest.NewRecorder(), r)
		}
	}
	send(0)
	first := scrape(t, telemetry)
	for i := range 1000 {
		send(i)
	}
	after := scrape(t, telemetry)
	if first.series() != after.series() {
		t.Errorf("%d series became %d: %v", first.series(), after.series(), after.values(requests))
	}
	for labels, want := range map[string]float64{
		`http_request_method="GET",http_response_status_code="404"`:                             1001,
		`http_request_method="GET",http_response_status_code="200",http_route="/expenses/{id}"`: 1001,
		`http_request_method="_OTHER",http_response_status_code="405"`:                          1001,
		`http_request_method="GET",http_response_status_code="200",http_route="/{$}"`:           1001,
	} {
		if got := after.values(requests)[labels]; got != want {
			t.Errorf("%s counted %v, want %v", labels, got, want)
		}
	}
}

func TestAPanicBecomesACountedPageAndOneLine(t *testing.T) {
	var log bytes.Buffer
	telemetry := newTelemetry(t, observability.Options{Logger: logTo(t, &log)})
	server := serve(t, site(t, telemetry))
	status, header, body, err := get(t, server.URL+"/panic")
	if err != nil || status != http.StatusInternalServerError || !strings.Contains(body, "something went wrong") {
		t.Errorf("answered %d %q, %v", status, body, err)
	}
	if header.Get("Content-Encoding") != "" {
		t.Error("the error page is labelled as what the handler was about to send")
	}
	label := `http_request_method="GET",http_response_status_code="500",http_route="/panic"`
	if got := scrape(t, telemetry).values(requests)[label]; got != 1 {
		t.Errorf("counted %v, want 1", got)
	}
	server.Close() // after which the handler has written its line
	written := lines(t, &log)
	if len(written) != 1 {
		t.Fatalf("%d lines, want 1: %v", len(written), written)
	}
	line := written[0]
	if line["level"] != "ERROR" || line["panic"] != "the roof is on fire" || line["status"] != float64(http.StatusInternalServerError) ||
		line["request_id"] != header.Get("X-Request-Id") || !strings.Contains(line["stack"].(string), "middleware_test.go") {
		t.Errorf("logged %v", line)
	}
}

func TestAResponseThatCannotBeFinishedIsBrokenOffAndCounted(t *testing.T) {
	for path, want := range map[string]struct{ level, detail string }{
		"/panic-late": {"ERROR", "panic"},
		"/abort":      {"INFO", "aborted"},
	} {
		t.Run(path, func(t *testing.T) {
			var log bytes.Buffer
			telemetry := newTelemetry(t, observability.Options{Logger: logTo(t, &log)})
			server := serve(t, site(t, telemetry))
			if _, _, _, err := get(t, server.URL+path); err == nil {
				t.Error("the client took the response for a whole one")
			}
			server.Close()
			label := fmt.Sprintf(`http_request_method="GET",http_response_status_code="200",http_route=%q`, path)
			if got := scrape(t, telemetry).values(requests)[label]; got != 1 {
				t.Errorf("counted %v, want 1", got)
			}
			written := lines(t, &log)
			if len(written) != 1 || written[0]["level"] != want.level || written[0][want.detail] == nil {
				t.Errorf("logged %v", written)
			}
		})
	}
}

func TestEachRequestIsOneLine(t *testing.T) {
	var log bytes.Buffer
	handler := site(t, newTelemetry(t, observability.Options{
		Logger: logTo(t, &log), NewRequestID: func() string { return "fresh" },
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, // where httptest's requests are from
	}))
	for _, test := range []struct {
		method, path, level, loggedMethod, route string
		status                                   int
	}{
		{http.MethodGet, "/?secret=1", "INFO", "GET", "/{$}", http.StatusOK},
		{http.MethodGet, "/expenses/7", "INFO", "GET", "/expenses/{id}", http.StatusOK},
		{http.MethodGet, "/secret", "INFO", "GET", "", http.StatusNotFound},
		{"BREW", "/", "INFO", "_OTHER", "", http.StatusMethodNotAllowed},
		{http.MethodGet, "/busy", "WARN", "GET", "/busy", http.StatusServiceUnavailable},
		{http.MethodGet, "/broken", "ERROR", "GET", "/broken", http.StatusBadGateway},
		{http.MethodGet, "/metrics", "DEBUG", "GET", "/metrics", http.StatusOK},
	} {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			log.Reset()
			r, w := httptest.NewRequest(test.method, test.path, nil), httptest.NewRecorder()
			r.Header.Set("Traceparent", "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01")
			handler.ServeHTTP(w, r)
			if strings.Contains(log.String(), "secret") {
				t.Errorf("the line holds what was asked for: %s", &log)
			}
			written := lines(t, &log)
			if len(written) != 1 {
				t.Fatalf("%d lines, want 1: %v", len(written), written)
			}
			line := written[0]
			if took, ok := line["duration_ms"].(float64); !ok || took <= 0 || took > 60_000 {
				t.Errorf("duration_ms %v", line["duration_ms"])
			}
			for key, want := range map[string]any{
				"msg": "request", "level": test.level, "method": test.loggedMethod, "route": test.route,
				"status": float64(test.status), "bytes": float64(w.Body.Len()),
				"request_id": "fresh", "trace_id": "0123456789abcdef0123456789abcdef",
			} {
				if line[key] != want {
					t.Errorf("%s is %v, want %v", key, line[key], want)
				}
			}
		})
	}
}

func TestRequestIDsComeFromAProxyOnlyIfTheyArePlain(t *testing.T) {
	handler := site(t, newTelemetry(t, observability.Options{NewRequestID: func() string { return "fresh" }}))
	for given, want := range map[string]string{
		"":                                     "fresh",
		"0196f5a4-7c1e-7b3a-9d2e-3f4a5b6c7d8e": "0196f5a4-7c1e-7b3a-9d2e-3f4a5b6c7d8e",
		"A.b_c-9":                              "A.b_c-9",
		strings.Repeat("a", 64):                strings.Repeat("a", 64),
		strings.Repeat("a", 65):                "fresh",
		"two words":                            "fresh",
		"line\nbreak":                          "fresh",
		"\"quoted\"":                           "fresh",
		"naïve":                                "fresh",
	} {
		r, w := httptest.NewRequest(http.MethodGet, "/", nil), httptest.NewRecorder()
		r.Header.Set("X-Request-Id", given)
		handler.ServeHTTP(w, r)
		if header, body := w.Header().Get("X-Request-Id"), w.Body.String(); header != want || body != "home of "+want {
			t.Errorf("%q became %q in the header and %q on the page, want %q", given, header, body, want)
		}
	}
}

func TestRequestsWithoutAnIDGetDifferentOnes(t *testing.T) {
	handler := site(t, newTelemetry(t, observability.Options{}))
	seen := make(map[string]bool)
	for range 100 {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		seen[w.Header().Get("X-Request-Id")] = true
	}
	if len(seen) != 100 || seen[""] {
		t.Errorf("%d different ids for 100 requests", len(seen))
	}
}

func TestResponsesCanStillBeStreamed(t *testing.T) {
	server := serve(t, site(t, newTelemetry(t, observability.Options{})))
	if _, _, body, err := get(t, server.URL+"/stream"); err != nil || body != "first" {
		t.Errorf("streamed %q, %v", body, err)
	}
}

func TestWhichRequestsHaveALine(t *testing.T) {
	for _, test := range []struct {
		requests observability.Requests
		want     string
	}{
		{"", "/{$} /slow  /busy /broken /panic"},
		{observability.RequestsAll, "/{$} /slow  /busy /broken /panic"},
		{observability.RequestsSlow, "/slow  /busy /broken /panic"},
		{observability.RequestsFailed, " /busy /broken /panic"},
		{observability.RequestsNone, "/panic"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var log bytes.Buffer
			telemetry := newTelemetry(t, observability.Options{Logger: logTo(t, &log), Requests: test.requests, Slow: time.Second})
			pages := http.NewServeMux()
			pages.HandleFunc("GET /{$}", func(http.ResponseWriter, *http.Request) {})
			pages.HandleFunc("GET /slow", func(http.ResponseWriter, *http.Request) { time.Sleep(time.Second) })
			pages.HandleFunc("GET /busy", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
			pages.HandleFunc("GET /broken", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
			pages.HandleFunc("GET /panic", func(http.ResponseWriter, *http.Request) { panic("fire") })
			handler := telemetry.Middleware(pages, internalError)
			for _, path := range []string{"/", "/slow", "/nothing", "/busy", "/broken", "/panic"} {
				handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil))
			}
			var routes []string
			for _, line := range lines(t, &log) {
				routes = append(routes, line["route"].(string))
			}
			if got := strings.Join(routes, " "); got != test.want {
				t.Errorf("%q logs %q, want %q", test.requests, got, test.want)
			}
		})
	}
}
