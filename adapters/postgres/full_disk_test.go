//go:build linux

package postgres_test

import (
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// smallDisk mounts a file system of 24 megabytes that a server may use. Only root may mount: others need sudo without a password.
func smallDisk(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.Chmod(filepath.Dir(folder), 0o755); err != nil { // the server is another user
		t.Fatal(err)
	}
	sudo := func(args ...string) {
		if os.Geteuid() != 0 {
			args = append([]string{"sudo", "-n"}, args...)
		}
		if output, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("run this test as root, or allow sudo without a password: %v: %v\n%s", args, err, output)
		}
	}
	sudo("mount", "-t", "tmpfs", "-o", "size=24m,mode=777", "tmpfs", folder)
	t.Cleanup(func() { sudo("umount", "--lazy", folder) })
	return folder
}

func TestAFullDiskIsToldAndIsOverWhenThereIsRoom(t *testing.T) {
	const full = "the database's disk is full"
	folder := smallDisk(t)
	server := postgrestest.StartServer(t)
	place := filepath.Join(folder, "space")
	execute(t, server.URL(), `COPY (SELECT 1) TO PROGRAM 'mkdir -m 700 `+place+`'`) // it has to be the server's own
	execute(t, server.URL(), "CREATE TABLESPACE small LOCATION '"+place+"'")
	execute(t, server.URL(), "CREATE DATABASE small TABLESPACE small")
	target, err := url.Parse(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	target.Path = "small"
	store := open(t, target.String(), postgres.Options{})
	load(t, store, 10)
	wantReady(t, store, "")

	other := filepath.Join(folder, "other-files")
	file, err := os.Create(other)
	if err != nil {
		t.Fatal(err)
	}
	for size := 1 << 16; size > 0; {
		if _, err := file.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
		} else if err != nil {
			t.Fatal(err)
		}
	}
	_ = file.Close() // it may be unable to write what it holds
	wantReady(t, store, full)
	many := make([]expense.Entry, 1000)
	for n := range many {
		many[n] = entry(int64(n)+100, usd(t))
	}
	if _, err := store.AddAll(t.Context(), ledger.Default, many); !errors.Is(err, fault.Unavailable) || fault.MessageOf(err) != full {
		t.Errorf("adds to a full disk: %v, want Unavailable and %q", err, full)
	}
	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	wantReady(t, store, "")
	if _, err := store.AddAll(t.Context(), ledger.Default, many); err != nil {
		t.Errorf("the same adds again: %v", err)
	}
	wantSound(t, store)
}
