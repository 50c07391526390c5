package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"expense-tracker/adapters/internal/relocation"
	"expense-tracker/core/fault"
)

// ErrSeesPart is the error for a role that row-level security shows a part of the rows, or that may not change tables.
var ErrSeesPart = errors.New("a copy is made by the owner of the tables, and this role is not: name the owner's URL as well")

// relocating is a side of a copy: one transaction on one connection.
type relocating struct {
	conn   *pgx.Conn
	tx     pgx.Tx
	digits map[string]int32 // of stored amounts, by currency
}

// LeaveOptions say how Leave reads.
type LeaveOptions struct {
	Owner Owner // reads in place of the role of the URL, which sees nothing where the wall stands
	InUse bool  // the program may be connected
}

// Leave opens a database to be copied elsewhere, as it is at one moment. It changes nothing. It returns ErrConnected if
// the program is connected to it, ErrOlderSchema and ErrNewerSchema for one of another version, and errors as Open does.
func Leave(ctx context.Context, url string, options LeaveOptions) (relocation.Source, error) {
	const op = "postgres.Leave"
	config, err := relocationConfig(url, options.Owner)
	if err != nil {
		return nil, err
	}
	s := &leaving{}
	if s.conn, err = connectToRelocate(ctx, config); err != nil {
		return nil, err
	}
	if !options.InUse {
		err = s.checkUnused(ctx)
	}
	if err == nil {
		err = s.Renew(ctx)
	}
	if err == nil {
		err = s.loadDigits(ctx)
	}
	if err != nil {
		return nil, errors.Join(relocationFault(op, err), s.Close()) //nolint:contextcheck // it is closed when the context has ended, too
	}
	return s, nil
}

// relocationConfig is of the owner, if one is named, and bounds nothing: a copy takes as long as it takes.
func relocationConfig(url string, owner Owner) (*pgx.ConnConfig, error) {
	if owner.URL != "" {
		url = owner.URL
	}
	config, err := parseURL(url)
	if err != nil {
		return nil, err
	}
	if owner.URL != "" && owner.Password != "" {
		config.Password = owner.Password
	}
	config.RuntimeParams[paramApplication] = "expense-tracker copy"
	return config, nil
}

// unbounded lifts what the role or the database may be set to. Row-level security is never to hide a row: it is an error then.
const unbounded = `SET statement_timeout = 0; SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = 0; SET row_security = off`

func connectToRelocate(ctx context.Context, config *pgx.ConnConfig) (*pgx.Conn, error) {
	const op = "postgres.connectToRelocate"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, openFault(op, err)
	}
	var pid uint32
	err = conn.QueryRow(ctx, "SELECT pg_backend_pid()").Scan(&pid)
	if err == nil && (isPooled(config) || pid != conn.PgConn().PID()) {
		err = ErrCopyPooled
	}
	if err == nil {
		_, err = conn.Exec(ctx, unbounded)
	}
	if err != nil {
		return nil, errors.Join(openFault(op, err), conn.Close(ctx))
	}
	return conn, nil
}

// Errors of a copy. Trying again does not help.
var (
	ErrCopyPooled = errors.New("a pooler is in the way: copy with the URL of PostgreSQL itself")
	ErrConnected  = errors.New("the program is connected to the database: stop it first")
)

// programConnections are the program's own connections.
const programConnections = `SELECT count(*) FROM pg_stat_activity WHERE ` + ofThisProgram

// goodbye is how long the server may show a connection that was closed.
const goodbye = 2 * time.Second

func (s *relocating) checkUnused(ctx context.Context) error {
	for end := time.Now().Add(goodbye); ; {
		var n int
		err := s.conn.QueryRow(ctx, programConnections).Scan(&n)
		if err != nil || n == 0 {
			return err
		}
		if time.Now().After(end) {
			return fmt.Errorf("%w (%d connections)", ErrConnected, n)
		}
		time.Sleep(goodbye / 20)
	}
}

// relocationFault says what a right that is missing means here.
func relocationFault(op string, err error) error {
	if hasState(err, stateForbidden) {
		return fmt.Errorf("%w: %w", ErrSeesPart, err)
	}
	return asFault(op, err)
}

// loadDigits asks what stored amounts are counted in.
func (s *relocating) loadDigits(ctx context.Context) error {
	found, err := s.tx.Query(ctx, "SELECT code, digits FROM currency")
	if err != nil {
		return err
	}
	s.digits = make(map[string]int32)
	var code string
	var digits int32
	_, err = pgx.ForEachRow(found, []any{&code, &digits}, func() error {
		s.digits[code] = digits
		return nil
	})
	return err
}

// leaving implements relocation.Source.
type leaving struct{ relocating }

// Renew implements relocation.Source.
func (s *leaving) Renew(ctx context.Context) (err error) {
	const op = "postgres.Leave"
	if s.tx != nil {
		if err := s.tx.Rollback(ctx); err != nil {
			return relocationFault(op, err)
		}
	}
	if s.tx, err = s.conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}); err != nil {
		return relocationFault(op, err)
	}
	return relocationFault(op, s.checkVersion(ctx))
}

// checkVersion refuses a schema that is not exactly this program's.
func (s *relocating) checkVersion(ctx context.Context) error {
	newest, err := migrations().Newest()
	if err != nil {
		return err
	}
	var there bool
	if err := s.tx.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", migrations().Table).Scan(&there); err != nil {
		return err
	}
	if !there {
		return fault.Wrap(fault.Internal, "postgres.Leave", ErrOlderSchema)
	}
	var version int64
	err = s.tx.QueryRow(ctx, "SELECT coalesce(max(version_id), 0) FROM "+migrations().Table+" WHERE is_applied").Scan(&version)
	switch {
	case err != nil:
		return err
	case version < newest:
		return fmt.Errorf("%w (its schema is %d, this program's %d)", ErrOlderSchema, version, newest)
	case version > newest:
		return fmt.Errorf("%w (its schema is %d, this program's %d)", ErrNewerSchema, version, newest)
	}
	return nil
}

// Close implements relocation.Source.
func (s *leaving) Close() error { return s.conn.Close(context.Background()) }

const (
	relocatedTables = `
SELECT c.relname::text,
	ARRAY(SELECT DISTINCT f.confrelid::regclass::text FROM pg_constraint f WHERE f.conrelid = c.oid AND f.contype = 'f'),
	ARRAY(SELECT a.attname::text FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, place)
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY k.place),
	coalesce((SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attidentity <> ''), ''),
	ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
	ARRAY(SELECT a.atttypid::regtype::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		ORDER BY a.attnum)
FROM unnest($1::text[]) AS t (name) JOIN pg_class c ON c.oid = to_regclass(t.name)
WHERE c.relkind IN ('r', 'p') ORDER BY 1`

	lastNumber = `SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM %s`
)

// natives are the types that the program's tables have.
var natives = map[string]relocation.Native{
	"bigint": relocation.Integer, "integer": relocation.Integer, "smallint": relocation.Integer, "boolean": relocation.Truth,
	"text": relocation.String, "bytea": relocation.Binary, "date": relocation.Date, "timestamp with time zone": relocation.Timestamp,
	"numeric": relocation.Numeric,
}

// Tables implements relocation.Side.
func (s *relocating) Tables(ctx context.Context) (all []relocation.Table, err error) {
	const op = "postgres.Tables"
	ours, err := tables()
	if err != nil {
		return nil, err
	}
	found, err := s.tx.Query(ctx, relocatedTables, ours)
	if err != nil {
		return nil, relocationFault(op, err)
	}
	var t relocation.Table
	var columns, types []string
	_, err = pgx.ForEachRow(found, []any{&t.Name, &t.References, &t.Key, &t.Numbered, &columns, &types}, func() error {
		made := t
		made.References, made.Key = slices.Clone(t.References), slices.Clone(t.Key)
		for i, name := range columns {
			native, known := natives[types[i]]
			if !known {
				return fmt.Errorf("%s.%s is of type %s, which nothing copies", t.Name, name, types[i])
			}
			made.Columns = append(made.Columns, relocation.Column{Name: name, Type: native})
		}
		all = append(all, made)
		return nil
	})
	return all, relocationFault(op, err)
}

// Read implements relocation.Side.
func (s *relocating) Read(ctx context.Context, p relocation.Pair) relocation.Stream {
	const op = "postgres.Read"
	return func(yield func([]any) error) error {
		found, err := s.tx.Query(ctx, "SELECT "+strings.Join(columnNames(p.From), ", ")+" FROM "+identifier(p.From.Name))
		if err != nil {
			return relocationFault(op, err)
		}
		defer found.Close()
		way := newWay(p, s.digits)
		for found.Next() {
			row, err := found.Values()
			if err != nil {
				return relocationFault(op, err)
			}
			if err := way.from(row); err != nil {
				return err
			}
			if err := yield(row); err != nil {
				return err
			}
		}
		return relocationFault(op, found.Err())
	}
}

func columnNames(t relocation.Table) []string {
	all := make([]string, 0, len(t.Columns))
	for _, c := range t.Columns {
		all = append(all, identifier(c.Name))
	}
	return all
}

// Last implements relocation.Side.
func (s *relocating) Last(ctx context.Context, p relocation.Pair) (last int64, err error) {
	const op = "postgres.Last"
	var sequence string
	err = s.tx.QueryRow(ctx, "SELECT pg_get_serial_sequence($1, $2)", identifier(p.From.Name), p.From.Numbered).Scan(&sequence)
	if err == nil {
		err = s.tx.QueryRow(ctx, fmt.Sprintf(lastNumber, sequence)).Scan(&last)
	}
	return last, relocationFault(op, err)
}
