package limit_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"expense-tracker/cmd/bench/internal/limit"
)

// fakePgbench writes what pgbench writes.
const fakePgbench = `#!/bin/sh
echo "$@" > "$0.args"
cp "${3#--file=}" "$0.script"
printf '0 1 250 0 1700000000 1\n0 2 150 0 1700000000 2\n' > pgbench_log.17
printf '1 1 350 0 1700000000 3\n' > pgbench_log.17.1
echo 'number of failed transactions: 0 (0.000%)'
echo 'tps = 4711.25 (without initial connection time)'
`

func TestPgbench(t *testing.T) {
	folder := t.TempDir()
	program := filepath.Join(folder, "pgbench")
	if err := os.WriteFile(program, []byte(fakePgbench), 0o700); err != nil {
		t.Fatal(err)
	}
	bench := limit.Pgbench{Program: program, URL: "postgres://there", Folder: folder}
	result, err := bench.Run(t.Context(), limit.Plain, 8, 1100*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if result.PerSecond != 4711.25 || result.P50 != 250*time.Microsecond || result.P99 != 350*time.Microsecond {
		t.Errorf("%+v", result)
	}
	args, err := os.ReadFile(program + ".args")
	if err != nil {
		t.Fatal(err)
	}
	if text := string(args); !strings.Contains(text, "--client=8 --jobs=2 --time=2 ") || !strings.Contains(text, " postgres://there") {
		t.Errorf("called with %s", text)
	}
	if script, err := os.ReadFile(program + ".script"); err != nil || string(script) != limit.Plain {
		t.Errorf("script %q, %v", script, err)
	}
	if left, err := filepath.Glob(filepath.Join(folder, "pgbench-*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestPgbenchOnAMachineThatStandsStill(t *testing.T) {
	folder := t.TempDir()
	program := filepath.Join(folder, "pgbench")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho 'number of transactions actually processed: 0'\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	result, err := limit.Pgbench{Program: program, Folder: folder}.Run(t.Context(), limit.Plain, 1, time.Second)
	if err != nil || result.PerSecond != 0 {
		t.Errorf("%+v, %v", result, err)
	}
}

func TestPgbenchThatFails(t *testing.T) {
	for _, script := range []string{"#!/bin/sh\necho 'no such table'\nexit 2\n", "#!/bin/sh\necho 'no such table'\n"} {
		folder := t.TempDir()
		program := filepath.Join(folder, "pgbench")
		if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
		_, err := limit.Pgbench{Program: program, Folder: folder}.Run(t.Context(), limit.Naive, 1, time.Second)
		if err == nil || !strings.Contains(err.Error(), "no such table") {
			t.Errorf("error %v", err)
		}
	}
}

func TestServeStaticUntilItsInputEnds(t *testing.T) {
	file := filepath.Join(t.TempDir(), "page.html")
	page := strings.Repeat("<p>the same</p>", 1000)
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	input, holder := io.Pipe()
	said, output := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- limit.ServeStatic(context.Background(), file, input, output) }()
	url, err := bufio.NewReader(said).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Get(strings.TrimSpace(url))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil || string(body) != page || response.ContentLength != int64(len(page)) {
		t.Errorf("%d bytes, length %d, %v", len(body), response.ContentLength, err)
	}
	if err := holder.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it serves on")
	}
}
