package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"expense-tracker/cmd/chaos/internal/cluster"
	"expense-tracker/cmd/chaos/internal/schedule"
	"expense-tracker/cmd/internal/tool"
	"expense-tracker/tests/rig/program"
)

const (
	available     = "ha"
	writesAgain   = 15 * time.Second // bound of a time without writes, whatever falls
	beforeFault   = 2 * time.Second  // in which all works
	afterFault    = 3 * time.Second  // likewise
	drillInstance = 2
)

// errTooLong is the verdict of a drill in which something took longer than it may.
var errTooLong = errors.New("it took too long")

// step is a fault of the drill, in words, and what is allowed.
type step struct {
	kind   string
	what   string
	lasts  time.Duration
	failed bool // requests may fail
}

// steps are what the drill does, in this order.
var steps = []step{
	{"ha-rolling", "both instances replaced, one after the other", 0, false},
	{"ha-switchover", "the standby made the primary, in good order", 0, true},
	{"ha-server-killed", "SIGKILL of the primary's server", 0, true},
	{"ha-node-killed", "SIGKILL of the primary's machine", 5 * time.Second, true},
	{"ha-node-frozen", "the primary's machine stands, and goes on later", 5 * time.Second, true},
	{"ha-node-cut", "the primary's machine cut off from all", 5 * time.Second, true},
	{"ha-old-primary", "the primary cut off from etcd and the standby alone", 5 * time.Second, true},
	{"ha-read-only", "the primary answers, and refuses to write", 2 * time.Second, true},
	{"ha-standby-killed", "SIGKILL of the standby's machine", 5 * time.Second, true},
	{"ha-standby-cut", "the standby's machine cut off from all", 5 * time.Second, true},
	{"ha-etcd-killed", "SIGKILL of one of three etcd", time.Second, true},
	{"ha-etcd-lost", "SIGKILL of two of three etcd", time.Second, true},
	{"kill", "SIGKILL of an instance", 4 * time.Second, true},
	{"freeze", "an instance stands", 10 * time.Second, true},
	{"ha-proxy-cut", "the proxy and an instance cut off from each other", 10 * time.Second, true},
	{"ha-proxy-killed", "SIGKILL of the proxy", 4 * time.Second, true},
}

// seen is what a step of the drill showed.
type seen struct {
	step
	noticed     time.Duration // until the cluster had another primary, or did without the standby; 0 if that is not asked
	pause, over time.Duration // longest time without an acknowledged change, and when it was over
	failed      int           // requests
	changes     int           // that were acknowledged, since the beginning
	stored      int           // rows
	doubled     int
	breaches    int
}

func newFailover() *cobra.Command {
	var o options
	var kinds []string
	command := tool.New("failover", "Let each part of the highly available set-up fail under load, and print how long nothing was stored",
		func(command *cobra.Command) error {
			if missing := cluster.Missing(command.Context()); missing != "" {
				return errors.New(missing)
			}
			return failover(command.Context(), o, chosen(kinds), command.OutOrStdout(), command.ErrOrStderr())
		})
	command.Flags().StringSliceVar(&kinds, "kinds", nil, "only these faults")
	command.Flags().IntVar(&o.clients, "clients", 8, "that work at a time, besides rivals and readers")
	command.Flags().Uint64Var(&o.seed, "seed", 1, "of what clients choose")
	command.Flags().StringVar(&o.evidence, "evidence", "",
		"folder for logs, which is kept; without it a temporary one, kept if something is wrong")
	return command
}

func chosen(kinds []string) []step {
	var all []step
	for _, s := range steps {
		if len(kinds) == 0 || strings.Contains(","+strings.Join(kinds, ",")+",", ","+s.kind+",") {
			all = append(all, s)
		}
	}
	return all
}

// failover runs the drill and prints its table.
func failover(ctx context.Context, o options, steps []step, stdout, stderr io.Writer) (err error) {
	began := time.Now()
	say := func(format string, args ...any) {
		_, _ = fmt.Fprintf(stderr, "%5.0f s  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...)) // progress only
	}
	folder, err := os.MkdirTemp("", "expense-tracker-failover-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if err := os.Chmod(folder, 0o711); err != nil { //nolint:gosec // the user postgres has to pass through
		return err
	}
	kept := o.evidence != ""
	if !kept {
		if o.evidence, err = os.MkdirTemp("", "expense-tracker-failover-evidence-"); err != nil {
			return err
		}
	}
	say("building the program")
	binary, err := program.Build(ctx, folder)
	if err != nil {
		return err
	}
	s := setUp{storage: available, instances: drillInstance, began: time.Now()}
	if s.record, err = newRecord(ctx, o.evidence); err != nil {
		return err
	}
	t := &trial{options: o, setUp: s, binary: binary, folder: folder, logs: o.evidence, say: say}
	drill, err := t.drill(ctx, steps)
	written := drillTable(stdout, drill)
	found, _ := s.record.Breached()
	switch err = errors.Join(err, written, breaches(stdout, s), s.record.Close(), judge(drill)); {
	case err != nil, found > 0:
		return errors.Join(err, fmt.Errorf("%d breaches; logs and a journal are in %s", found, o.evidence))
	case kept:
		return nil
	}
	return os.RemoveAll(o.evidence)
}

// drill builds the set-up and does one step after the other, each under load, with a whole check in quiet after it.
func (t *trial) drill(ctx context.Context, steps []step) (all []seen, err error) {
	if err := t.build(ctx); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, t.world.Close(context.WithoutCancel(ctx))) }()
	t.say("a primary, a synchronous standby, three etcd, two instances and a proxy run")
	if err := t.people(ctx); err != nil {
		return nil, err
	}
	for n, one := range steps {
		s, err := t.step(ctx, n, one)
		if err != nil {
			return all, fmt.Errorf("%s: %w", one.kind, err)
		}
		all = append(all, s)
		t.say("%s: %.1f s without a write, %d requests failed; %s", one.what, s.pause.Seconds(), s.failed, t.breaches())
	}
	if t.visit != nil {
		return all, t.visit(ctx, t.world)
	}
	return all, nil
}

func (t *trial) step(ctx context.Context, n int, one step) (seen, error) {
	s := seen{step: one}
	var mu sync.Mutex // of what follows, which the fault's goroutine sets
	var from time.Time
	t.world.Begun = func(schedule.Fault) {
		mu.Lock()
		defer mu.Unlock()
		from = time.Now()
	}
	t.world.Noticed = func(schedule.Fault) {
		mu.Lock()
		defer mu.Unlock()
		s.noticed = time.Since(from)
	}
	var failed error
	before, _ := t.record.Breached()
	failedBefore := t.record.Failed()
	err := t.work(ctx, func() {
		sleep(ctx, beforeFault)
		from = time.Now()
		failed = t.world.Inflict(context.WithoutCancel(ctx), schedule.Fault{Kind: one.kind, Instance: n % drillInstance, Lasts: one.lasts})
		sleep(ctx, afterFault)
		s.pause, s.over = t.record.Pause(from)
	})
	if err := errors.Join(err, failed); err != nil {
		return s, err
	}
	s.failed = t.record.Failed() - failedBefore
	err = t.check(ctx)
	after, _ := t.record.Breached()
	s.breaches, s.changes, s.stored, s.doubled = after-before, t.record.Acknowledged, t.record.Stored, t.record.Doubled
	return s, err
}

// judge says what took too long, or failed and must not.
func judge(all []seen) error {
	var err error
	for _, s := range all {
		if s.pause > writesAgain {
			err = errors.Join(err, fmt.Errorf("%s: %w: nothing was stored for %.1f s", s.what, errTooLong, s.pause.Seconds()))
		}
		if s.failed > 0 && !s.step.failed {
			err = errors.Join(err, fmt.Errorf("%s: %d requests failed", s.what, s.failed))
		}
	}
	return err
}

// drillTable writes what was seen.
func drillTable(w io.Writer, all []seen) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(table, format, args...) } // Flush says whether it failed
	line("what falls\tnoticed s\tno write for s\twrites again after s\tfailed requests\tacknowledged\trows\tdoubled\tlost or wrong\n")
	for _, s := range all {
		noticed := "-"
		if s.noticed > 0 {
			noticed = fmt.Sprintf("%.1f", s.noticed.Seconds())
		}
		line("%s\t%s\t%.1f\t%.1f\t%d\t%d\t%d\t%d\t%d\n", s.what, noticed, s.pause.Seconds(), s.over.Seconds(), s.failed, s.changes, s.stored,
			s.doubled, s.breaches)
	}
	return table.Flush()
}

// deployFolder returns the project's folder of that name.
func deployFolder(ctx context.Context) (string, error) {
	top, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "expense-tracker").Output()
	if err != nil || len(top) < 2 {
		return "", fmt.Errorf("run it in the project's folder: %w", err)
	}
	return filepath.Join(strings.TrimSpace(string(top)), "deploy"), nil
}
