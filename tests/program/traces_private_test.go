package program_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/otlptest"
	"expense-tracker/tests/rig/programtest"
)

// spoken are the attributes that spans may have, and what each may say.
func spoken() map[string]*regexp.Regexp {
	printable := regexp.MustCompile(`^[ -~…]*$`)
	return map[string]*regexp.Regexp{
		"http.request.method": regexp.MustCompile(`^([A-Z]+|_OTHER)$`), "http.route": regexp.MustCompile(`^/[a-z_.{}$/]*$`),
		"http.response.status_code": regexp.MustCompile(`^int_value:\d+$`), "url.scheme": regexp.MustCompile(`^http$`),
		"network.protocol.version": regexp.MustCompile(`^1\.1$`), "http.request.body.size": regexp.MustCompile(`^int_value:\d+$`),
		"http.response.body.size": regexp.MustCompile(`^int_value:\d+$`), "error.type": regexp.MustCompile(`^[0-9A-Z]{5}$|^[a-zA-Z_]+$`),
		"db.system": regexp.MustCompile(`^(sqlite|postgresql)$`), "pool": regexp.MustCompile(`^[a-z]+$`),
		"db.rows_affected": regexp.MustCompile(`^int_value:-?\d+$`), "db.query.text": printable, "outcome": regexp.MustCompile(`^[a-z_]+$`),
		"expense.batch.entries": regexp.MustCompile(`^int_value:\d+$`), "expense.batch.failed": regexp.MustCompile(`^int_value:\d+$`),
		"expense.request_id": regexp.MustCompile(`^[A-Z2-7]{26}$`),
	}
}

// A walk through every page and form, with secrets wherever something can be typed, leaves none of them in a span.
func TestNoSpanSaysWhatPeopleType(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, storage string) {
		receiver := otlptest.Start(t)
		p := programtest.StartIn(t, receiver.Environment("OTEL_BSP_MAX_QUEUE_SIZE=100000"), storage)
		user := programtest.Visit(t, p.URL)
		header := map[string]string{
			"User-Agent": "secret-agent", "X-Forwarded-For": "203.0.113.77", "Referer": "http://secret.example/", "Cookie": "secret=secret",
			"Content-Type": programtest.FormType, "Host": "localhost", "Authorization": "Bearer secret", "Baggage": "secret=secret",
		}
		user.Post("/add", programtest.Form("category", "secretfood", "price", "7177.31", "note", "secret note",
			"payee", "secret", "tags", "secret"))
		pages, forms := targets()
		secrets := []string{"secret", "7177.31", "secret' OR '7177", "secret@example.org", "31.7177e5"}
		for i, page := range pages {
			query := make([]string, 0, len(page.names))
			for n, field := range page.names {
				query = append(query, field+"="+strings.ReplaceAll(secrets[(i+n)%len(secrets)], " ", "+"))
			}
			user.Send(http.MethodGet, strings.ReplaceAll(page.path, inPath, "secret")+"?"+strings.Join(query, "&"), "", header)
		}
		for i, form := range forms {
			pairs := make([]string, 0, 2*len(form.names))
			for n, field := range form.names {
				pairs = append(pairs, strings.TrimPrefix(field, "?"), secrets[(i+n)%len(secrets)])
			}
			user.Send(http.MethodPost, strings.ReplaceAll(form.path, inPath, "secret"), programtest.Form(pairs...).Encode(), header)
		}
		user.Send("SECRET", "/secret", "", header)
		if err := p.Stop(); err != nil { // what is left is sent
			t.Error(err)
		}
		allowed := spoken()
		for _, span := range receiver.Spans() {
			for key, value := range span.Attributes {
				if how := allowed[key]; how == nil || !how.MatchString(value) {
					t.Errorf("%s says %s=%q", span.Name, key, value)
				}
			}
			if span.Events > 0 || span.State != "" || span.Said != "" && span.Said != "not all were stored" && span.Said != "gave up" {
				t.Errorf("%s: %d events, state %q, %q", span.Name, span.Events, span.State, span.Said)
			}
		}
		if got := len(receiver.Spans()); got < len(pages)+len(forms) {
			t.Errorf("%d spans of %d requests", got, len(pages)+len(forms))
		}
		for _, raw := range receiver.Raw() {
			for _, secret := range []string{"secret", "SECRET", "7177", "203.0.113.77", "127.0.0.1", "localhost"} {
				if i := bytes.Index(raw, []byte(secret)); i >= 0 {
					t.Errorf("%q was sent: %q", secret, raw[max(0, i-80):min(len(raw), i+80)])
				}
			}
		}
	})
}

// What a stranger says of a trace is nothing: neither whether it is recorded, nor which it is.
func TestOnlyATrustedProxySaysWhatIsTraced(t *testing.T) {
	t.Parallel()
	const trace, parent = "0123456789abcdef0123456789abcdef", "0123456789abcdef"
	header := map[string]string{"Traceparent": "00-" + trace + "-" + parent + "-01", "Tracestate": "vendor=secret"}
	off := "OTEL_TRACES_SAMPLER=parentbased_always_off"
	t.Run("a stranger", func(t *testing.T) {
		t.Parallel()
		receiver := otlptest.Start(t)
		p := programtest.StartIn(t, receiver.Environment(off), "memory:", "--log-format", "json")
		programtest.Visit(t, p.URL).Send(http.MethodGet, "/categories", "", header)
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
		if asked, _ := receiver.Asked(); asked > 0 {
			t.Errorf("a stranger's request is traced: %+v", receiver.Spans())
		}
		if strings.Contains(p.Output(), trace) {
			t.Error("a stranger says which trace a line of the log belongs to")
		}
	})
	t.Run("a proxy", func(t *testing.T) {
		t.Parallel()
		receiver := otlptest.Start(t)
		p := programtest.StartIn(t, receiver.Environment(off, "EXPENSE_TRACKER_WEB_TRUSTED_PROXIES=127.0.0.1"), "memory:")
		user := programtest.Visit(t, p.URL)
		for _, weird := range []string{
			"", "01", "00-" + trace + "-" + parent + "-00", "ff-" + trace + "-" + parent + "-01",
			"00-" + strings.Repeat("0", 32) + "-" + parent + "-01", "00-" + strings.Repeat("g", 32) + "-" + parent + "-01",
			"00-" + trace + "-" + parent + "-01-" + strings.Repeat("x", 30_000),
			strings.Repeat("00-"+trace, 500), "\xff\xfe", "00-" + trace + "-" + strings.Repeat("0", 16) + "-01",
		} {
			user.Send(http.MethodGet, "/categories", "", map[string]string{"Traceparent": weird, "Tracestate": strings.Repeat("a=b,", 5000)})
		}
		user.Send(http.MethodGet, "/categories", "", header)
		spans := await(t, receiver, "GET /categories", 1)
		check.Equal(t, "spans", len(spans), 1)
		check.Equal(t, "trace", spans[0].Trace, trace)
		check.Equal(t, "parent", spans[0].Parent, parent)
	})
}

// Exemplars lead from the metrics to a trace, and change no series.
func TestMetricsLeadToTraces(t *testing.T) {
	t.Parallel()
	receiver := otlptest.Start(t)
	p := programtest.StartIn(t, receiver.Environment(), programtest.NewSQLite(t))
	user := programtest.Visit(t, p.URL)
	user.Send(http.MethodPost, "/add", programtest.Form("category", "food", "price", "1.00").Encode(),
		map[string]string{"Content-Type": programtest.FormType, "Host": "localhost:" + strings.Repeat("1", 4)})
	trace := await(t, receiver, "POST /add", 1)[0].Trace
	scrape := func(accept string) string {
		return user.Send(http.MethodGet, "/metrics", "", map[string]string{"Accept": accept}).Body
	}
	const openMetrics = "application/openmetrics-text;version=1.0.0"
	scrape("") // what a scrape measures itself is there from now on
	text, open := scrape(""), scrape(openMetrics)
	for _, metric := range []string{
		"http_server_request_duration_seconds", "expense_store_operation_duration_seconds", "expense_store_batch_wait_seconds",
	} {
		found := regexp.MustCompile(`(?m)^`+metric+`_bucket\{.*\} \d+ # \{(.*)\} `).FindAllStringSubmatch(open, -1)
		hasTrace := false
		for _, one := range found {
			hasTrace = hasTrace || strings.Contains(one[1], `trace_id="`+trace+`"`)
			if !regexp.MustCompile(`^(trace_id="[0-9a-f]{32}"|span_id="[0-9a-f]{16}"|,)*$`).MatchString(one[1]) {
				t.Errorf("%s: an exemplar says more than its trace: %s", metric, one[1])
			}
		}
		if !hasTrace {
			t.Errorf("%s leads to no trace: %v", metric, found)
		}
	}
	if strings.Contains(text, "trace_id") {
		t.Error("Prometheus' own format has exemplars")
	}
	check.Equal(t, "series", seriesOf(open), seriesOf(text))
}

// seriesOf returns the names and labels of all series, without values, and with a number as both formats write it.
func seriesOf(metrics string) string {
	var series []string
	for line := range strings.Lines(metrics) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		name, _, _ := strings.Cut(line, " ")
		series = append(series, regexp.MustCompile(`le="(\d+)\.0"`).ReplaceAllString(name, `le="$1"`))
	}
	return strings.Join(series, "\n")
}

// Nobody's expenses wait for a receiver, whatever is the matter with it; it is said once, and so is that all is well again.
func TestAReceiverThatFailsHoldsNobody(t *testing.T) {
	t.Parallel()
	hang := make(chan struct{})
	for name, answer := range map[string]func(http.ResponseWriter) bool{
		"broken": func(w http.ResponseWriter) bool {
			http.Error(w, strings.Repeat("x", 1<<20), http.StatusInternalServerError)
			return true
		},
		"busy":    func(w http.ResponseWriter) bool { http.Error(w, "later", http.StatusTooManyRequests); return true },
		"hanging": func(http.ResponseWriter) bool { <-hang; return true },
		"noise":   func(w http.ResponseWriter) bool { _, _ = io.WriteString(w, "\x08\xff\xff"); return true },
		"gone":    nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			receiver := otlptest.Start(t)
			if name == "hanging" {
				t.Cleanup(func() { close(hang) }) // before the receiver ends, which waits for what it was asked
			}
			receiver.Refuse(answer)
			env := receiver.Environment("OTEL_EXPORTER_OTLP_TIMEOUT=300", "OTEL_BSP_EXPORT_TIMEOUT=600", "OTEL_BSP_MAX_QUEUE_SIZE=64")
			if name == "gone" {
				env[0] = "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9"
			}
			p := programtest.StartIn(t, env, programtest.NewSQLite(t), "--log-format", "json")
			user := programtest.Visit(t, p.URL)
			var longest time.Duration
			for range 150 {
				began := time.Now()
				user.Post("/add", programtest.Form("category", "food", "price", "1.00"))
				longest = max(longest, time.Since(began))
			}
			if longest > 5*time.Second { // the disk may be slow
				t.Errorf("an add took %s", longest)
			}
			told := func(text string) (n int) { return strings.Count(p.Output(), text) }
			if name != "noise" { // which may be taken for an answer
				check.Eventually(t, 30*time.Second, "a warning", func() bool { return told("spans cannot be sent") > 0 })
			}
			time.Sleep(time.Second)
			if n := told("spans cannot be sent"); n > 1 {
				t.Errorf("it was said %d times", n)
			}
			if name == "broken" {
				receiver.Refuse(nil)
				user.Get("/categories")
				check.Eventually(t, 30*time.Second, "that they are sent again", func() bool { return told("spans are sent again") == 1 })
			}
			began := time.Now()
			if err := p.Stop(); err != nil {
				t.Errorf("the program's end: %v", err)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("the end took %s", took)
			}
			if len(p.Output()) > 200_000 || strings.Contains(p.Output(), strings.Repeat("x", 1000)) {
				t.Errorf("the log has %d bytes", len(p.Output()))
			}
		})
	}
}

// A variable that cannot be followed is said, and stops nothing.
func TestVariablesThatCannotBeFollowed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ env, said string }{
		{"OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "no traces are sent"}, {"OTEL_EXPORTER_OTLP_ENDPOINT=collector:4318", "no traces are sent"},
		{"OTEL_TRACES_EXPORTER=zipkin", "no traces are sent"}, {"OTEL_TRACES_SAMPLER=sometimes", "no traces are sent"},
		{"OTEL_EXPORTER_OTLP_HEADERS=authorization: Basic c2VjcmV0", "no traces are sent"},
		{"OTEL_SDK_DISABLED=true", ""}, {"OTEL_TRACES_EXPORTER=none", ""},
	} {
		t.Run(test.env, func(t *testing.T) {
			t.Parallel()
			receiver := otlptest.Start(t)
			p := programtest.StartIn(t, receiver.Environment(test.env), "memory:", "--log-format", "json")
			check.Equal(t, "GET /", programtest.Visit(t, p.URL).Get("/").Status, http.StatusOK)
			if err := p.Stop(); err != nil {
				t.Error(err)
			}
			check.Contains(t, "the log", p.Output(), test.said)
			if asked, _ := receiver.Asked(); asked > 0 {
				t.Errorf("%d times something was sent", asked)
			}
			if strings.Contains(p.Output(), "c2VjcmV0") {
				t.Error("the log says a secret")
			}
			for line := range strings.Lines(p.Output()) {
				if !strings.HasPrefix(line, "{") && !strings.HasPrefix(line, "Expense") {
					t.Errorf("a line is not of the log: %s", line)
				}
			}
		})
	}
}

// Sampling and headers are the standard variables'.
func TestTheStandardVariablesAreFollowed(t *testing.T) {
	t.Parallel()
	receiver := otlptest.Start(t)
	p := programtest.StartIn(t, append(receiver.Environment("OTEL_TRACES_SAMPLER=parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG=0.2",
		"OTEL_EXPORTER_OTLP_HEADERS=authorization=Basic%20c2VjcmV0", "OTEL_SERVICE_NAME=our-expenses",
		"OTEL_EXPORTER_OTLP_COMPRESSION=gzip"), "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9",
		"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT="+receiver.URL+"/v1/traces"), programtest.NewSQLite(t))
	user := programtest.Visit(t, p.URL)
	const n = 300
	for range n {
		user.Get("/categories")
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	spans := receiver.Named("GET /categories")
	if len(spans) < n/10 || len(spans) > n*2/5 {
		t.Errorf("%d of %d requests are traced, want a fifth", len(spans), n)
	}
	_, header := receiver.Asked()
	check.Equal(t, "header", header.Get("Authorization"), "Basic c2VjcmV0")
	check.Equal(t, "encoding", header.Get("Content-Encoding"), "gzip")
	check.Equal(t, "service", spans[0].Resource["service.name"], "our-expenses")
	if strings.Contains(p.Output(), "c2VjcmV0") || strings.Contains(fmt.Sprint(receiver.Spans()), "c2VjcmV0") {
		t.Error("the header's secret is said")
	}
}
