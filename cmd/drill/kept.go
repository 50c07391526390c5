package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"expense-tracker/cmd/drill/internal/site"
	"expense-tracker/tests/rig/loopback"
	"expense-tracker/tests/rig/program"
)

// kept is the service that backs an SQLite file up each minute, into a folder. It is not started yet.
type kept struct {
	bench
	service *site.Process
	storage string
	place   string
	data    *sql.DB // the file, past the program
}

const backupKey = "a key of the drill alone"

func newKept(ctx context.Context, plan site.Plan, binary string) (k *kept, err error) {
	path := filepath.Join(plan.Folder, "expenses.db")
	k = &kept{bench: bench{folder: plan.Folder, binary: binary}, storage: "sqlite:" + path, place: filepath.Join(plan.Folder, "place")}
	if err := k.run(ctx, "generate", "--count", "200"); err != nil {
		return k, err
	}
	if k.data, err = sql.Open("sqlite", path+"?_pragma=busy_timeout(5000)"); err != nil {
		return k, err
	}
	address, err := loopback.FreeAddress() //nolint:contextcheck // at once
	if err != nil {
		return k, err
	}
	k.service = &site.Process{Path: binary, Folder: plan.Folder, Args: []string{"backups"}, Listens: address,
		Answers: "http://" + address + "/metrics", Env: []string{
			"HOME=" + plan.Folder, "EXPENSE_TRACKER_STORAGE=" + k.storage, "EXPENSE_TRACKER_BACKUP_PLACE=" + k.place,
			"EXPENSE_TRACKER_BACKUP_WORK=" + filepath.Join(plan.Folder, "work"), "EXPENSE_TRACKER_BACKUP_LISTEN=" + address,
			"EXPENSE_TRACKER_BACKUP_EVERY=1m", "EXPENSE_TRACKER_BACKUP_KEY=" + backupKey,
		}}
	plan.Targets = map[string][]string{"backups": {address}}
	k.site, err = site.New(ctx, plan)
	return k, err
}

// run runs a command of the program's on the storage.
func (k *kept) run(ctx context.Context, args ...string) error {
	result, err := program.Run(ctx, k.binary, []string{"HOME=" + k.folder}, append(args, "--storage", k.storage)...)
	if err == nil && result.Code != 0 {
		err = fmt.Errorf("%v: %s%s", args, result.Stdout, result.Stderr)
	}
	return err
}

func (k *kept) close(context.Context) error {
	var err error
	if k.site != nil {
		err = k.site.Close()
	}
	if k.service != nil {
		err = errors.Join(err, k.service.End())
	}
	if k.data != nil {
		err = errors.Join(err, k.data.Close())
	}
	return err
}

func (k *kept) faults() []fault {
	take, leave := k.holdPlace()
	return []fault{
		{
			name:   "a total was tampered with before the first backup",
			alerts: []string{"BackupNotRestorable", "BackupFailing", "ExpenseTrackerBackupTooOld"},
			begin: func(ctx context.Context) error {
				_, err := k.data.ExecContext(ctx, "UPDATE expense_total SET minor = minor + 700 WHERE month = 0 AND category_id = 0")
				return errors.Join(err, k.service.Start(ctx))
			},
			end: func(ctx context.Context) error { return k.run(ctx, "verify", "--repair") },
		},
		{
			name: "who makes backups is ended", alerts: []string{"BackupsDown"},
			begin: func(context.Context) error { return k.service.End() }, end: k.service.Start,
		},
		{name: "another program holds the place, so that nothing old is forgotten", alerts: []string{"BackupsDamaged"}, begin: take, end: leave},
	}
}

// holdPlace has another restic at work in the place until the end: what is stored is stored beside it, but nothing can be removed.
func (k *kept) holdPlace() (begin, end func(context.Context) error) {
	var command *exec.Cmd
	var input io.Closer
	begin = func(context.Context) (err error) {
		//nolint:noctx,gosec // end ends it
		command = exec.Command("restic", "--repo", k.place, "--no-cache", "backup", "--stdin", "--host", "drill")
		command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + k.folder, "RESTIC_PASSWORD=" + backupKey}
		if input, err = command.StdinPipe(); err != nil {
			return err
		}
		return command.Start()
	}
	end = func(context.Context) error {
		if command == nil || command.Process == nil {
			return nil
		}
		err := command.Process.Signal(os.Interrupt) // then it takes its lock away
		_ = command.Wait()                          // a signal ends it
		return errors.Join(err, ignoreClosed(input.Close()))
	}
	return begin, end
}

// ignoreClosed is for what a Wait has closed already.
func ignoreClosed(err error) error {
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}
