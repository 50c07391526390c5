package program_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/loopback"
	"expense-tracker/tests/rig/program"
	"expense-tracker/tests/rig/programtest"
)

// backups is the command backups with settings of its own.
type backups struct {
	t      *testing.T
	env    []string
	listen string
	Place  string
	Work   string
}

// newBackups returns backups of a storage in a place that is not there yet.
func newBackups(t *testing.T, storage string, more ...string) backups {
	t.Helper()
	// Not t.TempDir: PostgreSQL's user has to pass through, and a socket's path is short.
	folder, err := os.MkdirTemp("", "kept-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(folder, 0o711); err != nil {
		t.Fatal(err)
	}
	listen, err := loopback.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	b := backups{t: t, listen: listen, Place: filepath.Join(folder, "place"), Work: filepath.Join(folder, "work")}
	b.env = append(programtest.Home(t), "EXPENSE_TRACKER_STORAGE="+storage, "EXPENSE_TRACKER_BACKUP_PLACE="+b.Place,
		"EXPENSE_TRACKER_BACKUP_WORK="+b.Work, "EXPENSE_TRACKER_BACKUP_KEY=a key of the tests alone", "EXPENSE_TRACKER_BACKUP_LISTEN="+listen,
		"EXPENSE_TRACKER_DATABASE_CONNECT_TIMEOUT=1s")
	b.env = append(b.env, more...)
	return b
}

// with returns the same with other settings.
func (b backups) with(variables ...string) backups {
	b.env = append(append([]string(nil), b.env...), variables...) // the last one counts
	return b
}

func (b backups) run(args ...string) program.Result {
	b.t.Helper()
	result, err := program.Run(b.t.Context(), programtest.Binary(b.t), b.env, append([]string{"backups"}, args...)...)
	if err != nil {
		b.t.Fatal(err)
	}
	return result
}

func (b backups) succeed(args ...string) string {
	b.t.Helper()
	result := b.run(args...)
	if result.Code != 0 {
		b.t.Fatalf("backups %v: exit code %d\n%s%s", args, result.Code, result.Stdout, programtest.Tail(result.Stderr))
	}
	return result.Stdout
}

// fail runs what has to fail, and demands that it says why.
func (b backups) fail(what string, says []string, args ...string) {
	b.t.Helper()
	result := b.run(args...)
	check.Equal(b.t, what+": exit code", result.Code, 1)
	check.Contains(b.t, what, result.Stderr, says...)
}

// serve runs the schedule.
func (b backups) serve() *program.Program {
	b.t.Helper()
	p, err := program.Launch(programtest.Binary(b.t), b.env, "backups")
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() {
		if err := p.Kill(); err != nil {
			b.t.Error(err)
		}
		if b.t.Failed() {
			b.t.Log(programtest.Tail(p.Output()))
		}
	})
	check.Eventually(b.t, 30*time.Second, "the metrics are shown", func() bool { return b.answers() })
	return p
}

func (b backups) answers() bool {
	request, err := http.NewRequestWithContext(context.WithoutCancel(b.t.Context()), http.MethodGet, "http://"+b.listen+"/healthz", nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	return response.Body.Close() == nil && response.StatusCode == http.StatusOK
}

// metric returns a metric of the schedule; -1 if it is not exported.
func (b backups) metric(name string, labels programtest.Labels) float64 {
	b.t.Helper()
	if _, there := programtest.Scrape(b.t, "http://"+b.listen+"/metrics")[name]; !there {
		return -1
	}
	return programtest.Metric(b.t, "http://"+b.listen, name, labels)
}

const lastRestored = "expense_backup_last_restored_timestamp_seconds"

// The schedule makes the first backup at once. It is in the metric when it was restored, and another scheduler finds it there.
func TestTheFirstBackupIsMadeAtOnceAndCountsOnceItIsRestored(t *testing.T) {
	t.Parallel()
	storage := postgrestest.Start(t)
	programtest.Succeed(t, "generate", "--count", "500", "--storage", storage)
	b := newBackups(t, storage)
	before := time.Now().Add(-2 * time.Second)
	p := b.serve()
	check.Eventually(t, 60*time.Second, "a backup is made", func() bool { return b.metric(lastRestored, nil) > float64(before.Unix()) })
	for name, want := range map[string]float64{
		"expense_backup_kept": 1, "expense_backup_entries": 500, "expense_backup_last_attempt_succeeded": 1, "expense_backup_old_ones_whole": 1,
	} {
		check.Equal(t, name, b.metric(name, nil), want)
	}
	check.Equal(t, "attempts restored", b.metric("expense_backup_attempts_total", programtest.Labels{"outcome": "restored"}), 1)
	if size := b.metric("expense_backup_size_bytes", nil); size < 10_000 {
		t.Errorf("its size is %g bytes", size)
	}
	check.Eventually(t, 30*time.Second, "the next one is due in a day", func() bool {
		return b.metric("expense_backup_next_attempt_timestamp_seconds", nil) > float64(before.Add(23*time.Hour).Unix())
	})
	check.Contains(t, "list", b.succeed("list"), "yes", "500")
	b.succeed("healthcheck")
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	// What is due follows from the repository: a restart makes no second one, and knows the first.
	again := b.serve()
	check.Eventually(t, 30*time.Second, "the backup is known after a restart", func() bool { return b.metric(lastRestored, nil) > 0 })
	check.Equal(t, "attempts after a restart", b.metric("expense_backup_attempts_total", programtest.Labels{"outcome": "restored"}), 0)
	check.Equal(t, "its expenses after a restart", b.metric("expense_backup_entries", nil), 500)
	if err := again.Stop(); err != nil {
		t.Error(err)
	}
	entries, err := filepath.Glob(filepath.Join(b.Work, "*"))
	if err != nil || len(entries) != 2 {
		t.Errorf("%v, %v, want restic's cache and the lock alone", entries, err)
	}
}

// A wrong total, a wrong key, two at once, a lost database: nothing counts, each is said, and what was kept before stays.
func TestABackupThatFailsHarmsNoOther(t *testing.T) {
	t.Parallel()
	storage := postgrestest.Start(t)
	programtest.Succeed(t, "generate", "--count", "300", "--storage", storage)
	b := newBackups(t, storage)
	b.succeed("now")
	first := b.succeed("list")
	b.with("EXPENSE_TRACKER_BACKUP_KEY=another").fail("another key", []string{"key does not open"}, "now")
	b.with("EXPENSE_TRACKER_BACKUP_KEY=").fail("no key", []string{"key does not open"}, "now")
	b.with("EXPENSE_TRACKER_STORAGE=postgres://nobody@127.0.0.1:1/x").fail("no server", []string{"connect"}, "now")
	b.with("EXPENSE_TRACKER_STORAGE="+withPassword(t, storage, "wrong")).fail("a wrong password",
		[]string{"password authentication failed"}, "now")
	b.with("EXPENSE_TRACKER_BACKUP_PLACE=s3:http://127.0.0.1:1/bucket").fail("an S3 that is not there", []string{"cannot be reached"}, "now")
	other := programtest.WriteFile(t, "thing", "something else")
	b.with("EXPENSE_TRACKER_BACKUP_PLACE="+filepath.Dir(other)).fail("a folder of something else", []string{"no repository"}, "now")

	b.with("EXPENSE_TRACKER_STORAGE="+postgrestest.Start(t)).fail("an empty database", []string{"nothing to back up"}, "now")
	b.with("EXPENSE_TRACKER_STORAGE="+programtest.NewSQLite(t)).fail("no data file", []string{"there is no data file"}, "now")

	release := b.hold(storage)
	b.fail("two at once", []string{"another scheduler"}, "now")
	release()

	programtest.Execute(t, storage, "UPDATE expense_total SET minor = minor + 1 WHERE month = 0 AND category_id = 0")
	b.fail("a wrong total", []string{"not right", "kept", "but the rows are"}, "now")
	list := b.succeed("list")
	if !strings.HasPrefix(list, strings.TrimSpace(first)) || strings.Count(list, " no") != 1 {
		t.Errorf("after failures:\n%swas\n%s", list, first)
	}
	programtest.Succeed(t, "verify", "--repair", "--storage", storage)
	programtest.Execute(t, storage, "INSERT INTO expense_schema_version (version_id, is_applied) VALUES (9999, true)")
	programtest.Execute(t, storage, "UPDATE expense_schema_reach SET oldest = 9999")
	b.fail("of a newer version", []string{"newer version of the program"}, "now")
}

func withPassword(t *testing.T, storage, password string) string {
	t.Helper()
	parsed, err := url.Parse(storage)
	if err != nil {
		t.Fatal(err)
	}
	parsed.User = url.UserPassword(parsed.User.Username(), password)
	return parsed.String()
}

// hold takes the lock of another scheduler on the database.
func (b backups) hold(storage string) (release func()) {
	b.t.Helper()
	conn, err := programtest.OpenDatabase(b.t, storage).Conn(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := conn.ExecContext(b.t.Context(), fmt.Sprintf("SELECT pg_advisory_lock(%d)", int64(0x6261636b757073))); err != nil {
		b.t.Fatal(err)
	}
	return func() {
		if _, err := conn.ExecContext(b.t.Context(), "SELECT pg_advisory_unlock_all()"); err != nil {
			b.t.Error(err)
		}
		if err := conn.Close(); err != nil {
			b.t.Error(err)
		}
	}
}

// A schedule that is killed in any phase leaves earlier backups as they are, and its successor makes the next.
func TestAScheduleThatIsKilledIsFollowedByAnother(t *testing.T) {
	t.Parallel()
	storage := postgrestest.Start(t)
	programtest.Succeed(t, "generate", "--count", "3000", "--storage", storage)
	b := newBackups(t, storage)
	b.succeed("now")
	b.env = append(b.env, "EXPENSE_TRACKER_BACKUP_EVERY=1m")
	const kills = 3
	for n := range kills {
		p, err := program.Launch(programtest.Binary(t), b.env, "backups", "now")
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(n*2500+300) * time.Millisecond)
		if err := p.Kill(); err != nil {
			t.Fatal(err)
		}
	}
	check.Eventually(t, 60*time.Second, "the next backup is made", func() bool {
		result := b.run("now")
		if result.Code != 0 {
			t.Log(result.Stderr)
		}
		return result.Code == 0
	})
	check.Contains(t, "list", b.succeed("list"), "3000")
	left, err := filepath.Glob(filepath.Join(b.Work, "*"))
	if err != nil || len(left) != 2 {
		t.Errorf("%v, %v are left, want restic's cache and the lock alone", left, err)
	}
}

// A backup of either storage becomes the storage again by one command.
func TestABackupIsRestoredByOneCommand(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		programtest.Succeed(t, "generate", "--count", "400", "--storage", storage)
		b := newBackups(t, storage)
		b.succeed("now")
		programtest.Succeed(t, "generate", "--count", "100", "--seed", "2", "--storage", storage)
		b.fail("over expenses", []string{"--replace"}, "restore", "latest")
		b.fail("of no such number", []string{"no backup has the number"}, "restore", "0123456789")
		p := programtest.Start(t, storage)
		b.fail("under a program that runs", nil, "restore", "latest", "--replace")
		if err := p.Stop(); err != nil {
			t.Fatal(err)
		}
		check.Contains(t, "restore", b.succeed("restore", "latest", "--replace"), "restored the backup of")
		check.Contains(t, "verify", programtest.Succeed(t, "verify", "--storage", storage), "0 differences")
		check.Equal(t, "expenses", programtest.Stored(t, storage), 400)
		file := filepath.Join(t.TempDir(), "fetched")
		b.succeed("fetch", "latest", file)
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 || info.Size() < 10_000 {
			t.Errorf("the fetched file: %v, %v", info, err)
		}
		b.fail("over a file", []string{file + " is there already: name a file that is not"}, "fetch", "latest", file)
	})
}

// A server that freezes or ends under the dump costs that one backup.
func TestAServerThatEndsUnderTheDumpCostsThatBackup(t *testing.T) {
	t.Parallel()
	server := postgrestest.StartServer(t)
	storage := server.Database(t)
	programtest.Succeed(t, "generate", "--count", "300", "--storage", storage)
	b := newBackups(t, storage)
	conn, err := programtest.OpenDatabase(t, storage).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()                                                    // the server ends it
	if _, err := conn.ExecContext(t.Context(), "BEGIN; LOCK TABLE category"); err != nil { // the dump alone waits for it
		t.Fatal(err)
	}
	p, err := program.Launch(programtest.Binary(t), b.env, "backups", "now")
	if err != nil {
		t.Fatal(err)
	}
	check.Eventually(t, 30*time.Second, "the dump has begun", func() bool {
		return programtest.Ask[int](t, storage, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'expense-tracker-backups' "+
			"AND wait_event_type = 'Lock'") > 0
	})
	if info, err := os.Stat(filepath.Join(b.Work, "dump")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the dump: %v, %v", info, err)
	}
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err == nil {
		t.Error("the backup of a server that was killed succeeded")
	}
	if said := p.Output(); !strings.Contains(said, "expense-tracker: ") { // the reason is of whichever connection hears of it first
		t.Errorf("it says %q", said)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	check.Equal(t, "backups", strings.Count(b.succeed("list"), "\n"), 1)
	b.succeed("now")
	check.Contains(t, "list", b.succeed("list"), "yes")
}
