package sqlite_test

import (
	"testing"

	"expense-tracker/adapters/sqlite"
)

func TestPlaceholdersKeepTheirArguments(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"SELECT 1":                          "SELECT 1",
		"a = $1 AND b = $2 AND c = $3":      "a = ? AND b = ? AND c = ?",
		"a = $1 AND b = $2 AND c = $1":      "a = ?1 AND b = ?2 AND c = ?1",
		"a = $2 AND b = $1":                 "a = ?2 AND b = ?1",
		"a = $1 AND b = $3":                 "a = ?1 AND b = ?3",
		"$1 $2 $3 $4 $5 $6 $7 $8 $9 $10":    "? ? ? ? ? ? ? ? ? ?",
		"$1 $2 $3 $4 $5 $6 $7 $8 $9 $10 $1": "?1 ?2 ?3 ?4 ?5 ?6 ?7 ?8 ?9 ?10 ?1",
	} {
		if got := sqlite.Rebind(query); got != want {
			t.Errorf("%q became %q, want %q", query, got, want)
		}
	}
}
