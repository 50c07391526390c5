package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// Errors of a set-up that cannot work. Trying again does not help.
var (
	ErrPooler = errors.New("a pooler such as pgbouncer stands before the database: add default_query_exec_mode=exec to the URL, " +
		"so that nothing is kept in a session that others share")
	ErrMigratePooled = errors.New("the database needs to be migrated first, and a pooler is in the way: " +
		"run expense-tracker migrate with the URL of PostgreSQL itself")
	ErrSession   = errors.New("the database's sessions are not set up as they must be")
	ErrOldServer = errors.New("this PostgreSQL is too old")
	// ErrNoDatabase is of a URL that names a database which the server does not have.
	ErrNoDatabase = errors.New("the server has no such database: correct its name in the URL, or make it with CREATE DATABASE")
	// ErrPassword is of one that the server does not take, and names all who may have it.
	ErrPassword = errors.New("the password of this user is not the one that the server has: set storage_password, or the owner's " +
		"storage_owner_password (in Docker Compose POSTGRES_APP_PASSWORD and POSTGRES_PASSWORD in .env, and recreate the containers), " +
		"or give the server the new one by ALTER USER")
)

// oldestServer is the oldest major version that has what the migrations use: functions with a body of standard SQL.
const oldestServer = 14

// askSession asks what a session must be like.
const askSession = `SELECT current_setting('transaction_read_only'), current_setting('synchronous_commit'),
	current_setting('default_transaction_isolation'), current_setting('TimeZone'), pg_backend_pid(),
	current_setting('server_version_num')`

// isPooled reports whether the URL says that sessions are shared. Then none is asked to be set up: a pooler refuses most parameters of a
// session, or leaves them out.
func isPooled(config *pgx.ConnConfig) bool {
	return config.DefaultQueryExecMode == pgx.QueryExecModeExec || config.DefaultQueryExecMode == pgx.QueryExecModeSimpleProtocol
}

// validateSession refuses a connection on which commits would not be durable, or on which a day could become another; and one that the
// URL's own condition refuses, or if it has none, one that cannot be written on.
func validateSession(pooled bool, condition pgconn.ValidateConnectFunc) pgconn.ValidateConnectFunc {
	return func(ctx context.Context, conn *pgconn.PgConn) error {
		if condition != nil {
			if err := condition(ctx, conn); err != nil {
				return err
			}
		}
		results, err := conn.Exec(ctx, askSession).ReadAll()
		if err != nil {
			return err
		}
		row := results[0].Rows[0]
		readOnly, commit, isolation, zone, pid := string(row[0]), string(row[1]), string(row[2]), string(row[3]), string(row[4])
		version, err := strconv.Atoi(string(row[5]))
		if err != nil {
			return fmt.Errorf("read the server's version: %w", err)
		}
		switch {
		case version/10000 < oldestServer:
			return fmt.Errorf("%w: it is of version %s, and the program needs %d or later", ErrOldServer, release(version), oldestServer)
		case condition == nil && readOnly == "on":
			return pgconn.ErrReadOnlyConnection
		case commit != "on" && commit != "remote_apply":
			return fmt.Errorf("%w: synchronous_commit is %s: ALTER ROLE … SET synchronous_commit = on", ErrSession, commit)
		case isolation != "read committed":
			return fmt.Errorf("%w: ALTER ROLE … SET default_transaction_isolation = 'read committed'", ErrSession)
		case pooled && zone != "UTC":
			return fmt.Errorf("%w: the pooler keeps the time zone %s: take timezone out of ignore_startup_parameters", ErrSession, zone)
		case !pooled && pid != strconv.FormatUint(uint64(conn.PID()), 10):
			return ErrPooler
		}
		return nil
	}
}

// release writes a version's number as people know it, such as 13.4 and 9.6.
func release(version int) string {
	if major := version / 10000; major >= 10 {
		return fmt.Sprintf("%d.%d", major, version%10000)
	}
	return fmt.Sprintf("%d.%d", version/10000, version/100%100)
}

// isBehindPooler reports whether the server's sessions are others than the program's connections.
func isBehindPooler(ctx context.Context, db *sql.DB) (behind bool, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return false, openFault("postgres.Migrate", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return behind, conn.Raw(func(driver any) error {
		own := driver.(*stdlib.Conn).Conn()
		var pid uint32
		if err := own.QueryRow(ctx, "SELECT pg_backend_pid()").Scan(&pid); err != nil {
			return openFault("postgres.Migrate", err)
		}
		behind = pid != own.PgConn().PID()
		return nil
	})
}
