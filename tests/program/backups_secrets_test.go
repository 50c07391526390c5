package program_test

import (
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/program"
	"expense-tracker/tests/rig/programtest"
)

// passwordOf returns a URL without its password, and the password.
func passwordOf(t *testing.T, of string) (bare, password string) {
	t.Helper()
	u, err := url.Parse(of)
	if err != nil {
		t.Fatal(err)
	}
	password, _ = u.User.Password()
	return apart(t, of, ""), password
}

// A password that stands apart from its URL is the backups', too.
func TestBackupsTakeThePasswordOfTheStorage(t *testing.T) {
	t.Parallel()
	storage := postgrestest.Start(t)
	programtest.Succeed(t, "generate", "--count", "50", "--storage", storage)
	bare, password := passwordOf(t, storage)
	b := newBackups(t, bare, "EXPENSE_TRACKER_STORAGE_PASSWORD_FILE="+programtest.WriteFile(t, "password", password+"\n"))
	check.Contains(t, "now", b.succeed("now"), "50 expenses")
	check.Contains(t, "restore", b.succeed("restore", "latest", "--replace"), "restored the backup of")
	b.with("EXPENSE_TRACKER_STORAGE_PASSWORD_FILE="+programtest.WriteFile(t, "password", "another")).fail("a wrong password",
		[]string{"password authentication failed"}, "now")
}

// copied runs a copy with variables, which has to succeed.
func copied(t *testing.T, env []string, args ...string) string {
	t.Helper()
	result, err := program.Run(t.Context(), programtest.Binary(t), env, append([]string{"copy"}, args...)...)
	if err != nil || result.Code != 0 {
		t.Fatalf("copy %v: %v, exit code %d\n%s%s", args, err, result.Code, result.Stdout, programtest.Tail(result.Stderr))
	}
	return result.Stdout
}

// What is left out of a copy is the configured storage, with passwords that stand apart from URLs: so the role that serves gets its own.
// They are no other storage's.
func TestACopyTakesThePasswordsOfTheConfiguredStorage(t *testing.T) {
	t.Parallel()
	from := full(t)
	owner := postgrestest.StartServer(t).Database(t) // roles are a server's
	bare, password := passwordOf(t, owner)
	env := append(programtest.Home(t), "EXPENSE_TRACKER_STORAGE="+apart(t, owner, "expense_copied"),
		"EXPENSE_TRACKER_STORAGE_PASSWORD_FILE="+programtest.WriteFile(t, "app", "serving\n"), "EXPENSE_TRACKER_STORAGE_OWNER="+bare,
		"EXPENSE_TRACKER_STORAGE_OWNER_PASSWORD_FILE="+programtest.WriteFile(t, "owner", password+"\n"))
	check.Contains(t, "to the configured storage", copied(t, env, "--from", from), "both hold the same, row by row")
	p, err := program.Start(t.Context(), programtest.Binary(t), env, "--listen", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	copied(t, env, "--to", programtest.NewSQLite(t))

	other, othersPassword := passwordOf(t, postgrestest.Start(t))
	copied(t, append(env, "PGPASSWORD="+othersPassword), "--from", from, "--to", other)

	single, singlesPassword := passwordOf(t, postgrestest.Start(t))
	alone := append(programtest.Home(t), "EXPENSE_TRACKER_STORAGE="+single,
		"EXPENSE_TRACKER_STORAGE_PASSWORD_FILE="+programtest.WriteFile(t, "single", singlesPassword))
	copied(t, alone, "--from", from)
	copied(t, alone, "--to", programtest.NewSQLite(t))
}

// A copy that is being kept is kept, whatever is pressed meanwhile; and that is said.
func TestACopyThatIsInterruptedWhileItIsKeptSaysSo(t *testing.T) {
	t.Parallel()
	server := postgrestest.StartServer(t)
	to, from := server.Database(t), full(t)
	programtest.Succeed(t, "migrate", "--storage", to)
	configure := func(change string) {
		for _, statement := range []string{"SET synchronous_commit = off", change, "SELECT pg_reload_conf()"} {
			programtest.Execute(t, to, statement)
		}
	}
	configure("ALTER SYSTEM SET synchronous_standby_names = 'nobody'") // whose commits end when there is a standby
	command := exec.CommandContext(t.Context(), programtest.Binary(t), "copy", "--from", from, "--to", to)
	command.Env = append(os.Environ(), programtest.Home(t)...)
	said := &strings.Builder{}
	command.Stderr = said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	awaitCommit(t, to)
	if err := command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	awaitCommit(t, to)
	configure("ALTER SYSTEM RESET synchronous_standby_names")
	if err := command.Wait(); err == nil {
		t.Error("a copy without its last check succeeds")
	}
	if !strings.Contains(said.String(), "the copy is there") || strings.Contains(said.String(), "nothing was copied") {
		t.Errorf("it says %s", said)
	}
	check.Equal(t, "expenses", heldBy(t, to), heldBy(t, from))
}

// awaitCommit waits until a commit waits for a standby.
func awaitCommit(t *testing.T, storage string) {
	t.Helper()
	check.Eventually(t, 30*time.Second, "a commit waits", func() bool {
		return programtest.Ask[int](t, storage, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") > 0
	})
}

// The operator may call the program's connections what they like: who restores or copies notices them all the same.
func TestAProgramIsNoticedWhateverItsConnectionsAreCalled(t *testing.T) {
	t.Parallel()
	storage := postgrestest.Start(t)
	programtest.Succeed(t, "generate", "--count", "10", "--storage", storage)
	b := newBackups(t, storage)
	b.succeed("now")
	programtest.Start(t, storage+"&application_name=household")
	check.Equal(t, "the name that was set", programtest.Ask[bool](t, storage,
		"SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'expense-tracker: household'"), true)
	b.fail("restore", []string{"stop it first"}, "restore", "latest", "--replace")
	refused(t, "stop", "--from", storage, "--to", programtest.NewSQLite(t))
}
