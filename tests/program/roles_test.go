package program_test

import (
	"net/url"
	"strings"
	"testing"

	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/program"
	"expense-tracker/tests/rig/programtest"
)

// apart returns a URL without its password, and as another user if one is named.
func apart(t *testing.T, of, user string) string {
	t.Helper()
	u, err := url.Parse(of)
	if err != nil {
		t.Fatal(err)
	}
	if user == "" {
		user = u.User.Username()
	}
	u.User = url.User(user)
	return u.String()
}

// What a URL would have to escape is a password of a file.
func TestBothRolesHaveTheirPasswordsFromFiles(t *testing.T) {
	t.Parallel()
	owner := postgrestest.StartServer(t).Database(t) // roles are a server's
	parsed, err := url.Parse(owner)
	if err != nil {
		t.Fatal(err)
	}
	ownersPassword, _ := parsed.User.Password()
	const password = `s/w:o@r d#1%f?i&s=h"'\`
	serve := func(password, command string) (program.Result, []string) {
		env := append(programtest.Home(t),
			"EXPENSE_TRACKER_STORAGE="+apart(t, owner, "expense_apart"),
			"EXPENSE_TRACKER_STORAGE_PASSWORD_FILE="+programtest.WriteFile(t, "app", password+"\n"),
			"EXPENSE_TRACKER_STORAGE_OWNER="+apart(t, owner, ""),
			"EXPENSE_TRACKER_STORAGE_OWNER_PASSWORD_FILE="+programtest.WriteFile(t, "owner", ownersPassword+"\n"))
		result, err := program.Run(t.Context(), programtest.Binary(t), env, command)
		if err != nil {
			t.Fatal(err)
		}
		return result, env
	}
	made, env := serve(password, "migrate")
	check.Equal(t, "exit code of migrate", made.Code, 0)
	p, err := program.Start(t.Context(), programtest.Binary(t), env, "--listen", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Kill() })
	programtest.Visit(t, p.URL).Add("food", "12.50")
	check.Equal(t, "expenses that are stored", programtest.Stored(t, owner), 1)
	as := programtest.Ask[string](t, owner, "SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name = 'expense-tracker'")
	check.Equal(t, "who serves", as, "expense_apart")

	wrong, _ := serve("another password", "verify")
	if wrong.Code == 0 || !strings.Contains(wrong.Stderr, "password") || strings.Contains(wrong.Stderr+wrong.Stdout, "another password") {
		t.Errorf("a wrong password: exit code %d, %s", wrong.Code, wrong.Stderr)
	}
	shown, _ := serve(password, "config")
	check.Equal(t, "exit code of config", shown.Code, 0)
	check.Contains(t, "config", shown.Stdout, "storage_password: xxxxx # EXPENSE_TRACKER_STORAGE_PASSWORD_FILE")
	if strings.Contains(shown.Stdout, "s/w") {
		t.Errorf("config shows the password:\n%s", shown.Stdout)
	}
	sqlite := programtest.Command(t, "config", "--storage", "memory:", "--config", programtest.WriteFile(t, "c.yaml", "storage_password: x\n"))
	if sqlite.Code == 0 || !strings.Contains(sqlite.Stderr, "PostgreSQL alone") {
		t.Errorf("a password of no server: exit code %d, %s", sqlite.Code, sqlite.Stderr)
	}
}

// What only looks makes nothing: a slip in the URL is told, and the database stays empty.
func TestVerifyMakesNoTables(t *testing.T) {
	t.Parallel()
	storage := postgrestest.Start(t)
	const tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
	for _, command := range [][]string{{"verify"}, {"verify", "--repair"}, {"user", "list"}} {
		result := programtest.Command(t, append(command, "--storage", storage)...)
		if result.Code == 0 || !strings.Contains(result.Stderr, "the database is empty") {
			t.Errorf("%v: exit code %d, %s", command, result.Code, result.Stderr)
		}
		check.Equal(t, "relations after "+command[0], programtest.Ask[int64](t, storage, tables), 0)
	}
	programtest.Succeed(t, "migrate", "--storage", storage)
	check.Contains(t, "verify", programtest.Succeed(t, "verify", "--storage", storage), "0 differences")
}

// Made-up expenses do not get among one's own by a slip, and a log is not filled with a bar.
func TestGenerateWantsAStorageThatIsNamed(t *testing.T) {
	t.Parallel()
	home := programtest.Home(t)
	for _, arguments := range [][]string{{"generate"}, {"generate", "--count", "3"}} {
		result, err := program.Run(t.Context(), programtest.Binary(t), home, arguments...)
		if err != nil {
			t.Fatal(err)
		}
		if result.Code == 0 || !strings.Contains(result.Stderr, "--storage sqlite:") || !strings.Contains(result.Stderr, "expense-tracker.db") {
			t.Errorf("%v: exit code %d, %s", arguments, result.Code, result.Stderr)
		}
	}
	storage := programtest.NewSQLite(t)
	named := append(home, "EXPENSE_TRACKER_STORAGE="+storage) //nolint:gocritic // another environment
	result, err := program.Run(t.Context(), programtest.Binary(t), named, "generate", "--count", "12000")
	if err != nil {
		t.Fatal(err)
	}
	check.Contains(t, "generate", result.Stdout, "added 12000 expenses")
	if strings.Contains(result.Stderr, "\r") || strings.Contains(result.Stderr, "%") {
		t.Errorf("a bar is drawn into a pipe: %q", result.Stderr)
	}
}
