package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"expense-tracker/cmd/chaos/internal/cluster"
	"expense-tracker/cmd/chaos/internal/evidence"
	"expense-tracker/tests/rig/program"
)

// setUp is a storage with a number of instances of the program on it.
type setUp struct {
	storage   string
	instances int
	record    *evidence.Record
	began     time.Time
	took      time.Duration
}

func (s setUp) String() string { return fmt.Sprintf("%s-%d", s.storage, s.instances) }

// chaos tries one set-up after the other, and writes the report.
func chaos(ctx context.Context, o options, stdout, stderr io.Writer) (err error) {
	began := time.Now()
	var saying sync.Mutex // set-ups that are tried at once say how they are doing
	say := func(format string, args ...any) {
		saying.Lock()
		defer saying.Unlock()
		_, _ = fmt.Fprintf(stderr, "%5.0f s  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...)) // progress only
	}
	if os.Geteuid() != 0 {
		say("NO DISK WILL BE FILLED and none made read-only: only root may mount the small file systems for it")
	}
	o.leaveOutMissing(ctx, say)
	if len(o.storages) == 0 {
		return errors.New("no storage is left")
	}
	folder, err := os.MkdirTemp("", "expense-tracker-chaos-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if err := os.Chmod(folder, 0o711); err != nil { //nolint:gosec // the user postgres has to pass through
		return err
	}
	if o.evidence == "" {
		if o.evidence, err = os.MkdirTemp("", "expense-tracker-chaos-evidence-"); err != nil {
			return err
		}
	}
	say("seed %d; building the program", o.seed) // a run that is broken off has told it
	binary, err := program.Build(ctx, folder)
	if err != nil {
		return err
	}
	var all []setUp
	for _, storage := range o.storages {
		for _, instances := range o.instances {
			if storage != available || instances > 1 {
				all = append(all, setUp{storage: storage, instances: instances})
			}
		}
	}
	var running sync.WaitGroup
	for n := range all {
		share := o.faults*(n+1)/len(all) - o.faults*n/len(all)
		s := &all[n]
		if s.storage == available && len(all) > 1 {
			share = min(share, maxAvailable)
		}
		if ctx.Err() != nil {
			all = all[:n] // the others have not begun
			break
		}
		logs := filepath.Join(o.evidence, s.String())
		if s.record, err = newRecord(ctx, logs); err != nil {
			return err
		}
		s.began = time.Now()
		t := trial{options: o, setUp: *s, binary: binary, folder: filepath.Join(folder, s.String()), logs: logs, say: say}
		running.Go(func() {
			if err := t.run(ctx, share); err != nil {
				s.record.Breach("the trial: "+err.Error(), "")
			}
			s.took = time.Since(s.began)
		})
		if !o.atOnce {
			running.Wait()
		}
	}
	running.Wait()
	breaches := 0
	for _, s := range all {
		found, _ := s.record.Breached()
		breaches += found
		err = errors.Join(err, s.record.Close())
	}
	if err := errors.Join(err, report(stdout, o, all)); err != nil {
		return err
	}
	kept := fmt.Sprintf("seed %d; logs and journals are in %s", o.seed, o.evidence)
	switch {
	case breaches > 0:
		return fmt.Errorf("%w: %d times; %s", errBreached, breaches, kept)
	case ctx.Err() != nil:
		return fmt.Errorf("%w: the tables are of what was done before; %s", errBrokenOff, kept)
	}
	return os.RemoveAll(o.evidence)
}

// maxAvailable is how many of the faults of all set-ups the highly available one gets: each takes as long as dozens of the others.
const maxAvailable = 60

// leaveOutMissing leaves out what this machine cannot try, and says so.
func (o *options) leaveOutMissing(ctx context.Context, say func(format string, args ...any)) {
	if !slices.Contains(o.storages, available) {
		return
	}
	if missing := cluster.Missing(ctx); missing != "" {
		say("NOTHING HIGHLY AVAILABLE WILL BE TRIED: %s", missing)
		o.storages = slices.DeleteFunc(slices.Clone(o.storages), func(storage string) bool { return storage == available })
	}
}

// newRecord returns a record with its journal in the folder.
func newRecord(ctx context.Context, folder string) (*evidence.Record, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	journal, err := os.Create(filepath.Join(folder, "journal.txt")) //nolint:gosec // in our folder
	if err != nil {
		return nil, err
	}
	return evidence.NewRecord(journal, func() bool { return ctx.Err() != nil }), nil
}
