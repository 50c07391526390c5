package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

const (
	// searchIndexState asks whether the server can have the index, and whether it has it whole.
	searchIndexState = `
SELECT EXISTS (SELECT FROM pg_opclass WHERE opcname = 'gin_trgm_ops' AND pg_opclass_is_visible(oid)),
	EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('expense_entry_search') AND indisvalid)`

	// Others take their turn: what waits here holds nothing, for an index that is made waits for all older snapshots.
	tryIndexLock  = `SELECT pg_try_advisory_lock(hashtext('expense_entry_search'))`
	dropBroken    = `DROP INDEX CONCURRENTLY IF EXISTS expense_entry_search`
	makeTextIndex = `
CREATE INDEX CONCURRENTLY expense_entry_search ON expense_entry
	USING gin (expense_search_text(payee, note, tags) gin_trgm_ops) WITH (gin_pending_list_limit = 512)
	WHERE note <> '' OR payee <> '' OR tags <> ''`
)

// ensureSearchIndex makes the index of the expenses' text, unless it is there, the server cannot have it, or another instance is making
// it. Writers do not wait meanwhile. It is no migration: a server may get pg_trgm later on, and the next start makes the index then.
func ensureSearchIndex(ctx context.Context, db *sql.DB) (err error) {
	const op = "postgres.ensureSearchIndex"
	conn, err := db.Conn(ctx)
	if err != nil {
		return openFault(op, err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	var possible, there bool
	if err := conn.QueryRowContext(ctx, searchIndexState).Scan(&possible, &there); err != nil {
		return openFault(op, err)
	}
	if !possible || there {
		return nil
	}
	var mine bool
	if err := conn.QueryRowContext(ctx, tryIndexLock).Scan(&mine); err != nil || !mine {
		return openFault(op, err)
	}
	for _, statement := range []string{dropBroken, makeTextIndex} {
		_, err := conn.ExecContext(ctx, statement)
		if hasState(err, stateForbidden) {
			return nil // the role may not: then a search reads each row
		}
		if err != nil {
			return openFault(op, fmt.Errorf("make the index of texts: %w", err))
		}
	}
	return nil
}
