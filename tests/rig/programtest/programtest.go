// Package programtest lets tests meet the real program as its users and its operator do: it starts it as a process of its own on a storage,
// visits its pages, scrapes its metrics and looks into its database.
package programtest

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

	"expense-tracker/tests/rig/program"
)

// workspace is the folder that run makes and removes.
var workspace string

// Folder returns the folder for what all tests of the process share. It is removed after them.
func Folder() string { return workspace }

// build builds the program once, stamped as a release is. It looks for data races where the tests do.
var build = sync.OnceValues(func() (string, error) {
	flags := []string{"-buildvcs=false", "-ldflags=-X main.revision=tested"}
	if RaceDetector {
		flags = append(flags, "-race")
	}
	return program.Build(context.Background(), workspace, flags...)
})

// Run runs the tests of a package, and what is to be done after them. It goes with an exit code into os.Exit.
func Run(m *testing.M, after ...func()) int {
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
	for _, do := range after {
		defer do()
	}
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

// Start runs the program on a free port with the storage and waits until it serves. After the test it is ended, if the test has not
// done so, and its log is shown if the test failed.
func Start(t testing.TB, storage string, args ...string) *program.Program {
	t.Helper()
	p := Launch(t, storage, args...)
	if err := p.AwaitURL(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p
}

// Launch is start without the wait.
func Launch(t testing.TB, storage string, args ...string) *program.Program {
	t.Helper()
	return launchIn(t, nil, storage, args...)
}

// StartIn is start with more variables in the program's environment.
func StartIn(t testing.TB, env []string, storage string, args ...string) *program.Program {
	t.Helper()
	p := launchIn(t, env, storage, args...)
	if err := p.AwaitURL(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p
}

func launchIn(t testing.TB, env []string, storage string, args ...string) *program.Program {
	t.Helper()
	p, err := program.Launch(Binary(t), append(Home(t), env...), append([]string{"--storage", storage, "--listen", "127.0.0.1:0"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Kill(); err != nil {
			t.Errorf("end the program: %v", err)
		}
		output := p.Output()
		if t.Failed() || strings.Contains(output, "DATA RACE") {
			t.Errorf("what the program printed:\n%s", Tail(output))
		}
	})
	return p
}

// Command runs one of the program's commands to its end.
func Command(t testing.TB, args ...string) program.Result {
	t.Helper()
	result, err := program.Run(t.Context(), Binary(t), Home(t), args...)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// Succeed is command for one that has to exit with 0. It returns what was printed on standard output.
func Succeed(t testing.TB, args ...string) string {
	t.Helper()
	result := Command(t, args...)
	if result.Code != 0 {
		t.Fatalf("%v: exit code %d\n%s%s", args, result.Code, result.Stdout, Tail(result.Stderr))
	}
	return result.Stdout
}

// Binary returns the path of the program.
func Binary(t testing.TB) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// Home keeps the program away from the files of whoever runs the tests.
func Home(t testing.TB) []string { return []string{"HOME=" + t.TempDir()} }

// Tail returns the end of a log, which is where the reason of a failure stands.
func Tail(s string) string { return s[max(0, len(s)-6000):] }

// WriteFile puts content into a new file and returns its path.
func WriteFile(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
