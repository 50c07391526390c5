//go:build unix

package sqlite_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A file that the user may only read is refused when it is opened, not when the first expense is added. Root may write everything,
// so a process of somebody else tries.
func TestReadOnlyFile(t *testing.T) {
	folder := t.TempDir()
	path, program := filepath.Join(folder, "expenses.db"), filepath.Join(folder, "program")
	if err := open(t, path).db.Close(); err != nil {
		t.Fatal(err)
	}
	for name, mode := range map[string]os.FileMode{path: 0o444, folder: 0o755, filepath.Dir(folder): 0o755} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, content, 0o755); err != nil { // go test keeps its own where only its user can run it
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // for it adds forever if it may
	defer cancel()
	command := exec.CommandContext(ctx, program)
	command.Env = append(os.Environ(), childPath+"="+path, childName+"=nobody")
	if os.Geteuid() == 0 {
		const nobody = 65534
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	said, err := command.CombinedOutput()
	if err == nil || !strings.Contains(string(said), "may not be written") {
		t.Errorf("%v, it said %q, want that the file may not be written", err, said)
	}
}
