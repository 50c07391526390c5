package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"expense-tracker/adapters/internal/migrationtest"
	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/fault"
)

// backToFirst takes a database back to the first version's schema.
func backToFirst(t *testing.T, database string) {
	t.Helper()
	backToBefore(t, database)
	execute(t, database, `ALTER TABLE ledger DROP COLUMN mark; ALTER TABLE category DROP COLUMN revision; DROP TABLE ledger_change; `+
		migrationtest.Forget(t, 2))
}

// addAsBefore writes to the ledger as the statement does that adds: it looks at categories first, and then waits for the ledger's row.
const addAsBefore = `SET LOCAL statement_timeout = '5s'; LOCK TABLE category IN ACCESS SHARE MODE;
	UPDATE ledger SET version = version + 1 WHERE id = 1`

// session is a connection past the storage.
func session(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

// migrating migrates as a start does, which tries again when that helps, and sends the outcome.
func migrating(t *testing.T, database string) <-chan error {
	outcome := make(chan error, 1)
	go func() {
		for {
			err := postgres.Migrate(t.Context(), database)
			if !errors.Is(err, fault.Unavailable) || t.Context().Err() != nil {
				outcome <- err
				return
			}
			t.Logf("another try: %v", err)
		}
	}()
	return outcome
}

// awaitWaiting waits until as many sessions wait for a lock on a table.
func awaitWaiting(t *testing.T, database string, sessions int64) {
	t.Helper()
	eventually(t, func() error {
		waiting := query[int64](t, database, `SELECT count(*) FROM pg_locks
			WHERE NOT granted AND relation IS NOT NULL AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)[0]
		if waiting < sessions {
			return fmt.Errorf("%d sessions wait for a lock, want %d", waiting, sessions)
		}
		return nil
	})
}

func TestWritersAndTheMigrationDoNotWaitForEachOther(t *testing.T) {
	database := postgrestest.Start(t)
	load(t, open(t, database, postgres.Options{}), 10)
	backToFirst(t, database)
	writer, adder := session(t, database), session(t, database)
	if _, err := writer.Exec(t.Context(), "BEGIN; UPDATE ledger SET version = version + 1 WHERE id = 1"); err != nil {
		t.Fatal(err)
	}
	migrated := migrating(t, database)
	awaitWaiting(t, database, 1)
	added := make(chan error, 1)
	go func() {
		_, err := adder.Exec(t.Context(), addAsBefore)
		added <- err
	}()
	awaitWaiting(t, database, 2)
	if _, err := writer.Exec(t.Context(), "COMMIT"); err != nil {
		t.Fatal(err)
	}
	if err := <-added; err != nil {
		t.Errorf("an add beside the migration: %v", err)
	}
	if err := <-migrated; err != nil {
		t.Errorf("the migration: %v", err)
	}
}

// A dump or an audit reads for as long as it likes. What would wait for its end must not make everybody else wait behind it.
func TestWritersDoNotWaitForAMigrationThatWaitsForALongReader(t *testing.T) {
	for name, backTo := range map[string]func(*testing.T, string){"from the first version": backToFirst, "from the second": backToBefore} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := postgrestest.Start(t)
			load(t, open(t, database, postgres.Options{}), 10)
			backTo(t, database)
			reader, adder := session(t, database), session(t, database)
			if _, err := reader.Exec(t.Context(),
				"BEGIN; LOCK TABLE ledger, category, expense_total, expense_entry IN ACCESS SHARE MODE"); err != nil {
				t.Fatal(err)
			}
			migrated := migrating(t, database)
			awaitWaiting(t, database, 1)
			started := time.Now()
			if _, err := adder.Exec(t.Context(), addAsBefore); err != nil {
				t.Errorf("an add while a reader keeps the migration waiting: %v", err)
			}
			t.Logf("the add took %v", time.Since(started))
			if _, err := reader.Exec(t.Context(), "COMMIT"); err != nil {
				t.Fatal(err)
			}
			if err := <-migrated; err != nil {
				t.Errorf("the migration: %v", err)
			}
			wantSound(t, open(t, database, postgres.Options{}))
		})
	}
}
