package migrationtest_test

import (
	"os"
	"testing"

	"expense-tracker/adapters/internal/migrationtest"
)

func TestTablesAreForgottenTheYoungestFirst(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("migrations", 0o700); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"00001_first.sql":  "CREATE TABLE ledger (id bigint);\n",
		"00002_second.sql": "-- +goose Up\nCREATE TABLE a (id bigint);\nCREATE TABLE IF NOT EXISTS b (id bigint);\n-- no CREATE TABLE c\n",
		"00010_third.sql":  "CREATE TABLE d (id bigint);\n",
	} {
		if err := os.WriteFile("migrations/"+name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const want = "DROP TABLE IF EXISTS d; DROP TABLE IF EXISTS b; DROP TABLE IF EXISTS a; " +
		"DELETE FROM expense_schema_version WHERE version_id >= 2"
	if got := migrationtest.Forget(t, 2); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
