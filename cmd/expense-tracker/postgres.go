package main

import (
	"context"
	"net/url"

	"expense-tracker/adapters/postgres"
	"expense-tracker/config"
)

// noWall says what it means that one role does all.
const noWall = "the storage's role owns its tables or is a superuser, so PostgreSQL does not keep ledgers apart by itself; " +
	"name that role's URL in storage_owner, and in storage that of another, which may be new"

func openPostgres(ctx context.Context, settings config.Config, w watchers) (storage, error) {
	opened, err := postgres.Open(ctx, servingURL(settings), postgres.Options{
		OperationTimeout: settings.Database.OperationTimeout, MaxConnections: settings.Database.MaxConnections,
		MaxQueue: settings.Database.Queue, Owner: ownerOf(settings), Observer: w.batches, Meters: w.meters, Traces: w.traces,
	})
	if err != nil {
		return nil, err
	}
	if !opened.HasWall() && settings.Auth.Mode != config.AuthNone && w.meters != nil { // it serves people who share no ledger
		w.logger.WarnContext(ctx, noWall)
	}
	return opened, nil
}

func migratePostgres(ctx context.Context, settings config.Config) error {
	if owner := ownerOf(settings); owner.URL != "" {
		return postgres.MigrateAs(ctx, owner, servingURL(settings))
	}
	return postgres.Migrate(ctx, servingURL(settings))
}

// postgresIsThere asks as who would make the tables.
func postgresIsThere(ctx context.Context, settings config.Config) error {
	if owner := ownerOf(settings); owner.URL != "" {
		return postgres.IsThere(ctx, withPassword(owner.URL, owner.Password))
	}
	return postgres.IsThere(ctx, servingURL(settings))
}

func ownerOf(settings config.Config) postgres.Owner {
	return postgres.Owner{URL: string(settings.StorageOwner), Password: string(settings.StorageOwnerPassword)}
}

// servingURL returns the URL of the role that serves, with its password, which may have been given apart from it.
func servingURL(settings config.Config) string {
	return withPassword(string(settings.Storage), string(settings.StoragePassword))
}

// withPassword returns a URL with a password, unless it has one. A malformed URL stays as it is: who connects refuses it.
func withPassword(text, password string) string {
	u, err := url.Parse(text)
	if err != nil || password == "" {
		return text
	}
	if _, has := u.User.Password(); has || u.Query().Has("password") {
		return text
	}
	u.User = url.UserPassword(u.User.Username(), password)
	return u.String()
}
