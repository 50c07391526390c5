package program_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"expense-tracker/tests/rig/programtest"
)

// An operator who mistypes the name of the storage is told, and no empty one is made.
func TestASlipInTheStoragesNameMakesNone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "expnses.db")
	for _, args := range [][]string{
		{"list"}, {"disable", "Anna"}, {"enable", "Anna"}, {"promote", "Anna"}, {"reset-password", "Anna"}, {"delete", "Anna"},
	} {
		result := programtest.Command(t, append([]string{"user", "--storage", "sqlite:" + path}, args...)...)
		if result.Code != 1 || !strings.Contains(result.Stderr, "name the storage with --storage") {
			t.Errorf("%v: exit code %d: %s", args, result.Code, result.Stderr)
		}
		if _, err := os.Stat(path); err == nil {
			t.Fatalf("%v made a file", args)
		}
	}
}
