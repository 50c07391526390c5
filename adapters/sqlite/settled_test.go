package sqlite

import (
	"os"
	"path/filepath"
	"testing"
)

const firstPage = 4096

// Who looks into a file while a checkpoint makes it longer finds its first page ahead of the others. It says what there is to know.
func TestAFileThatGrowsIsNotCalledMalformed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "whole.db")
	store, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	growing := filepath.Join(t.TempDir(), "growing.db")
	if err := os.WriteFile(growing, whole[:firstPage], fileMode); err != nil {
		t.Fatal(err)
	}
	if h, err := file(growing).header(t.Context()); err != nil || h.schema == 0 {
		t.Errorf("%+v, %v, want what the first page says", h, err)
	}
}

// A checkpoint that stops in between, for as long as it likes, leaves the file shorter than its first page says. The log has the rest.
func TestAFileThatACheckpointLeavesShortGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "expenses.db")
	store, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := store.Ready(t.Context()); err != nil { // so that the log holds the first page
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.guard.lookInto(store.guard.look()); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, info.Size()-firstPage); err != nil {
		t.Fatal(err)
	}
	if err := store.guard.check(true); err != nil {
		t.Errorf("a look at the short file: %v", err)
	}
}
