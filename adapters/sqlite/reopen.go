package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// reopen goes on with the files that are there, if they are whole and no process holds others. now is how they have been for a while:
// if they change meanwhile, somebody is still copying, and would write over what is stored.
func (s *DB) reopen(ctx context.Context, now, seen files) error {
	g := s.guard
	if err := g.file.pairsNow(ctx); err != nil {
		return err
	}
	joined, err := s.joined(now)
	if err != nil {
		return err
	}
	if !joined {
		if err := g.holdsAll(ctx, now); err != nil {
			return err
		}
		if !untouched(now.db, g.look().db) {
			return nil
		}
		if err := g.renew(now, seen); err != nil {
			return err
		}
	}
	if err := g.file.checkFenced(ctx, s.timeout); err != nil {
		return err
	}
	if !joined && !untouched(now.db, g.look().db) {
		return nil
	}
	if err := migrate(ctx, g.file, s.timeout); err != nil {
		return err
	}
	if err := g.hold(ctx, s.timeout); err != nil {
		return err
	}
	if err := s.mending.end(); err != nil {
		return err
	}
	limit(s.writer, 1)
	limit(s.reader, readers)
	limit(s.prober, 1)
	if err := s.currencies.Load(ctx); err != nil {
		return err
	}
	s.logger.WarnContext(ctx, "the data file is right again: expenses are stored", "file", g.db)
	return nil
}

var (
	errHeld = errors.New("another process holds the data file with files beside it that are gone: stop it")
	errLess = errors.New("what is there does not hold all that was acknowledged: " +
		"put the right files back, or stop the program to go on with these")
)

// joined reports whether others use the database with an index that was made since ours went: they have put all right.
func (s *DB) joined(now files) (bool, error) {
	g := s.guard
	used, err := g.file.inUse()
	if err != nil || !used {
		return false, err
	}
	if now.wal == nil || now.shm == nil {
		return false, errHeld
	}
	if s.mending.index != nil {
		old, err := s.mending.index.Stat()
		if err != nil {
			return false, fmt.Errorf("sqlite: %w", err)
		}
		if same(now.shm, old) {
			return false, errHeld
		}
	}
	used, err = g.file.indexUsed()
	if err == nil && !used {
		err = errHeld
	}
	return err == nil, err
}

// holdsAll returns an error unless the files hold the newest state that is known, or one after it. A file without a log is one that
// somebody has put there on purpose.
func (g *guard) holdsAll(ctx context.Context, now files) error {
	if now.wal == nil {
		return nil
	}
	newest, err := g.file.header(ctx)
	if err != nil {
		return err
	}
	found, err := readLog(g.wal)
	if err != nil {
		return err
	}
	if found.pages > 0 {
		newest = found.last
	}
	if known := g.state.Load(); !between(known, newest.state, known+maxJump) {
		return errLess
	}
	return nil
}

// renew makes sure, while nobody has the database open, that nobody can go on with what lies beside it: whoever had it open before
// would write to the same log, unaware of us.
func (g *guard) renew(now, seen files) (err error) {
	unlock, err := g.file.lockAll()
	if errors.Is(err, ErrInUse) {
		return errHeld
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if err := os.Remove(g.shm); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("sqlite: %w", err)
	}
	if now.wal == nil || same(now.db, seen.db) {
		return nil
	}
	return replaceByCopy(g.wal)
}

// replaceByCopy makes a file another one with the same content.
func replaceByCopy(name string) error {
	fresh := name + ".copy"
	if err := os.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("sqlite: %w", err)
	}
	if err := copyContent(name, fresh); err != nil {
		return fmt.Errorf("sqlite: %w", err)
	}
	if err := os.Rename(fresh, name); err != nil {
		return fmt.Errorf("sqlite: %w", err)
	}
	return syncFile(filepath.Dir(name))
}

// errNoFence is the error of fence where it is not to be had.
var errNoFence = errors.New("sqlite: this system has no locks that a process holds against itself")

// checkFenced is checkWhole which, where it can, leaves the log as it is: the last connection that closes would move it into the file and
// remove it.
func (f file) checkFenced(ctx context.Context, busy time.Duration) error {
	takeDown, err := f.fence()
	if errors.Is(err, errNoFence) {
		return f.checkWhole(ctx, busy)
	}
	if err != nil {
		return err
	}
	return errors.Join(f.checkWhole(ctx, busy), takeDown())
}

// checkWhole returns what is wrong with a file that shall be used: it is damaged, or not this program's.
func (f file) checkWhole(ctx context.Context, busy time.Duration) (err error) {
	db := sql.OpenDB(f.connector(copying, busy))
	defer func() { err = errors.Join(err, db.Close()) }()
	limit(db, 1)
	version, err := schemaVersion(ctx, db)
	if err != nil {
		return err
	}
	if version == 0 {
		return fmt.Errorf("sqlite: %s: %w", f, errNotOurs)
	}
	found, err := problems(ctx, db, `PRAGMA quick_check(1)`)
	if err == nil && len(found) > 0 {
		err = fmt.Errorf("sqlite: %s is damaged: %s", f, found[0])
	}
	return err
}
