package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"expense-tracker/core/fault"
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

// A look that fails, as when time ran out, says nothing about the file. So nothing is let go, which another process may go on with.
func TestALookThatFailsIsNoOtherContent(t *testing.T) {
	store, err := Open(t.Context(), filepath.Join(t.TempDir(), "expenses.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	g := store.guard
	locked := file(filepath.Join(t.TempDir(), "locked.db")) // which has no log: a writer keeps readers out
	if err := os.WriteFile(string(locked), nil, fileMode); err != nil {
		t.Fatal(err)
	}
	var busy [2]*conn
	for i := range busy {
		if busy[i], err = locked.connector(copying, 0).open(); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := busy[i].Close(); err != nil {
				t.Error(err)
			}
		}()
	}
	if err := busy[0].run(t.Context(), `BEGIN EXCLUSIVE`); err != nil {
		t.Fatal(err)
	}
	replace := func(by *conn) *conn {
		g.mu.Lock()
		defer g.mu.Unlock()
		before := g.holder
		g.holder = by
		return before
	}
	right := replace(busy[1])
	looked := g.check(true)
	replace(right)
	if !errors.Is(looked, fault.Unavailable) {
		t.Errorf("%v, want Unavailable", looked)
	}
	if err := store.Ready(t.Context()); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
