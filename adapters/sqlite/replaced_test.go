//go:build linux

package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"expense-tracker/adapters/sqlite"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
	"expense-tracker/tests/rig/check"
)

// site is a store whose files are interfered with.
type site struct {
	t      *testing.T
	folder string
	path   string
	backup string // an older state, in one file
	aside  string // where files are put away
	store  storage
	log    *check.Log
	acked  map[idempotency.Key]expense.ID
	adds   int
}

func newSite(t *testing.T) *site {
	t.Helper()
	top := t.TempDir()
	s := &site{
		t: t, folder: filepath.Join(top, "data"), aside: filepath.Join(top, "aside"), backup: filepath.Join(top, "backup.db"),
		log: &check.Log{}, acked: make(map[idempotency.Key]expense.ID),
	}
	s.path = filepath.Join(s.folder, "expenses.db")
	s.do(os.Mkdir(s.aside, 0o700))
	store, err := tryOpen(t.Context(), s.path,
		sqlite.Options{Logger: slog.New(slog.NewTextHandler(s.log, nil))})
	s.do(err)
	s.store = store
	t.Cleanup(func() {
		if err := s.store.db.Close(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Log(s.log.String())
		}
	})
	s.addSome(40)
	_, err = sqlite.Backup(t.Context(), s.path, s.backup, sqlite.BackupOptions{})
	s.do(err)
	s.addSome(300) // so that the log was emptied since
	return s
}

func (s *site) do(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// add adds once and keeps what was acknowledged.
func (s *site) add() error {
	s.adds++
	key := fmt.Sprint("key-", s.adds)
	receipt, err := s.store.Add(s.t.Context(), ledger.Default, entry(key))
	if err == nil {
		s.acked[idempotency.Key(key)] = receipt.Expense.ID
	} else if !errors.Is(err, fault.Unavailable) {
		s.t.Errorf("%s: %v, want Unavailable", key, err)
	}
	return err
}

func (s *site) addSome(n int) {
	s.t.Helper()
	for range n {
		s.do(s.add())
	}
}

// wantRefused checks that the very next add is refused, and that readiness says why.
func (s *site) wantRefused() {
	s.t.Helper()
	if err := s.add(); err == nil {
		s.t.Error("an add was acknowledged though the files are wrong")
	}
	err := s.store.db.Ready(s.t.Context())
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Unavailable || !strings.Contains(f.Message.String(), "while the program runs") {
		s.t.Errorf("ready: %v, want Unavailable with the reason", err)
	}
}

// awaitRight waits until the store takes adds again.
func (s *site) awaitRight() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	for s.store.db.Ready(ctx) != nil {
		if ctx.Err() != nil {
			s.t.Fatalf("still not right: %v", s.store.db.Ready(s.t.Context()))
		}
		time.Sleep(20 * time.Millisecond)
	}
	s.addSome(20)
}

func (s *site) move(from, to string) { s.t.Helper(); s.do(os.Rename(from, to)) }

// copyOver writes the content of one file into another that stays the same file.
func (s *site) copyOver(from, to string) {
	s.t.Helper()
	content, err := os.ReadFile(from)
	s.do(err)
	s.do(os.WriteFile(to, content, 0o600))
}

func (s *site) remove(names ...string) {
	s.t.Helper()
	for _, name := range names {
		s.do(os.Remove(name))
	}
}

func TestFilesThatGo(t *testing.T) {
	for _, tt := range []struct {
		name string
		harm func(*site)
		mend func(*site) // nil: it mends itself
		lost bool        // what was acknowledged since the backup, by the operator's own will
	}{
		{"the file is moved away", func(s *site) { s.move(s.path, s.aside+"/db") }, func(s *site) { s.move(s.aside+"/db", s.path) }, false},
		{"the folder is moved away", func(s *site) { s.move(s.folder, s.aside+"/data") }, func(s *site) {
			s.move(s.aside+"/data", s.folder)
		}, false},
		{"the file is removed", func(s *site) { s.remove(s.path) }, func(s *site) {
			s.remove(s.path+"-wal", s.path+"-shm")
			s.copyOver(s.backup, s.path)
		}, true},
		{"the folder is removed", func(s *site) { s.do(os.RemoveAll(s.folder)) }, func(s *site) {
			s.do(os.Mkdir(s.folder, 0o700))
			s.copyOver(s.backup, s.path)
		}, true},
		{"a backup is moved over it", func(s *site) { s.move(s.backup, s.path) }, func(s *site) { s.remove(s.path+"-wal", s.path+"-shm") }, true},
		{"a backup is moved in its place, and it is put back", func(s *site) {
			s.move(s.path, s.aside+"/db")
			s.move(s.backup, s.path)
		}, func(s *site) { s.move(s.aside+"/db", s.path) }, false},
		{"a backup is copied over it, and its content is put back", func(s *site) {
			s.copyOver(s.path, s.aside+"/db")
			s.copyOver(s.backup, s.path)
		}, func(s *site) { s.copyOver(s.aside+"/db", s.path) }, false},
		{"a backup is copied over it, and the old log is removed", func(s *site) { s.copyOver(s.backup, s.path) },
			func(s *site) { s.remove(s.path+"-wal", s.path+"-shm") }, true},
		{"the log is removed", func(s *site) { s.remove(s.path + "-wal") }, nil, false},
		{"the index is removed", func(s *site) { s.remove(s.path + "-shm") }, nil, false},
		{"log and index are removed", func(s *site) { s.remove(s.path+"-wal", s.path+"-shm") }, nil, false},
		{"the log is replaced by an empty one", func(s *site) {
			s.do(os.WriteFile(s.aside+"/wal", nil, 0o600))
			s.move(s.aside+"/wal", s.path+"-wal")
		}, nil, false},
		{"the index is replaced", func(s *site) {
			s.copyOver(s.path+"-shm", s.aside+"/shm")
			s.move(s.aside+"/shm", s.path+"-shm")
		}, nil, false},
		{"the log is moved away and put back", func(s *site) { s.move(s.path+"-wal", s.aside+"/wal") },
			func(s *site) { s.move(s.aside+"/wal", s.path+"-wal") }, false},
		{"the index is moved away and put back", func(s *site) { s.move(s.path+"-shm", s.aside+"/shm") },
			func(s *site) { s.move(s.aside+"/shm", s.path+"-shm") }, false},
		{"the log is moved away, and removed there", func(s *site) { s.move(s.path+"-wal", s.aside+"/wal") },
			func(s *site) { s.remove(s.aside + "/wal") }, false},
		{"a copy of all is put in their place", func(s *site) {
			for _, suffix := range []string{"", "-wal"} {
				s.copyOver(s.path+suffix, s.aside+"/db"+suffix)
			}
			s.move(s.backup, s.path)
		}, func(s *site) {
			for _, suffix := range []string{"", "-wal"} {
				s.move(s.aside+"/db"+suffix, s.path+suffix)
			}
		}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			tt.harm(s)
			s.wantRefused()
			if tt.mend != nil {
				for range 3 {
					if s.add() == nil {
						t.Error("an add was acknowledged before the files were right")
					}
				}
				time.Sleep(1200 * time.Millisecond) // what is wrong stays wrong, however often it is looked at
				s.wantRefused()
				if n := s.log.Count("is not right yet"); n > 1 {
					t.Errorf("%d lines in the log say that the file is not right yet, want 1 at most", n)
				}
				tt.mend(s)
			}
			if tt.lost {
				s.acked = make(map[idempotency.Key]expense.ID)
			}
			s.awaitRight()
			s.wantWhole()
			if n := s.log.Count("nothing is acknowledged until"); n != 1 {
				t.Errorf("%d lines in the log say that the files are wrong, want 1", n)
			}
		})
	}
}

// A connection that opens another file with our log beside it would move the log into that file and remove it, as the last one there does.
func TestNoConnectionOpensAnotherFile(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.move(s.path, s.aside+"/db")
	s.copyOver(s.backup, s.path)
	for _, err := range s.store.db.OpenReadersForTest(t) {
		if !errors.Is(err, fault.Unavailable) {
			t.Errorf("a reader fails with %v, want Unavailable", err)
		}
	}
	s.wantRefused()
	s.move(s.aside+"/db", s.path)
	s.awaitRight()
	s.wantWhole()
}

// Who puts the content back takes a while. To go on with half of it would move the log into a file that is still being written.
func TestContentThatIsPutBackSlowly(t *testing.T) {
	t.Parallel()
	for round := range 6 {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.copyOver(s.path, s.aside+"/db")
			s.copyOver(s.backup, s.path)
			s.wantRefused()
			time.Sleep(time.Duration(1000+130*round) * time.Millisecond) // the files are looked at meanwhile
			content, err := os.ReadFile(s.aside + "/db")
			s.do(err)
			over, err := os.OpenFile(s.path, os.O_WRONLY|os.O_TRUNC, 0o600)
			s.do(err)
			for _, part := range [][]byte{content[:len(content)/3], content[len(content)/3 : len(content)/2], content[len(content)/2:]} {
				_, err := over.Write(part)
				s.do(err)
				time.Sleep(300 * time.Millisecond)
			}
			s.do(over.Close())
			s.awaitRight()
			s.wantWhole()
		})
	}
}

// Nothing is answered from what was copied over the file: not even that an expense is unknown, in a change that stores nothing then.
func TestNothingIsReadFromOtherContent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		ask  func(*site, expense.ID) error
	}{
		{"get", func(s *site, id expense.ID) error {
			_, err := s.store.Get(s.t.Context(), ledger.Default, id)
			return err
		}},
		{"change", func(s *site, id expense.ID) error {
			_, err := s.store.Change(s.t.Context(), ledger.Default, id, revision.Basis{Revision: 1},
				func(e expense.Expense) (expense.Expense, error) { return e, nil })
			return err
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			missing := s.acked["key-41"] // the first that the backup lacks
			s.copyOver(s.path, s.aside+"/db")
			s.copyOver(s.backup, s.path)
			if err := tt.ask(s, missing); !errors.Is(err, fault.Unavailable) {
				t.Errorf("%v, want Unavailable", err)
			}
			s.copyOver(s.aside+"/db", s.path)
			s.awaitRight()
			s.wantWhole()
		})
	}
}

// wantWhole checks that all that was acknowledged is stored, and nothing is damaged, before and after a restart.
func (s *site) wantWhole() {
	s.t.Helper()
	for range 2 {
		wantStored(s.t, s.store, s.acked)
		if found, err := s.store.db.Check(s.t.Context()); err != nil || len(found) > 0 {
			s.t.Errorf("check: %q, %v", found, err)
		}
		s.do(s.store.db.Close())
		again, err := tryOpen(s.t.Context(), s.path, sqlite.Options{})
		s.do(err)
		s.store = again
	}
}
