package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/google/uuid"

	"expense-tracker/cmd/bench/internal/limit"
	"expense-tracker/cmd/bench/internal/report"
	"expense-tracker/cmd/bench/internal/stock"
	"expense-tracker/tests/rig/program"
	"expense-tracker/tests/rig/throwaway"
)

// run is one run of the benchmark.
type run struct {
	options
	folder  string // temporary
	self    string // the binary of the benchmark
	binary  string // of the program
	today   time.Time
	server  *throwaway.Server // nil without postgres
	pgbench limit.Pgbench
	figures *report.Figures
	machine map[string]string
	say     func(format string, args ...any)
}

// bench measures, and writes the report. self is the binary that serves the static page.
func bench(ctx context.Context, self string, o options, stdout, stderr io.Writer) (err error) {
	began := time.Now()
	folder, err := os.MkdirTemp("", "expense-tracker-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if err := os.Chmod(folder, 0o711); err != nil { //nolint:gosec // the user postgres has to pass through
		return err
	}
	r := run{options: o, self: self, folder: folder, today: time.Now(), figures: report.NewFigures(), machine: map[string]string{
		"go": runtime.Version(), "processors": fmt.Sprint(runtime.NumCPU()), "platform": runtime.GOOS + "/" + runtime.GOARCH,
	}}
	r.say = func(format string, args ...any) {
		_, _ = fmt.Fprintf(stderr, "%4.0f s  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...)) // progress only
	}
	failure := r.everything(ctx)
	written := report.Report{
		Machine: r.machine, Rounds: o.rounds, Duration: o.duration.String(), Took: time.Since(began).Round(time.Second).String(),
		Figures:  r.figures,
		Verdicts: report.Verdicts(r.figures, o.storages, o.sizes...),
	}
	return errors.Join(failure, write(written, o.json, stdout)) // a run that fails late has measured much
}

// write writes the report to where it is wanted.
func write(r report.Report, file string, stdout io.Writer) (err error) {
	switch file {
	case "-":
		return r.WriteJSON(stdout)
	case "":
		return r.WriteTable(stdout)
	}
	target, err := os.Create(file) //nolint:gosec // the user's own choice
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	return errors.Join(r.WriteJSON(target), r.WriteTable(stdout))
}

// everything measures storage after storage.
func (r *run) everything(ctx context.Context) (err error) {
	r.say("building the program")
	if r.binary, err = program.Build(ctx, r.folder, "-ldflags=-s -w"); err != nil {
		return err
	}
	if slices.Contains(r.storages, "postgres") {
		if err := r.startPostgres(ctx); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, r.server.Stop(ctx)) }()
	}
	for _, name := range r.storages {
		if err := r.storage(ctx, r.stockOf(name)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (r *run) startPostgres(ctx context.Context) error {
	r.say("starting PostgreSQL")
	installation, err := throwaway.Find()
	if err != nil {
		return err
	}
	if r.server, err = installation.Start(ctx, r.folder, uuid.NewString()); err != nil {
		return err
	}
	const limits = "limits"
	r.pgbench = limit.Pgbench{Program: installation.Program("pgbench"), URL: r.server.URL(limits), Folder: r.folder}
	r.machine["postgresql"], err = r.server.Version(ctx)
	return errors.Join(err, r.server.Execute(ctx, "postgres", "CREATE DATABASE "+limits), r.server.Execute(ctx, limits, limit.Setup()...))
}

func (r *run) stockOf(name string) stock.Stock {
	switch name {
	case "postgres":
		return stock.NewPostgres(r.binary, r.folder, r.server, r.today)
	case "sqlite":
		return stock.NewSQLite(r.binary, r.folder, r.today)
	}
	return stock.NewMemory(r.binary, r.folder, r.today)
}
