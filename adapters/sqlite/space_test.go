//go:build linux

package sqlite_test

import (
	"log/slog"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"expense-tracker/adapters/sqlite"
	"expense-tracker/tests/rig/check"
)

func TestADiskThatIsNearlyFullIsWarnedOfOnce(t *testing.T) {
	log := &check.Log{}
	folder := smallDisk(t, 8<<10)
	store, err := tryOpen(t.Context(), filepath.Join(folder, "expenses.db"), sqlite.Options{Logger: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.db.Close(); err != nil {
			t.Error(err)
		}
	}()
	const warning, over = "the disk of the data file is nearly full", "the disk of the data file has room again"
	eventually(t, "a warning", func() bool { return log.Count(warning) == 1 })
	time.Sleep(2 * time.Second) // several looks
	if n := log.Count(warning); n != 1 {
		t.Errorf("warned %d times", n)
	}
	if err := syscall.Mount("tmpfs", folder, "tmpfs", syscall.MS_REMOUNT, "size=400m"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "its end", func() bool { return log.Count(over) == 1 })
}
