package postgres

import "expense-tracker/adapters/internal/sqlkit"

// Runner returns what the modules' SQL runs on, for statements that forget their ledger.
func (db *DB) Runner() *sqlkit.Runner { return db.runner }
