package postgres_test

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/tests/rig/loopback"
)

// startBouncer starts a pgbouncer on loopback, not as root, and returns the URL of the database through it. Settings are lines of its
// section.
func startBouncer(t *testing.T, database string, settings ...string) string {
	t.Helper()
	target, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	port, err := loopback.FreePort(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	password, _ := target.User.Password()
	configuration := fmt.Sprintf("[databases]\n* = host=%s port=%s\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %d\n"+
		"unix_socket_dir =\nauth_type = plain\nauth_file = %s\n%s\n",
		target.Hostname(), target.Port(), port, filepath.Join(folder, "users"), strings.Join(settings, "\n"))
	for name, text := range map[string]string{
		"pgbouncer.ini": configuration,
		"users":         fmt.Sprintf("%q %q\n", target.User.Username(), password),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program = "/usr/sbin/pgbouncer" // where Debian puts it, which is not on everybody's PATH
	}
	cmd := exec.Command(program, filepath.Join(folder, "pgbouncer.ini"))
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if os.Geteuid() == 0 { // it refuses to run as root
		const nobody = 65534
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
		for path := folder; path != os.TempDir() && path != "/"; path = filepath.Dir(path) {
			if err := os.Chmod(path, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	var log strings.Builder
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatalf("this test needs pgbouncer: %v", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // how it ends does not matter
		if t.Failed() {
			t.Log(log.String())
		}
	})
	target.Host = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	through := target.String()
	eventually(t, func() error {
		conn, err := pgx.Connect(t.Context(), through)
		if err != nil {
			return err
		}
		return conn.Close(t.Context())
	})
	return through
}

func TestBehindPgbouncer(t *testing.T) {
	for _, mode := range []string{"session", "transaction"} {
		t.Run(mode, func(t *testing.T) {
			database := postgrestest.Start(t)
			execute(t, database, "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = ''America/New_York''', current_database()); END $$")
			through := startBouncer(t, database, "pool_mode = "+mode, "default_pool_size = 4")
			if _, err := postgres.Open(t.Context(), through, postgres.Options{}); !errors.Is(err, postgres.ErrPooler) ||
				errors.Is(err, fault.Unavailable) {
				t.Errorf("without a word in the URL: %v, want ErrPooler", err)
			}
			through += "&default_query_exec_mode=exec"
			if _, err := postgres.Open(t.Context(), through, postgres.Options{}); !errors.Is(err, postgres.ErrMigratePooled) ||
				errors.Is(err, fault.Unavailable) {
				t.Errorf("an empty database: %v, want ErrMigratePooled", err)
			}
			if err := postgres.Migrate(t.Context(), database); err != nil {
				t.Fatal(err)
			}
			store := open(t, through, postgres.Options{MaxConnections: 3})
			wantReady(t, store, "")
			load(t, store, 30)
			one := entry(100, usd(t))
			for range 3 {
				receipt, err := store.Add(t.Context(), ledger.Default, one)
				if err != nil {
					t.Fatal(err)
				}
				e, err := store.Get(t.Context(), ledger.Default, receipt.Expense.ID)
				if err != nil || e.Date != one.Date || e.Price != one.Price {
					t.Errorf("it is %+v, %v, and was to be %+v", e, err, one)
				}
			}
			change := breakables()[3]
			call, _ := change.make(t, store, 200)
			if err := errors.Join(call(), call()); err != nil {
				t.Error(err)
			}
			wantSetting(t, database, store, 300, "synchronous_commit", "on")
			wantSound(t, store)
		})
	}
}

func TestAPoolerWhoseCommitsAreNotDurableIsRefused(t *testing.T) {
	database := postgrestest.Start(t)
	if err := postgres.Migrate(t.Context(), database); err != nil {
		t.Fatal(err)
	}
	execute(t, database, "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$")
	through := startBouncer(t, database, "pool_mode = transaction") + "&default_query_exec_mode=exec"
	_, err := postgres.Open(t.Context(), through, postgres.Options{})
	if !errors.Is(err, postgres.ErrSession) || errors.Is(err, fault.Unavailable) ||
		!strings.Contains(err.Error(), "SET synchronous_commit = on") {
		t.Errorf("%v, want it refused at once with what to set", err)
	}
}
