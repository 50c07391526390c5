package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"expense-tracker/adapters/postgres"
	"expense-tracker/cmd/expense-tracker/backups"
	beside "expense-tracker/cmd/expense-tracker/job" // the job of this file makes backups
	"expense-tracker/config"
	"expense-tracker/observability"
)

// keepBackups makes backups on their schedule until ctx ends, and shows how they go on a listener of its own.
func keepBackups(ctx context.Context, p process, settings config.Config) (err error) {
	logger, err := observability.NewLogger(p.stderr, settings.Log.Level, settings.Log.Format)
	if err != nil {
		return err
	}
	job, err := newBackupJob(p, settings, logger)
	if err != nil {
		return err
	}
	telemetry, err := observability.New(observability.Options{ //nolint:contextcheck // metrics outlive every request
		Version: version, Revision: buildRevision(), Logger: logger,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, telemetry.Shutdown(context.WithoutCancel(ctx))) }()
	var phases []string
	for _, phase := range backups.Phases() {
		phases = append(phases, string(phase))
	}
	measured, err := telemetry.NewBackups(phases) //nolint:contextcheck // metrics outlive every request
	if err != nil {
		return err
	}
	stop, err := serveBackups(ctx, settings.Backup.Listen, telemetry, logger)
	if err != nil {
		return err
	}
	defer stop()
	for _, warning := range settings.Backup.Warnings() {
		logger.WarnContext(ctx, warning)
	}
	if _, err := fmt.Fprintf(p.stdout, "Backups of %s go to %s, one every %s. Metrics are at http://%s%s\n", settings.Storage.Masked(),
		settings.Backup.Place, settings.Backup.Every, settings.Backup.Listen, observability.MetricsPath); err != nil {
		return err
	}
	if job.Base != nil {
		defer beside.Start(ctx, func(ctx context.Context) { watchArchive(ctx, job.Base.Source, measured) })()
	}
	backups.Schedule{
		Job: job, Every: settings.Backup.Every, Told: backupWatcher{measured}, Soonest: time.Minute, Latest: time.Hour,
	}.Run(ctx)
	return nil
}

// watchArchive measures how the archive of the server's log is doing, until ctx ends. While the server is away nothing is known.
func watchArchive(ctx context.Context, source backups.Postgres, measured *observability.Backups) {
	const interval = 15 * time.Second
	for {
		asking, cancel := context.WithTimeout(ctx, interval)
		found, err := postgres.LookAtArchive(asking, source.URL, source.Password)
		cancel()
		measured.Archived(observability.Archive{Last: found.Last, Failing: err == nil && found.On && found.Failing})
		select {
		case <-ctx.Done():
			return
		case <-time.After(interval):
		}
	}
}

// serveBackups shows the metrics, and that the process lives.
func serveBackups(ctx context.Context, address string, telemetry *observability.Telemetry, logger *slog.Logger) (stop func(), err error) {
	const patience = 5 * time.Second
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s (backup.listen): %w", address, err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET "+observability.MetricsPath, telemetry.MetricsHandler())
	for _, path := range []string{observability.LivenessPath, observability.ReadinessPath} {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: patience, ReadTimeout: patience, WriteTimeout: 2 * patience,
		MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelWarn)}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			logger.ErrorContext(ctx, "the metrics are not shown any more", "error", err)
		}
	}()
	return func() { _ = server.Close() }, nil
}

// backupWatcher hands what happens to the metrics.
type backupWatcher struct{ measured *observability.Backups }

func (w backupWatcher) Known(newest backups.Backup, kept int) {
	w.measured.Known(newest.Time, kept, newest.Bytes, newest.Expenses)
}
func (w backupWatcher) Due(at time.Time)           { w.measured.Due(at) }
func (w backupWatcher) Began(at time.Time)         { w.measured.Began(at) }
func (w backupWatcher) Failed(phase backups.Phase) { w.measured.Failed(string(phase)) }
func (w backupWatcher) Skipped(made bool)          { w.measured.Skipped(made) }
func (w backupWatcher) Aged(err error)             { w.measured.Aged(err == nil) }

func (w backupWatcher) Based(at time.Time, err error) { w.measured.Based(at, err == nil) }

func (w backupWatcher) Succeeded(result backups.Result) {
	took := map[string]time.Duration{}
	for phase, d := range result.Took {
		took[string(phase)] = d
	}
	w.measured.Made(result.Time, result.Kept, result.Bytes, result.Expenses, took)
}
