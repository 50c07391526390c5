package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"testing"
	"time"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// wantReady waits until readiness says the message, which is empty for a storage that is ready, and then asks it a few times more.
func wantReady(t *testing.T, store storage, message string) {
	t.Helper()
	ask := func() error {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		started := time.Now()
		err := store.db.Ready(ctx)
		if took := time.Since(started); took > 4*time.Second {
			return fmt.Errorf("it took %s of 2 s", took)
		}
		if err == nil && message == "" || errors.Is(err, fault.Unavailable) && fault.MessageOf(err) == message {
			return nil
		}
		return fmt.Errorf("%w, want %q", errors.Join(errors.New("readiness"), err), message)
	}
	eventually(t, ask)
	for range 4 {
		if err := ask(); err != nil {
			t.Errorf("not steadily: %v", err)
		}
	}
}

func configure(t *testing.T, server *postgrestest.Server, setting string) {
	t.Helper()
	execute(t, server.URL(), "ALTER SYSTEM "+setting)
	execute(t, server.URL(), "SELECT pg_reload_conf()")
}

func TestReadinessMeansThatSomethingCanBeStored(t *testing.T) {
	server := postgrestest.StartServer(t)
	store := open(t, server.URL(), postgres.Options{OperationTimeout: 3 * time.Second})
	load(t, store, 1)
	wantReady(t, store, "")

	const readOnly = "the database is read-only"
	configure(t, server, "SET default_transaction_read_only = on")
	wantReady(t, store, readOnly)
	if _, err := store.Add(t.Context(), ledger.Default, entry(2, usd(t))); fault.MessageOf(err) != readOnly {
		t.Errorf("an add: %v, want %q", err, readOnly)
	}
	configure(t, server, "RESET default_transaction_read_only")
	wantReady(t, store, "")

	sessions := func() int {
		return query[int](t, server.URL(), "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'expense-tracker'")[0]
	}
	before := sessions()
	configure(t, server, "SET synchronous_standby_names = 'nobody'")
	wantReady(t, store, "the database does not confirm that what it stores is durable")
	eventually(t, func() error {
		if now := sessions(); now > before {
			return fmt.Errorf("%d sessions of %d", now, before)
		}
		return nil
	})
	configure(t, server, "RESET synchronous_standby_names")
	wantReady(t, store, "")
}

func TestLostRightsAreToldAndAreNoInternalError(t *testing.T) {
	const forbidden = "the program may not write to the database"
	database := postgrestest.Start(t)
	execute(t, database, `DO $$ BEGIN IF to_regrole('clerk') IS NULL THEN CREATE ROLE clerk LOGIN PASSWORD 'only-for-tests'; END IF; END $$`)
	target, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	target.User = url.UserPassword("clerk", "only-for-tests")
	if _, err := postgres.Open(t.Context(), target.String(), postgres.Options{}); err == nil || errors.Is(err, fault.Unavailable) {
		t.Errorf("without the right to create tables: %v, want it said at once", err)
	}
	execute(t, database, "GRANT CREATE ON SCHEMA public TO clerk")
	store := open(t, target.String(), postgres.Options{})
	load(t, store, 1)
	wantReady(t, store, "")
	execute(t, target.String(), "REVOKE INSERT ON expense_entry FROM clerk")
	wantReady(t, store, forbidden)
	if _, err := store.Add(t.Context(), ledger.Default, entry(2, usd(t))); !errors.Is(err, fault.Unavailable) ||
		fault.MessageOf(err) != forbidden {
		t.Errorf("an add: %v, want Unavailable and %q", err, forbidden)
	}
	execute(t, target.String(), "GRANT INSERT ON expense_entry TO clerk")
	wantReady(t, store, "")
}

// A restore that drops the tables first, or a database that was made anew, is told as what it is, and ends by itself.
func TestTablesThatAreNotThereAreToldAndAreNoInternalError(t *testing.T) {
	const missing = "the program's tables are not in the database"
	database := postgrestest.Start(t)
	store := open(t, database, postgres.Options{})
	load(t, store, 1)
	wantReady(t, store, "")
	for _, table := range []string{"ledger", "expense_entry"} {
		execute(t, database, "ALTER TABLE "+table+" RENAME TO away")
		wantReady(t, store, missing)
		if _, err := store.Add(t.Context(), ledger.Default, entry(2, usd(t))); !errors.Is(err, fault.Unavailable) ||
			fault.MessageOf(err) != missing {
			t.Errorf("an add without %s: %v, want Unavailable and %q", table, err, missing)
		}
		if _, err := store.State(t.Context(), ledger.Default); table == "ledger" && !errors.Is(err, fault.Unavailable) {
			t.Errorf("the state: %v, want Unavailable", err)
		}
		execute(t, database, "ALTER TABLE away RENAME TO "+table)
		wantReady(t, store, "")
	}
}

// A table that is locked, and pages that wait for it with every connection that they may have, are no reason to be unready.
func TestALockedTableDoesNotMakeReadinessFlap(t *testing.T) {
	database := postgrestest.Start(t)
	store := open(t, database, postgres.Options{MaxConnections: 2, OperationTimeout: 3 * time.Second})
	load(t, store, 1)
	hold(t, database, "LOCK TABLE expense_entry IN ACCESS EXCLUSIVE MODE")
	waiting := make(chan error, 6)
	for n := range int64(cap(waiting)) {
		go func() {
			if n%2 == 0 {
				_, err := store.Get(t.Context(), ledger.Default, 1)
				waiting <- err
				return
			}
			_, err := store.Add(t.Context(), ledger.Default, entry(n+10, usd(t)))
			waiting <- err
		}()
	}
	eventually(t, func() error {
		if n := query[int](t, database, "SELECT count(*) FROM pg_locks WHERE relation = 'expense_entry'::regclass AND NOT granted")[0]; n < 2 {
			return fmt.Errorf("%d wait for the table", n)
		}
		return nil
	})
	for range 10 {
		if err := store.db.Ready(t.Context()); err != nil {
			t.Errorf("readiness while the table is locked: %v", err)
		}
	}
	for range cap(waiting) {
		if err := <-waiting; !errors.Is(err, fault.Unavailable) {
			t.Errorf("a call on a locked table: %v, want Unavailable", err)
		}
	}
}

// What the probe leaves to be tidied up at its session's end must not wait for a standby that is gone: nobody can break that wait off.
func TestAPrimaryThatHasLostItsStandbyCanBeStopped(t *testing.T) {
	server := postgrestest.StartServer(t)
	store := open(t, server.URL(), postgres.Options{})
	load(t, store, 1)
	wantReady(t, store, "")
	configure(t, server, "SET synchronous_standby_names = 'nobody'")
	stopped := make(chan error, 1)
	go func() { stopped <- server.Stop() }()
	select {
	case err := <-stopped:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Error("the server waits for ever for the end of a session")
		if err := server.Kill(); err != nil {
			t.Error(err)
		}
		if err := <-stopped; err != nil {
			t.Log(err) // it was killed
		}
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	configure(t, server, "RESET synchronous_standby_names")
	wantReady(t, store, "")
}
