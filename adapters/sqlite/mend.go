package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// watchEvery is how often the files are looked at while nothing is committed.
const watchEvery = 500 * time.Millisecond

// mending is what has been done since the files were wrong.
type mending struct {
	fence     func() error // takes down the fence around the old file; nil for none
	released  bool         // nothing of the old files is open any more
	index     *os.File     // the old index, kept so that a new one is told from it; nil for none
	candidate fs.FileInfo  // the data file as it was at the last look
	said      string       // what was logged last, so that it is not said again
}

// end lets go of what was kept.
func (m *mending) end() error {
	var err error
	if m.index != nil {
		err = m.index.Close()
	}
	*m = mending{}
	return err
}

// watch looks after the files until ctx ends.
func (s *DB) watch(ctx context.Context) {
	ticks := time.NewTicker(watchEvery)
	defer ticks.Stop()
	s.space.look(ctx, s.guard.file.target(), s.logger)
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
			s.space.look(ctx, s.guard.file.target(), s.logger)
		case <-s.guard.wrong:
		}
		err := s.guard.check(true) //nolint:contextcheck // a look into the file has a bound of its own
		if err == nil {
			s.keepLogSmall(ctx)
			continue
		}
		if s.guard.refusal() != nil {
			err = s.mend(ctx)
		}
		if err != nil && err.Error() != s.mending.said {
			s.mending.said = err.Error()
			s.logger.WarnContext(ctx, "the data file is not right yet", "file", s.guard.db, "error", err)
		}
	}
}

// mend goes on when the files that were opened are back. If they are gone for good, it closes them, once, and opens what is there when
// that is whole and holds what was acknowledged.
func (s *DB) mend(ctx context.Context) error {
	g, now := s.guard, s.guard.look()
	if !s.mending.released {
		if err := s.leave(ctx, now); err != nil || !s.mending.released {
			return err
		}
	}
	before := s.mending.candidate
	s.mending.candidate = now.db
	if before == nil || now.db == nil || !untouched(before, now.db) || now.db.Size() == 0 {
		return nil // somebody may still be writing it
	}
	return s.reopen(ctx, now, *g.seen.Load())
}

// leave goes on with the old files if they are back, and releases them if they are gone for good.
func (s *DB) leave(ctx context.Context, now files) error {
	g := s.guard
	seen := *g.seen.Load()
	if now.are(seen) && !g.tainted.Load() {
		err := g.lookInto(now) //nolint:contextcheck // a look into the file has a bound of its own
		if err == nil {
			g.refused.Store(nil)
			s.mending.said = ""
			s.logger.WarnContext(ctx, "the data file is back: expenses are stored", "file", g.db)
			return nil
		}
		if !isOther(err) {
			return err
		}
		g.tainted.Store(true)
	}
	if err := g.elsewhere(now, seen); err != nil {
		return err
	}
	if now.db == nil {
		return nil // there is nothing else to open
	}
	return s.release(ctx, now, seen)
}

// elsewhere returns an error if one of the files has another name now: it may be put back, over what would be stored meanwhile.
func (g *guard) elsewhere(now, seen files) error {
	for _, f := range []struct {
		name      string
		now, seen fs.FileInfo
	}{{g.db, now.db, seen.db}, {g.wal, now.wal, seen.wal}, {g.shm, now.shm, seen.shm}} {
		if same(f.now, f.seen) {
			continue
		}
		if named, err := hasName(f.seen); err != nil {
			return err
		} else if named {
			return fmt.Errorf("%s was moved elsewhere: put it back, or stop the program to go on with what is there", f.name)
		}
	}
	return nil
}

// release closes every connection without harm to the files that are there now.
func (s *DB) release(ctx context.Context, now, seen files) error {
	g := s.guard
	if s.mending.fence == nil && same(now.db, seen.db) { // of a file that was moved SQLite itself knows that
		other := g.tainted.Load()
		if !other {
			err := g.lookInto(files{db: now.db, wal: seen.wal, shm: seen.shm}) //nolint:contextcheck // a look into the file has a bound of its own
			if other = isOther(err); err != nil && !other {
				return err // what only the log holds may be worth saving
			}
		}
		if other {
			fence, err := g.file.fence()
			if err != nil {
				return err
			}
			s.mending.fence = fence
		} else if !same(now.wal, seen.wal) {
			if err := s.rescue(ctx, now, seen); err != nil {
				return err
			}
		}
	}
	for _, db := range []*sql.DB{s.writer, s.reader, s.prober} {
		db.SetMaxIdleConns(0)
	}
	if g.open.Load() > 0 {
		return nil // somebody is about to give one back
	}
	index, err := keepOpen(seen.shm)
	if err != nil {
		return err
	}
	s.mending.index = index
	err = g.letGo()
	if s.mending.fence != nil {
		err = errors.Join(err, s.mending.fence())
	}
	s.mending.fence, s.mending.released = nil, true
	return err
}

// rescue moves what only the removed log knows into the data file, which is ours. Until all of it is there, nothing is closed.
func (s *DB) rescue(ctx context.Context, now, seen files) error {
	g := s.guard
	if now.shm != nil && !same(now.shm, seen.shm) || now.wal != nil && now.wal.Size() > 0 {
		return fmt.Errorf("the write-ahead log was removed, and another lies in its place: "+
			"what the old one holds is kept until %s is gone", g.wal)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	busy, logged, moved, err := g.holder.checkpoint(ctx, "PASSIVE")
	if err == nil && (busy != 0 || logged != moved) {
		err = errors.New("somebody reads: what the removed write-ahead log holds could not be moved yet")
	}
	if err == nil {
		_, err = g.holder.FileControlPersistWAL("main", 1) // what lies at its name now is not ours to remove
	}
	if err == nil {
		s.logger.WarnContext(ctx, "moved what the removed write-ahead log held into the data file", "frames", moved)
	}
	return err
}

// closeFiles closes every connection. If the files are wrong, it leaves them as they are.
func (s *DB) closeFiles() error {
	var errs []error
	g := s.guard
	if now, seen := g.look(), g.seen.Load(); seen != nil && !s.mending.released && s.mending.fence == nil && same(now.db, seen.db) {
		if g.tainted.Load() || g.lookInto(files{db: now.db, wal: seen.wal, shm: seen.shm}) != nil {
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
	return errors.Join(append(errs, s.mending.end())...)
}
