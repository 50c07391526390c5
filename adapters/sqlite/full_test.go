//go:build linux

package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"expense-tracker/adapters/sqlite"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
)

// smallDisk mounts a disk of that many KiB. Only root may; a test that needs one fails for others.
func smallDisk(t *testing.T, kib int) string {
	t.Helper()
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, fmt.Sprintf("size=%dk", kib)); err != nil {
		t.Fatalf("a small disk cannot be mounted, which this test needs: run it as root: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Error(err)
		}
	})
	return folder
}

func message(err error) string {
	var f *fault.Error
	if errors.As(err, &f) && f.Kind == fault.Unavailable {
		return f.Message.String()
	}
	return fmt.Sprint("not unavailable: ", err)
}

func TestFullDiskIsSaidAndSurvived(t *testing.T) {
	folder := smallDisk(t, 4096)
	path, ballast := filepath.Join(folder, "expenses.db"), filepath.Join(folder, "ballast")
	store, err := tryOpen(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.db.Close(); err != nil {
			t.Error(err)
		}
	}()
	acknowledged := make(map[idempotency.Key]expense.ID)
	add := func(key string) error {
		receipt, err := store.Add(t.Context(), ledger.Default, entry(key))
		if err == nil {
			acknowledged[idempotency.Key(key)] = receipt.Expense.ID
		}
		return err
	}
	if err := add("first"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(ballast, make([]byte, 8<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("%v: the disk is not full", err)
	}
	err = nil
	for i := 0; err == nil && i < 10_000; i++ {
		err = add(fmt.Sprint("full-", i))
	}
	if got := message(err); got != "the disk is full" {
		t.Errorf("an add: %q", got)
	}
	eventually(t, "unready because the disk is full", func() bool { return message(store.db.Ready(t.Context())) == "the disk is full" })
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	eventually(t, "ready again", func() bool { return store.db.Ready(t.Context()) == nil })
	if err := add("with room"); err != nil {
		t.Error(err)
	}
	wantStored(t, store, acknowledged)
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(15 * time.Second); !condition(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 15 s: %s", what)
		}
	}
}

func TestLockedFileIsUnready(t *testing.T) {
	path := newPath(t)
	store := open(t, path)
	unlock := sqlite.LockForTest(t, path)
	eventually(t, "unready because of a lock", func() bool {
		started := time.Now()
		err := store.db.Ready(t.Context())
		if took := time.Since(started); took > 5*time.Second {
			t.Errorf("readiness took %s", took)
		}
		return err != nil && strings.Contains(message(err), "in use by another program")
	})
	unlock()
	eventually(t, "ready again", func() bool { return store.db.Ready(t.Context()) == nil })
	time.Sleep(2100 * time.Millisecond) // the last commit is no proof any more
	unlock = sqlite.LockForTest(t, path)
	time.AfterFunc(200*time.Millisecond, unlock)
	if err := store.db.Ready(t.Context()); err != nil {
		t.Errorf("a short lock made it unready: %v", err)
	}
}

// The start says at once what time does not mend, and where.
func TestReadOnlyDisk(t *testing.T) {
	folder := smallDisk(t, 4096)
	path := filepath.Join(folder, "expenses.db")
	if err := open(t, path).db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", folder, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	store, err := tryOpen(t.Context(), path, sqlite.Options{})
	if err == nil || errors.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "read-only file system") ||
		!strings.Contains(err.Error(), path) {
		t.Errorf("%v, %v, want an error that names the path and the reason, and is no passing one", store, err)
	}
}

// A backup for which a disk has no room names the folder where it is missing, and leaves nothing there. So does a restore.
func TestABackupWithoutRoomNamesItsFolder(t *testing.T) {
	path := newPath(t)
	if err := open(t, path).db.Close(); err != nil {
		t.Fatal(err)
	}
	small := smallDisk(t, 64)
	target := filepath.Join(small, "copy.db")
	_, backup := sqlite.Backup(t.Context(), path, target, sqlite.BackupOptions{})
	_, restore := sqlite.Restore(t.Context(), target, path, sqlite.RestoreOptions{Now: time.Now()})
	for what, err := range map[string]error{"Backup": backup, "Restore": restore} {
		if message(err) != "the disk is full" || !strings.Contains(err.Error(), small) || strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want the full disk of %s", what, err, small)
		}
	}
	if left := entries(t, small); left != "" {
		t.Errorf("what had no room left %s", left)
	}
}

// A backup that is broken off leaves nothing, whenever that happens.
func TestABackupThatIsBrokenOffLeavesNothing(t *testing.T) {
	path, folder := newPath(t), t.TempDir()
	if err := open(t, path).db.Close(); err != nil {
		t.Fatal(err)
	}
	for patience := time.Duration(0); ; patience += 200 * time.Microsecond {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		_, err := sqlite.Backup(ctx, path, filepath.Join(folder, "copy.db"), sqlite.BackupOptions{})
		cancel()
		if err == nil {
			return
		}
		if left := entries(t, folder); left != "" {
			t.Fatalf("broken off after %s, with %v, it left %s", patience, err, left)
		}
	}
}
