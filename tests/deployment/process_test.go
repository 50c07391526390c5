package deployment_test

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/loopback"
)

// startProcess runs a program until the test is over, and shows what it wrote if the test has failed by then.
func startProcess(t *testing.T, environment []string, path string, arguments ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), path, arguments...)
	command.Env = append(os.Environ(), environment...)
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = 15 * time.Second
	output := &check.Log{}
	command.Stdout, command.Stderr = output, output
	if err := command.Start(); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	t.Cleanup(func() {
		err := command.Wait() // its error is the signal that ended it
		if t.Failed() {
			t.Logf("%s %v: %v\n%s", filepath.Base(path), arguments, err, output)
		}
	})
}

// awaitOK waits until an address answers 200.
func awaitOK(t *testing.T, url string) {
	t.Helper()
	await(t, 2*time.Minute, url+" answers 200", func() bool {
		response, err := get(t.Context(), url)
		if err != nil {
			return false
		}
		defer func() { _ = response.Body.Close() }()
		return response.StatusCode == http.StatusOK
	})
}

func get(ctx context.Context, url string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	return http.DefaultClient.Do(request)
}

// await fails the test unless the answer is yes in time.
func await(t *testing.T, limit time.Duration, what string, happened func() bool) {
	t.Helper()
	if !within(limit, happened) {
		t.Fatalf("waited %s in vain until %s", limit, what)
	}
}

// within asks four times a second until the answer is yes, and reports whether it was in time.
func within(limit time.Duration, happened func() bool) bool {
	for deadline := time.Now().Add(limit); !happened(); time.Sleep(250 * time.Millisecond) {
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}

// freeAddress returns an address of the loopback on which nothing listens just now.
func freeAddress(t *testing.T) string {
	t.Helper()
	address, err := loopback.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	return address
}
