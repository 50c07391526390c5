package main

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"

	_ "modernc.org/sqlite" // opens the data file past the program

	"expense-tracker/cmd/drill/internal/site"
	"expense-tracker/tests/rig/loopback"
	"expense-tracker/tests/rig/program"
)

// file is the program on an SQLite file, beside which another program reads.
type file struct {
	bench
	current *program.Program
	other   *sql.DB
	reading *sql.Tx
}

func newFile(ctx context.Context, plan site.Plan, binary string) (f *file, err error) {
	f = &file{bench: bench{folder: plan.Folder, binary: binary}}
	address, err := loopback.FreeAddress() //nolint:contextcheck // at once
	if err != nil {
		return f, err
	}
	path := filepath.Join(plan.Folder, "expenses.db")
	if f.current, err = program.StartLogging(ctx, plan.Folder, binary, []string{"HOME=" + plan.Folder}, "--storage", "sqlite:"+path,
		"--listen", address); err != nil {
		return f, err
	}
	if f.other, err = sql.Open("sqlite", path+"?_pragma=busy_timeout(5000)"); err != nil {
		return f, err
	}
	plan.Targets = map[string][]string{"expense-tracker": {address}}
	f.site, err = site.New(ctx, plan)
	return f, err
}

func (f *file) close(context.Context) error {
	var err error
	if f.site != nil {
		err = f.site.Close()
	}
	if f.other != nil {
		err = errors.Join(err, f.other.Close())
	}
	if f.current != nil {
		err = errors.Join(err, f.current.Kill())
	}
	return err
}

func (f *file) faults() []fault {
	return []fault{{
		name: "another program reads for long, and much is written", alerts: []string{"ExpenseTrackerLogGrows"},
		begin: func(ctx context.Context) (err error) {
			if f.reading, err = f.other.BeginTx(context.WithoutCancel(ctx), nil); err != nil {
				return err
			}
			var n int
			if err := f.reading.QueryRowContext(ctx, "SELECT count(*) FROM ledger").Scan(&n); err != nil {
				return err
			}
			if _, err := f.other.ExecContext(ctx, "CREATE TABLE drill (x BLOB)"); err != nil {
				return err
			}
			for range 9 {
				if _, err := f.other.ExecContext(ctx, "INSERT INTO drill VALUES (randomblob(31000000))"); err != nil {
					return err
				}
			}
			return nil
		},
		end: func(ctx context.Context) error {
			if f.reading == nil {
				return nil
			}
			err := f.reading.Rollback() // the program empties the log by itself
			_, dropped := f.other.ExecContext(ctx, "DROP TABLE IF EXISTS drill")
			return errors.Join(err, dropped)
		},
	}}
}
