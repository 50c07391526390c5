package main

import (
	"context"
	"log/slog"
	"time"

	"expense-tracker/cmd/expense-tracker/audit"
	"expense-tracker/cmd/expense-tracker/disposal"
	"expense-tracker/cmd/expense-tracker/repeats"
	"expense-tracker/config"
	"expense-tracker/core/ledger"
	"expense-tracker/observability"
	"expense-tracker/web"
)

// startJobs begins what the program does beside its answers: it makes what repeats have due, empties bins, keeps the ledger of the probe
// small, and audits totals. Changed rings after each change of a schedule. The function that it returns ends the jobs and waits for them.
func startJobs(
	ctx context.Context, opened storage, services web.Services, telemetry *observability.Telemetry, settings config.Config,
	logger *slog.Logger, changed repeats.Bell, own ledger.Ledger,
) (stop func(), err error) {
	measured, err := telemetry.NewRepeats() //nolint:contextcheck // metrics outlive every request
	if err != nil {
		return nil, err
	}
	stopAudits, err := startAudits(ctx, opened, telemetry, settings, logger)
	if err != nil {
		return nil, err
	}
	stopRepeats := repeats.Job{
		Schedules: services.Schedules, Ledgers: opened.Ledgers(), Changed: changed, Measured: measured, Logger: logger, Now: time.Now,
	}.Start(ctx)
	stopDisposal := disposal.Job{
		Expenses: services.Expenses, Members: services.Members, Ledgers: opened.Ledgers(), Logger: logger,
	}.Start(ctx)
	stopProbe := disposal.StartProbe(ctx, services.Expenses, own.Currency, logger)
	return func() {
		stopProbe()
		stopDisposal()
		stopRepeats()
		stopAudits()
	}, nil
}

// startAudits begins to compare kept totals with the sums of their expenses, if that is wanted, and returns what ends it.
func startAudits(
	ctx context.Context, opened storage, telemetry *observability.Telemetry, settings config.Config, logger *slog.Logger,
) (stop func(), err error) {
	if settings.Audit.Every == 0 {
		return func() {}, nil
	}
	measured, err := telemetry.NewAudits() //nolint:contextcheck // metrics outlive every request
	if err != nil {
		return nil, err
	}
	return audit.Job{
		Auditor: opened.ExpenseAuditor(), Every: settings.Audit.Every, Measured: measured, Logger: logger, Now: time.Now,
	}.Start(ctx), nil
}
