package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Exclusive takes a lock of the database by its number, which nobody else has until it is released or the connection ends. It returns
// false if somebody has it. The URL must lead to the server itself: behind a pooler the lock would be another session's.
func Exclusive(ctx context.Context, url, password string, key int64) (release func(), held bool, err error) {
	conn, err := connectPlain(ctx, url, password)
	if err != nil {
		return nil, false, err
	}
	release = func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), connectTimeout)
		defer cancel()
		_ = conn.Close(ctx) // the server releases the lock
	}
	if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", key).Scan(&held); err != nil || !held {
		release()
		return nil, false, err
	}
	return release, true, nil
}

// Occupancy is who and what is in a database.
type Occupancy struct {
	There   bool // the tables of this program
	Holds   bool // expenses of people
	Serving int  // connections of this program
}

// Look tells what is in a database that may be empty, or of any version.
func Look(ctx context.Context, url, password string) (found Occupancy, err error) {
	conn, err := connectPlain(ctx, url, password)
	if err != nil {
		return Occupancy{}, err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	if _, err := conn.Exec(ctx, "SET lock_timeout = '30s'"); err != nil { // as pg_dump waits
		return Occupancy{}, err
	}
	err = conn.QueryRow(ctx, `SELECT to_regclass('expense_entry') IS NOT NULL, (`+programConnections+`)`).
		Scan(&found.There, &found.Serving)
	if err != nil || !found.There {
		return found, err
	}
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM expense_entry WHERE ledger_id > 0)").Scan(&found.Holds)
	return found, err
}

// Archiving is how the archive of the server's log is doing.
type Archiving struct {
	On      bool
	Last    time.Time // of a piece that was archived; zero for none
	Failing bool      // the last try failed
}

// LookAtArchive tells how the archive of the server's log is doing.
func LookAtArchive(ctx context.Context, url, password string) (found Archiving, err error) {
	conn, err := connectPlain(ctx, url, password)
	if err != nil {
		return Archiving{}, err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	var last *time.Time
	err = conn.QueryRow(ctx, `SELECT current_setting('archive_mode') <> 'off', last_archived_time,
		coalesce(last_failed_time > last_archived_time, last_failed_time IS NOT NULL) FROM pg_stat_archiver`).
		Scan(&found.On, &last, &found.Failing)
	if last != nil {
		found.Last = *last
	}
	return found, err
}

// connectPlain opens one connection, whose statements nothing bounds but their context.
func connectPlain(ctx context.Context, url, password string) (*pgx.Conn, error) {
	config, err := parseURL(url)
	if err != nil {
		return nil, err
	}
	if password != "" {
		config.Password = password
	}
	config.RuntimeParams[paramApplication] = "expense-tracker-backups"
	ctx, cancel := context.WithTimeout(ctx, 2*connectTimeout+time.Second)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, openFault("postgres.connect", fmt.Errorf("connect: %w", err))
	}
	return conn, nil
}
