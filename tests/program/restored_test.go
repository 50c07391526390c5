package program_test

import (
	"net/http"
	"os/exec"
	"path/filepath"
	"testing"

	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// A database that was restored counts versions again that a running instance has kept pages of. None of those may be shown.
func TestPagesAreRightAfterARestore(t *testing.T) {
	t.Parallel()
	storage := postgrestest.Start(t)
	one, other := programtest.Visit(t, programtest.Start(t, storage).URL), programtest.Visit(t, programtest.Start(t, storage).URL)
	one.Add("food", "1.00")
	backup := filepath.Join(t.TempDir(), "backup")
	pgTool(t, "pg_dump", "--format=custom", "--file="+backup, "--dbname="+storage)
	one.Add("food", "500.00")
	gone := one.Get("/").Newest().Link
	opened := one.Get(gone)
	check.Equal(t, "total before the restore", one.Get("/").Total(), "501.00") // kept, as of the second change
	pgTool(t, "pg_restore", "--clean", "--single-transaction", "--dbname="+storage, backup)
	other.Add("food", "20.00") // the second change once more
	check.Equal(t, "total after the restore", one.Get("/").Total(), "21.00")
	check.Equal(t, "another row under the same address", other.Get("/").Newest().Link, gone)
	stale := one.Post(gone, opened.Change("price", "7.00"))
	check.Equal(t, "an edit of the row that is gone", stale.Status, http.StatusConflict)
	check.Equal(t, "the same on the other instance", other.Get("/").Total(), "21.00")
}

// pgTool runs one of PostgreSQL's own programs.
func pgTool(t *testing.T, name string, args ...string) {
	t.Helper()
	if output, err := exec.CommandContext(t.Context(), postgrestest.Tool(t, name), args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, output)
	}
}
