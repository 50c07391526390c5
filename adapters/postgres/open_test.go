package postgres_test

import (
	"errors"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

func TestInstancesThatStartTogetherMigrateOnce(t *testing.T) {
	database := postgrestest.Start(t)
	var starts sync.WaitGroup
	for n := range int64(5) {
		starts.Go(func() {
			store, err := postgres.Open(t.Context(), database, postgres.Options{})
			if err != nil {
				t.Errorf("instance %d: %v", n, err)
				return
			}
			if _, err := store.Expenses().Add(t.Context(), ledger.Default, entry(n, usd(t))); err != nil {
				t.Errorf("instance %d: %v", n, err)
			}
			if err := store.Close(); err != nil {
				t.Errorf("instance %d: %v", n, err)
			}
		})
	}
	starts.Wait()
	files, err := os.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	if applied := query[int64](t, database, "SELECT version_id FROM expense_schema_version WHERE version_id > 0"); len(applied) != len(files) {
		t.Errorf("migrations applied: %v, want each once", applied)
	}
	if rows := query[int64](t, database, "SELECT count(*) FROM expense")[0]; rows != 5 {
		t.Errorf("%d expenses, want one of each instance", rows)
	}
}

func TestASchemaOfANewerProgramIsRefused(t *testing.T) {
	database := postgrestest.Start(t)
	if err := postgres.Migrate(t.Context(), database); err != nil {
		t.Fatal(err)
	}
	execute(t, database, "INSERT INTO expense_schema_version (version_id, is_applied) VALUES (99999, true)")
	open(t, database, postgres.Options{}) // it has taken nothing away
	execute(t, database, "UPDATE expense_schema_reach SET oldest = 99999")
	_, err := postgres.Open(t.Context(), database, postgres.Options{})
	for name, err := range map[string]error{"open": err, "migrate": postgres.Migrate(t.Context(), database)} {
		if !errors.Is(err, postgres.ErrNewerSchema) || errors.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v, want ErrNewerSchema, at which nobody tries again", name, err)
		}
	}
}

func TestCheckOnlyRefusesAnEmptyDatabaseAndLeavesItEmpty(t *testing.T) {
	database := postgrestest.Start(t)
	_, err := postgres.Open(t.Context(), database, postgres.Options{CheckOnly: true})
	if !errors.Is(err, postgres.ErrOlderSchema) || errors.Is(err, fault.Unavailable) {
		t.Errorf("an empty database: %v, want ErrOlderSchema", err)
	}
	if tables := query[string](t, database,
		"SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"); len(tables) > 0 {
		t.Errorf("a check has created %v", tables)
	}
	if err := postgres.Migrate(t.Context(), database); err != nil {
		t.Fatal(err)
	}
	open(t, database, postgres.Options{CheckOnly: true})
}

func TestOpenSaysWhetherWaitingHelpsAndNeverThePassword(t *testing.T) {
	const secret = "s3cr3t-in-the-url"
	server := postgrestest.StartServer(t)
	with := func(change func(*url.URL)) string {
		u, err := url.Parse(server.URL())
		if err != nil {
			t.Fatal(err)
		}
		change(u)
		return u.String()
	}
	execute(t, server.URL(), "CREATE ROLE visitor LOGIN PASSWORD '"+secret+"'")
	visitor := func(u *url.URL) { u.User = url.UserPassword("visitor", secret) }
	for _, test := range []struct {
		name, url string
		waiting   bool
	}{
		{"a wrong password", with(func(u *url.URL) { u.User = url.UserPassword("postgres", secret) }), false},
		{"an unknown user", with(func(u *url.URL) { u.User = url.UserPassword("nobody", secret) }), false},
		{"an unknown database", with(func(u *url.URL) { visitor(u); u.Path = "/nowhere" }), false},
		{"nobody at the port", with(func(u *url.URL) { visitor(u); u.Host = "127.0.0.1:1" }), true},
		{"an unknown host", with(func(u *url.URL) { visitor(u); u.Host = "nowhere.invalid" }), true},
		{"a password that tears the URL", "postgres://visitor:" + secret + "%zz@127.0.0.1/x", false},
		{"a bad port", "postgres://visitor:" + secret + "@127.0.0.1:port/x", false},
		{"a bad parameter", with(visitor) + "&sslmode=perhaps", false},
		{"another scheme", "mysql://visitor:" + secret + "@127.0.0.1/x", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := postgres.Open(t.Context(), test.url, postgres.Options{})
			if err == nil {
				t.Fatal("it opened")
			}
			if errors.Is(err, fault.Unavailable) != test.waiting {
				t.Errorf("%v: waiting helps should be %v", err, test.waiting)
			}
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the password is in %q", err)
			}
			if test.name == "a wrong password" && !errors.Is(err, postgres.ErrPassword) {
				t.Errorf("%v: it does not say what to set", err)
			}
		})
	}
}

func TestCommitsAreDurableWhateverTheServersDefault(t *testing.T) {
	database := postgrestest.Start(t)
	execute(t, database, "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$")
	wantSetting(t, database, open(t, database, postgres.Options{}), 1, "synchronous_commit", "on")
	wantSetting(t, database, open(t, database+"&synchronous_commit=off", postgres.Options{}), 2, "synchronous_commit", "on")
	wantSetting(t, database, open(t, database+"&synchronous_commit=remote_apply", postgres.Options{}), 3, "synchronous_commit", "remote_apply")
}

// A migration that comes later than its number says is applied all the same; a role that may not apply it is told.
func TestALateMigrationIsApplied(t *testing.T) {
	owner := postgrestest.Start(t)
	served := walled(t, owner)
	execute(t, owner, "DROP TABLE audit_run; DELETE FROM expense_schema_version WHERE version_id = 27")
	if _, err := postgres.Open(t.Context(), served, postgres.Options{}); !errors.Is(err, postgres.ErrOlderSchema) {
		t.Errorf("a database that lacks a migration: %v, want ErrOlderSchema", err)
	}
	if err := postgres.Migrate(t.Context(), owner); err != nil {
		t.Fatal(err)
	}
	if !query[bool](t, owner, "SELECT to_regclass('audit_run') IS NOT NULL")[0] {
		t.Error("it is not applied")
	}
}
