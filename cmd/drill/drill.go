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

	"expense-tracker/cmd/drill/internal/site"
	"expense-tracker/tests/rig/program"
)

// options say what to drill.
type options struct {
	scale   int
	only    []string // alerts; empty for all
	project string   // folder
	binary  string   // of the program; "" to build it
}

// lane is a site with what is done there, one fault after the other. Lanes do not see each other, and run side by side.
type lane interface {
	faults() []fault
	at() *site.Site
	close(ctx context.Context) error
}

func (b bench) at() *site.Site { return b.site }

// start makes a lane on a plan.
type start func(ctx context.Context, plan site.Plan, binary string) (lane, error)

// lanes are all, by name.
var lanes = []struct {
	name  string
	start start
	tells []string // the alerts of its faults
	// How much quicker than others it is: its rules look back on hours.
	faster int
}{
	{"program", func(ctx context.Context, plan site.Plan, binary string) (lane, error) {
		return newServed(ctx, plan, binary)
	}, []string{
		"ExpenseTrackerDown", "ExpenseTrackerRestarts", "ExpenseTrackerUnsteady", "ExpenseTrackerStorageNotReady", "ExpenseTrackerAddsFailing",
		"ExpenseTrackerWritesFailing", "ExpenseTrackerErrorRatioHigh", "ExpenseTrackerSlow", "ExpenseTrackerPoolExhausted",
		"ExpenseTrackerTotalsDiffer", "ExpenseTrackerNotAudited", "ExpenseTrackerErrorLines", "ExpenseTrackerRepeatsBehind",
	}, 1},
	{"file", func(ctx context.Context, plan site.Plan, binary string) (lane, error) {
		return newFile(ctx, plan, binary)
	}, []string{
		"ExpenseTrackerLogGrows",
	}, 1},
	{"watchers", func(ctx context.Context, plan site.Plan, _ string) (lane, error) { return newWatchers(ctx, plan) }, []string{
		"ExporterDown", "AlertmanagerDown", "PrometheusCannotTell", "AlertmanagerNotDelivering", "AlertmanagerConfigNotTaken",
		"PrometheusConfigNotTaken", "PrometheusRulesFailing",
	}, 1},
	{"blind", func(ctx context.Context, plan site.Plan, _ string) (lane, error) { return newBlind(ctx, plan) }, []string{
		"Watchdog", "PrometheusStoresNothing",
	}, 1},
	{"host", func(ctx context.Context, plan site.Plan, _ string) (lane, error) { return newHost(ctx, plan) }, []string{
		"HostMetricsMissing", "HostDiskAlmostFull", "HostDiskFillsSoon", "HostMemoryLow", "HostMemoryKill", "HostClockNotSynchronized",
		"HostClockWrong", "CertificateEnds",
	}, 1},
	{"database", func(ctx context.Context, plan site.Plan, _ string) (lane, error) { return newDatabase(ctx, plan) }, []string{
		"PostgresNotWatched", "PostgresConnectionsScarce", "PostgresTransactionOld", "PostgresLogGrows", "PageNotAnswering",
	}, 1},
	{"kept", func(ctx context.Context, plan site.Plan, binary string) (lane, error) {
		return newKept(ctx, plan, binary)
	}, []string{
		"BackupNotRestorable", "BackupFailing", "ExpenseTrackerBackupTooOld", "BackupsDown", "BackupsDamaged",
	}, 4},
	{"figures", func(ctx context.Context, plan site.Plan, _ string) (lane, error) { return newFigures(ctx, plan) }, []string{
		"ProxyDown", "ProxyFindsNobodyReady", "DatabaseWithoutPrimary", "DatabaseWithTwoPrimaries", "DatabaseWithoutStandby",
		"DatabaseStandbyLags", "DatabaseFailedOver", "DatabaseManagerBlind", "DatabaseNodeDown", "BackupOverdue", "LogArchiveFailing",
		"BaseBackupFailing",
	}, 4},
	{"outside", func(ctx context.Context, plan site.Plan, binary string) (lane, error) {
		return newOutside(ctx, plan, binary)
	}, []string{
		"ExpenseTrackerProbeDown", "ExpenseTrackerProbeSilent", "ExpenseTrackerProbeRefused", "ExpenseTrackerAddsBurnBudget",
		"ExpenseTrackerProbeAddsBurnBudget", "ExpenseTrackerAddLatencyBurnsBudget", "ExpenseTrackerHomeLatencyBurnsBudget",
		"ExpenseTrackerAddLost", "ExpenseTrackerAddDoubled",
	}, 4},
}

// drill starts the lanes one after the other, runs them side by side, and writes the table. The one that measures how quick pages are comes
// last: what is slow since others start would burn its budgets for hours, as it counts them.
func drill(ctx context.Context, o options, stdout, stderr io.Writer) (err error) {
	if o.scale < 1 {
		return errors.New("--scale: 1 at least")
	}
	began := time.Now()
	var saying sync.Mutex
	say := func(format string, args ...any) {
		saying.Lock()
		defer saying.Unlock()
		_, _ = fmt.Fprintf(stderr, "%5.0f s  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...)) // progress only
	}
	if o.project, err = filepath.Abs(o.project); err != nil {
		return err
	}
	times, err := times(o.project)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "expense-tracker-drill-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if err := os.Chmod(folder, 0o711); err != nil { //nolint:gosec // the user postgres has to pass through
		return err
	}
	binary := o.binary
	if binary == "" {
		say("building the program")
		if binary, err = program.Build(ctx, folder); err != nil {
			return err
		}
	}
	outcomes := make([][]outcome, len(lanes))
	var running sync.WaitGroup
	for n, one := range lanes {
		if len(o.only) > 0 && !slices.ContainsFunc(one.tells, func(alert string) bool { return slices.Contains(o.only, alert) }) {
			continue
		}
		plan := site.Plan{Project: o.project, Folder: filepath.Join(folder, one.name), Scale: o.scale * one.faster}
		if err := os.Mkdir(plan.Folder, 0o711); err != nil { //nolint:gosec // likewise
			return err
		}
		saying := func(format string, args ...any) { say(one.name+": "+format, args...) }
		l, err := one.start(ctx, plan, binary)
		if err != nil {
			saying("does not start: %v", err)
		}
		running.Go(func() { outcomes[n] = run(ctx, l, err, o.only, saying) })
	}
	running.Wait()
	all := slices.Concat(outcomes...)
	if err := report(stdout, all, times); err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(o outcome) bool { return o.err != nil }) || len(all) == 0 {
		return errUntold
	}
	return nil
}

// run does the faults of a lane, if it could be started.
func run(ctx context.Context, l lane, err error, only []string, say func(string, ...any)) (all []outcome) {
	if err != nil {
		all = append(all, outcome{fault: "the start of this part", err: err})
	} else {
		time.Sleep(5 * time.Second) // everything is scraped
		for _, f := range l.faults() {
			if len(only) > 0 && !slices.ContainsFunc(f.alerts, func(alert string) bool { return slices.Contains(only, alert) }) {
				continue
			}
			for _, o := range inflict(ctx, l.at(), f, say) {
				say("%s: told after %.1f s, over after %.1f s %v", o.alert, o.detected.Seconds(), o.resolved.Seconds(), errorText(o.err))
				all = append(all, o)
			}
		}
	}
	if err := l.close(context.WithoutCancel(ctx)); err != nil {
		say("does not end: %v", err)
	}
	return all
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return "FAILED: " + err.Error()
}
