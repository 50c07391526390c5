package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"expense-tracker/adapters/internal/sqlexpense"
	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/adapters/internal/sqlmoney"
)

// BackupOptions say what Backup may do.
type BackupOptions struct {
	Replace bool // a backup that is there already
}

// ErrExists is the error for a backup's file that is there already.
var ErrExists = errors.New("the file is there already")

// Backup writes one moment of the data file at path to another file, checks it, and only then gives it its name. It may run while the file
// is in use, and keeps nobody waiting. It returns how many expenses the backup has.
func Backup(ctx context.Context, path, target string, options BackupOptions) (expenses int64, err error) {
	from, to, err := locateBoth(path, target)
	if err != nil {
		return 0, err
	}
	if err := from.checkTarget(to, options.Replace); err != nil {
		return 0, err
	}
	if err := from.checkPair(ctx); err != nil {
		return 0, err
	}
	if err := from.checkBeside(); err != nil { // what only that process's log holds would be missing
		return 0, err
	}
	made, err := from.copyInto(ctx, filepath.Dir(string(to)))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, made.discard()) }()
	if expenses, err = made.examine(ctx); err != nil {
		return 0, err
	}
	if err := made.moveTo(to, options.Replace); err != nil {
		return 0, err
	}
	return expenses, nil
}

// locateBoth makes sure that what is copied is there, and that it is not copied onto itself.
func locateBoth(path, target string) (from, to file, err error) {
	if from, err = locate(path); err != nil {
		return "", "", err
	}
	if to, err = locate(target); err != nil {
		return "", "", err
	}
	source, err := os.Stat(string(from))
	if errors.Is(err, fs.ErrNotExist) {
		return "", "", fmt.Errorf("sqlite: there is no file %s", from)
	}
	if err != nil {
		return "", "", fmt.Errorf("sqlite: %w", err)
	}
	if !source.Mode().IsRegular() {
		return "", "", fmt.Errorf("sqlite: %s is not a file", from)
	}
	if there, err := os.Stat(string(to)); err == nil && os.SameFile(source, there) {
		return "", "", fmt.Errorf("sqlite: %s is the data file itself", to)
	}
	return from, to, nil
}

// checkTarget makes sure that a backup of f takes no name that means something else: that of a device, of a folder, or of what SQLite
// keeps beside f, which a program that runs would lose.
func (f file) checkTarget(to file, replace bool) error {
	folder, err := filepath.EvalSymlinks(filepath.Dir(string(to)))
	if err != nil {
		return fmt.Errorf("sqlite: the folder for the backup: %w", err)
	}
	switch filepath.Join(folder, filepath.Base(string(to))) {
	case f.wal(), f.shm(), f.target() + "-journal":
		return fmt.Errorf("sqlite: %s belongs to the data file; name another file", to)
	}
	if _, err := os.Lstat(string(to)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	info, err := os.Stat(string(to)) // fails for a link that leads nowhere
	switch {
	case err == nil && !info.Mode().IsRegular():
		return fmt.Errorf("sqlite: %s is not a file; name one", to)
	case !replace:
		return fmt.Errorf("sqlite: %s: %w", to, ErrExists)
	}
	return nil
}

// copied is a database that has not got its name yet.
type copied struct{ file }

// copyInto writes what a database holds, its log included, to a new file in a folder.
func (f file) copyInto(ctx context.Context, folder string) (copied, error) {
	return f.copyThrough(ctx, copying, folder)
}

func (f file) copyThrough(ctx context.Context, p purpose, folder string) (made copied, err error) {
	if err := f.removeLeftovers(folder); err != nil {
		return copied{}, err
	}
	created, err := os.CreateTemp(folder, f.copyPrefix()+"*.tmp") // of mode 0600
	if err != nil {
		return copied{}, fmt.Errorf("sqlite: %w", err)
	}
	made = copied{file(created.Name())}
	if err := created.Close(); err != nil {
		return copied{}, errors.Join(fmt.Errorf("sqlite: %w", err), made.discard())
	}
	db := sql.OpenDB(f.connector(p, defaultTimeout))
	limit(db, 1)
	_, err = db.ExecContext(ctx, `VACUUM INTO ?1`, string(made.file))
	if err = errors.Join(err, db.Close()); err != nil {
		return copied{}, errors.Join(f.faultOfCopy(folder, err), made.discard())
	}
	if err := made.numberFarAway(ctx); err != nil {
		return copied{}, errors.Join(f.faultOfCopy(folder, err), made.discard())
	}
	return made, nil
}

// faultOfCopy names the folder of a copy where its disk is full, for nothing is wrong with the file that is read.
func (f file) faultOfCopy(folder string, err error) error {
	if code(err)&0xff == sqlite3.SQLITE_FULL {
		f = file(folder)
	}
	return f.fault(err)
}

// leftAlone is how long nobody has written to a copy that nobody will finish.
const leftAlone = time.Hour

func (f file) copyPrefix() string { return "." + filepath.Base(string(f)) + "." }

// removeLeftovers removes what copies that were killed have left in a folder: each may be as large as the data, and nobody sees it.
func (f file) removeLeftovers(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("sqlite: %w", err)
	}
	for _, entry := range entries {
		middle, ours := strings.CutPrefix(entry.Name(), f.copyPrefix())
		number, end, named := strings.Cut(middle, ".tmp")
		_, err := strconv.ParseUint(number, 10, 64)
		if !ours || !named || err != nil || !slices.Contains([]string{"", "-journal", "-wal", "-shm"}, end) {
			continue
		}
		info, err := entry.Info()
		if err != nil || !info.Mode().IsRegular() || time.Since(info.ModTime()) < leftAlone {
			continue // gone by now, or somebody's who is at work
		}
		if err := os.Remove(filepath.Join(folder, entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("sqlite: %w", err)
		}
	}
	return nil
}

// numberFarAway gives a copy a number that no log of the original leads from or to, see maxJump.
func (c copied) numberFarAway(ctx context.Context) (err error) {
	db := sql.OpenDB(c.connector(copying, defaultTimeout))
	defer func() { err = errors.Join(err, db.Close()) }()
	limit(db, 1)
	var state int64
	if err := db.QueryRowContext(ctx, askState).Scan(&state); err != nil {
		return fmt.Errorf("sqlite: number the copy: %w", err)
	}
	//nolint:gosec // it has to differ, not to be hard to guess
	far := uint32(state) + maxJump + 1 + rand.Uint32N(maxJump)
	if _, err := db.ExecContext(ctx, fmt.Sprintf(`PRAGMA user_version = %d`, int32(far))); err != nil { //nolint:gosec // it wraps around
		return fmt.Errorf("sqlite: number the copy: %w", err)
	}
	return nil
}

// examine returns how many expenses a copy holds, or what is wrong with it.
func (c copied) examine(ctx context.Context) (expenses int64, err error) {
	db := sql.OpenDB(c.connector(copying, defaultTimeout)) // the audit may have a currency to add
	defer func() { err = errors.Join(err, db.Close()) }()
	limit(db, 2)
	found, err := examine(ctx, db)
	if err == nil && len(found) > 0 {
		err = fmt.Errorf("it is damaged: %s", found[0])
	}
	if err != nil {
		return 0, fmt.Errorf("sqlite: the copy: %w", err)
	}
	version, err := schemaVersion(ctx, db)
	switch {
	case err != nil:
		return 0, fmt.Errorf("sqlite: the copy: %w", err)
	case version == 0:
		return 0, fmt.Errorf("sqlite: the copy: %w", errNotOurs)
	}
	newest, err := migrations().Newest()
	if err != nil {
		return 0, err
	}
	if version > newest && !servesNewer(ctx, db) {
		return 0, fmt.Errorf("%w (its schema is %d, this program's %d)", ErrNewerSchema, version, newest)
	}
	if version >= newest {
		if err := auditCopy(ctx, db); err != nil {
			return 0, err
		}
	}
	if err := db.QueryRowContext(ctx, countOfPeople+" AND NOT deleted").Scan(&expenses); err != nil {
		return 0, fmt.Errorf("sqlite: the copy: %w", err)
	}
	return expenses, nil
}

// countOfPeople leaves out what the probe has added, which nobody would miss.
const countOfPeople = `SELECT count(*) FROM expense_entry WHERE ledger_id > 0`

// auditCopy returns an error if a total of a copy is not the sum of its expenses.
func auditCopy(ctx context.Context, db *sql.DB) error {
	runner := sqlkit.New(db, db, dialect{}, sqlkit.Options{})
	currencies := sqlmoney.New(db, db, runner, dialect{})
	if err := currencies.Load(ctx); err != nil {
		return err
	}
	audits := sqlexpense.NewAuditor(sqlexpense.New(runner, currencies), runner)
	ledgers, err := audits.Ledgers(ctx)
	if err != nil {
		return err
	}
	for _, in := range ledgers {
		differences, err := audits.Audit(ctx, in, false)
		if err != nil {
			return err
		}
		if len(differences) > 0 {
			return fmt.Errorf("sqlite: the copy: %d totals are not the sum of their expenses; see verify", len(differences))
		}
	}
	return nil
}

// moveTo gives a copy its name when it is on disk.
func (c copied) moveTo(to file, replace bool) error {
	if err := syncFile(string(c.file)); err != nil {
		return err
	}
	var err error
	if replace {
		err = os.Rename(string(c.file), string(to))
	} else {
		err = linkOrRename(string(c.file), string(to))
	}
	if err != nil {
		return fmt.Errorf("sqlite: %w", err)
	}
	return syncFile(filepath.Dir(string(to)))
}

// linkOrRename gives a file another name that nothing has yet.
func linkOrRename(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, statErr := os.Lstat(to); !errors.Is(statErr, fs.ErrNotExist) {
		return errors.Join(err, fs.ErrExist)
	}
	return os.Rename(from, to) // a file system without links
}

// discard removes what is left of a copy.
func (c copied) discard() error {
	var errs []error
	for _, name := range []string{string(c.file), c.wal(), c.shm(), string(c.file) + "-journal"} {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// syncFile makes a file's content durable, or a folder's.
func syncFile(name string) error {
	opened, err := os.Open(name) //nolint:gosec // the file that the operator named
	if err != nil {
		return fmt.Errorf("sqlite: %w", err)
	}
	if err := errors.Join(opened.Sync(), opened.Close()); err != nil {
		return fmt.Errorf("sqlite: sync %s: %w", name, err)
	}
	return nil
}
