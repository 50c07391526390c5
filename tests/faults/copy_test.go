//go:build linux

package faults_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// A copy for which the disk has no room says so, leaves nothing behind, and works when there is room.
func TestACopyOntoAFullDiskLeavesNothing(t *testing.T) {
	from := programtest.NewSQLite(t)
	for seed := range 8 { // each in the time that a call has, on a slow machine too
		programtest.Succeed(t, "generate", "--count", "500", "--seed", fmt.Sprint(seed+1), "--storage", from)
	}
	folder := smallDisk(t)
	other := fill(t, folder)
	if err := os.Truncate(other, 1<<20); err != nil {
		t.Fatal(err)
	}
	to := "sqlite:" + filepath.Join(folder, "expenses.db")
	result := programtest.Command(t, "copy", "--from", from, "--to", to)
	if result.Code != 1 || !strings.Contains(result.Stderr, "disk is full") || !strings.Contains(result.Stderr, "nothing was copied") {
		t.Errorf("exit code %d: %s", result.Code, result.Stderr)
	}
	left, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	check.Equal(t, "files beside the other", len(left), 1)
	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	programtest.Succeed(t, "copy", "--from", from, "--to", to)
	check.Equal(t, "expenses", programtest.Stored(t, to), 4000)
}
