package postgres_test

import (
	"os/exec"
	"path/filepath"
	"testing"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
)

// A dump of the version before knows nothing of what later migrations made: a restore leaves that in place beside older tables.
func TestADumpOfTheVersionBeforeIsRestoredOverThisOne(t *testing.T) {
	database := postgrestest.Start(t)
	store := open(t, database, postgres.Options{})
	load(t, store, 24)
	id := listed(t, store)[0].ID
	backToFirst(t, database)
	dump := filepath.Join(t.TempDir(), "dump")
	tool(t, "pg_dump", "--format=custom", "--file="+dump, "--dbname="+database)

	edit := func(store storage, fingerprint byte) {
		t.Helper()
		basis := revision.Basis{Revision: 1, Fingerprint: idempotency.Fingerprint{fingerprint}}
		edited, err := store.Change(t.Context(), ledger.Default, id, basis, func(e expense.Expense) (expense.Expense, error) {
			e.Note = string(fingerprint)
			return e, nil
		})
		if err != nil || edited.Note != string(fingerprint) {
			t.Errorf("edited as %+v, %v, want note %q", edited, err, fingerprint)
		}
	}
	edit(open(t, database, postgres.Options{}), 'a')
	tool(t, "pg_restore", "--clean", "--if-exists", "--single-transaction", "--dbname="+database, dump)
	restored := open(t, database, postgres.Options{})
	edit(restored, 'b')
	wantSound(t, restored)
}

func listed(t *testing.T, store storage) []expense.Expense {
	t.Helper()
	all, err := store.List(t.Context(), ledger.Default, expense.ListQuery{Limit: 10})
	if err != nil || len(all) == 0 {
		t.Fatal(all, err)
	}
	return all
}

// tool runs one of PostgreSQL's own programs.
func tool(t *testing.T, name string, args ...string) {
	t.Helper()
	if output, err := exec.CommandContext(t.Context(), postgrestest.Tool(t, name), args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, output)
	}
}
