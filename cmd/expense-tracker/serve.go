package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"expense-tracker/adapters/payers"
	"expense-tracker/adapters/repeated"
	"expense-tracker/cmd/expense-tracker/demo"
	"expense-tracker/cmd/expense-tracker/heap"
	"expense-tracker/cmd/expense-tracker/repeats"
	"expense-tracker/cmd/expense-tracker/server"
	"expense-tracker/config"
	"expense-tracker/core/account"
	"expense-tracker/core/budget"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/core/rate"
	"expense-tracker/core/schedule"
	"expense-tracker/observability"
	"expense-tracker/web"
)

func newServe(p process) *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Serve the pages (what the program does if no command is given)",
		Args:  nothingElse,
		RunE: func(command *cobra.Command, _ []string) error {
			settings, _, err := loadConfig(p, command, config.CheckReach())
			if err != nil {
				return stoppedEarly(command.Context(), err)
			}
			return serve(command.Context(), p, settings)
		},
	}
}

// serve runs the program until ctx ends, and then lets what is under way finish.
func serve(ctx context.Context, p process, settings config.Config) (err error) {
	heap.CollectLess(p.environ)
	chunks := observability.NewChunks(p.stderr)
	defer func() { _ = chunks.Close() }() // a log that cannot be written is no reason to end otherwise
	logger, err := observability.NewLogger(chunks, settings.Log.Level, settings.Log.Format)
	if err != nil {
		return err
	}
	for _, warning := range settings.Warnings() {
		logger.Warn(warning)
	}
	heap.Bound(p.environ, logger)
	telemetry, err := newTelemetry(ctx, p, settings, logger)
	if err != nil {
		return err
	}
	graced, cancel := grace(ctx, settings.Shutdown.Timeout)
	defer cancel()
	defer func() { err = errors.Join(err, telemetry.Shutdown(graced)) }()

	batches, err := telemetry.Batches() //nolint:contextcheck // a batch belongs to no one request
	if err != nil {
		return err
	}
	opened, err := openStorage(ctx, settings, logger, watchers{
		meters: telemetry.MeterProvider(), traces: telemetry.TracerProvider(), batches: batches, logger: logger,
	})
	if err != nil {
		return stoppedEarly(ctx, err)
	}
	defer func() {
		err = errors.Join(err, closeInTime(graced, settings.Shutdown.Timeout, "the storage", opened.Close))
	}()

	if settings.Demo {
		own, err := settingsLedger(ctx, opened.Expenses(), settings)
		if err != nil {
			return err
		}
		if err := demo.Fill(ctx, opened.Expenses(), own, time.Now()); err != nil {
			return err
		}
	}
	own, err := settleLedger(ctx, opened, settings, logger)
	if err != nil {
		return stoppedEarly(ctx, err)
	}
	changed := repeats.NewBell()
	place := newPlace(own)
	members := newMembers(opened, telemetry, settings, place)
	if err := place.settle(ctx, members, settings, logger); err != nil {
		return stoppedEarly(ctx, err)
	}
	door, err := newEntrance(ctx, opened, telemetry, settings, logger, members)
	if err != nil {
		return stoppedEarly(ctx, err)
	}
	services, err := newServices(opened, telemetry, settings, changed, members, door.accounts)
	if err != nil {
		return err
	}
	services.Federation = door.federation
	if door.accounts != nil {
		defer door.accounts.WriteDown(graced)
	}
	var stopTokens func()
	services.Tokens, stopTokens = newTokens(ctx, opened, telemetry, services.Accounts, services.Members)
	defer stopTokens()
	if settings.Demo {
		if err := demo.Furnish(ctx, demo.Services{
			Expenses: services.Expenses, Budgets: services.Budgets, Rates: services.Rates, Schedules: services.Schedules,
		}, own); err != nil {
			return err
		}
	}
	health, err := telemetry.NewHealth(opened.Ready)
	if err != nil {
		return err
	}
	site, err := newSite(services, door, place, telemetry, logger, settings)
	if err != nil {
		return err
	}
	servers, err := server.Listen(settings, telemetry, health, site, logger)
	if err != nil {
		return err
	}
	if settings.Auth.Mode == config.AuthNone && !servers.Pages.IsLoopback() { // a name was listened on
		return errors.Join(config.ErrReach, servers.Close())
	}
	warnOfReach(ctx, logger, settings, servers)
	if err := announce(p, settings, servers, door.code); err != nil {
		return errors.Join(err, servers.Close())
	}
	go heap.GiveBack()
	stopJobs, err := startJobs(ctx, opened, services, telemetry, settings, logger, changed, own)
	if err != nil {
		return errors.Join(err, servers.Close())
	}
	defer stopJobs()
	return servers.Run(ctx, health, settings.Shutdown)
}

// newTelemetry returns what measures and logs. Traces that cannot be had as the variables ask are none: nobody's expenses wait for them.
func newTelemetry(ctx context.Context, p process, settings config.Config, logger *slog.Logger) (*observability.Telemetry, error) {
	traces, err := observability.TracesWanted(p.environ)
	if err != nil {
		logger.WarnContext(ctx, "no traces are sent", "error", err)
	}
	return observability.New(observability.Options{ //nolint:contextcheck // metrics outlive every request
		Version: version, Revision: buildRevision(), Logger: logger, Requests: observability.Requests(settings.Log.Requests),
		Slow: settings.Log.SlowRequest, Traces: traces, TrustedProxies: settings.Web.TrustedProxies.Prefixes(),
	})
}

// stoppedEarly makes a signal that came while a file or the storage was awaited an ordinary end.
func stoppedEarly(ctx context.Context, err error) error {
	select {
	case <-ctx.Done():
		return nil
	default:
		return err
	}
}

// newMembers returns the use cases of shared ledgers, which the other services' are asked through.
func newMembers(opened storage, telemetry *observability.Telemetry, settings config.Config, place *place) *member.Service {
	return member.NewService(telemetry.Members(opened.Members()), member.Settings{
		Now: time.Now, Random: func(b []byte) { _, _ = rand.Read(b) }, // which never fails
		NewKey: newKey, PageSize: settings.Web.PageSize, Configured: ledger.Default, Changed: place.changed,
	})
}

// newServices returns the use cases of every module, on its measured store.
// Changed rings after each change of a schedule. Accounts is nil where nobody signs in.
func newServices(
	opened storage, telemetry *observability.Telemetry, settings config.Config, changed repeats.Bell,
	members *member.Service, accounts *account.Service,
) (web.Services, error) {
	expenses, err := telemetry.Store(opened.Expenses(), opened.ExpenseCounter())
	if err != nil {
		return web.Services{}, err
	}
	services := web.Services{Members: members, Accounts: accounts}
	known := expense.Settings{Now: time.Now, NewKey: newKey, PageSize: settings.Web.PageSize}
	if accounts != nil {
		known.Payers = payers.New(members, accounts)
	}
	services.Expenses = expense.NewService(expenses, known)
	services.Rates = rate.NewService(telemetry.Rates(opened.Rates()), services.Expenses,
		rate.Settings{Now: time.Now, PageSize: settings.Web.PageSize})
	services.Schedules = schedule.NewService(telemetry.ScheduleStore(opened.Schedules()), repeated.NewMaker(services.Expenses),
		schedule.Settings{Now: time.Now, NewKey: newKey, Changed: changed.Ring})
	services.Budgets = budget.NewService(telemetry.Budgets(opened.Budgets()), services.Expenses, budget.Settings{Now: time.Now})
	return services, nil
}

// newKey returns a key whose order is that of time, so that keys of one hour lie side by side in an index.
func newKey() idempotency.Key { return idempotency.Key(uuid.Must(uuid.NewV7()).String()) }

func newSite(
	services web.Services, door entrance, place *place, telemetry *observability.Telemetry, logger *slog.Logger, settings config.Config,
) (*web.Site, error) {
	var actor func(*http.Request) (ledger.Actor, error) // else who is signed in
	if services.Accounts == nil {
		actor = place.actor(services.Members, web.Wish(settings.BaseURL))
	}
	return web.New(services, web.Options{
		Logger:    logger,
		Actor:     actor,
		Ledger:    *place.own.Load(),
		NewKey:    newKey,
		RequestID: observability.RequestID,
		Submitted: telemetry.RecordSubmission,
		BodyLimit: settings.Web.BodyLimit,
		Timeout:   settings.Database.OperationTimeout,
		Version:   version,
		Demo:      settings.Demo,
		SignedIn:  door.signedIn,

		NoPasswords: !settings.Auth.Mode.HasPassword(),
		BaseURL:     settings.BaseURL,

		TrustedProxies: door.trusted,
		ProbeSecret:    string(settings.Probe.Secret),
	})
}

// warnOfReach says which listeners others than this machine reach and nothing asks who they are.
func warnOfReach(ctx context.Context, logger *slog.Logger, settings config.Config, all *server.Servers) {
	if settings.Auth.Mode == config.AuthNone && settings.OthersAreExpected() {
		logger.WarnContext(ctx, "nobody signs in, but base_url, web.hosts or web.trusted_proxies say that others come through a proxy: "+
			"it has to ask who they are, or auth.mode has to be password or oidc")
	}
	if all.Metrics != nil && !all.Metrics.IsLoopback() {
		logger.InfoContext(ctx, "the metrics are open to whoever reaches this address", "address", all.Metrics.Bound())
	}
}

// announce says where the page is and where the data is, to the person who started the program.
func announce(p process, settings config.Config, all *server.Servers, code string) error {
	text := fmt.Sprintf("Expense Tracker %s is at http://%s\n", version, all.Pages.Address())
	if !all.Pages.IsLoopback() {
		text += fmt.Sprintf("It listens on %s; people sign in.\n", all.Pages.Bound())
	}
	if code != "" {
		text += fmt.Sprintf("Nobody has an account yet: open %s/setup and enter the code %s\n",
			cmp.Or(settings.BaseURL, "http://"+all.Pages.Address()), code)
	}
	if all.Metrics != nil {
		text += fmt.Sprintf("Metrics are at http://%s%s\n", all.Metrics.Address(), observability.MetricsPath)
	}
	switch {
	case settings.Demo:
		text += "This is the demo: its data is made up, and nothing is kept.\n"
	case settings.Storage == memoryStorage:
		text += "Expenses are kept in memory: they are gone when the program ends.\n"
	default:
		text += fmt.Sprintf("Expenses are kept in %s\n", settings.Storage.Masked())
	}
	_, err := io.WriteString(p.stdout, text)
	return err
}
