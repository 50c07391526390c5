package postgres

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"expense-tracker/adapters/internal/sqlkit"
)

// migrationFiles are numbered, and only ever appended to.
//
//go:embed migrations/*.sql
var migrationFiles embed.FS

func migrations() sqlkit.Migrations {
	return sqlkit.Migrations{Files: migrationFiles, Dialect: goose.DialectPostgres, Table: "expense_schema_version"}
}

// Errors of a schema that does not fit the program. Trying again does not help.
var (
	ErrNewerSchema = errors.New("the database was written by a newer version of the program; use that version or a later one")
	ErrOlderSchema = errors.New("the database needs to be migrated first: run expense-tracker migrate")
)

// ErrEmpty is of a database in which nothing was ever kept.
var ErrEmpty = errors.New("the database is empty: it has no table of the program")

// IsThere returns nil if a database has the program's tables, of whatever version, and ErrEmpty if it has none. It makes nothing. Its other
// errors are as those of Open.
func IsThere(ctx context.Context, url string) error {
	config, err := parseURL(url)
	if err != nil {
		return err
	}
	return withPlainDB(config, func(db *sql.DB) error {
		version, err := schemaVersion(ctx, db)
		if err == nil && version == 0 {
			return ErrEmpty
		}
		return err
	})
}

// Migrate brings the database's schema up to what this program needs. It may run on several instances at once: one migrates, the others
// wait. A newer schema that it can serve on it leaves alone. It returns ErrNewerSchema for one that it cannot, and errors as Open does.
func Migrate(ctx context.Context, url string) error {
	config, err := parseURL(url)
	if err != nil {
		return err
	}
	return withPlainDB(config, func(db *sql.DB) error { return migrate(ctx, db) })
}

// MigrateAs is Migrate by the owner of the tables, for the role of a URL that serves and owns nothing. It raises the wall between ledgers,
// and makes the role if there is none.
func MigrateAs(ctx context.Context, owner Owner, url string) error {
	serving, err := parseURL(url)
	if err != nil {
		return err
	}
	config, err := parseURL(owner.URL)
	if err != nil {
		return fmt.Errorf("storage_owner: %w", err)
	}
	if owner.Password != "" {
		config.Password = owner.Password
	}
	if config.User == serving.User {
		return ErrOwner
	}
	return withPlainDB(config, func(db *sql.DB) error {
		if err := migrate(ctx, db); err != nil {
			return err
		}
		if behind, err := isBehindPooler(ctx, db); err != nil || behind {
			return err
		}
		return raiseWall(ctx, db, serving)
	})
}

// checkSchema refuses a schema that the program cannot serve on: an older one, and a newer one that has taken away what it needs.
func checkSchema(ctx context.Context, db *sql.DB, target int64) error {
	version, err := schemaVersion(ctx, db)
	switch {
	case err != nil:
		return err
	case version > target && servesNewer(ctx, db):
		return nil
	case version > target:
		return fmt.Errorf("%w (its schema is %d, this program's %d)", ErrNewerSchema, version, target)
	case version < target:
		return fmt.Errorf("%w (its schema is %d, this program's %d)", ErrOlderSchema, version, target)
	}
	if missing, err := migrations().Missing(ctx, db); err != nil {
		return openFault("postgres.checkSchema", err)
	} else if missing > 0 {
		return fmt.Errorf("%w (it lacks %d before the newest)", ErrOlderSchema, missing)
	}
	return nil
}

// servesNewer reports whether the newer schema says that this program can serve on it. One that says nothing does not.
func servesNewer(ctx context.Context, db *sql.DB) bool {
	serves, err := migrations().Serves(ctx, db)
	return err == nil && serves
}

func migrate(ctx context.Context, db *sql.DB) error {
	provider, err := newProvider(db)
	if err != nil {
		return err
	}
	target := targetVersion(provider)
	old := checkSchema(ctx, db, target)
	if old != nil && !errors.Is(old, ErrOlderSchema) {
		return old // nothing that can be done
	}
	if behind, err := isBehindPooler(ctx, db); err != nil || behind { // a lock would be another session's
		return cmp.Or(err, whenOlder(old))
	}
	if old != nil {
		if _, err := provider.Up(ctx); err != nil {
			if hasState(err, stateForbidden) {
				err = fmt.Errorf("%w, with the owner of the tables as storage_owner: %w", ErrOlderSchema, err)
			}
			return openFault("postgres.Migrate", err)
		}
		if err := checkSchema(ctx, db, target); err != nil { // a newer program may have been at it while we waited
			return err
		}
	}
	return ensureSearchIndex(ctx, db)
}

// whenOlder is the error of a schema that has to be migrated, and cannot be from behind a pooler.
func whenOlder(old error) error {
	if old == nil {
		return nil
	}
	return ErrMigratePooled
}

// check refuses a schema that is not the program's, and changes nothing.
func check(ctx context.Context, db *sql.DB) error {
	provider, err := newProvider(db)
	if err != nil {
		return err
	}
	return checkSchema(ctx, db, targetVersion(provider))
}

// newProvider returns goose on our migrations, with an advisory lock that is asked for each second for five minutes.
func newProvider(db *sql.DB) (*goose.Provider, error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return nil, fmt.Errorf("migration lock: %w", err)
	}
	return migrations().Provider(db, goose.WithSessionLocker(locker))
}

func targetVersion(provider *goose.Provider) int64 {
	sources := provider.ListSources()
	return sources[len(sources)-1].Version
}

// schemaVersion returns the number of the newest migration that the database has seen; 0 for an empty database.
func schemaVersion(ctx context.Context, db *sql.DB) (int64, error) {
	const op = "postgres.schemaVersion"
	version, err := migrations().Seen(ctx, db)
	switch {
	case hasState(err, stateUndefinedTable):
		return 0, nil
	case err != nil:
		return 0, openFault(op, err)
	}
	return version, nil
}

// withPlainDB runs f on connections that nothing times out or measures, and closes them.
func withPlainDB(config *pgx.ConnConfig, f func(*sql.DB) error) (err error) {
	db := stdlib.OpenDB(*config)
	defer func() {
		if closing := db.Close(); err == nil && closing != nil {
			err = fmt.Errorf("close the database: %w", closing)
		}
	}()
	return f(db)
}
