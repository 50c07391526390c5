package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"expense-tracker/cmd/drill/internal/site"
	"expense-tracker/tests/rig/loopback"
)

// watchers are Prometheus, two Alertmanagers with two receivers, and an exporter: whatever of them fails, another tells.
type watchers struct {
	bench
	exporter *site.Process
}

func newWatchers(ctx context.Context, plan site.Plan) (w *watchers, err error) {
	w = &watchers{bench: bench{folder: plan.Folder}}
	if w.exporter, err = nodeExporter(plan.Folder); err != nil { //nolint:contextcheck // at once
		return w, err
	}
	if err := w.exporter.Start(ctx); err != nil {
		return w, err
	}
	plan.Spare, plan.Others = true, true
	plan.Targets = map[string][]string{"postgres-exporter": {w.exporter.Listens}} // one that stands for all exporters
	w.site, err = site.New(ctx, plan)
	return w, err
}

// nodeExporter returns a Node Exporter that is not started.
func nodeExporter(folder string, args ...string) (*site.Process, error) {
	path, err := site.Find("prometheus-node-exporter", "node_exporter")
	if err != nil {
		return nil, err
	}
	address, err := loopback.FreeAddress()
	if err != nil {
		return nil, err
	}
	return &site.Process{Path: path, Folder: folder, Listens: address, Answers: "http://" + address + "/metrics",
		Args: append([]string{"--web.listen-address=" + address}, args...)}, nil
}

func (w *watchers) close(context.Context) error {
	var err error
	if w.site != nil {
		err = w.site.Close()
	}
	if w.exporter != nil {
		err = errors.Join(err, w.exporter.End())
	}
	return err
}

// rewrite has a process read a file of its configuration with something else in it, until the fault's end.
func (w *watchers) rewrite(path string, to string, reader func() *site.Process) (begin, end func(context.Context) error) {
	var before []byte
	begin = func(context.Context) (err error) {
		if before, err = os.ReadFile(path); err != nil && !errors.Is(err, os.ErrNotExist) { //nolint:gosec // ours
			return err
		}
		return errors.Join(os.WriteFile(path, []byte(to), 0o600), reader().Signal(syscall.SIGHUP))
	}
	end = func(context.Context) error {
		if before == nil {
			return errors.Join(os.Remove(path), reader().Signal(syscall.SIGHUP))
		}
		return errors.Join(os.WriteFile(path, before, 0o600), reader().Signal(syscall.SIGHUP))
	}
	return begin, end
}

func (w *watchers) faults() []fault {
	prometheus := func() *site.Process { return w.site.Prometheus }
	badConfig, goodConfig := w.rewrite(w.site.PrometheusFile(), "global: {nonsense: 1}\n", prometheus)
	badRule, goodRule := w.rewrite(filepath.Join(w.site.RulesFolder(), "bad.rules.yml"), failingRule, prometheus)
	badManager, goodManager := w.rewrite(w.site.AlertmanagerFile(), "nonsense: 1\n", func() *site.Process { return w.site.Alertmanagers[0] })
	return []fault{
		{
			name: "an exporter hangs (SIGSTOP)", alerts: []string{"ExporterDown"},
			begin: func(context.Context) error { return w.exporter.Signal(syscall.SIGSTOP) },
			end:   func(context.Context) error { return w.exporter.Signal(syscall.SIGCONT) },
		},
		{
			name: "one of two Alertmanagers is ended", alerts: []string{"AlertmanagerDown", "PrometheusCannotTell"},
			begin: func(context.Context) error { return w.site.Alertmanagers[0].End() }, end: w.startManager,
		},
		{
			name: "one of two receivers refuses what it is told of an exporter that hangs", alerts: []string{"AlertmanagerNotDelivering"},
			begin: func(context.Context) error {
				w.site.Hook.Refuses.Store(true)
				return w.exporter.Signal(syscall.SIGSTOP)
			},
			end: func(context.Context) error {
				w.site.Hook.Refuses.Store(false)
				return w.exporter.Signal(syscall.SIGCONT)
			},
		},
		{name: "nonsense in Alertmanager's configuration", alerts: []string{"AlertmanagerConfigNotTaken"}, begin: badManager, end: goodManager},
		{name: "nonsense in Prometheus' configuration", alerts: []string{"PrometheusConfigNotTaken"}, begin: badConfig, end: goodConfig},
		{name: "a rule that two series answer", alerts: []string{"PrometheusRulesFailing"}, begin: badRule, end: goodRule},
	}
}

func (w *watchers) startManager(ctx context.Context) error { return w.site.Alertmanagers[0].Start(ctx) }

// Many series on both sides: which one is meant?
const failingRule = "groups: [{name: bad, rules: [{record: bad:up, expr: up * on () up}]}]\n"

// blind is a Prometheus on a disk of its own that can be full.
type blind struct {
	bench
	disk string
}

func newBlind(ctx context.Context, plan site.Plan) (b *blind, err error) {
	b = &blind{bench: bench{folder: plan.Folder}, disk: filepath.Join(plan.Folder, "disk")}
	if err := os.Mkdir(b.disk, 0o700); err != nil {
		return b, err
	}
	if err := syscall.Mount("tmpfs", b.disk, "tmpfs", 0, "size=24m"); err != nil {
		b.disk = ""
		return b, fmt.Errorf("mount a small disk, which takes root: %w", err)
	}
	plan.Data = filepath.Join(b.disk, "data")
	b.site, err = site.New(ctx, plan)
	return b, err
}

func (b *blind) close(context.Context) error {
	var err error
	if b.site != nil {
		err = b.site.Close()
	}
	if b.disk != "" {
		err = errors.Join(err, syscall.Unmount(b.disk, syscall.MNT_DETACH))
	}
	return err
}

func (b *blind) faults() []fault {
	filler := filepath.Join(b.disk, "filler")
	return []fault{{
		name: "Alertmanager, the only one, is ended", alerts: []string{"Watchdog"},
		begin: func(context.Context) error { return b.site.Alertmanagers[0].End() },
		end:   func(ctx context.Context) error { return b.site.Alertmanagers[0].Start(ctx) },
	}, {
		name: "Prometheus' disk is full", alerts: []string{"PrometheusStoresNothing"},
		begin: func(context.Context) error { return fill(filler, 1) },
		// As its runbook says: make room, and start it anew.
		end: func(ctx context.Context) error {
			return errors.Join(os.Remove(filler), b.site.Prometheus.End(), b.site.Prometheus.Start(ctx))
		},
	}}
}

// fill takes a share of the space that is left on a disk.
func fill(path string, share float64) error {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(path), &disk); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600) //nolint:gosec // in our folder
	if err != nil {
		return err
	}
	defer file.Close()                                            //nolint:errcheck // what it could not write is the purpose
	left := int64(share * float64(int64(disk.Bavail)*disk.Bsize)) //nolint:gosec // a small disk
	for size := int64(1 << 20); size >= 512; {
		if left < size && share < 1 {
			return nil
		}
		n, err := file.Write(make([]byte, size))
		left -= int64(n)
		if err != nil {
			size /= 2
		}
	}
	return nil
}
