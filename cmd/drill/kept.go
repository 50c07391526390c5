package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"expense-tracker/cmd/drill/internal/site"
	"expense-tracker/tests/rig/loopback"
	"expense-tracker/tests/rig/program"
	"expense-tracker/tests/rig/throwaway"
)

// kept is the service that backs a database up each minute, into a folder. It is not started yet.
type kept struct {
	bench
	server  *throwaway.Server
	service *site.Process
	place   string
	begun   bool // the service
}

const backupKey = "a key of the drill alone"

func newKept(ctx context.Context, plan site.Plan, binary string) (k *kept, err error) {
	k = &kept{bench: bench{folder: plan.Folder, binary: binary}, place: filepath.Join(plan.Folder, "place")}
	installation, err := throwaway.Find()
	if err != nil {
		return k, err
	}
	if k.server, err = installation.Start(ctx, plan.Folder, "drill", "shared_buffers=32MB"); err != nil {
		return k, err
	}
	if err := k.server.Execute(ctx, "postgres", "CREATE DATABASE "+database); err != nil {
		return k, err
	}
	if err := k.run(ctx, "generate", "--count", "200"); err != nil {
		return k, err
	}
	address, err := loopback.FreeAddress() //nolint:contextcheck // at once
	if err != nil {
		return k, err
	}
	k.service = &site.Process{Path: binary, Folder: plan.Folder, Args: []string{"backups"}, Listens: address,
		Answers: "http://" + address + "/metrics", Env: []string{
			"HOME=" + plan.Folder, "EXPENSE_TRACKER_STORAGE=" + k.server.URL(database), "EXPENSE_TRACKER_BACKUP_PLACE=" + k.place,
			"EXPENSE_TRACKER_BACKUP_WORK=" + filepath.Join(plan.Folder, "work"), "EXPENSE_TRACKER_BACKUP_LISTEN=" + address,
			"EXPENSE_TRACKER_BACKUP_EVERY=1m", "EXPENSE_TRACKER_BACKUP_KEY=" + backupKey,
		}}
	plan.Targets = map[string][]string{"backups": {address}}
	k.site, err = site.New(ctx, plan)
	return k, err
}

// run runs a command of the program's on the storage.
func (k *kept) run(ctx context.Context, args ...string) error {
	result, err := program.Run(ctx, k.binary, []string{"HOME=" + k.folder}, append(args, "--storage", k.server.URL(database))...)
	if err == nil && result.Code != 0 {
		err = fmt.Errorf("%v: %s%s", args, result.Stdout, result.Stderr)
	}
	return err
}

func (k *kept) close(ctx context.Context) error {
	var err error
	if k.site != nil {
		err = k.site.Close()
	}
	if k.service != nil {
		err = errors.Join(err, k.service.End())
	}
	if k.server != nil {
		err = errors.Join(err, k.server.Stop(ctx))
	}
	return err
}

func (k *kept) faults() []fault {
	lose, find := k.loseOld()
	return []fault{
		{
			name:   "a total was tampered with before the first backup",
			alerts: []string{"BackupNotRestorable", "BackupFailing", "ExpenseTrackerBackupTooOld"},
			begin: func(ctx context.Context) error {
				return errors.Join(k.server.Execute(ctx, database, tamper), k.serve(ctx))
			},
			end: func(ctx context.Context) error { return k.run(ctx, "verify", "--repair") },
		},
		{
			name: "who makes backups is ended", alerts: []string{"BackupsDown"},
			begin: func(context.Context) error { return k.service.End() }, end: k.service.Start,
		},
		{name: "a file of an old backup is gone from the place", alerts: []string{"BackupsDamaged"}, begin: lose, end: find},
	}
}

// serve starts the service, if no fault before has done so.
func (k *kept) serve(ctx context.Context) error {
	if k.begun {
		return nil
	}
	k.begun = true
	return k.service.Start(ctx)
}

// loseOld takes away what a backup of before is made of, which is kept for good, and brings it back at the end.
func (k *kept) loseOld() (begin, end func(context.Context) error) {
	away := filepath.Join(k.folder, "away")
	var at string
	begin = func(ctx context.Context) error {
		if err := k.serve(ctx); err != nil {
			return err
		}
		var said []byte
		if err := site.Until(ctx, wait, "the place is nobody's for a moment", func() bool {
			command := exec.CommandContext(ctx, "restic", "--repo", k.place, "--no-cache", "tag", "--add", "pinned") //nolint:gosec // ours
			command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + k.folder, "RESTIC_PASSWORD=" + backupKey}
			var err error
			said, err = command.CombinedOutput()
			return err == nil && !strings.Contains(string(said), "no snapshots") // the first backup has been made
		}); err != nil {
			return fmt.Errorf("%w: %s", err, said)
		}
		var largest int64
		err := filepath.WalkDir(filepath.Join(k.place, "data"), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			info, err := entry.Info()
			if err == nil && info.Size() > largest {
				at, largest = path, info.Size()
			}
			return err
		})
		return errors.Join(err, os.Rename(at, away))
	}
	end = func(context.Context) error {
		if at == "" {
			return nil
		}
		return os.Rename(away, at)
	}
	return begin, end
}
