package sqlite

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Who looks into a file while a checkpoint makes it longer finds its first page ahead of the others, and waits for them.
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
	const firstPage = 4096
	if err := os.WriteFile(growing, whole[:firstPage], fileMode); err != nil {
		t.Fatal(err)
	}
	if _, err := file(growing).header(t.Context()); err == nil {
		t.Fatal("a first page alone is not found malformed: this test proves nothing")
	}
	written := make(chan error, 1)
	time.AfterFunc(settleFor/5, func() { written <- os.WriteFile(growing, whole, fileMode) })
	if h, err := file(growing).settledHeader(t.Context()); err != nil || h.schema == 0 {
		t.Errorf("%+v, %v, want what the whole file says", h, err)
	}
	if err := <-written; err != nil {
		t.Fatal(err)
	}
}
