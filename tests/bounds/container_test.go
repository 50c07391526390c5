package bounds_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/cmd/expense-tracker/heap"
	"expense-tracker/config"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/program"
	"expense-tracker/tests/rig/programtest"
	"expense-tracker/web"
)

// The program with many ledgers, which it does not have by itself yet, is this test's own process: TestMain asks for it.
const (
	serveLedgers = "SERVE_LEDGERS"
	ledgers      = 64
)

// serveManyLedgers serves as the program does, but takes the ledger from a header.
func serveManyLedgers() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	s, err := newServing(ctx, os.Environ(), os.Stderr, config.EnvPrefix+"LISTEN=127.0.0.1:0")
	if err != nil {
		return err
	}
	services, err := s.services(memory.New())
	if err != nil {
		return err
	}
	if err := fillWithNotes(ctx, services.Expenses); err != nil {
		return err
	}
	return s.run(ctx, services, web.Options{Actor: ownerByHeader}, func(address string) { fmt.Println("Each ledger is at", address) })
}

// fillWithNotes fills each ledger with three pages of the longest notes.
func fillWithNotes(ctx context.Context, service *expense.Service) error {
	for in := range ledgers {
		for i := range 150 {
			draft := expense.Draft{Category: fmt.Sprint("category ", i%20), Price: "12.50",
				Note: strings.Repeat(fmt.Sprint("note ", in, i, " "), 1000)[:1000]}
			if _, err := service.Add(ctx, ledger.LocalOwner(ledgertest.Ledger(ledger.ID(in+1))), draft); err != nil {
				return err
			}
		}
	}
	return nil
}

// selfWithoutRaceDetector returns this test's program; the race detector multiplies memory, so then it is one built without.
func selfWithoutRaceDetector(t *testing.T) string {
	t.Helper()
	if !programtest.RaceDetector {
		return os.Args[0]
	}
	path := filepath.Join(t.TempDir(), "plain.test")
	if output, err := exec.CommandContext(t.Context(), "go", "test", "-c", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("go test -c: %v\n%s", err, output)
	}
	return path
}

// memoryGroup makes a cgroup of so much memory, and returns the file that a process joins it by; empty if this machine lets us make none.
func memoryGroup(t *testing.T, bytes int64) string {
	t.Helper()
	for root, limit := range map[string]string{"/sys/fs/cgroup/memory": "memory.limit_in_bytes", "/sys/fs/cgroup": "memory.max"} {
		group := filepath.Join(root, fmt.Sprint("expense-tracker-test-", os.Getpid()))
		if os.Mkdir(group, 0o755) != nil {
			continue
		}
		if _, err := os.Stat(filepath.Join(group, limit)); err != nil { // a folder that the kernel does not fill is no cgroup
			if err := os.Remove(group); err != nil {
				t.Error(err)
			}
			continue
		}
		t.Cleanup(func() {
			check.Eventually(t, 30*time.Second, "the cgroup is empty", func() bool { return syscall.Rmdir(group) == nil })
		})
		if os.WriteFile(filepath.Join(group, limit), []byte(strconv.FormatInt(bytes, 10)), 0o644) == nil {
			return filepath.Join(group, "cgroup.procs")
		}
	}
	return ""
}

// Sixty-four ledgers of long notes and two thousand idle connections fit into a small container, with room to spare.
func TestManyLedgersAndConnectionsFitIntoASmallContainer(t *testing.T) {
	container, bar := int64(256<<20), int64(200<<20)
	environ, join := append(programtest.Home(t), serveLedgers+"=1"), ""
	if group := memoryGroup(t, container); group != "" {
		join = "echo $$ > " + group + " && "
	} else {
		t.Log("this machine lets us make no cgroup: the limit is given to the collector instead")
		environ = append(environ, fmt.Sprint("GOMEMLIMIT=", int64(float64(container)*heap.Share)))
	}
	p, err := program.Launch("/bin/sh", environ, "-c", join+`exec "$0"`, selfWithoutRaceDetector(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := p.Kill(); err != nil {
			t.Errorf("end the program: %v", err)
		}
	}()
	if err := p.AwaitURL(t.Context()); err != nil {
		t.Fatal(err)
	}
	if join != "" {
		check.Contains(t, "the log", p.Output(), "memory is bounded by the cgroup")
	}
	for i := range 4 {
		programtest.Crowd(t, fmt.Sprintf("127.0.0.%d", i+1), p.URL, 499)
	}
	user, most := programtest.VisitFrom(t, "127.0.0.9", p.URL), int64(0)
	for round := range 3 {
		for in := range ledgers {
			header := map[string]string{ledgerHeader: strconv.Itoa(in + 1)}
			for _, coding := range []string{"gzip", "identity"} {
				header["Accept-Encoding"] = coding
				for _, path := range []string{"/", "/expenses?from=oldest"} {
					request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL+path, nil)
					if err != nil {
						t.Fatal(err)
					}
					for name, value := range header {
						request.Header.Set(name, value)
					}
					response, err := user.HTTP.Do(request)
					if err != nil {
						t.Fatalf("round %d, ledger %d: %v", round, in+1, err)
					}
					_ = response.Body.Close() // only its status was wanted
					check.Equal(t, path, response.StatusCode, http.StatusOK)
				}
			}
			rss, err := p.RSS()
			if err != nil {
				t.Fatal(err)
			}
			most = max(most, rss)
		}
	}
	t.Logf("%d MB at most", most>>20)
	if most > bar {
		t.Errorf("%d MB are resident, and the bar is %d", most>>20, bar>>20)
	}
}
