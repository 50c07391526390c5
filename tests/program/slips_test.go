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

// A password that would not be used is not taken.
func TestAPasswordAndAnAddressAreNotBothTaken(t *testing.T) {
	t.Parallel()
	result := programtest.Command(t, "user", "add", "Anna", "--email", "anna@example.org", "--password-stdin", "--storage",
		programtest.NewSQLite(t))
	if result.Code != 1 || !strings.Contains(result.Stderr, "password-stdin") {
		t.Errorf("exit code %d: %s", result.Code, result.Stderr)
	}
}

// What is refused is said in words, without the program's own; and a command with the wrong arguments says its right ones.
func TestARefusalIsSaidInWords(t *testing.T) {
	t.Parallel()
	storage := programtest.NewSQLite(t)
	programtest.Succeed(t, "user", "add", "Anna", "--storage", storage)
	for says, args := range map[string][]string{
		"expense-tracker: not changed: this is the only administrator": {"user", "disable", "Anna"},
		"expense-tracker: not deleted: there is no such user; the":     {"user", "delete", "Bob"},
		"expense-tracker user add NAME":                                {"user", "add"},
		"expense-tracker backups fetch ID FILE":                        {"backups", "fetch", "latest"},
	} {
		result := programtest.Command(t, append(args, "--storage", storage)...)
		if result.Code != 1 || !strings.Contains(result.Stderr, says) {
			t.Errorf("%v: exit code %d: %s", args, result.Code, result.Stderr)
		}
	}
}
