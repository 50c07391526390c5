//go:build linux

package faults_test

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

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
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
	p := programtest.Start(t, "sqlite:"+filepath.Join(folder, "expenses.db"))
	user := programtest.Visit(t, p.URL)
	user.Add("before", "1.00")
	check.Equal(t, "/readyz", user.Get("/readyz").Status, http.StatusOK)
	link := user.Get("/").Newest().Link
	edit := user.Get(link).Change("price", "2.00")

	other := fill(t, folder)
	typed := programtest.Form("category", "kept", "price", "2.50", "note", strings.Repeat("x", 400), "idempotency_key", "my-form")
	var full *programtest.Page
	check.Eventually(t, 30*time.Second, "an add is refused", func() bool { // until the pages are written that the file had reserved
		full = user.Post("/add", typed)
		if full.Status == http.StatusSeeOther {
			typed.Set("idempotency_key", typed.Get("idempotency_key")+"+")
		}
		return full.Status == http.StatusServiceUnavailable
	})
	check.Contains(t, "an add", full.Problem(), "The disk is full. Your expense may not be stored yet.")
	check.Equal(t, "the price typed", full.Field("price"), "2.50")
	changed := user.Post(link, edit)
	check.Equal(t, "an edit", changed.Status, http.StatusServiceUnavailable)
	check.Contains(t, "an edit", changed.Problem(), "The disk is full. Your change may or may not be stored.")
	check.Equal(t, "reading", user.Get("/").Status, http.StatusOK)
	check.Eventually(t, 30*time.Second, "/readyz says that the disk is full", func() bool {
		ready := user.Get("/readyz")
		return ready.Status == http.StatusServiceUnavailable && strings.TrimSpace(ready.Body) == "the disk is full"
	})
	check.Equal(t, "expense_tracker_ready", programtest.Metric(t, p.URL, "expense_tracker_ready", nil), 0)
	check.Contains(t, "the log", p.Output(), "not ready: the disk is full", "storage unavailable")

	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	check.Eventually(t, 30*time.Second, "/readyz says 200", func() bool { return user.Get("/readyz").Status == http.StatusOK })
	check.Equal(t, "the add, sent again", user.Post("/add", typed).Status, http.StatusSeeOther)
	check.Equal(t, "the edit, sent again", user.Post(link, edit).Status, http.StatusSeeOther)
	check.Eventually(t, 30*time.Second, "the log says that it is over", func() bool { return strings.Contains(p.Output(), "ready again") })
	programtest.Succeed(t, "verify", "--storage", "sqlite:"+filepath.Join(folder, "expenses.db"))
}
