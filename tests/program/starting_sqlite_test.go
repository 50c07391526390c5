//go:build linux

package program_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// The start says at once what only the operator can mend about an SQLite file, with the path and the reason.
func TestTheStartDoesNotWaitForAFileThatMayNotBeWritten(t *testing.T) {
	t.Parallel()
	readOnly := t.TempDir()
	if err := syscall.Mount("tmpfs", readOnly, "tmpfs", 0, "size=4m"); err != nil {
		t.Fatalf("a disk cannot be mounted, which this test needs: run it as root: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(readOnly, 0); err != nil {
			t.Error(err)
		}
	})
	path := filepath.Join(readOnly, "expenses.db")
	programtest.Succeed(t, "migrate", "--storage", "sqlite:"+path)
	if err := syscall.Mount("tmpfs", readOnly, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for at, want := range map[string]string{path: "read-only file system", folder: "is a folder"} {
		result := programtest.Command(t, "serve", "--storage", "sqlite:"+at, "--listen", "127.0.0.1:0")
		check.Equal(t, at+": exit code", result.Code, 1)
		check.Contains(t, at, result.Stderr, at, want)
		if strings.Contains(result.Stderr, "trying again") {
			t.Errorf("%s: it waits for what time does not mend: %s", at, result.Stderr)
		}
	}
}
