package postgres

import (
	"database/sql"

	"expense-tracker/adapters/internal/sqlkit"
)

// Runner returns what the modules' SQL runs on, for statements that forget their ledger.
func (db *DB) Runner() *sqlkit.Runner { return db.runner }

// Main returns the pool that pages are read from.
func (db *DB) Main() *sql.DB { return db.pools.main }
