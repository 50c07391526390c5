package program_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/otlptest"
	"expense-tracker/tests/rig/programtest"
)

// await returns the spans of a name when there are so many.
func await(t *testing.T, r *otlptest.Receiver, name string, n int) (found []otlptest.Span) {
	t.Helper()
	check.Eventually(t, 30*time.Second, fmt.Sprintf("%d spans %s", n, name), func() bool {
		found = r.Named(name)
		return len(found) >= n
	})
	return found
}

// under reports whether a span is inside of another, at any depth.
func under(all []otlptest.Span, span, outer otlptest.Span) bool {
	for span.Parent != "" && span.Parent != outer.ID {
		i := slices.IndexFunc(all, func(s otlptest.Span) bool { return s.ID == span.Parent })
		if i < 0 {
			return false
		}
		span = all[i]
	}
	return span.Parent == outer.ID
}

// lineOf returns the line of the log with a trace's id, or with what else stands in a field.
func lineOf(t *testing.T, output func() string, field, value string) (line map[string]any) {
	t.Helper()
	check.Eventually(t, 30*time.Second, "the line with "+field+" "+value, func() bool {
		for _, one := range logLines(t, output()) {
			if one[field] == value {
				line = one
			}
		}
		return line != nil
	})
	return line
}

func TestAnAddIsFollowedFromTheRequestToTheStatement(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, storage string) {
		receiver := otlptest.Start(t)
		p := programtest.StartIn(t, receiver.Environment("OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=test"), storage,
			"--log-format", "json")
		answer := programtest.Visit(t, p.URL).Post("/add", programtest.Form("category", "food", "price", "12.50"))
		check.Equal(t, "POST /add", answer.Status, http.StatusSeeOther)
		request := await(t, receiver, "POST /add", 1)[0]
		add := await(t, receiver, "store.add", 1)[0]
		check.Equal(t, "a request that begins its trace", request.Parent, "")
		check.Equal(t, "the add's parent", add.Parent, request.ID)
		check.Equal(t, "route", request.Attributes["http.route"], "/add")
		check.Equal(t, "service.name", request.Resource["service.name"], "expense-tracker")
		check.Equal(t, "what the operator says of it", request.Resource["deployment.environment.name"], "test")
		check.Equal(t, "request id", request.Attributes["expense.request_id"], answer.Header.Get("X-Request-Id"))
		line := lineOf(t, p.Output, "trace_id", request.Trace)
		check.Equal(t, "the line with the trace's id", line["route"], any("/add"))
		if storage == "memory:" {
			return
		}
		queue, commit, batch := await(t, receiver, "store.queue", 1)[0], await(t, receiver, "store.commit", 1)[0],
			await(t, receiver, "store.batch", 1)[0]
		check.Equal(t, "the queue's parent", queue.Parent, add.ID)
		check.Equal(t, "the commit's parent", commit.Parent, add.ID)
		check.Equal(t, "the batch's parent", batch.Parent, commit.ID)
		check.Equal(t, "the batch leads to", strings.Join(batch.Links, " "), add.ID)
		check.Equal(t, "the commit leads to", strings.Join(commit.Links, " "), batch.ID)
		all := receiver.Spans()
		if !slices.ContainsFunc(all, func(s otlptest.Span) bool {
			return under(all, s, batch) && strings.Contains(s.Attributes["db.query.text"], "INSERT INTO expense_entry")
		}) {
			t.Errorf("no statement stands in the batch: %+v", all)
		}
		for field, least := range map[string]float64{"queue_wait_ms": 0, "batch": 1, "commit_ms": 0.001} {
			if value, ok := line[field].(float64); !ok || value < least {
				t.Errorf("the line says %s=%v", field, line[field])
			}
		}
	})
}

// addAtOnce adds while all writers wait, so that all but the first share a batch, and lets them go on after a while.
func addAtOnce(t *testing.T, url, storage string, n int, wait time.Duration) {
	t.Helper()
	programtest.Visit(t, url).Add("food", "1.00") // the category is there
	release := programtest.Hold(t, storage)
	var adds sync.WaitGroup
	add := func(i int) {
		user := programtest.Visit(t, url)
		adds.Go(func() {
			form := programtest.Form("category", "food", "price", fmt.Sprintf("1.%02d", i))
			if answer := user.Post("/add", form); answer.Status != http.StatusSeeOther {
				t.Errorf("add %d: %d", i, answer.Status)
			}
		})
	}
	add(0)
	time.Sleep(wait / 2) // it is what keeps the others waiting
	for i := range n {
		add(i + 1)
	}
	check.Eventually(t, 30*time.Second, "adds that wait", func() bool {
		return programtest.Metric(t, url, "expense_store_queue_entries", nil) == float64(n)
	})
	time.Sleep(wait / 2)
	release()
	adds.Wait()
}

func TestABatchLeadsToEachOfItsAdds(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		const n, wait = 6, 200 * time.Millisecond
		receiver := otlptest.Start(t)
		p := programtest.StartIn(t, receiver.Environment(), storage, "--log-format", "json")
		addAtOnce(t, p.URL, storage, n, wait)
		await(t, receiver, "store.commit", n+2)
		batches := receiver.Named("store.batch")
		i := slices.IndexFunc(batches, func(s otlptest.Span) bool { return len(s.Links) == n })
		if i < 0 {
			t.Fatalf("no batch of %d: %+v", n, batches)
		}
		batch, traces := batches[i], map[string]bool{}
		for _, add := range receiver.Named("store.add") {
			if slices.Contains(batch.Links, add.ID) {
				traces[add.Trace] = true
			}
		}
		check.Equal(t, "traces of the batch's adds", len(traces), n)
		leading := 0
		for _, commit := range receiver.Named("store.commit") {
			if slices.Contains(commit.Links, batch.ID) {
				leading++
			}
		}
		check.Equal(t, "commits that lead to the batch", leading, n)
		for trace := range traces {
			line := lineOf(t, p.Output, "trace_id", trace)
			if waited, ok := line["queue_wait_ms"].(float64); !ok || waited < float64((wait/2).Milliseconds()) || line["batch"] != float64(n) {
				t.Errorf("the line of an add says %v", line)
			}
		}
	})
}

// Without any collector, the log says what a slow add waited for.
func TestASlowRequestSaysWhatItWaitedFor(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		const wait = 400 * time.Millisecond
		p := programtest.StartIn(t, []string{"EXPENSE_TRACKER_LOG_SLOW_REQUEST=100ms"}, storage, "--log-format", "json")
		addAtOnce(t, p.URL, storage, 3, wait)
		check.Eventually(t, 30*time.Second, "the lines of slow adds", func() bool {
			adds, slow := 0, 0
			for _, line := range logLines(t, p.Output()) {
				if line["msg"] != "request" || line["route"] != "/add" {
					continue
				}
				if adds++; adds > 1 && line["level"] == "WARN" { // the first one waited for nobody; a busy machine may make it slow
					slow++
					if line["commit_ms"].(float64)+line["queue_wait_ms"].(float64) < 100 || line["statements"].(float64) < 1 ||
						line["statements_ms"].(float64) <= 0 || !strings.Contains(line["slowest"].(string), " ms ") {
						t.Errorf("a slow add says %v", line)
					}
					if strings.Contains(fmt.Sprint(line), "food") {
						t.Errorf("it says what was bought: %v", line)
					}
				}
			}
			return slow == 4
		})
		for _, line := range logLines(t, p.Output()) {
			if line["trace_id"] != nil {
				t.Errorf("a line names a trace, and there are none: %v", line)
			}
		}
	})
}

func TestNoRequestIsSlowIfNoneIsToBe(t *testing.T) {
	t.Parallel()
	storage := programtest.NewSQLite(t)
	p := programtest.StartIn(t, []string{"EXPENSE_TRACKER_LOG_SLOW_REQUEST=0s"}, storage, "--log-format", "json")
	addAtOnce(t, p.URL, storage, 1, 1200*time.Millisecond)
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	for _, line := range logLines(t, p.Output()) {
		if line["level"] != "INFO" {
			t.Errorf("a line is a warning: %v", line)
		}
	}
}

// An add whose sender goes before its batch began says how long it had waited.
func TestAnAddThatGaveUpInTheQueueSaysSo(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		receiver := otlptest.Start(t)
		p := programtest.StartIn(t, receiver.Environment("EXPENSE_TRACKER_DATABASE_OPERATION_TIMEOUT=2s"), storage, "--log-format", "json")
		programtest.Visit(t, p.URL).Add("food", "1.00")
		programtest.Hold(t, storage)
		// One is committed for as long as the storage may take. The others go before that.
		impatient := http.Client{Timeout: time.Second}
		var adds sync.WaitGroup
		for range 3 {
			adds.Go(func() {
				answer, err := impatient.PostForm(p.URL+"/add", programtest.Form("category", "food", "price", "2.00"))
				if err == nil {
					_ = answer.Body.Close()
					t.Errorf("an add was answered with %s while the storage is held", answer.Status)
				}
			})
		}
		adds.Wait()
		check.Eventually(t, 30*time.Second, "a line of one that gave up before its batch", func() bool {
			return slices.ContainsFunc(logLines(t, p.Output()), func(line map[string]any) bool {
				waited, ok := line["queue_wait_ms"].(float64)
				return ok && line["status"] == 503.0 && line["batch"] == 0.0 && waited >= 750
			})
		})
		check.Eventually(t, 30*time.Second, "a span of one that gave up", func() bool {
			return slices.ContainsFunc(receiver.Named("store.queue"), func(s otlptest.Span) bool { return s.Failed })
		})
	})
}
