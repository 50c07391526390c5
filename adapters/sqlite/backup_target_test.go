//go:build unix

package sqlite_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"expense-tracker/adapters/sqlite"
)

// A backup overwrites another backup, if that is asked for, and nothing else: no device, and no file that a running program needs.
func TestABackupTakesNoNameThatMeansSomethingElse(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "expenses.db")
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	pipe, link, nowhere, beside := filepath.Join(folder, "pipe"), filepath.Join(folder, "link"), filepath.Join(folder, "nowhere"),
		filepath.Join(folder, "beside")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{link: pipe, nowhere: filepath.Join(folder, "gone"), beside: folder} {
		if err := os.Symlink(target, name); err != nil {
			t.Fatal(err)
		}
	}
	before := entries(t, folder)
	for _, refused := range []struct {
		target  string
		replace bool
		want    string
	}{
		{pipe, true, "is not a file"},
		{pipe, false, "is not a file"},
		{link, true, "is not a file"}, // such as /dev/stdout
		{folder, true, "is not a file"},
		{path + "-wal", true, "belongs to the data file"},
		{path + "-shm", true, "belongs to the data file"},
		{path + "-journal", false, "belongs to the data file"},
		{filepath.Join(beside, "expenses.db-wal"), true, "belongs to the data file"},
		{nowhere, false, "is there already"},
		{filepath.Join(folder, "no", "backup.db"), false, "the folder for the backup"},
	} {
		_, err := sqlite.Backup(t.Context(), path, refused.target, sqlite.BackupOptions{Replace: refused.replace})
		if err == nil || !strings.Contains(err.Error(), refused.want) || strings.Contains(err.Error(), ".tmp") {
			t.Errorf("%s, replace %t: %v, want %q", refused.target, refused.replace, err, refused.want)
		}
	}
	if after := entries(t, folder); after != before {
		t.Errorf("what was refused left %s, want %s", after, before)
	}
	if err := db.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

// A pipe or a device is no data file: nothing is opened in it or copied from it, and no restore puts a file in its place.
func TestWhatIsNoFileIsNoDataFile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	backup, pipe := filepath.Join(folder, "backup.db"), filepath.Join(folder, "pipe")
	db, err := sqlite.Open(t.Context(), backup, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	before := entries(t, folder)
	opened, refusedOpen := sqlite.Open(t.Context(), pipe, sqlite.Options{})
	if refusedOpen == nil {
		_ = opened.Close()
	}
	_, refusedLeave := sqlite.Leave(t.Context(), pipe, sqlite.LeaveOptions{})
	_, refusedRestore := sqlite.Restore(t.Context(), pipe, backup, sqlite.RestoreOptions{Replace: true, Now: time.Now()})
	for what, err := range map[string]error{
		"Open": refusedOpen, "IsThere": sqlite.IsThere(pipe), "Leave": refusedLeave, "Restore": refusedRestore,
	} {
		if err == nil || !strings.Contains(err.Error(), "is not a file") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if after := entries(t, folder); after != before {
		t.Errorf("what was refused left %s, want %s", after, before)
	}
}

// A copy that was killed leaves a hidden file as large as the data: the next copy removes it, and nothing that it did not make.
func TestABackupRemovesWhatAKilledOneLeft(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "expenses.db")
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	old := time.Now().Add(-2 * time.Hour)
	for name, stays := range map[string]bool{
		".expenses.db.123.tmp": false, ".expenses.db.123.tmp-journal": false, ".expenses.db.123.tmp-wal": false,
		".expenses.db.notes.tmp": true, ".expenses.db.123.tmp.gz": true, ".other.db.123.tmp": true, "expenses.db.123.tmp": true,
		".expenses.db.456.tmp": true, // of a backup that is at work
	} {
		left := filepath.Join(folder, name)
		if err := os.WriteFile(left, []byte("left"), 0o600); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(name, "456") {
			if err := os.Chtimes(left, old, old); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := sqlite.Backup(t.Context(), path, filepath.Join(folder, "backup.db"), sqlite.BackupOptions{Replace: true}); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(left); (err == nil) != stays {
			t.Errorf("%s: %v, want it to stay: %t", name, err, stays)
		}
	}
}

// entries lists what a folder holds, with the kind of each.
func entries(t *testing.T, folder string) string {
	t.Helper()
	found, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for _, one := range found {
		said.WriteString(one.Name() + " " + one.Type().String() + "\n")
	}
	return said.String()
}
