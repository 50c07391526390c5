package sqlkit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// Migrations are the numbered files of a storage, for all modules. They are only ever appended to.
type Migrations struct {
	Files   fs.FS // that has them in the folder migrations
	Dialect goose.Dialect
	Table   string // remembers which of them a database has seen
}

// Provider returns goose on the files.
func (m Migrations) Provider(db *sql.DB, options ...goose.ProviderOption) (*goose.Provider, error) {
	files, err := fs.Sub(m.Files, "migrations")
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	options = append(options, goose.WithTableName(m.Table), goose.WithDisableGlobalRegistry(true),
		goose.WithAllowOutofOrder(true)) // modules number theirs side by side, and one may come later than its number says
	provider, err := goose.NewProvider(m.Dialect, db, files, options...)
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return provider, nil
}

// Newest returns the number of the newest file.
func (m Migrations) Newest() (int64, error) {
	all, err := fs.Glob(m.Files, "migrations/*.sql")
	if err != nil || len(all) == 0 {
		return 0, fmt.Errorf("migrations: %d, %w", len(all), err)
	}
	return goose.NumericComponent(all[len(all)-1])
}

// Seen returns the number of the newest file that a database with the table has seen; 0 if it has seen none.
func (m Migrations) Seen(ctx context.Context, db *sql.DB) (int64, error) {
	store, err := database.NewStore(m.Dialect, m.Table)
	if err != nil {
		return 0, fmt.Errorf("migrations: %w", err)
	}
	version, err := store.GetLatestVersion(ctx, db)
	if errors.Is(err, database.ErrVersionNotFound) {
		return 0, nil
	}
	return version, err
}

// Missing counts the files that a database with the table has not seen: newer ones, and such as came later than their number says.
func (m Migrations) Missing(ctx context.Context, db *sql.DB) (int, error) {
	store, err := database.NewStore(m.Dialect, m.Table)
	if err != nil {
		return 0, fmt.Errorf("migrations: %w", err)
	}
	seen, err := store.ListMigrations(ctx, db)
	if err != nil {
		return 0, err
	}
	all, err := fs.Glob(m.Files, "migrations/*.sql")
	if err != nil {
		return 0, fmt.Errorf("migrations: %w", err)
	}
	missing := 0
	for _, name := range all {
		number, err := goose.NumericComponent(name)
		if err != nil {
			return 0, fmt.Errorf("migrations: %w", err)
		}
		if !slices.ContainsFunc(seen, func(s *database.ListMigrationsResult) bool { return s.Version == number }) {
			missing++
		}
	}
	return missing, nil
}

// ReachTable has one row: the oldest schema whose programs can serve on the one that is there, which may be newer than they know.
const ReachTable = "expense_schema_reach"

// Serves reports whether a program with these files can serve on the schema of a database that has the table.
func (m Migrations) Serves(ctx context.Context, db *sql.DB) (bool, error) {
	newest, err := m.Newest()
	if err != nil {
		return false, err
	}
	var oldest int64
	if err := db.QueryRowContext(ctx, "SELECT max(oldest) FROM "+ReachTable).Scan(&oldest); err != nil {
		return false, err
	}
	return newest >= oldest, nil
}

// namedTable finds the tables in migrations, by the names that they are made or renamed with.
var namedTable = regexp.MustCompile(`(?m)^\s*(?:CREATE TABLE (?:IF NOT EXISTS )?|ALTER TABLE [a-z_]+ RENAME TO )([a-z_]+)`)

// Tables returns the names of all tables of content that the files have ever made, in order.
func (m Migrations) Tables() ([]string, error) {
	all, err := fs.Glob(m.Files, "migrations/*.sql")
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	var names []string
	for _, name := range all {
		text, err := fs.ReadFile(m.Files, name)
		if err != nil {
			return nil, fmt.Errorf("migrations: %w", err)
		}
		for _, found := range namedTable.FindAllStringSubmatch(string(text), -1) {
			if found[1] != ReachTable { // which is of the schema, as the table of versions is
				names = append(names, found[1])
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}
