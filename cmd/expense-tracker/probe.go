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

	"github.com/spf13/cobra"

	"expense-tracker/cmd/expense-tracker/probe"
	"expense-tracker/config"
	"expense-tracker/observability"
)

// Bounds of the probe's own listener.
const (
	probeHeaderTimeout = 5 * time.Second
	probeAnswerTimeout = 20 * time.Second
	probeHeaders       = 16 << 10
)

func newProbe(p process) *cobra.Command {
	var once bool
	command := &cobra.Command{
		Use:   "probe",
		Short: "Add to a ledger of its own again and again, as people do, and measure whether that works",
		Long: "Ask for the first page at probe.url, add to a ledger of its own, which nobody sees, and look whether what was acknowledged\n" +
			"is there: every probe.interval, with the results at probe.listen for Prometheus. With --once: do so once, say how it went,\n" +
			"and exit 1 unless all went well.",
		Args: nothingElse,
	}
	command.Flags().BoolVar(&once, "once", false, "probe once, and exit 0 if all went well")
	command.RunE = func(command *cobra.Command, _ []string) error {
		settings, logger, err := loadLogged(p, command)
		if err != nil {
			return err
		}
		if settings.Probe.Secret == "" {
			return errors.New("probe.secret is not set: give the probe and the program the same one, such as what openssl rand -hex 24 prints, " +
				"best in a file that EXPENSE_TRACKER_PROBE_SECRET_FILE names")
		}
		if once {
			return probeOnce(command.Context(), p, settings.Probe)
		}
		return runProbe(command.Context(), p, settings, logger)
	}
	return command
}

// asking returns a probe of the settings, with its metrics.
func asking(settings config.Probe, logger *slog.Logger) (*probe.Probe, *observability.Probe, error) {
	metrics, err := observability.NewProbe(observability.Options{Version: version, Revision: buildRevision(), Logger: logger})
	if err != nil {
		return nil, nil, err
	}
	return probe.New(probe.Options{
		URL: settings.URL, Secret: string(settings.Secret), Timeout: settings.Timeout, Metrics: metrics, Logger: logger,
	}), metrics, nil
}

// runProbe probes until ctx ends, and answers Prometheus and health checks meanwhile.
func runProbe(ctx context.Context, p process, settings config.Config, logger *slog.Logger) (err error) {
	asks, metrics, err := asking(settings.Probe, logger) //nolint:contextcheck // metrics outlive every request
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, metrics.Shutdown(context.WithoutCancel(ctx))) }()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", settings.Probe.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s (probe.listen): %w", settings.Probe.Listen, err)
	}
	server := &http.Server{
		Handler:           probeHandler(asks, metrics, settings.Probe),
		ReadHeaderTimeout: probeHeaderTimeout, ReadTimeout: probeAnswerTimeout, WriteTimeout: probeAnswerTimeout,
		MaxHeaderBytes: probeHeaders, ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	if _, err := fmt.Fprintf(p.stdout, "The probe asks %s every %s. Metrics are at http://%s%s\n",
		settings.Probe.URL, settings.Probe.Interval, listener.Addr(), observability.MetricsPath); err != nil {
		return errors.Join(err, listener.Close())
	}
	served := make(chan error, 1)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		defer cancel()
		served <- server.Serve(listener)
	}()
	asks.Run(ctx, settings.Probe.Interval)
	err = server.Close() // a scrape that is cut off comes again
	if failed := <-served; !errors.Is(failed, http.ErrServerClosed) {
		err = errors.Join(err, failed)
	}
	return err
}

// probeHandler answers Prometheus, and health checks: the probe is ready while its rounds come to an end, whatever they meet.
func probeHandler(asks *probe.Probe, metrics *observability.Probe, settings config.Probe) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET "+observability.MetricsPath, metrics.MetricsHandler())
	mux.HandleFunc("GET "+observability.LivenessPath, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "ok\n") // who asked has gone
	})
	patience := 2*settings.Interval + 10*settings.Timeout
	mux.HandleFunc("GET "+observability.ReadinessPath, func(w http.ResponseWriter, _ *http.Request) {
		if !asks.Alive(patience) {
			http.Error(w, "no round has ended for long", http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, "ok\n")
	})
	return mux
}

// probeOnce makes one round, gives what was added the time that it has to be there, and says how each part went.
func probeOnce(ctx context.Context, p process, settings config.Probe) (err error) {
	asks, metrics, err := asking(settings, slog.New(slog.DiscardHandler)) //nolint:contextcheck // likewise
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, metrics.Shutdown(context.WithoutCancel(ctx))) }()
	round := asks.Round(ctx)
	for _, part := range []struct {
		name   string
		answer probe.Answer
	}{{"first page", round.Home}, {"add", round.Add}, {"read back", round.File}} {
		outcome := part.answer.Outcome
		if outcome == "" {
			outcome = "not asked"
		}
		line := fmt.Sprintf("%-11s %-9s %s", part.name, outcome, part.answer.Took.Round(10*time.Microsecond))
		if part.answer.Reason != "" {
			line = fmt.Sprintf("%-11s %-9s %s", part.name, outcome, part.answer.Reason)
		}
		if _, err := fmt.Fprintln(p.stdout, line); err != nil {
			return err
		}
	}
	if !round.Found {
		return fmt.Errorf("%s: nothing was added and found again", settings.URL)
	}
	_, err = fmt.Fprintf(p.stdout, "found       %s after it was acknowledged\n", round.After.Round(10*time.Microsecond))
	if err == nil && round.Home.Outcome != observability.ProbeOK {
		return errSilent
	}
	return err
}
