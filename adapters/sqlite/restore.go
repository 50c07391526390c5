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

// RestoreOptions say what Restore may do.
type RestoreOptions struct {
	Replace bool      // a data file that holds expenses, or that cannot be read
	Now     time.Time // names what is replaced
}

// Restored says what Restore has done.
type Restored struct {
	Expenses int64  // in the data file now
	Kept     string // where what was replaced is kept; empty if nothing was
}

// Errors of Restore.
var (
	ErrHoldsExpenses = errors.New("the data file holds expenses: they are replaced only if that is asked for, and kept beside it")
	ErrUnreadable    = errors.New("what is there cannot be read: it is replaced only if that is asked for, and kept beside it")
)

// Restore makes a backup the data file at path. It examines the backup first, refuses a data file that any process has open (ErrInUse),
// and keeps what was there beside it. Whenever it is interrupted, either the old or the new is there, whole.
func Restore(ctx context.Context, path, backup string, options RestoreOptions) (done Restored, err error) {
	from, to, err := locateBoth(backup, path)
	if err != nil {
		return Restored{}, err
	}
	to = file(to.target())
	if err := from.checkPair(ctx); err != nil {
		return Restored{}, err
	}
	if err := os.MkdirAll(filepath.Dir(string(to)), folderMode); err != nil {
		return Restored{}, fmt.Errorf("sqlite: %w", err)
	}
	made, err := from.copyBackup(ctx, filepath.Dir(string(to)))
	if err != nil {
		return Restored{}, err
	}
	defer func() { err = errors.Join(err, made.discard()) }()
	if done.Expenses, err = made.examine(ctx); err != nil {
		return Restored{}, err
	}
	unlock, err := to.takeForRestore(ctx, options.Replace)
	if err != nil {
		return Restored{}, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if done.Kept, err = to.keepAside(options.Now); err != nil {
		return Restored{}, err
	}
	if err := giveTo(string(made.file), string(to)); err != nil {
		return Restored{}, err
	}
	return done, made.moveTo(to, true)
}

// copyBackup copies a backup past the locks of whatever reads it, for the folder of a backup may be read-only. One that has a log beside it
// is read as SQLite does.
func (f file) copyBackup(ctx context.Context, folder string) (copied, error) {
	if info, err := os.Stat(f.wal()); err == nil && info.Size() > 0 {
		return f.copyInto(ctx, folder)
	}
	return f.copyThrough(ctx, raw, folder)
}

// takeForRestore locks the data file against every process, if there is one that may be replaced.
func (f file) takeForRestore(ctx context.Context, replace bool) (unlock func() error, err error) {
	nothing := func() error { return nil }
	if info, err := os.Stat(string(f)); errors.Is(err, fs.ErrNotExist) {
		return nothing, nil
	} else if err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	} else if err := f.checkKind(info); err != nil {
		return nil, err
	}
	unlock, err = f.lockAll()
	if err != nil {
		return nil, err
	}
	if err := unlock(); err != nil { // SQLite has to look into it first, which takes locks away
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	expenses, err := f.settle(ctx)
	switch {
	case err != nil && !replace:
		return nil, fmt.Errorf("sqlite: %s: %w: %w", f, ErrUnreadable, err)
	case expenses > 0 && !replace:
		return nil, fmt.Errorf("sqlite: %s: %w (%d expenses)", f, ErrHoldsExpenses, expenses)
	}
	return f.lockAll()
}

// settle moves the log into the data file, so that all of it is in one, and counts the expenses.
func (f file) settle(ctx context.Context) (expenses int64, err error) {
	if info, err := os.Stat(string(f)); err == nil && info.Size() == 0 {
		return 0, nil
	}
	if err := f.checkPair(ctx); err != nil {
		return 0, err
	}
	db := sql.OpenDB(f.connector(copying, defaultTimeout))
	defer func() { err = errors.Join(err, db.Close()) }() // as the last to close, which empties the log and removes it
	limit(db, 1)
	version, err := schemaVersion(ctx, db)
	if err != nil || version == 0 {
		return 0, err
	}
	err = db.QueryRowContext(ctx, countOfPeople).Scan(&expenses)
	return expenses, err
}

// keepAside gives the data file, and what lies beside it, second names. Then it removes the old log, which must never lie beside another
// file. The data file itself keeps its name until it is replaced, so that there is one at any moment.
func (f file) keepAside(now time.Time) (kept string, err error) {
	aside := string(f) + ".replaced-" + now.UTC().Format("20060102T150405.000Z")
	for _, suffix := range []string{"", "-wal", "-shm"} {
		err := linkOrCopy(string(f)+suffix, aside+suffix)
		switch {
		case err == nil:
			kept = aside
		case !errors.Is(err, fs.ErrNotExist):
			return "", fmt.Errorf("sqlite: keep what is replaced: %w", err)
		}
	}
	if kept == "" {
		return "", nil
	}
	if err := syncFile(filepath.Dir(string(f))); err != nil {
		return "", err
	}
	return kept, f.removeBeside()
}

// removeBeside removes log and index, durably.
func (f file) removeBeside() error {
	for _, name := range []string{string(f) + "-wal", string(f) + "-shm"} {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("sqlite: %w", err)
		}
	}
	return syncFile(filepath.Dir(string(f)))
}

// linkOrCopy gives a file a second name, or copies it where the file system has no links. Then the lock on it is lost with the closing.
func linkOrCopy(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return copyContent(from, to)
}

// copyContent makes a new file of another's content, on disk.
func copyContent(from, to string) error {
	content, err := os.Open(from) //nolint:gosec // the file that the operator named
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()                                       // it was read only
	created, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, fileMode) //nolint:gosec // the file that the operator named
	if err != nil {
		return err
	}
	_, err = created.ReadFrom(content)
	return errors.Join(err, created.Sync(), created.Close())
}
