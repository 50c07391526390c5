package sqlite_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"expense-tracker/adapters/sqlite"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

func TestPaths(t *testing.T) {
	for _, name := range []string{
		"plain.db", "a b.db", "what?.db", "50%25.db", "#1.db", "x?mode=ro&_query_only=on", "ä ö/ü.db", "file:x.db", "-",
		"a\\b.db", "'\".db",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "new folder", name)
			store, err := tryOpen(t.Context(), path, sqlite.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := store.Add(t.Context(), ledger.Default, entry("key")); err != nil {
				t.Error(err)
			}
			for _, name := range []string{path, path + "-wal", path + "-shm"} {
				if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
					t.Errorf("%v, %v, want a file of mode 0600", info, err)
				}
			}
			if err := store.db.Close(); err != nil {
				t.Error(err)
			}
			if info, err := os.Stat(filepath.Dir(path)); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("%v, %v, want a folder of mode 0700", info, err)
			}
			again := open(t, path)
			if n, err := again.CountExpenses(t.Context()); err != nil || n != 1 {
				t.Errorf("%d entries after the reopening, %v, want 1", n, err)
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	folder := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	foreign := filepath.Join(folder, "foreign")
	execute(t, foreign, `CREATE TABLE note (text TEXT)`)
	text := write("text", strings.Repeat("not a database\n", 100))
	for _, tt := range []struct{ path, want string }{
		{"", "is empty"},
		{folder, "is a folder"},
		{filepath.Join(text, "below.db"), "not a directory"},
		{text, "is not an SQLite database"},
		{foreign, "is a database of another program"},
		{write("damaged", "SQLite format 3\x00\x10\x00\x02\x02\x00\x40\x20\x20"+strings.Repeat("\xff", 8000)), "is damaged"},
	} {
		store, err := tryOpen(t.Context(), tt.path, sqlite.Options{})
		if err == nil {
			t.Errorf("%q was opened", tt.path)
			_ = store.db.Close()
			continue
		}
		if !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want it to say that it %s", tt.path, err, tt.want)
		}
	}
}

func TestDamagedFile(t *testing.T) {
	path := newPath(t)
	store := open(t, path)
	for _, key := range []string{"a", "b"} {
		if _, err := store.Add(t.Context(), ledger.Default, entry(key)); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.db.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(content); i++ { // all pages but the first, which holds the schema
		content[i] = 0xff
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if damaged, err := sqlite.Open(t.Context(), path, sqlite.Options{}); err == nil || !strings.Contains(err.Error(), "is damaged") {
		t.Errorf("%v, %v, want it to say that the file is damaged", damaged, err)
	}
}

func TestLockedFile(t *testing.T) {
	path := newPath(t)
	store, err := tryOpen(t.Context(), path, sqlite.Options{OperationTimeout: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.db.Close() }()
	unlock := sqlite.LockForTest(t, path)
	started := time.Now()
	if _, err := store.Add(t.Context(), ledger.Default, entry("key")); !errors.Is(err, fault.Unavailable) {
		t.Errorf("an add while another program writes: %v, want Unavailable", err)
	}
	if took := time.Since(started); took > 10*time.Second {
		t.Errorf("it took %s to say so", took)
	}
	if n, err := store.CountExpenses(t.Context()); err != nil || n != 0 {
		t.Errorf("%d entries, %v: want reads to go on, and nothing stored", n, err)
	}
	unlock()
	if receipt, err := store.Add(t.Context(), ledger.Default, entry("key")); err != nil || receipt.Duplicate {
		t.Errorf("the add once more: %+v, %v", receipt, err)
	}
}
