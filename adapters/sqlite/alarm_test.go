//go:build linux

package sqlite_test

import (
	"os"
	"testing"
	"time"

	"expense-tracker/adapters/sqlite"
)

// An operator may make the file smaller and empty its log at once: when we look, no log shows any more who has changed the schema.
func TestAVacuumWhoseLogWasEmptiedIsNothingWrong(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	plain := openPlain(t, s.path)
	plain.SetMaxOpenConns(1)
	for range 5 {
		for _, text := range []string{`PRAGMA busy_timeout = 5000`, `VACUUM`, `PRAGMA wal_checkpoint(TRUNCATE)`} {
			_, err := plain.Exec(text)
			s.do(err)
		}
		if err := sqlite.LookIntoForTest(s.store.db); err != nil {
			t.Fatalf("a look: %v", err)
		}
	}
	s.addSome(5)
	s.wantWhole()
}

// An older index shows an older end of the log: the next commit would be written over what was acknowledged since.
func TestAnOlderIndexIsNotWrittenBy(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	older, err := os.ReadFile(s.path + "-shm")
	s.do(err)
	for range 4 {
		time.Sleep(60 * time.Millisecond) // so that states have numbers of their own
		s.addSome(3)
	}
	index, err := os.OpenFile(s.path+"-shm", os.O_RDWR, 0) // is not closed before the store, for that takes away its locks
	s.do(err)
	t.Cleanup(func() { _ = index.Close() })
	_, err = index.WriteAt(older, 0)
	s.do(err)
	if s.add() == nil {
		t.Error("an add was acknowledged by an older index")
	}
	s.awaitRight()
	s.wantWhole()
}
