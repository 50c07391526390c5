package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// watchEvery is how often the files are looked at while nothing is committed.
const watchEvery = 500 * time.Millisecond

// mending is what has been done since the files were wrong.
type mending struct {
	fence     func() error // takes down the fence around the old file; nil for none
	released  bool         // nothing of the old files is open any more
	candidate fs.FileInfo  // the data file as it was at the last look
	said      string       // what was logged last, so that it is not said again
}

// watch looks after the files until ctx ends.
func (s *Store) watch(ctx context.Context) {
	ticks := time.NewTicker(watchEvery)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		case <-s.guard.wrong:
		}
		if s.guard.check(false) == nil { //nolint:contextcheck // a look into the file has a bound of its own
			s.keepLogSmall(ctx)
			continue
		}
		if err := s.mend(ctx); err != nil && err.Error() != s.mending.said {
			s.mending.said = err.Error()
			s.logger.WarnContext(ctx, "the data file is not right yet", "file", s.guard.db, "error", err)
		}
	}
}

// mend closes what was open, once, and opens what is there when that is whole.
func (s *Store) mend(ctx context.Context) error {
	now := s.guard.look()
	if now.db == nil {
		s.mending.candidate = nil
		return nil // it may be put back as it was
	}
	if !s.mending.released {
		if err := s.release(ctx, now); err != nil || !s.mending.released {
			return err
		}
	}
	before := s.mending.candidate
	s.mending.candidate = now.db
	if before == nil || !untouched(before, now.db) || now.db.Size() == 0 {
		return nil // somebody may still be writing it
	}
	return s.reopen(ctx)
}

// release closes every connection without harm to the files that are there now.
func (s *Store) release(ctx context.Context, now files) error {
	g := s.guard
	seen := *g.seen.Load()
	if s.mending.fence == nil && same(now.db, seen.db) { // of a file that was moved SQLite itself knows that
		ours := g.lookInto(files{db: now.db, wal: seen.wal, shm: seen.shm}) == nil //nolint:contextcheck // a look into the file has a bound of its own
		if ours && !same(now.wal, seen.wal) {
			ours = s.rescue(ctx, now, seen)
		}
		if !ours {
			fence, err := g.file.fence()
			if err != nil {
				return err
			}
			s.mending.fence = fence
		}
	}
	for _, db := range []*sql.DB{s.writer, s.reader, s.prober} {
		db.SetMaxIdleConns(0)
	}
	if g.open.Load() > 0 {
		return nil // somebody is about to give one back
	}
	err := g.letGo()
	if s.mending.fence != nil {
		err = errors.Join(err, s.mending.fence())
	}
	s.mending.fence, s.mending.released = nil, true
	return err
}

// rescue moves what only the removed log knows into the data file, which is ours. It reports whether all of it is there.
func (s *Store) rescue(ctx context.Context, now, seen files) bool {
	g := s.guard
	if now.shm != nil && !same(now.shm, seen.shm) || now.wal != nil && now.wal.Size() > 0 {
		return false // somebody works with other files beside it
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	busy, logged, moved, err := g.holder.checkpoint(ctx, "PASSIVE")
	if err == nil {
		_, err = g.holder.FileControlPersistWAL("main", 1) // what lies at its name now is not ours to remove
	}
	done := err == nil && busy == 0 && logged == moved
	s.logger.WarnContext(ctx, "moved what the removed write-ahead log held into the data file", "whole", done, "error", err)
	return done
}

// reopen goes on with the files that are there, if they are whole and no process holds others.
func (s *Store) reopen(ctx context.Context) error {
	g := s.guard
	free, err := g.free()
	if err != nil || !free {
		return errors.Join(err, errHeld)
	}
	if err := g.file.checkPair(ctx); err != nil {
		return err
	}
	if err := g.file.checkWhole(ctx, s.timeout); err != nil {
		return err
	}
	if err := migrate(ctx, g.file, s.timeout); err != nil {
		return err
	}
	if err := g.hold(ctx, s.timeout); err != nil {
		return err
	}
	s.mending = mending{}
	limit(s.writer, 1)
	limit(s.reader, readers)
	limit(s.prober, 1)
	if err := s.LoadCurrencies(ctx); err != nil {
		return err
	}
	s.logger.WarnContext(ctx, "the data file is right again: expenses are stored", "file", g.db)
	return nil
}

var errHeld = errors.New("another process holds the data file with files beside it that are gone: stop it")

// free reports whether the database may be opened: nobody has it open, or others work with the files that are there.
func (g *guard) free() (bool, error) {
	used, err := g.file.inUse()
	if err != nil || !used {
		return err == nil, err
	}
	if now := g.look(); now.wal == nil || now.shm == nil {
		return false, nil
	}
	return g.file.indexUsed()
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

// closeFiles closes every connection. If the files are wrong, it leaves them as they are.
func (s *Store) closeFiles() error {
	var errs []error
	g := s.guard
	if now, seen := g.look(), g.seen.Load(); seen != nil && !s.mending.released && s.mending.fence == nil && same(now.db, seen.db) {
		if g.lookInto(files{db: now.db, wal: seen.wal, shm: seen.shm}) != nil {
			fence, err := g.file.fence()
			if err != nil {
				return err // the process ends with its connections open, which moves nothing
			}
			s.mending.fence = fence
		} else if now.wal != nil && !same(now.wal, seen.wal) {
			g.mu.Lock()
			_, err := g.holder.FileControlPersistWAL("main", 1)
			g.mu.Unlock()
			errs = append(errs, err)
		}
	}
	errs = append(errs, s.reader.Close(), s.prober.Close(), s.writer.Close(), g.letGo())
	if s.mending.fence != nil {
		errs = append(errs, s.mending.fence())
	}
	return errors.Join(errs...)
}
