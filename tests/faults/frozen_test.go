package faults_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/program"
	"expense-tracker/tests/rig/programtest"
)

// What the program says by default, and what it may take on top of it.
const (
	operationTimeout = 5 * time.Second
	shutdownTimeout  = 15 * time.Second
	margin           = 3 * time.Second // on a slow machine; with a second wait behind the first, an answer would take longer still
)

// A database that hangs, with all its connections in place, is the fault that nothing but a deadline ends. The pool has been idle before,
// so that its connections are tried first.
//
// It is not run beside others: 32 requests at once on a machine that does much else would measure the machine.
func TestEveryAnswerIsBoundedWhileTheDatabaseIsFrozen(t *testing.T) {
	server, p := frozenAfterIdling(t)
	var all sync.WaitGroup
	ask := func(method, path, body string) {
		all.Go(func() {
			started := time.Now()
			status, err := request(t, method, p.URL+path, body)
			if took := time.Since(started); took > operationTimeout+margin || err != nil || status != http.StatusServiceUnavailable {
				t.Errorf("%s %s: status %d, %v, after %s", method, path, status, err, took)
			}
		})
	}
	ask(http.MethodPost, "/add", "category=food&price=1&idempotency_key=alone")
	all.Wait()
	for range 2 { // the second time, connections are known to be lost
		for n := range 32 {
			ask(http.MethodPost, "/add", fmt.Sprintf("category=food&price=1&idempotency_key=frozen-%d", n))
		}
		for range 8 {
			ask(http.MethodGet, "/", "")
			ask(http.MethodGet, "/expenses?from=oldest", "")
		}
		ask(http.MethodGet, "/categories", "")
		ask(http.MethodGet, "/categories/1", "")
		ask(http.MethodGet, "/expenses/1", "")
		ask(http.MethodPost, "/expenses/1", "category=food&price=2&revision=1")
		ask(http.MethodPost, "/expenses/1/delete", "revision=1")
		ask(http.MethodPost, "/categories/1/rename", "category=meals&revision=1")
		ask(http.MethodGet, "/readyz", "")
		all.Wait()
	}
	if err := server.Thaw(); err != nil {
		t.Fatal(err)
	}
	check.Eventually(t, 30*time.Second, "the program recovers", func() bool {
		status, err := request(t, http.MethodPost, p.URL+"/add", "category=food&price=1&idempotency_key=frozen-0")
		return err == nil && status == http.StatusSeeOther
	})
}

func TestTheEndIsBoundedWhileTheDatabaseIsFrozen(t *testing.T) {
	t.Parallel()
	for _, timeout := range []time.Duration{time.Second, shutdownTimeout} {
		t.Run(timeout.String(), func(t *testing.T) {
			t.Parallel()
			_, p := frozenAfterIdling(t, "--config", programtest.WriteFile(t, "config.yaml", fmt.Sprintf("shutdown:\n  timeout: %s\n", timeout)))
			answered := make(chan struct{})
			go func() {
				defer close(answered)
				_, _ = request(t, http.MethodPost, p.URL+"/add", "category=food&price=1") // is on its way when the end comes
			}()
			time.Sleep(100 * time.Millisecond)
			started := time.Now()
			err := p.Stop()
			if took := time.Since(started); took > timeout+margin {
				t.Errorf("the program ended after %s: %v", took, err)
			}
			<-answered
		})
	}
}

// Neither does what is still to be written down when the end comes hold it up: tries to sign in that were refused.
func TestTheEndIsBoundedWhileRefusalsAreToBeWrittenDown(t *testing.T) {
	t.Parallel()
	server := postgrestest.StartServer(t)
	const timeout = time.Second
	p := programtest.StartGated(t, server.URL(), "--config", programtest.WriteFile(t, "config.yaml", fmt.Sprintf(
		"auth:\n  mode: password\n  admin_password: %s\nshutdown:\n  timeout: %s\n", programtest.AdminPassword, timeout)))
	user, wrong := programtest.Visit(t, p.URL), programtest.Form("name", "admin", "password", "eleven loud badgers dig")
	for range 15 { // the last of them are refused, and counted before they are written
		user.Post("/login", wrong)
	}
	freeze(t, server)
	started := time.Now()
	err := p.Stop()
	if took := time.Since(started); took > timeout+margin {
		t.Errorf("the program ended after %s: %v", took, err)
	}
}

// frozenAfterIdling returns a server that has stopped answering, and a program that has used it and then done nothing for a while.
func frozenAfterIdling(t *testing.T, args ...string) (*postgrestest.Server, *program.Program) {
	t.Helper()
	server := postgrestest.StartServer(t)
	p := programtest.Start(t, server.URL(), args...)
	user := programtest.Visit(t, p.URL)
	var busy sync.WaitGroup
	for n := range 16 { // which opens several connections
		busy.Go(func() {
			if status, err := request(t, http.MethodPost, p.URL+"/add", fmt.Sprintf("category=food&price=1&idempotency_key=%d",
				n)); status != http.StatusSeeOther {
				t.Errorf("add: %d, %v", status, err)
			}
			_, _ = request(t, http.MethodGet, p.URL+"/categories", "")
		})
	}
	busy.Wait()
	check.Equal(t, "total", user.Get("/").Total(), "16.00")
	time.Sleep(2 * time.Second) // after one, the driver asks whether an idle connection is still there
	freeze(t, server)
	return server, p
}

func freeze(t *testing.T, server *postgrestest.Server) {
	t.Helper()
	t.Cleanup(func() {
		if err := server.Thaw(); err != nil {
			t.Error(err)
		}
	})
	if err := server.Freeze(); err != nil {
		t.Fatal(err)
	}
}

// request returns the status of an answer that it does not follow.
func request(t *testing.T, method, url, body string) (int, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	if body != "" {
		r.Header.Set("Content-Type", programtest.FormType)
	}
	client := http.Client{Timeout: 40 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer func() { _ = response.Body.Close() }() // it was only read
	_, err = io.Copy(io.Discard, response.Body)
	return response.StatusCode, err
}
