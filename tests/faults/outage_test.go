package faults_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

func TestTheStartWaitsForTheDatabase(t *testing.T) {
	t.Parallel()
	server := postgrestest.StartServer(t)
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	p := programtest.Launch(t, server.URL())
	said := regexp.MustCompile(`trying again" wait_ms=(\S+)`)
	check.Eventually(t, 30*time.Second, "five tries are in the log", func() bool { return len(said.FindAllString(p.Output(), -1)) >= 5 })
	var waits []time.Duration
	for _, found := range said.FindAllStringSubmatch(p.Output(), -1) {
		wait, err := time.ParseDuration(found[1] + "ms")
		if err != nil {
			t.Fatal(err)
		}
		waits = append(waits, wait)
	}
	if waits[4] <= waits[0] {
		t.Errorf("the waits do not grow: %v", waits)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	if err := p.AwaitURL(t.Context()); err != nil {
		t.Fatal(err)
	}
	check.Equal(t, "total", programtest.Visit(t, p.URL).Add("food", "1.00").Total(), "1.00")
}

func TestTheStartGivesUpOnADatabaseThatStaysAway(t *testing.T) {
	t.Parallel()
	const away = "postgres://user:pa55word@127.0.0.1:1/expenses"
	config := programtest.WriteFile(t, "config.yaml", "database:\n  connect_timeout: 1s\n")
	programtest.Succeed(t, "--version") // the program is built: that is not timed
	for _, args := range [][]string{{"serve"}, {"migrate"}, {"verify"}, {"generate"}} {
		started := time.Now()
		result := programtest.Command(t, append(args, "--storage", away, "--config", config, "--listen", "127.0.0.1:0")...)
		check.Equal(t, args[0]+": exit code", result.Code, 1)
		check.Contains(t, args[0], result.Stderr, "trying again", "could not be reached for 1s", "refused")
		if took := time.Since(started); took < time.Second || took > 25*time.Second { // by default it would wait for 60 s
			t.Errorf("%s gave up after %s", args[0], took)
		}
		if regexp.MustCompile("pa55word").MatchString(result.Stderr + result.Stdout) {
			t.Errorf("%s prints the password: %s", args[0], result.Stderr)
		}
	}
}

func TestTheStartDoesNotWaitForWhatOnlyTheOperatorCanMend(t *testing.T) {
	t.Parallel()
	storage := postgrestest.Start(t)
	for name, url := range map[string]string{
		"a wrong password":    regexp.MustCompile(`:[^:@]*@`).ReplaceAllString(storage, ":wrong-pa55@"),
		"an unknown database": regexp.MustCompile(`/test_\d+`).ReplaceAllString(storage, "/nowhere"),
	} {
		result := programtest.Command(t, "serve", "--storage", url, "--listen", "127.0.0.1:0")
		check.Equal(t, name+": exit code", result.Code, 1)
		if result.Stderr == "" || regexp.MustCompile("trying again|wrong-pa55").MatchString(result.Stderr) {
			t.Errorf("%s: %s", name, result.Stderr)
		}
	}
}

func TestAnOutageOfTheDatabaseIsSaidAndSurvived(t *testing.T) {
	t.Parallel()
	server := postgrestest.StartServer(t)
	p := programtest.Start(t, server.URL(), "--config", programtest.WriteFile(t, "config.yaml", "database:\n  operation_timeout: 2s\n"))
	user := programtest.Visit(t, p.URL)
	user.Add("before", "1.00")

	const callers, each = 4, 10
	var wait sync.WaitGroup // people who go on through the outage
	defer wait.Wait()
	for caller := range callers {
		wait.Go(func() {
			for i := range each {
				key := fmt.Sprintf("key-%d-%d", caller, i)
				if _, err := programtest.Persist(p.URL, programtest.Form("category", "through", "price", "0.01", "idempotency_key", key)); err != nil {
					t.Errorf("%s: %v", key, err)
					return
				}
				time.Sleep(5 * time.Millisecond)
			}
		})
	}
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	check.Eventually(t, 30*time.Second, "/readyz says 503", func() bool { return user.Get("/readyz").Status == http.StatusServiceUnavailable })
	check.Equal(t, "/healthz", user.Get("/healthz").Status, http.StatusOK)

	typed := programtest.Form("category", "kept", "price", "2.50", "note", "typed by hand", "date", "2024-02-29", "currency", "USD",
		"idempotency_key", "my-form")
	sent := time.Now()
	answer := user.Post("/add", typed)
	if took := time.Since(sent); took > 15*time.Second {
		t.Errorf("the answer took %s", took)
	}
	check.Equal(t, "POST /add", answer.Status, http.StatusServiceUnavailable)
	for _, field := range []string{"category", "price", "note", "date", "currency", "idempotency_key"} {
		check.Equal(t, field, answer.Field(field), typed.Get(field))
	}
	check.Contains(t, "what is said", answer.Problem(), "not available", "may not be stored", "kept below")
	home := user.Get("/")
	check.Equal(t, "GET /", home.Status, http.StatusServiceUnavailable)
	check.Contains(t, "GET /", home.Problem(), "not available")
	for _, path := range []string{"/expenses/1", "/categories", "/expenses?from=oldest"} {
		check.Equal(t, path, user.Get(path).Status, http.StatusServiceUnavailable)
	}
	for what, p := range map[string]*programtest.Page{"POST /add": answer, "GET /": home} {
		if p.Header.Get("Retry-After") == "" {
			t.Errorf("%s has no Retry-After", what)
		}
	}
	check.Equal(t, "failed", programtest.Metric(t, p.URL, "expense_submissions_total", programtest.Labels{"outcome": "failed"}) >= 1, true)
	check.Equal(t, "expense_tracker_ready", programtest.Metric(t, p.URL, "expense_tracker_ready", nil), 0)

	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	check.Eventually(t, 30*time.Second, "/readyz says 200", func() bool { return user.Get("/readyz").Status == http.StatusOK })
	wait.Wait()
	user.Submit("/add", typed)
	check.Contains(t, "sent again", user.Submit("/add", typed).Message(), "stored once")
	check.Equal(t, "total", user.Get("/").Total(), "3.90") // 1.00 + 40 · 0.01 + 2.50
	check.Equal(t, "rows", programtest.Stored(t, server.URL()), 1+callers*each+1)
	if strings.Contains(p.Output(), "typed by hand") || strings.Contains(p.Output(), "only-for-tests") {
		t.Error("the log holds what somebody typed, or the password")
	}
}
