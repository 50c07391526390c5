package main

import (
	"net/http"
	"os/exec"
	"path/filepath"
	"testing"

	"expense-tracker/adapters/postgres/postgrestest"
)

// A database that was restored counts versions again that a running instance has kept pages of. None of those may be shown.
func TestPagesAreRightAfterARestore(t *testing.T) {
	t.Parallel()
	storage := postgrestest.Start(t)
	one, other := visit(t, start(t, storage).URL), visit(t, start(t, storage).URL)
	one.add("food", "1.00")
	backup := filepath.Join(t.TempDir(), "backup")
	pgTool(t, "pg_dump", "--format=custom", "--file="+backup, "--dbname="+storage)
	one.add("food", "500.00")
	gone := one.get("/").newest().link
	opened := one.get(gone)
	expect(t, "total before the restore", one.get("/").total(), "501.00") // kept, as of the second change
	pgTool(t, "pg_restore", "--clean", "--single-transaction", "--dbname="+storage, backup)
	other.add("food", "20.00") // the second change once more
	expect(t, "total after the restore", one.get("/").total(), "21.00")
	expect(t, "another row under the same address", other.get("/").newest().link, gone)
	stale := one.post(gone, opened.change("price", "7.00"))
	expect(t, "an edit of the row that is gone", stale.status, http.StatusConflict)
	expect(t, "the same on the other instance", other.get("/").total(), "21.00")
}

// pgTool runs one of PostgreSQL's own programs.
func pgTool(t *testing.T, name string, args ...string) {
	t.Helper()
	if output, err := exec.CommandContext(t.Context(), postgrestest.Tool(t, name), args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, output)
	}
}
