package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"time"

	"github.com/pressly/goose/v3"

	"expense-tracker/adapters/internal/sqlkit"
)

// migrationFiles are numbered, and only ever appended to. None may run outside of a transaction.
//
//go:embed migrations/*.sql
var migrationFiles embed.FS

// ErrNewerSchema is the error for a file that this program is too old for. Trying again does not help.
var ErrNewerSchema = errors.New("the data file was written by a newer version of the program; use that version or a later one")

// ErrForeign is the error for a file that another program keeps something in. Nothing is added to it.
var ErrForeign = errors.New("the file is a database of another program; name another one, which is made if it is not there")

const versionTable = "expense_schema_version"

func migrations() sqlkit.Migrations {
	return sqlkit.Migrations{Files: migrationFiles, Dialect: goose.DialectSQLite3, Table: versionTable}
}

// createVersionTable makes goose's table ahead of goose, with a version that is unique: a migration and its row share a
// transaction, so of several processes that migrate at once only one can apply it, whatever it does.
const createVersionTable = `
CREATE TABLE IF NOT EXISTS ` + versionTable + ` (
	id         INTEGER   PRIMARY KEY,
	version_id INTEGER   NOT NULL UNIQUE,
	is_applied INTEGER   NOT NULL,
	tstamp     TIMESTAMP NOT NULL DEFAULT (datetime('now'))
);
INSERT INTO ` + versionTable + ` (version_id, is_applied) VALUES (0, 1) ON CONFLICT (version_id) DO NOTHING;`

// Migrate creates the file if there is none, and brings its schema up to this program's. Open does it, too. Several processes may
// do it at once. A newer schema that it can serve on it leaves alone; it returns ErrNewerSchema for one that it cannot.
func Migrate(ctx context.Context, path string) error {
	f, err := locate(path)
	if err != nil {
		return err
	}
	if err := f.create(); err != nil {
		return err
	}
	if err := migrate(ctx, f, defaultTimeout); err != nil {
		return f.fault(err)
	}
	return nil
}

// SchemaVersion returns the number of the newest migration that the file has seen, 0 if there is no file, and changes nothing.
func SchemaVersion(ctx context.Context, path string) (int64, error) {
	f, err := locate(path)
	if err != nil {
		return 0, err
	}
	if _, err := os.Stat(string(f)); errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	db := sql.OpenDB(f.connector(reading, defaultTimeout))
	version, err := schemaVersion(ctx, db)
	if err = cmp.Or(err, db.Close()); err != nil {
		return 0, f.fault(err)
	}
	return version, nil
}

// migrate does its work on a connection of its own, which no pool keeps.
func migrate(ctx context.Context, f file, timeout time.Duration) (err error) {
	db := sql.OpenDB(f.connector(migrating, timeout))
	defer func() { err = errors.Join(err, db.Close()) }()
	provider, err := migrations().Provider(db)
	if err != nil {
		return err
	}
	sources := provider.ListSources()
	target := sources[len(sources)-1].Version
	if err := refuseForeign(ctx, db); err != nil {
		return err
	}
	for before := -1; ; {
		version, missing, askErr := progress(ctx, db)
		switch {
		case askErr != nil:
			return askErr
		case version > target && servesNewer(ctx, db):
			return nil // it says so, and is left alone
		case version > target:
			return fmt.Errorf("%w (its schema is %d, this program's %d)", ErrNewerSchema, version, target)
		case missing == 0:
			return nil // by us, or by another process while we tried
		case missing == before:
			return err // nobody got any further: the failure is a real one
		}
		before = missing
		if _, err = db.ExecContext(ctx, createVersionTable); err != nil {
			return fmt.Errorf("version table: %w", err)
		}
		_, err = provider.Up(ctx)
	}
}

// progress returns the number of the newest migration that the database has seen, and how many it has not seen.
func progress(ctx context.Context, db *sql.DB) (version int64, missing int, err error) {
	if version, err = schemaVersion(ctx, db); err != nil {
		return 0, 0, err
	}
	if version == 0 {
		return 0, math.MaxInt, nil // there may be no table to ask
	}
	missing, err = migrations().Missing(ctx, db)
	return version, missing, err
}

// servesNewer reports whether the newer schema says that this program can serve on it. One that says nothing does not.
func servesNewer(ctx context.Context, db *sql.DB) bool {
	serves, err := migrations().Serves(ctx, db)
	return err == nil && serves
}

// refuseForeign returns ErrForeign for a database that has tables, and none of ours: the version's is made before any other.
func refuseForeign(ctx context.Context, db *sql.DB) error {
	var ours, others int
	err := db.QueryRowContext(ctx, `SELECT count(*) FILTER (WHERE name = ?1), count(*) FILTER (WHERE name <> ?1)
		FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`, versionTable).Scan(&ours, &others)
	if err == nil && ours == 0 && others > 0 {
		err = ErrForeign
	}
	return err
}

// schemaVersion returns the number of the newest migration that the database has seen; 0 for an empty database.
func schemaVersion(ctx context.Context, db *sql.DB) (int64, error) {
	var tables int
	if err := db.QueryRowContext(ctx,
		`SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?1`, versionTable).Scan(&tables); err != nil || tables == 0 {
		return 0, err
	}
	return migrations().Seen(ctx, db)
}
