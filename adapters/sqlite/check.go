package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

var errNotOurs = errors.New("it holds no expenses of this program")

// Check lets SQLite examine every page, index and reference of the file, and returns a sentence for each thing that is wrong. It may run
// while the file is in use. Every row is read.
func (s *DB) Check(ctx context.Context) ([]string, error) {
	found, err := examine(ctx, s.reader)
	return found, dialect{}.Fault("sqlite.Check", err)
}

// examine returns what SQLite finds wrong with a database.
func examine(ctx context.Context, db *sql.DB) ([]string, error) {
	found, err := problems(ctx, db, `PRAGMA integrity_check`)
	if err != nil {
		return nil, err
	}
	dangling, err := problems(ctx, db,
		`SELECT 'row ' || coalesce(rowid, '') || ' of ' || "table" || ' refers to no row of ' || parent FROM pragma_foreign_key_check`)
	return append(found, dangling...), err
}

// problems returns the rows of a check, but for the one that says that all is well.
func problems(ctx context.Context, db *sql.DB, query string) (found []string, err error) {
	all, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("check: %w", err)
	}
	defer func() { err = errors.Join(err, all.Close()) }()
	for all.Next() {
		var problem string
		if err := all.Scan(&problem); err != nil {
			return nil, fmt.Errorf("check: %w", err)
		}
		if problem != "ok" {
			found = append(found, problem)
		}
	}
	return found, all.Err()
}
