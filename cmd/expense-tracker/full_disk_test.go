//go:build linux

package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// smallDisk mounts a file system of two megabytes and returns its folder. Only root may mount: others need sudo without a password.
func smallDisk(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	mount := []string{"mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=2m,mode=700,uid=%d", os.Geteuid()), "tmpfs", folder}
	unmount := []string{"umount", "--lazy", folder}
	if os.Geteuid() != 0 {
		mount, unmount = append([]string{"sudo", "-n"}, mount...), append([]string{"sudo", "-n"}, unmount...)
	}
	if output, err := exec.CommandContext(t.Context(), mount[0], mount[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("no small disk: run this test as root, or allow sudo without a password: %v\n%s", err, output)
	}
	t.Cleanup(func() {
		if output, err := exec.Command(unmount[0], unmount[1:]...).CombinedOutput(); err != nil { //nolint:noctx // after the test
			t.Errorf("%v: %v\n%s", unmount, err, output)
		}
	})
	return folder
}

// fill takes all the room that a disk has left and returns the file that holds it.
func fill(t *testing.T, folder string) string {
	t.Helper()
	path := filepath.Join(folder, "other-files")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // it may be unable to write what it holds
	for size := 1 << 16; size > 0; {
		if _, err := file.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
		} else if err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// A full disk is said in the page, in the log and by the readiness, and is over when there is room again.
func TestAFullDiskIsSaidAndSurvived(t *testing.T) {
	t.Parallel()
	folder := smallDisk(t)
	p := start(t, "sqlite:"+filepath.Join(folder, "expenses.db"))
	user := visit(t, p.URL)
	user.add("before", "1.00")
	expect(t, "/readyz", user.get("/readyz").status, http.StatusOK)
	link := user.get("/").newest().link
	edit := user.get(link).change("price", "2.00")

	other := fill(t, folder)
	typed := form("category", "kept", "price", "2.50", "note", strings.Repeat("x", 400), "idempotency_key", "my-form")
	var full *page
	eventually(t, 10*time.Second, "an add is refused", func() bool { // until the pages are written that the file had reserved
		full = user.post("/add", typed)
		if full.status == http.StatusSeeOther {
			typed.Set("idempotency_key", typed.Get("idempotency_key")+"+")
		}
		return full.status == http.StatusServiceUnavailable
	})
	contains(t, "an add", full.problem(), "The disk is full. Your expense may not be stored yet.")
	expect(t, "the price typed", full.field("price"), "2.50")
	changed := user.post(link, edit)
	expect(t, "an edit", changed.status, http.StatusServiceUnavailable)
	contains(t, "an edit", changed.problem(), "The disk is full. Your change may or may not be stored.")
	expect(t, "reading", user.get("/").status, http.StatusOK)
	eventually(t, 10*time.Second, "/readyz says that the disk is full", func() bool {
		ready := user.get("/readyz")
		return ready.status == http.StatusServiceUnavailable && strings.TrimSpace(ready.body) == "the disk is full"
	})
	expect(t, "expense_tracker_ready", value(t, p.URL, "expense_tracker_ready", nil), 0)
	contains(t, "the log", p.Output(), "not ready: the disk is full", "storage unavailable")

	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	eventually(t, 10*time.Second, "/readyz says 200", func() bool { return user.get("/readyz").status == http.StatusOK })
	expect(t, "the add, sent again", user.post("/add", typed).status, http.StatusSeeOther)
	expect(t, "the edit, sent again", user.post(link, edit).status, http.StatusSeeOther)
	eventually(t, 5*time.Second, "the log says that it is over", func() bool { return strings.Contains(p.Output(), "ready again") })
	succeed(t, "verify", "--storage", "sqlite:"+filepath.Join(folder, "expenses.db"))
}
