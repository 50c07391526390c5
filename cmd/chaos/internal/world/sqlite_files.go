package world

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"expense-tracker/cmd/chaos/internal/schedule"
	"expense-tracker/tests/rig/program"
)

// mendPatience bounds how long the program may take to go on without a file that it can do without.
const mendPatience = 20 * time.Second

// still holds every instance at the moment when a person with the files in hand works, so that they are of one moment.
func (s *sqlite) still(do func() error) error {
	for _, i := range s.world.Instances {
		p := i.current.Load()
		if err := p.Signal(syscall.SIGSTOP); err != nil {
			return err
		}
		defer p.Signal(syscall.SIGCONT) //nolint:errcheck // it may have been killed
		if err := stopped(p.PID); err != nil {
			return err
		}
	}
	return do()
}

// stopped waits until every thread of a process stands: a signal is sent, and not obeyed at once.
func stopped(pid int) error {
	for range 500 {
		stats, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
		if err != nil {
			return err
		}
		running := false
		for _, stat := range stats {
			text, err := os.ReadFile(stat) //nolint:gosec // in /proc
			_, state, _ := strings.Cut(string(text), ") ")
			running = running || err == nil && !strings.HasPrefix(state, "T")
		}
		if !running {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return fmt.Errorf("process %d does not stop", pid)
}

// onFiles is a fault of the files: no other one works on them, and none of processes goes on meanwhile.
func (s *sqlite) onFiles(do fault) fault {
	return func(ctx context.Context, f schedule.Fault) error {
		defer s.world.lockInstances()()
		s.mu.Lock()
		defer s.mu.Unlock()
		return do(ctx, f)
	}
}

// wrong lets time pass in which nothing can be stored.
func (s *sqlite) wrong(lasts time.Duration) {
	gone := time.Now()
	time.Sleep(lasts)
	s.world.record.Impossible(gone, time.Now())
}

// away takes a file away and puts the very same back. Whatever was acknowledged at any time is judged against it.
func (s *sqlite) away(suffix string) fault {
	return func(_ context.Context, f schedule.Fault) error {
		file := s.file() + suffix
		if err := os.Rename(file, file+".away"); errors.Is(err, os.ErrNotExist) {
			return nil // the program is between closing and opening, and keeps none
		} else if err != nil {
			return err
		}
		s.wrong(f.Lasts)
		return os.Rename(file+".away", file)
	}
}

// removed takes a file away for good. The program has to save what it held, by itself; until it has, nobody kills it.
func (s *sqlite) removed(suffix string) fault {
	return func(ctx context.Context, _ schedule.Fault) error {
		if err := os.Remove(s.file() + suffix); errors.Is(err, os.ErrNotExist) {
			return nil // as above
		} else if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, mendPatience)
		defer cancel()
		for _, i := range s.world.Instances {
			for !i.well(ctx) {
				if ctx.Err() != nil {
					s.world.record.Breach("an instance does not go on without expenses.db"+suffix, i.Log())
					return nil
				}
				time.Sleep(20 * time.Millisecond)
			}
		}
		return nil
	}
}

func (s *sqlite) folderAway(_ context.Context, f schedule.Fault) error {
	if err := os.Rename(s.folder, s.folder+".away"); err != nil {
		return err
	}
	s.wrong(f.Lasts)
	_ = os.Remove(s.folder) // if the program made it
	return os.Rename(s.folder+".away", s.folder)
}

var suffixes = []string{"", "-wal", "-shm"}

// kept is the folder for the right files while wrong ones stand in their place.
func (s *sqlite) kept() string { return filepath.Join(s.disk, "kept") }

// older makes a backup of what is stored, as an operator has one.
func (s *sqlite) older(ctx context.Context) (string, error) {
	path := filepath.Join(s.disk, "older.db")
	_ = os.Remove(path) // of an earlier fault
	return path, s.with(ctx, func(conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx, "VACUUM INTO ?", path)
		return err
	})
}

// replaced moves a backup over the file while it is in use, and later puts the right files back. Nothing that is acknowledged in
// between may be missing from the right ones.
func (s *sqlite) replaced(ctx context.Context, f schedule.Fault) error {
	backup, err := s.older(ctx)
	if err != nil {
		return err
	}
	time.Sleep(f.Lasts / 2) // it gets old
	if err := os.Link(s.file(), s.file()+".right"); err != nil {
		return err
	}
	if err := os.Rename(backup, s.file()); err != nil {
		return err
	}
	s.wrong(f.Lasts)
	return os.Rename(s.file()+".right", s.file())
}

// overwritten copies a backup into the file while it is in use: what was there is gone but for a copy. The program has to stop
// acknowledging by itself; the operator stops it, puts the copy back and starts it again.
func (s *sqlite) overwritten(ctx context.Context, f schedule.Fault) error {
	backup, err := s.older(ctx)
	if err != nil {
		return err
	}
	time.Sleep(f.Lasts / 2)
	if err := os.Mkdir(s.kept(), 0o700); err != nil {
		return err
	}
	err = s.still(func() error {
		for _, suffix := range suffixes {
			if err := copyOver(s.file()+suffix, filepath.Join(s.kept(), "expenses.db"+suffix)); err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
		}
		return copyOver(backup, s.file())
	})
	if err != nil {
		return err
	}
	s.wrong(f.Lasts)
	for _, i := range s.world.Instances {
		if err := i.current.Load().Kill(); err != nil {
			return err
		}
	}
	for _, suffix := range suffixes {
		_ = os.Remove(s.file() + suffix) // the wrong ones
	}
	for _, suffix := range suffixes[:2] {
		if err := copyOver(filepath.Join(s.kept(), "expenses.db"+suffix), s.file()+suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	if err := os.RemoveAll(s.kept()); err != nil {
		return err
	}
	return s.world.startAll(ctx)
}

// copyOver copies a file into another, which stays the file that it is if it exists.
func copyOver(from, to string) error {
	content, err := os.ReadFile(from) //nolint:gosec // in our folder
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o600) //nolint:gosec // the trial's own file
}

// restore does what README says: a backup by the command while the program runs, the program stopped, the backup restored. So that it is
// exact what has to be there, the backup is taken again when nobody works any more.
func (s *sqlite) restore(ctx context.Context, _ schedule.Fault) error {
	backup := filepath.Join(s.disk, "backup.db")
	if err := s.run(ctx, "backup", "--replace", backup); err != nil { // under load
		return err
	}
	if err := s.world.endAll(); err != nil {
		return err
	}
	for _, args := range [][]string{{"backup", "--replace", backup}, {"restore", "--replace", backup}} {
		if err := s.run(ctx, args...); err != nil {
			return err
		}
	}
	if err := s.world.startAll(ctx); err != nil {
		return err
	}
	asides, err := filepath.Glob(s.file() + ".replaced-*")
	for _, aside := range asides {
		err = errors.Join(err, os.Remove(aside))
	}
	return err
}

// run runs a command of the program on the file.
func (s *sqlite) run(ctx context.Context, args ...string) error {
	result, err := program.Run(ctx, s.world.binary, s.world.env, append(args, "--storage", s.url(0))...)
	if err == nil && result.Code != 0 {
		err = fmt.Errorf("%s exits with %d: %s", args[0], result.Code, tail(result.Stderr))
	}
	return err
}
