package program_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

func TestASignalIsHeardWhileASettingsFileIsAwaited(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "settings.yaml")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	p := programtest.Launch(t, "memory:", "--config", pipe)
	var writer *os.File
	check.Eventually(t, 30*time.Second, "the program reads the pipe", func() (opened bool) {
		var err error
		writer, err = os.OpenFile(pipe, os.O_WRONLY|syscall.O_NONBLOCK, 0) // which needs a reader
		return err == nil
	})
	defer writer.Close() //nolint:errcheck // nothing was written
	signalled := time.Now()
	if err := p.Stop(); err != nil {
		t.Errorf("the program ends with %v", err)
	}
	if took := time.Since(signalled); took > 10*time.Second {
		t.Errorf("the program ended after %s", took)
	}
}
