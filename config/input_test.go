//go:build unix

package config_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"expense-tracker/config"
)

const storageFile = "EXPENSE_TRACKER_STORAGE_FILE="

// loads are the two ways in which a setting comes from a file.
var loads = map[string]func(path string) config.LoadOptions{
	"a variable's file": func(path string) config.LoadOptions {
		return config.LoadOptions{Environ: []string{storageFile + path}}
	},
	"the settings file": func(path string) config.LoadOptions { return config.LoadOptions{File: path} },
}

func onEachLoad(t *testing.T, test func(t *testing.T, load func(ctx context.Context, path string) error)) {
	t.Helper()
	for name, options := range loads {
		t.Run(name, func(t *testing.T) {
			test(t, func(ctx context.Context, path string) error {
				_, _, err := config.Load(ctx, options(path))
				return err
			})
		})
	}
}

func TestAFileWithoutAnEndIsRefused(t *testing.T) {
	onEachLoad(t, func(t *testing.T, load func(context.Context, string) error) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := load(t.Context(), "/dev/zero"); err == nil || !strings.Contains(err.Error(), "neither a file nor a pipe") {
			t.Errorf("a device: %v", err)
		}
		endless := newPipe(t)
		writer := make(chan error, 1)
		go func() { writer <- writeWithoutEnd(endless) }()
		if err := load(t.Context(), endless); err == nil || !strings.Contains(err.Error(), "holds more than") {
			t.Errorf("an endless pipe: %v", err)
		}
		if err := <-writer; !errors.Is(err, syscall.EPIPE) {
			t.Errorf("the pipe's writer: %v", err)
		}
		runtime.ReadMemStats(&after)
		if taken := after.TotalAlloc - before.TotalAlloc; taken > 32<<20 {
			t.Errorf("reading took %d bytes of memory", taken)
		}
	})
}

func writeWithoutEnd(path string) error {
	pipe, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	for err == nil {
		_, err = pipe.WriteString(strings.Repeat("x", 1000))
	}
	return errors.Join(err, pipe.Close())
}

func TestALargeFileIsRefused(t *testing.T) {
	onEachLoad(t, func(t *testing.T, load func(context.Context, string) error) {
		path := write(t, "large", strings.Repeat("#", 2<<20))
		if err := load(t.Context(), path); err == nil || !strings.Contains(err.Error(), "holds more than") {
			t.Errorf("%v", err)
		}
	})
}

// A pipe may be opened by its writer later than by us, as a shell's <(command) may be.
func TestAPipeIsReadToItsEnd(t *testing.T) {
	path := newPipe(t)
	written := make(chan error, 1)
	go func() {
		time.Sleep(100 * time.Millisecond) // so that the reader is there first
		written <- os.WriteFile(path, []byte("memory:\n"), 0)
	}()
	got, _, err := config.Load(t.Context(), config.LoadOptions{Environ: []string{storageFile + path}})
	if err != nil || got.Storage != "memory:" {
		t.Errorf("%q, %v", got.Storage, err)
	}
	if err := <-written; err != nil {
		t.Error(err)
	}
}

func TestASilentPipeIsLeftWhenTheContextEnds(t *testing.T) {
	onEachLoad(t, func(t *testing.T, load func(context.Context, string) error) {
		nobody, silent := newPipe(t), newPipe(t)
		writer, err := os.OpenFile(silent, os.O_RDWR, 0) // open, and never written to
		if err != nil {
			t.Fatal(err)
		}
		defer writer.Close() //nolint:errcheck // nothing was written
		for name, path := range map[string]string{"no writer": nobody, "a silent writer": silent} {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			started := time.Now()
			err := load(ctx, path)
			cancel()
			if err == nil || !strings.Contains(err.Error(), "the pipe was not written to its end") {
				t.Errorf("%s: %v", name, err)
			}
			if took := time.Since(started); took > 5*time.Second {
				t.Errorf("%s: it took %s", name, took)
			}
		}
	})
}

func newPipe(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
