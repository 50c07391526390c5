package postgres

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"

	"expense-tracker/core/fault"
)

// What ails a database, in words for operators and users.
const (
	illFull        fault.Phrase = "the database's disk is full"
	illReadOnly    fault.Phrase = "the database is read-only"
	illForbidden   fault.Phrase = "the program may not write to the database"
	illMissing     fault.Phrase = "the program's tables are not in the database"
	illUnconfirmed fault.Phrase = "the database does not confirm that what it stores is durable"
	illSilent      fault.Phrase = "the database does not answer"
)

// askState asks whether the session is read-only, whether the program's tables are there and it has its rights, and whether it may make
// temporary tables. It
// waits for no lock: a table that somebody locks makes no instance unready, for no other instance would do better.
const askState = `
SELECT current_setting('transaction_read_only') = 'on' OR pg_is_in_recovery(),
	(SELECT bool_and(to_regclass(t) IS NOT NULL) FROM (VALUES
		('ledger'), ('category'), ('ledger_change'), ('expense_entry'), ('expense_total')) AS needed (t)),
	(SELECT bool_and(coalesce(has_table_privilege(to_regclass(t), p), false)) FROM (VALUES
		('ledger', 'INSERT'), ('ledger', 'UPDATE'), ('category', 'INSERT'), ('ledger_change', 'INSERT'),
		('expense_entry', 'SELECT'), ('expense_entry', 'INSERT'), ('expense_entry', 'UPDATE'),
		('expense_total', 'INSERT'), ('expense_total', 'UPDATE')) AS needed (t, p)),
	has_database_privilege(current_database(), 'TEMP')`

// commitDurably writes to the log of the database and commits, as an add does, without a row that two instances would wait for.
const commitDurably = `SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') <> 'remote_apply';
SELECT pg_logical_emit_message(true, 'expense-tracker', '')`

// takeSpace makes a file larger, which a full disk refuses. The table is the session's own and empty again after the commit.
const takeSpace = `CREATE TEMP TABLE IF NOT EXISTS expense_space (filler text) ON COMMIT DELETE ROWS;
INSERT INTO pg_temp.expense_space VALUES ('');
`

// leaveAtOnce is for the probe's own session. When it ends, the server drops the table above, and that would wait for a standby, and let
// nobody break off the wait: a primary that has lost its standby could not be stopped any more. What is probed commits as it must.
const leaveAtOnce = "SET synchronous_commit = local"

// freeing is how long an abandoned probe waits for the server to free its session.
const freeing = 200 * time.Millisecond

// probing returns the configuration of readiness's own connection. It cancels at the server what it gives up, for a session that
// waits for a standby would stay for ever; and it prepares nothing.
func probing(config *pgx.ConnConfig) *pgx.ConnConfig {
	config = config.Copy()
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	config.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: freeing}
	}
	return config
}

// leavingAtOnce sets a probe's session up to end at once. Behind a pooler, where it asks for nothing, the session is the pooler's; and who
// waits for even more does so.
func leavingAtOnce(ctx context.Context, conn *pgx.Conn) error {
	if conn.Config().RuntimeParams[paramCommit] != "on" {
		return nil
	}
	_, err := conn.Exec(ctx, leaveAtOnce)
	return err
}

// Ready returns nil if the database can be read and something can be stored in it durably now, else an Unavailable fault whose
// message says what ails it. It has a connection of its own, so that it does not wait for those of the pages.
func (db *DB) Ready(ctx context.Context) error {
	const op = "postgres.Ready"
	ctx, cancel := db.runner.Bounded(ctx)
	defer cancel()
	if end, bounded := ctx.Deadline(); bounded {
		ctx, cancel = context.WithDeadline(ctx, end.Add(-min(freeing, time.Until(end)/2)))
		defer cancel()
	}
	message, err := probe(ctx, db.pools.probe)
	if message == "" && err == nil {
		return nil
	}
	return &fault.Error{Kind: fault.Unavailable, Op: op, Message: fault.Say(message), Err: err}
}

// probe returns what ails a database, if it can tell, and the error that showed it.
func probe(ctx context.Context, db *sql.DB) (message fault.Phrase, err error) {
	var readOnly, there, allowed, temporary bool
	if err := db.QueryRowContext(ctx, askState).Scan(&readOnly, &there, &allowed, &temporary); err != nil {
		return cmp.Or(illness(err), illSilent), err
	}
	switch {
	case readOnly:
		return illReadOnly, nil
	case !there:
		return illMissing, nil
	case !allowed:
		return illForbidden, nil
	}
	write := commitDurably
	if temporary {
		write = takeSpace + write
	}
	_, err = db.ExecContext(ctx, write)
	if ctx.Err() != nil { // a wait for a standby that is cancelled ends without an error
		return illUnconfirmed, errors.Join(err, ctx.Err())
	}
	if err != nil {
		return cmp.Or(illness(err), illUnconfirmed), err
	}
	return "", nil
}
