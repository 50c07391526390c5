package program_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

func TestABusyPortIsSaid(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }() // it only kept the port
	busy := listener.Addr().String()
	for _, args := range [][]string{{"--listen", busy}, {"--listen", "127.0.0.1:0", "--metrics-listen", busy}} {
		result := programtest.Command(t, append(args, "--storage", "memory:")...)
		check.Equal(t, "exit code", result.Code, 1)
		check.Contains(t, strings.Join(args, " "), result.Stderr, busy, "address already in use", "name another address with "+args[len(args)-2])
		check.Equal(t, "standard output", result.Stdout, "")
	}
}

func TestAnUnusableDataFileIsSaid(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	newer := "sqlite:" + filepath.Join(folder, "newer.db")
	programtest.Succeed(t, "migrate", "--storage", newer)
	programtest.Execute(t, newer, "INSERT INTO expense_schema_version (version_id, is_applied) VALUES (999, 1);"+
		"UPDATE expense_schema_reach SET oldest = 999")
	for _, test := range []struct{ name, storage, says string }{
		{"a folder", "sqlite:" + folder, "is a folder"},
		{"below a file", "sqlite:" + filepath.Join(programtest.WriteFile(t, "file", "x"), "expenses.db"), "not a directory"},
		{"no database", "sqlite:" + programtest.WriteFile(t, "text.db", strings.Repeat("not a database ", 1000)), "is not an SQLite database"},
		{"a damaged database", "sqlite:" + damaged(t), "damaged"},
		{"a newer schema", newer, "newer version of the program"},
		{"an unwritable place", "sqlite:/proc/expenses.db", "/proc/expenses.db"},
	} {
		for _, subcommand := range []string{"serve", "migrate"} {
			result := programtest.Command(t, subcommand, "--storage", test.storage, "--listen", "127.0.0.1:0")
			what := subcommand + " with " + test.name
			check.Equal(t, what+": exit code", result.Code, 1)
			check.Contains(t, what, result.Stderr, test.says)
			if lines := strings.Count(strings.TrimSpace(result.Stderr), "\n"); lines > 0 {
				t.Errorf("%s says it in %d lines:\n%s", what, lines+1, result.Stderr)
			}
		}
	}
}

// damaged returns the path of a database whose tables are overwritten.
func damaged(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "damaged.db")
	programtest.Succeed(t, "generate", "--count", "100", "--storage", "sqlite:"+path)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copy(content[100:], strings.Repeat("damage ", len(content)/7)) // the header stays
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	storage := postgrestest.Start(t)
	programtest.Succeed(t, "migrate", "--storage", storage)
	table := programtest.Ask[string](t, storage,
		"SELECT table_name FROM information_schema.columns WHERE column_name = 'version_id' AND table_schema = 'public'")
	programtest.Execute(t, storage, "INSERT INTO "+table+" (version_id, is_applied) VALUES (999, true);"+
		"UPDATE expense_schema_reach SET oldest = 999")
	for _, subcommand := range []string{"serve", "migrate", "verify"} {
		result := programtest.Command(t, subcommand, "--storage", storage, "--listen", "127.0.0.1:0")
		check.Equal(t, subcommand+": exit code", result.Code, 1)
		check.Contains(t, subcommand, result.Stderr, "newer")
		if strings.Contains(result.Stderr, "trying again") {
			t.Errorf("%s waits for a schema to age", subcommand)
		}
	}
}

func TestTheFirstStartTellsWhereThingsAre(t *testing.T) {
	t.Parallel()
	p := programtest.Start(t, "sqlite:"+filepath.Join(t.TempDir(), "new", "folder", "expenses.db"))
	check.Eventually(t, 30*time.Second, "the program says where the data is",
		func() bool { return strings.Contains(p.Output(), "Expenses are kept in sqlite:") })
	check.Contains(t, "the program", p.Output(), "Expense Tracker dev is at "+p.URL)

	demo := programtest.Start(t, "memory:", "--demo")
	check.Eventually(t, 30*time.Second, "the demo says that it keeps nothing",
		func() bool { return strings.Contains(demo.Output(), "nothing is kept") })
	home := programtest.Visit(t, demo.URL).Get("/")
	check.Contains(t, "its banner", home.Body, "nothing here is kept")
	check.Equal(t, "its rows", len(home.Rows()), 50)
	check.Eventually(t, 30*time.Second, "the demo's repeats have made what is due, beside 1056 expenses", func() bool {
		made := programtest.Metric(t, demo.URL, "expense_repeats_made_total", nil)
		return made >= 5 && programtest.Metric(t, demo.URL, "expense_entries", nil) == 1056+made
	})
}
