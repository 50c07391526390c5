// Package migrationtest is for tests that take a database back to an older schema and migrate it again. Only tests import it.
package migrationtest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var madeTable = regexp.MustCompile(`(?mi)^CREATE TABLE (?:IF NOT EXISTS )?(\w+)`)

// Forget returns statements that make a database forget the migrations from a number on: it drops the tables that they made, the
// youngest first, and their rows in the table of versions. What they changed of older tables the caller has undone. So a migration that
// only makes tables changes no test of an older one. It reads the folder migrations of the package under test.
func Forget(t testing.TB, from int) string {
	t.Helper()
	files, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d migrations, %v", len(files), err)
	}
	var statements strings.Builder
	slices.Sort(files)
	for _, file := range slices.Backward(files) {
		digits, _, _ := strings.Cut(filepath.Base(file), "_")
		number, err := strconv.Atoi(digits)
		if err != nil {
			t.Fatal(err)
		}
		if number < from {
			break
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, made := range slices.Backward(madeTable.FindAllSubmatch(content, -1)) {
			fmt.Fprintf(&statements, "DROP TABLE IF EXISTS %s; ", made[1])
		}
	}
	fmt.Fprintf(&statements, "DELETE FROM expense_schema_version WHERE version_id >= %d", from)
	return statements.String()
}
