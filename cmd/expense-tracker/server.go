package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"expense-tracker/config"
	"expense-tracker/observability"
	"expense-tracker/web"
)

// Bounds of one connection, so that a slow or silent client cannot hold one for ever.
const (
	headerTimeout  = 5 * time.Second
	requestTimeout = 20 * time.Second
	answerTimeout  = 30 * time.Second // besides what the storage may take
	idleTimeout    = 2 * time.Minute
	maxHeaderBytes = 64 << 10
)

// servers are the program's listeners: one for the pages, and one for /metrics if that has its own.
type servers struct {
	pages   *server
	metrics *server // nil if /metrics is served beside the pages
}

// server is a listener and what answers on it.
type server struct {
	listener net.Listener
	http     *http.Server
}

// listen opens the listeners. Nothing is answered before run.
func listen(settings config.Config, telemetry *observability.Telemetry, health *observability.Health, site *web.Site,
	logger *slog.Logger) (*servers, error) {
	var all servers
	var err error
	// Probes tell nothing, so they are answered by whatever name they ask.
	probes, metrics := observability.Endpoints{Health: health}, observability.Endpoints{Metrics: telemetry.MetricsHandler()}
	pages := http.Handler(site)
	open := newConnections(connectionLimit(settings.Web.MaxConnections, settings.Database.MaxConnections, logger),
		settings.Web.MaxConnectionsPerAddress, logger)
	if settings.Metrics.Listen == "" {
		pages = metrics.Before(site)
	} else {
		if all.metrics, err = newServer(settings.Metrics.Listen, open, logger); err != nil {
			return nil, err
		}
		all.metrics.http.Handler = probes.Before(site.OnlyAt(all.metrics.hosts(settings), metrics.Before(http.NotFoundHandler())))
	}
	if all.pages, err = newServer(settings.Listen, open, logger); err != nil {
		return nil, errors.Join(err, all.close())
	}
	all.pages.http.WriteTimeout += settings.Database.OperationTimeout // a slow storage's answer must arrive as well
	all.pages.http.Handler = telemetry.Middleware(probes.Before(site.OnlyAt(all.pages.hosts(settings), pages)), site.ServePanic)
	return &all, nil
}

// close closes listeners that do not serve yet.
func (s *servers) close() error {
	var errs []error
	for _, one := range []*server{s.pages, s.metrics} {
		if one != nil {
			errs = append(errs, one.listener.Close())
		}
	}
	return errors.Join(errs...)
}

// newServer opens a listener. Its handler is still to be set.
func newServer(address string, open *connections, logger *slog.Logger) (*server, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	return &server{listener: listener, http: &http.Server{
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       requestTimeout,
		WriteTimeout:      answerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ConnState:         open.watch,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}}, nil
}

// hosts returns the names that the server answers to: what it listens on, what was set, and as web.NewHosts says.
func (s *server) hosts(settings config.Config) web.Hosts {
	names := settings.Web.Hosts.Names()
	for _, address := range []string{settings.Listen, settings.Metrics.Listen} {
		if host, _, err := net.SplitHostPort(address); err == nil && host != "" {
			names = append(names, host)
		}
	}
	return web.NewHosts(s.isLoopback(), names...)
}

// isLoopback reports whether only this machine reaches the listener.
func (s *server) isLoopback() bool {
	address, ok := s.listener.Addr().(*net.TCPAddr)
	return ok && address.IP.IsLoopback()
}

// address returns where the listener is reached: the loopback address if it listens everywhere.
func (s *server) address() string {
	address, ok := s.listener.Addr().(*net.TCPAddr)
	if !ok {
		return s.listener.Addr().String()
	}
	host := address.IP.String()
	if address.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, fmt.Sprint(address.Port))
}

// run serves until ctx ends or a listener fails, then stops: unready first, then no new requests, then those in flight.
func (s *servers) run(ctx context.Context, health *observability.Health, bounds config.Shutdown) error {
	failed := make(chan error, 2)
	start := func(one *server) {
		if err := one.http.Serve(one.listener); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	}
	go start(s.pages)
	if s.metrics != nil {
		go start(s.metrics)
	}
	var failure error
	select {
	case <-ctx.Done():
	case failure = <-failed:
	}
	return errors.Join(failure, s.stop(context.WithoutCancel(ctx), health, bounds))
}

// stop ends the servers within the bounds. What is still running then is cut off, which is an error.
func (s *servers) stop(ctx context.Context, health *observability.Health, bounds config.Shutdown) error {
	ctx, cancel := context.WithTimeout(ctx, bounds.Timeout)
	defer cancel()
	health.SetDraining()
	time.Sleep(bounds.Drain)
	err := shutDown(ctx, s.pages)
	if s.metrics != nil {
		err = errors.Join(err, shutDown(ctx, s.metrics))
	}
	return err
}

func shutDown(ctx context.Context, one *server) error {
	if err := one.http.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("requests were cut off: %w", err), one.http.Close())
	}
	return nil
}
