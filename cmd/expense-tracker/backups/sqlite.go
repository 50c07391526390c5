package backups

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"expense-tracker/adapters/sqlite"
)

// SQLite is a data file of SQLite, which this program copies by itself.
type SQLite struct{ Path string }

// Lock implements Source: the work folder's lock is what keeps two schedulers of one machine apart.
func (s SQLite) Lock(context.Context) (release func(), err error) {
	return func() {}, sqlite.IsThere(s.Path)
}

// Dump implements Source.
func (s SQLite) Dump(ctx context.Context, file string) error {
	if err := sqlite.IsThere(s.Path); err != nil {
		return err
	}
	_, err := sqlite.Backup(ctx, s.Path, file, sqlite.BackupOptions{})
	return err
}

// Try implements Source.
func (s SQLite) Try(ctx context.Context, file, folder string, check func(ctx context.Context, url string) error) (err error) {
	scratch := filepath.Join(folder, "scratch")
	if err := os.Mkdir(scratch, 0o700); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	path := filepath.Join(scratch, "expenses.db")
	if _, err := sqlite.Restore(ctx, path, file, sqlite.RestoreOptions{Now: time.Now()}); err != nil {
		return err
	}
	return check(ctx, "sqlite:"+path)
}

// Restore implements Source.
func (s SQLite) Restore(ctx context.Context, file string, replace bool) (string, error) {
	done, err := sqlite.Restore(ctx, s.Path, file, sqlite.RestoreOptions{Replace: replace, Now: time.Now()})
	if errors.Is(err, sqlite.ErrHoldsExpenses) || errors.Is(err, sqlite.ErrUnreadable) {
		err = fmt.Errorf("%w; add --replace to do so", err)
	}
	said := fmt.Sprintf("%s holds %d expenses", s.Path, done.Expenses)
	if done.Kept != "" {
		said += "; what was there is kept as " + done.Kept
	}
	return said, err
}

// Tidy implements Source.
func (s SQLite) Tidy(_ context.Context, folder string) error {
	return os.RemoveAll(filepath.Join(folder, "scratch"))
}
