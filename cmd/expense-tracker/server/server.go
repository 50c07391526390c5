// Package server opens the program's listeners, bounds their connections, and ends them in order.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
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

// Servers are the program's listeners: one for the pages, and one for /metrics if that has its own.
type Servers struct {
	Pages   *Server
	Metrics *Server // nil if /metrics is served beside the pages
}

// Server is a listener and what answers on it.
type Server struct {
	listener net.Listener
	http     *http.Server
}

// Listen opens the listeners. Nothing is answered before Run.
func Listen(settings config.Config, telemetry *observability.Telemetry, health *observability.Health, site *web.Site,
	logger *slog.Logger) (*Servers, error) {
	var all Servers
	var err error
	// Probes tell nothing, so they are answered by whatever name they ask.
	probes, metrics := observability.Endpoints{Health: health}, observability.Endpoints{Metrics: telemetry.MetricsHandler()}
	pages := http.Handler(site)
	open := newConnections(connectionLimit(settings.Web.MaxConnections, settings.Database.MaxConnections, logger),
		settings.Web.MaxConnectionsPerAddress, logger)
	if settings.Metrics.Listen == "" {
		pages = metrics.Before(site)
	} else {
		if all.Metrics, err = newServer(settings.Metrics.Listen, open, logger); err != nil {
			return nil, fmt.Errorf("%w; name another address with --metrics-listen", err)
		}
		all.Metrics.http.Handler = probes.Before(site.OnlyAt(all.Metrics.hosts(settings), metrics.Before(http.NotFoundHandler())))
	}
	if all.Pages, err = newServer(settings.Listen, open, logger); err != nil {
		return nil, errors.Join(fmt.Errorf("%w; name another address with --listen", err), all.Close())
	}
	all.Pages.http.WriteTimeout += settings.Database.OperationTimeout // a slow storage's answer must arrive as well
	all.Pages.http.Handler = telemetry.Middleware(probes.Before(site.OnlyAt(all.Pages.hosts(settings), pages)), site.ServePanic)
	return &all, nil
}

// Close closes listeners that do not serve yet.
func (s *Servers) Close() error {
	var errs []error
	for _, one := range []*Server{s.Pages, s.Metrics} {
		if one != nil {
			errs = append(errs, one.listener.Close())
		}
	}
	return errors.Join(errs...)
}

// newServer opens a listener. Its handler is still to be set.
func newServer(address string, open *connections, logger *slog.Logger) (*Server, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	return &Server{listener: listener, http: &http.Server{
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
func (s *Server) hosts(settings config.Config) web.Hosts {
	names := settings.Web.Hosts.Names()
	if base, err := url.Parse(settings.BaseURL); err == nil && base.Hostname() != "" {
		names = append(names, base.Hostname())
	}
	for _, address := range []string{settings.Listen, settings.Metrics.Listen} {
		if host, _, err := net.SplitHostPort(address); err == nil && host != "" {
			names = append(names, host)
		}
	}
	return web.NewHosts(s.IsLoopback(), names...)
}

// Bound returns the address that the listener was given, such as [::]:5000.
func (s *Server) Bound() string { return s.listener.Addr().String() }

// IsLoopback reports whether only this machine reaches the listener.
func (s *Server) IsLoopback() bool {
	address, ok := s.listener.Addr().(*net.TCPAddr)
	return ok && address.IP.IsLoopback()
}

// Address returns where the listener is reached: the loopback address if it listens everywhere.
func (s *Server) Address() string {
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

// Run serves until ctx ends or a listener fails, then stops: unready first, then no new requests, then those in flight.
func (s *Servers) Run(ctx context.Context, health *observability.Health, bounds config.Shutdown) error {
	failed := make(chan error, 2)
	start := func(one *Server) {
		if err := one.http.Serve(one.listener); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	}
	go start(s.Pages)
	if s.Metrics != nil {
		go start(s.Metrics)
	}
	var failure error
	select {
	case <-ctx.Done():
	case failure = <-failed:
	}
	return errors.Join(failure, s.stop(context.WithoutCancel(ctx), health, bounds))
}

// stop ends the servers within the bounds. What is still running then is cut off, which is an error.
func (s *Servers) stop(ctx context.Context, health *observability.Health, bounds config.Shutdown) error {
	ctx, cancel := context.WithTimeout(ctx, bounds.Timeout)
	defer cancel()
	health.SetDraining()
	time.Sleep(bounds.Drain)
	err := shutDown(ctx, s.Pages)
	if s.Metrics != nil {
		err = errors.Join(err, shutDown(ctx, s.Metrics))
	}
	return err
}

func shutDown(ctx context.Context, one *Server) error {
	if err := one.http.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("requests were cut off: %w", err), one.http.Close())
	}
	return nil
}
