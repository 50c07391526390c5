package postgrestest_test

import (
	"net/url"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"expense-tracker/adapters/postgres/postgrestest"
)

func TestStartGivesEachTestAnEmptyDatabaseOnOneServer(t *testing.T) {
	first, second := postgrestest.Start(t), postgrestest.Start(t)
	execute(t, first, "CREATE TABLE mine (n integer)")
	if tables := query[int](t, second, "SELECT count(*) FROM pg_class WHERE relname = 'mine'"); tables != 0 {
		t.Errorf("a new database has %d tables of another test", tables)
	}
	if host(t, first) != host(t, second) {
		t.Error("two databases of one process are on two servers")
	}
}

func TestServersKeepTheDurabilityThatPostgreSQLHasByDefault(t *testing.T) {
	database := postgrestest.Start(t)
	for _, setting := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		if value := query[string](t, database, "SHOW "+setting); value != "on" {
			t.Errorf("%s is %s", setting, value)
		}
	}
}

func TestAServerComesBackOnItsPortWithWhatWasCommitted(t *testing.T) {
	server := postgrestest.StartServer(t)
	execute(t, server.URL(), "CREATE TABLE kept (n integer)")
	for name, end := range map[string]func() error{
		"stop": server.Stop,
		"kill": server.Kill,
	} {
		execute(t, server.URL(), "INSERT INTO kept VALUES (1)")
		if err := end(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := pgx.Connect(t.Context(), server.URL()); err == nil {
			t.Errorf("%s: the server still takes connections", name)
		}
		if err := server.Start(); err != nil {
			t.Fatalf("start after %s: %v", name, err)
		}
	}
	if rows := query[int](t, server.URL(), "SELECT count(*) FROM kept"); rows != 2 {
		t.Errorf("%d rows are left of 2", rows)
	}
}

func TestAServerIsRemovedAfterItsTest(t *testing.T) {
	var database, folder string
	t.Run("inner", func(t *testing.T) {
		database = postgrestest.StartServer(t).URL()
		folder = query[string](t, database, "SHOW data_directory")
	})
	if _, err := pgx.Connect(t.Context(), database); err == nil {
		t.Error("the server still runs")
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
}

func execute(t *testing.T, database, statement string) {
	t.Helper()
	conn := connect(t, database)
	defer func() { _ = conn.Close(t.Context()) }()
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func query[T any](t *testing.T, database, statement string) T {
	t.Helper()
	conn := connect(t, database)
	defer func() { _ = conn.Close(t.Context()) }()
	var value T
	if err := conn.QueryRow(t.Context(), statement).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func connect(t *testing.T, database string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

func host(t *testing.T, database string) string {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}
