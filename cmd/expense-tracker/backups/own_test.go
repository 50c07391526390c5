//go:build unix

package backups

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// In a folder where everybody may make one, what somebody else has put in its place is not used.
func TestAFolderOfSomebodyElseIsNotUsed(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	own := filepath.Join(folder, "own")
	for range 2 {
		if err := MakeOwn(own); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(own, filepath.Join(folder, "link")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(folder, "open"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(folder, "open"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"link", "file", "open"} {
		if err := MakeOwn(filepath.Join(folder, name)); err == nil || !strings.Contains(err.Error(), "somebody else's") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A place that takes connections and says nothing is not waited for all day.
func TestAPlaceThatSaysNothingIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() }) // nobody is answered
	j := newJob(t, "s3:http://"+silent.Addr().String()+"/bucket/folder", 1000)
	j.Repository.Patience, j.Repository.S3ID, j.Repository.S3Token = time.Second, "id", "secret"
	began := time.Now()
	if said := once(t, j, PhaseOpen); !strings.Contains(said, "has not answered for 1s") {
		t.Errorf("it says %s", said)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
}
