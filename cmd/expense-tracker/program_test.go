package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/tests/rig/program"
)

// These tests run the real program as a process of its own, as its users and its operator meet it.

// workspace is a folder for what all tests of the process share; TestMain makes and removes it.
var workspace string

// build builds the program once. It looks for data races where the tests do.
var build = sync.OnceValues(func() (string, error) {
	var flags []string
	if raceDetector {
		flags = append(flags, "-race")
	}
	return program.Build(context.Background(), workspace, flags...)
})

func TestMain(m *testing.M) {
	if os.Getenv(serveLedgers) != "" { // this process is another test's server
		if err := serveManyLedgers(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	flag.Parse()
	err := shareTheWait()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if workspace, err = os.MkdirTemp("", "expense-tracker-test-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(workspace) }() // what is left of it is in the system's folder for such things
	defer func() { closeChromium() }()             // whatever it is by then
	return m.Run()
}

// shareTheWait lets more tests run at a time than there are processors, unless -parallel asks for more: they mostly wait for what
// other processes do.
func shareTheWait() error {
	parallel := flag.Lookup("test.parallel")
	if n, err := strconv.Atoi(parallel.Value.String()); err != nil || n >= 4 {
		return err
	}
	return parallel.Value.Set("4")
}

// start runs the program on a free port with the storage and waits until it serves. After the test it is ended, if the test has not
// done so, and its log is shown if the test failed.
func start(t testing.TB, storage string, args ...string) *program.Program {
	t.Helper()
	p := launch(t, storage, args...)
	if err := p.AwaitURL(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p
}

// launch is start without the wait.
func launch(t testing.TB, storage string, args ...string) *program.Program {
	t.Helper()
	p, err := program.Launch(binary(t), home(t), append([]string{"--storage", storage, "--listen", "127.0.0.1:0"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Kill(); err != nil {
			t.Errorf("end the program: %v", err)
		}
		output := p.Output()
		if t.Failed() || strings.Contains(output, "DATA RACE") {
			t.Errorf("what the program printed:\n%s", tail(output))
		}
	})
	return p
}

// command runs one of the program's commands to its end.
func command(t testing.TB, args ...string) program.Result {
	t.Helper()
	result, err := program.Run(t.Context(), binary(t), home(t), args...)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// succeed is command for one that has to exit with 0. It returns what was printed on standard output.
func succeed(t testing.TB, args ...string) string {
	t.Helper()
	result := command(t, args...)
	if result.Code != 0 {
		t.Fatalf("%v: exit code %d\n%s%s", args, result.Code, result.Stdout, tail(result.Stderr))
	}
	return result.Stdout
}

// binary returns the path of the program.
func binary(t testing.TB) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// home keeps the program away from the files of whoever runs the tests.
func home(t testing.TB) []string { return []string{"HOME=" + t.TempDir()} }

// tail returns the end of a log, which is where the reason of a failure stands.
func tail(s string) string { return s[max(0, len(s)-6000):] }

// eventually waits until the condition holds, and fails the test if it does not within the time.
func eventually(t testing.TB, within time.Duration, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(within); !condition(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", within, what)
		}
	}
}

// writeFile puts content into a new file and returns its path.
func writeFile(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
