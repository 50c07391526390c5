package bounds_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"expense-tracker/cmd/expense-tracker/heap"
	"expense-tracker/cmd/expense-tracker/server"
	"expense-tracker/config"
	"expense-tracker/core/expense"
	"expense-tracker/observability"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// serving is the program's server in this process, for what the program does not have by itself: many ledgers, a profile.
type serving struct {
	settings  config.Config
	logger    *slog.Logger
	telemetry *observability.Telemetry
}

// measured is a storage whose stores are measured, as the program's are.
type measured struct {
	storage
	expenses expense.Store
}

func (m measured) Expenses() expense.Store { return m.expenses }

// newServing loads settings and bounds the heap as the program does.
func newServing(ctx context.Context, environ []string, log io.Writer, settings ...string) (serving, error) {
	var s serving
	var err error
	if s.settings, _, err = config.Load(ctx, config.LoadOptions{Environ: settings}); err != nil {
		return s, err
	}
	if s.logger, err = observability.NewLogger(log, s.settings.Log.Level, s.settings.Log.Format); err != nil {
		return s, err
	}
	heap.CollectLess(environ)
	heap.Bound(environ, s.logger)
	s.telemetry, err = observability.New(observability.Options{
		Version: "test", Logger: s.logger, Requests: observability.Requests(s.settings.Log.Requests),
	})
	return s, err
}

// services returns the use cases on a storage.
func (s serving) services(opened storage) (web.Services, error) {
	expenses, err := s.telemetry.Store(opened.Expenses(), opened.ExpenseCounter())
	if err != nil {
		return web.Services{}, err
	}
	return webtest.Services(measured{opened, expenses},
		webtest.Settings{Now: time.Now, NewKey: newKey, PageSize: s.settings.Web.PageSize}), nil
}

// run serves until ctx ends. It tells at which address.
func (s serving) run(ctx context.Context, services web.Services, options web.Options, tell func(address string)) error {
	options.Logger, options.NewKey, options.RequestID = s.logger, newKey, observability.RequestID
	options.Submitted, options.Timeout = s.telemetry.RecordSubmission, s.settings.Database.OperationTimeout
	site, err := web.New(services, options)
	if err != nil {
		return err
	}
	health, err := s.telemetry.NewHealth(func(context.Context) error { return nil })
	if err != nil {
		return err
	}
	servers, err := server.Listen(s.settings, s.telemetry, health, site, s.logger)
	if err != nil {
		return err
	}
	tell("http://" + servers.Pages.Address())
	return errors.Join(servers.Run(ctx, health, s.settings.Shutdown), s.telemetry.Shutdown(context.WithoutCancel(ctx)))
}
