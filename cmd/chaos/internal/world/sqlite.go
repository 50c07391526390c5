package world

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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

func (s *sqlite) file() string        { return filepath.Join(s.folder, "expenses.db") }
func (s *sqlite) url(int) string      { return "sqlite:" + s.file() }
func (s *sqlite) ownerURL(int) string { return "" }
func (s *sqlite) verifyURL() string   { return s.url(0) }

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
		"sqlite-file-gone":   s.onFiles(s.away("")),
		"sqlite-wal-gone":    s.onFiles(s.away("-wal")),
		"sqlite-shm-gone":    s.onFiles(s.away("-shm")),
		"sqlite-folder-gone": s.onFiles(s.folderAway),
		"sqlite-wal-removed": s.onFiles(s.removed("-wal")),
		"sqlite-shm-removed": s.onFiles(s.removed("-shm")),
		"sqlite-replaced":    s.onFiles(s.replaced),
		"sqlite-overwritten": s.onFiles(s.overwritten),
		"sqlite-restore":     s.onFiles(s.restore),
	}
	if s.mounted {
		faults["sqlite-disk-full"] = s.diskFull
		faults["sqlite-read-only"] = s.onFiles(s.readOnly)
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

// readOnly starts the instances on a disk that cannot be written, which they have to refuse, and then on one that can.
func (s *sqlite) readOnly(ctx context.Context, f schedule.Fault) error {
	if err := s.world.endAll(); err != nil {
		return err
	}
	if err := syscall.Mount("tmpfs", s.disk, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		return fmt.Errorf("remount: %w", err)
	}
	time.Sleep(f.Lasts / 4)
	if err := syscall.Mount("tmpfs", s.disk, "tmpfs", syscall.MS_REMOUNT, fmt.Sprintf("size=%dm", diskOfSQLite)); err != nil {
		return fmt.Errorf("remount: %w", err)
	}
	return s.world.startAll(ctx)
}

func (s *sqlite) rows(ctx context.Context) (rows []Row, err error) {
	err = s.with(ctx, func(conn *sql.Conn) error {
		found, err := conn.QueryContext(ctx, `SELECT e.ledger_id, e.id, c.name, e.price, e.note, e.deleted FROM expense_entry e
JOIN category raw ON raw.id = e.category_id JOIN category c ON c.id = COALESCE(raw.merged_into, raw.id)`)
		if err != nil {
			return err
		}
		defer found.Close() //nolint:errcheck // it was only read
		for found.Next() {
			var row Row
			if err := found.Scan(&row.Ledger, &row.ID, &row.Category, &row.Minor, &row.Note, &row.Deleted); err != nil {
				return err
			}
			rows = append(rows, row)
		}
		return found.Err()
	})
	return rows, err
}
