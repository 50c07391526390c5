package world

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	_ "modernc.org/sqlite" // the driver

	"expense-tracker/cmd/chaos/internal/schedule"
)

const diskOfSQLite = 64 // megabytes

// sqlite is a file in a folder that is a disk of its own where that can be.
type sqlite struct {
	world   *World
	disk    string
	folder  string // of the file, on the disk
	mounted bool
	mu      sync.RWMutex // held for writing by faults of the files, for reading by those that open them
}

func newSQLite(folder string, w *World) (*sqlite, error) {
	s := &sqlite{world: w, disk: filepath.Join(folder, "disk"), mounted: mountable()}
	s.folder = filepath.Join(s.disk, "data")
	if err := os.Mkdir(s.disk, 0o700); err != nil {
		return nil, err
	}
	if s.mounted {
		if err := mount(s.disk, diskOfSQLite); err != nil {
			return nil, err
		}
	}
	return s, os.Mkdir(s.folder, 0o700)
}

func (s *sqlite) file() string      { return filepath.Join(s.folder, "expenses.db") }
func (s *sqlite) url(int) string    { return "sqlite:" + s.file() }
func (s *sqlite) verifyURL() string { return s.url(0) }

func (s *sqlite) close(context.Context) error {
	if !s.mounted {
		return nil
	}
	return unmount(s.disk)
}

func (s *sqlite) faults() map[string]fault {
	faults := map[string]fault{
		"sqlite-locked":      s.locked,
		"sqlite-reader":      s.reader,
		"sqlite-file-gone":   s.away(""),
		"sqlite-wal-gone":    s.away("-wal"),
		"sqlite-shm-gone":    s.away("-shm"),
		"sqlite-folder-gone": s.folderAway,
		"sqlite-replaced":    s.replaced,
		"sqlite-overwritten": s.overwritten,
	}
	if s.mounted {
		faults["sqlite-disk-full"] = s.diskFull
		faults["sqlite-read-only"] = s.readOnly
	}
	return faults
}

// with opens the file as another program does.
func (s *sqlite) with(ctx context.Context, do func(*sql.Conn) error) (err error) {
	db, err := sql.Open("sqlite", "file:"+s.file()+"?_pragma=busy_timeout(3000)")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	return errors.Join(do(conn), conn.Close())
}

// locked writes nothing, but keeps others from writing. Where it comes to no lock, others were faster.
func (s *sqlite) locked(ctx context.Context, f schedule.Fault) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.with(ctx, func(conn *sql.Conn) error {
		if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
			return nil //nolint:nilerr // as said
		}
		time.Sleep(f.Lasts)
		_, err := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		return err
	})
}

// reader keeps an old state in view, so that the log cannot begin anew.
func (s *sqlite) reader(ctx context.Context, f schedule.Fault) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.with(ctx, func(conn *sql.Conn) error {
		var n int
		if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
			return err
		}
		if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM expense_entry").Scan(&n); err != nil {
			return nil //nolint:nilerr // locked by another fault
		}
		time.Sleep(f.Lasts)
		_, err := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		return err
	})
}

func (s *sqlite) diskFull(_ context.Context, f schedule.Fault) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	free, err := fill(filepath.Join(s.disk, "filler"))
	if err != nil {
		return err
	}
	time.Sleep(f.Lasts)
	return free()
}

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

// lockInstances keeps faults of processes away while files are worked on.
func (s *sqlite) lockInstances() (unlock func()) {
	for _, i := range s.world.Instances {
		i.mu.Lock()
	}
	return func() {
		for _, i := range s.world.Instances {
			i.mu.Unlock()
		}
	}
}

// away takes a file away and puts the very same back. Whatever was acknowledged at any time is judged against it.
func (s *sqlite) away(suffix string) fault {
	return func(_ context.Context, f schedule.Fault) error {
		defer s.lockInstances()()
		s.mu.Lock()
		defer s.mu.Unlock()
		file := s.file() + suffix
		if err := os.Rename(file, file+".away"); errors.Is(err, os.ErrNotExist) {
			return nil // the program is between closing and opening, and keeps none
		} else if err != nil {
			return err
		}
		time.Sleep(f.Lasts)
		return os.Rename(file+".away", file)
	}
}

func (s *sqlite) folderAway(_ context.Context, f schedule.Fault) error {
	defer s.lockInstances()()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := os.Rename(s.folder, s.folder+".away"); err != nil {
		return err
	}
	time.Sleep(f.Lasts)
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
	defer s.lockInstances()()
	s.mu.Lock()
	defer s.mu.Unlock()
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
	time.Sleep(f.Lasts)
	return os.Rename(s.file()+".right", s.file())
}

// overwritten copies a backup into the file while it is in use: what was there is gone but for a copy. The program has to stop
// acknowledging by itself; the operator stops it, puts the copy back and starts it again.
func (s *sqlite) overwritten(ctx context.Context, f schedule.Fault) error {
	defer s.lockInstances()()
	s.mu.Lock()
	defer s.mu.Unlock()
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
	time.Sleep(f.Lasts)
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
	for _, i := range s.world.Instances {
		if err := i.start(ctx); err != nil {
			return err
		}
	}
	return nil
}

// copyOver copies a file into another, which stays the file that it is if it exists.
func copyOver(from, to string) error {
	content, err := os.ReadFile(from) //nolint:gosec // in our folder
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o600) //nolint:gosec // the trial's own file
}

// readOnly starts the instances on a disk that cannot be written, which they have to refuse, and then on one that can.
func (s *sqlite) readOnly(ctx context.Context, f schedule.Fault) error {
	defer s.lockInstances()()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range s.world.Instances {
		if err := i.end(syscall.SIGTERM); err != nil {
			return err
		}
	}
	if err := syscall.Mount("tmpfs", s.disk, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		return fmt.Errorf("remount: %w", err)
	}
	time.Sleep(f.Lasts / 4)
	if err := syscall.Mount("tmpfs", s.disk, "tmpfs", syscall.MS_REMOUNT, fmt.Sprintf("size=%dm", diskOfSQLite)); err != nil {
		return fmt.Errorf("remount: %w", err)
	}
	for _, i := range s.world.Instances {
		if err := i.start(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *sqlite) rows(ctx context.Context) (rows []Row, err error) {
	err = s.with(ctx, func(conn *sql.Conn) error {
		found, err := conn.QueryContext(ctx, `SELECT e.id, c.name, e.price, e.note, e.deleted FROM expense_entry e
JOIN category raw ON raw.id = e.category_id JOIN category c ON c.id = COALESCE(raw.merged_into, raw.id)`)
		if err != nil {
			return err
		}
		defer found.Close() //nolint:errcheck // it was only read
		for found.Next() {
			var row Row
			if err := found.Scan(&row.ID, &row.Category, &row.Minor, &row.Note, &row.Deleted); err != nil {
				return err
			}
			rows = append(rows, row)
		}
		return found.Err()
	})
	return rows, err
}
