package program_test

import (
	neturl "net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/tests/rig/check"
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
		"expense-tracker: not changed: this is the only administrator":  {"user", "disable", "Anna"},
		"expense-tracker: not deleted: there is no such user; the":      {"user", "delete", "Bob"},
		"expense-tracker user add NAME":                                 {"user", "add"},
		"it has 1 argument; say: expense-tracker backups fetch ID FILE": {"backups", "fetch", "latest"},
	} {
		result := programtest.Command(t, append(args, "--storage", storage)...)
		if result.Code != 1 || !strings.Contains(result.Stderr, says) {
			t.Errorf("%v: exit code %d: %s", args, result.Code, result.Stderr)
		}
	}
}

// A slip on the command line is answered with what was meant, or with where that stands, and in words that are no programmer's.
func TestASlipOnTheCommandLineIsAnsweredWithAWayOn(t *testing.T) {
	t.Parallel()
	storage := programtest.NewSQLite(t)
	programtest.Succeed(t, "generate", "--count", "3", "--from", "2026-01-01", "--to", "2026-01-31", "--storage", storage)
	check.Contains(t, "verify", programtest.Succeed(t, "verify", "--storage", storage), "\n1 ledger, 0 differences: ")
	for says, args := range map[string][]string{
		`there is no command "show"; did you mean config?`:    {"show", "config"},
		`there is no command "verfy"; did you mean verify?`:   {"verfy"},
		`there is no command "demote"; did you mean promote`:  {"user", "demote", "Anna"},
		`"x" is too much: say expense-tracker verify without`: {"verify", "x"},
		"expense-tracker --help lists the flags":              {"--nonsense"},
		`--count: "ten" is not a whole number`:                {"generate", "--count", "ten"},
		`--count: "99999999999999999999" is too large`:        {"generate", "--count", "99999999999999999999"},
		`--demo: "maybe" is not true or false`:                {"--demo=maybe"},
		"the seed 1 has made other expenses in this storage":  {"generate", "--count", "3", "--from", "2026-03-01"},
		"made-up expenses would be gone with the command":     {"generate", "--storage", "memory:"},
		"--from: must be memory:, sqlite:PATH or postgres://": {"copy", "--from", "here", "--to", "there"},
		"--to: must be memory:, sqlite:PATH or postgres://":   {"copy", "--from", storage, "--to", "there"},
		"does the program run, with the same settings?":       {"healthcheck", "--listen", "127.0.0.1:1"},
		"sqlite: there is no file /absent/backup.db":          {"restore", "/absent/backup.db"},
		"is not a file; name one":                             {"backup", t.TempDir()},
	} {
		result := programtest.Command(t, append([]string{"--storage", storage}, args...)...)
		if result.Code != 1 || !strings.Contains(result.Stderr, says) || strings.Contains(result.Stderr, "strconv") {
			t.Errorf("%v: exit code %d: %s, want %s", args, result.Code, result.Stderr, says)
		}
	}
}

// A server that refuses is not a storage that has to be made first, and what does not mend by itself is not waited for.
func TestARefusalOfTheServerSaysWhatToDo(t *testing.T) {
	t.Parallel()
	there, err := neturl.Parse(postgrestest.Start(t))
	if err != nil {
		t.Fatal(err)
	}
	absent, unknown := *there, *there
	absent.Path = "/absent"
	query := there.Query()
	query.Set("nonsense", "1")
	unknown.RawQuery = query.Encode()
	for says, storage := range map[string]string{"make it with CREATE DATABASE": absent.String(), `parameter "nonsense"`: unknown.String()} {
		for _, command := range []string{"verify", "migrate"} {
			began := time.Now()
			result := programtest.Command(t, command, "--storage", storage)
			if result.Code != 1 || !strings.Contains(result.Stderr, says) || strings.Contains(result.Stderr, "start the program once") {
				t.Errorf("%s: exit code %d: %s, want %s", command, result.Code, result.Stderr, says)
			}
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("%s tried again for %s", command, took)
			}
		}
	}
}

// A name is not taken by an account that was refused for its address.
func TestAnAccountThatIsRefusedIsNotThere(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		programtest.Succeed(t, "user", "add", "Anna", "--email", "anna@example.org", "--storage", storage)
		result := programtest.Command(t, "user", "add", "Ben", "--email", "anna@example.org", "--storage", storage)
		check.Equal(t, "exit code", result.Code, 1)
		check.Contains(t, "the reason", result.Stderr, "not added: this log-in belongs to another account")
		if all := programtest.Succeed(t, "user", "list", "--storage", storage); strings.Contains(all, "Ben") {
			t.Errorf("the accounts are %s", all)
		}
	})
}
