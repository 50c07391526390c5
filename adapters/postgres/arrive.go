package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"expense-tracker/adapters/internal/relocation"
)

// arriving implements relocation.Target: one transaction, which holds all tables for itself.
type arriving struct {
	relocating
	later []string // statements
}

// Arrive begins to fill a database by a copy, as the owner of its tables. It makes them if there are none. What is there may be what a
// first start leaves. It returns relocation.ErrNotEmpty, ErrConnected if the program is connected, ErrOlderSchema, ErrNewerSchema, and
// errors as Open does.
func Arrive(ctx context.Context, url string, owner Owner) (relocation.Target, error) {
	const op = "postgres.Arrive"
	config, err := relocationConfig(url, owner)
	if err != nil {
		return nil, err
	}
	if err := withPlainDB(config, func(db *sql.DB) error { return refuseOlder(ctx, db) }); err != nil {
		return nil, err
	}
	if owner.URL != "" {
		err = MigrateAs(ctx, owner, url)
	} else {
		err = Migrate(ctx, url)
	}
	if err != nil {
		return nil, err
	}
	s := &arriving{}
	if s.conn, err = connectToRelocate(ctx, config); err != nil {
		return nil, err
	}
	if err := errors.Join(s.checkUnused(ctx), s.begin(ctx)); err != nil {
		return nil, errors.Join(relocationFault(op, err), s.Close()) //nolint:contextcheck // it is closed when the context has ended, too
	}
	return s, nil
}

// refuseOlder refuses a database of another version. One without tables is no older one, and one without content is only migrated: it may
// be what a copy that was killed has left.
func refuseOlder(ctx context.Context, db *sql.DB) error {
	version, err := schemaVersion(ctx, db)
	if err != nil || version == 0 {
		return err
	}
	wrong := check(ctx, db)
	if !errors.Is(wrong, ErrOlderSchema) {
		return wrong
	}
	names, err := tables()
	if err != nil {
		return err
	}
	for _, name := range names {
		var there, rows bool
		err := db.QueryRowContext(ctx, "SELECT to_regclass($1) IS NOT NULL", name).Scan(&there)
		if err == nil && there {
			err = db.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM "+identifier(name)+")").Scan(&rows)
		}
		if err != nil {
			return openFault("postgres.Arrive", err)
		}
		if rows && name != "currency" && name != "account_register" {
			return wrong
		}
	}
	return nil
}

const (
	// Indexes that no constraint needs, and triggers that are the program's own: they cost less, or count nothing twice, after the rows.
	indexesOf = `
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid = to_regclass($1) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY 1`

	triggersOf = `SELECT count(*) FROM pg_trigger WHERE tgrelid = to_regclass($1) AND NOT tgisinternal`
)

// begin takes all tables, and takes away what is in the way of rows.
func (s *arriving) begin(ctx context.Context) (err error) {
	if s.tx, err = s.conn.Begin(ctx); err != nil {
		return err
	}
	if err := s.checkVersion(ctx); err != nil {
		return err
	}
	if err := s.loadDigits(ctx); err != nil {
		return err
	}
	all, err := s.Tables(ctx)
	if err != nil {
		return err
	}
	names := make([]string, 0, len(all))
	for _, t := range all {
		names = append(names, identifier(t.Name))
	}
	if _, err := s.tx.Exec(ctx, "LOCK TABLE "+strings.Join(names, ", ")+" IN ACCESS EXCLUSIVE MODE NOWAIT"); err != nil {
		if hasState(err, stateLockTimeout) {
			err = fmt.Errorf("%w: %w", ErrConnected, err)
		}
		return err
	}
	var now []string
	for _, t := range all {
		found, err := s.tx.Query(ctx, indexesOf, identifier(t.Name))
		if err != nil {
			return err
		}
		var index, text string
		if _, err := pgx.ForEachRow(found, []any{&index, &text}, func() error {
			now, s.later = append(now, "DROP INDEX "+index), append(s.later, text)
			return nil
		}); err != nil {
			return err
		}
		var triggers int
		if err := s.tx.QueryRow(ctx, triggersOf, identifier(t.Name)).Scan(&triggers); err != nil {
			return err
		}
		if triggers > 0 {
			now = append(now, "ALTER TABLE "+identifier(t.Name)+" DISABLE TRIGGER USER")
			s.later = append(s.later, "ALTER TABLE "+identifier(t.Name)+" ENABLE TRIGGER USER")
		}
		s.later = append(s.later, "ANALYZE "+identifier(t.Name))
	}
	return s.execute(ctx, now)
}

func (s *arriving) execute(ctx context.Context, statements []string) error {
	for _, statement := range statements {
		if _, err := s.tx.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// Clear implements relocation.Target.
func (s *arriving) Clear(ctx context.Context, p relocation.Pair) error {
	return relocationFault("postgres.Clear", s.execute(ctx, []string{"DELETE FROM " + identifier(p.To.Name)}))
}

// Write implements relocation.Target.
func (s *arriving) Write(ctx context.Context, p relocation.Pair, rows relocation.Stream) (int64, error) {
	columns := make([]string, 0, len(p.To.Columns))
	for _, c := range p.To.Columns {
		columns = append(columns, c.Name)
	}
	in := pour(ctx, rows, newWay(p, s.digits))
	defer in.stop()
	n, err := s.tx.CopyFrom(ctx, pgx.Identifier{p.To.Name}, columns, in)
	if err != nil {
		return n, relocationFault("postgres.Write", err)
	}
	if p.Name() == "currency" {
		err = s.loadDigits(ctx)
	}
	return n, relocationFault("postgres.Write", err)
}

// SetLast implements relocation.Target. Unlike setval, this is undone with the transaction.
func (s *arriving) SetLast(ctx context.Context, p relocation.Pair, last int64) error {
	return relocationFault("postgres.SetLast", s.execute(ctx, []string{
		"ALTER TABLE " + identifier(p.To.Name) + " ALTER COLUMN " + identifier(p.To.Numbered) + " RESTART WITH " + strconv.FormatInt(last+1, 10),
	}))
}

// Settle implements relocation.Target.
func (s *arriving) Settle(ctx context.Context) error {
	return relocationFault("postgres.Settle", s.execute(ctx, s.later))
}

// Commit implements relocation.Target.
func (s *arriving) Commit(ctx context.Context) error {
	err := s.tx.Commit(context.WithoutCancel(ctx)) // which would leave it open whether it was kept
	if err != nil && stateOf(err) == "" && !errors.Is(err, pgx.ErrTxCommitRollback) {
		return fmt.Errorf("%w: %w", relocation.ErrUnknownOutcome, err)
	}
	return relocationFault("postgres.Commit", err)
}

// Close implements relocation.Target. What is not committed ends with the connection.
func (s *arriving) Close() error { return s.conn.Close(context.Background()) }
