package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"expense-tracker/adapters/internal/relocation"
	"expense-tracker/adapters/internal/sqlkit"
)

// ErrOlderSchema is the error for a file that has to be migrated first.
var ErrOlderSchema = errors.New("the data file was written by an older version of the program; run expense-tracker migrate on it first")

// relocating is a side of a copy: one transaction on one connection.
type relocating struct {
	file file
	db   *sql.DB
	tx   *sql.Tx
}

// LeaveOptions say what Leave may do.
type LeaveOptions struct {
	InUse bool // the file may be in use by another process
}

// Leave opens a data file to be copied elsewhere, as it is at one moment. It changes nothing. It returns ErrInUse for a file that a process
// has open, ErrOlderSchema and ErrNewerSchema for one of another version.
func Leave(ctx context.Context, path string, options LeaveOptions) (relocation.Source, error) {
	if err := IsThere(path); err != nil {
		return nil, err
	}
	f, err := locate(path)
	if err != nil {
		return nil, err
	}
	for _, check := range []func(context.Context) error{f.checkPair, func(context.Context) error { return f.checkBeside() }} {
		if err := check(ctx); err != nil {
			return nil, err
		}
	}
	if err := f.checkUnused(options.InUse); err != nil {
		return nil, err
	}
	s := &leaving{relocating{file: f, db: f.openFor(reading)}}
	if err := checkVersion(ctx, s.db); err != nil {
		return nil, errors.Join(f.fault(err), s.db.Close())
	}
	if err := s.Renew(ctx); err != nil {
		return nil, errors.Join(f.fault(err), s.db.Close())
	}
	return s, nil
}

// checkUnused returns ErrInUse for a file that another process has open. Where that cannot be told, it is not in use.
func (f file) checkUnused(may bool) error {
	if may {
		return nil
	}
	used, err := f.inUse()
	if err == nil && used {
		return fmt.Errorf("sqlite: %s: %w", f, ErrInUse)
	}
	if err != nil && !errors.Is(err, errNoLocks) {
		return err
	}
	return nil
}

func (f file) openFor(p purpose) *sql.DB {
	db := sql.OpenDB(f.connector(p, defaultTimeout))
	limit(db, 1)
	return db
}

// checkVersion refuses a schema that is not exactly this program's.
func checkVersion(ctx context.Context, db *sql.DB) error {
	version, err := schemaVersion(ctx, db)
	if err != nil {
		return err
	}
	newest, err := migrations().Newest()
	switch {
	case err != nil:
		return err
	case version == 0:
		return errNotOurs
	case version < newest:
		return fmt.Errorf("%w (its schema is %d, this program's %d)", ErrOlderSchema, version, newest)
	case version > newest:
		return fmt.Errorf("%w (its schema is %d, this program's %d)", ErrNewerSchema, version, newest)
	}
	return nil
}

// leaving implements relocation.Source.
type leaving struct{ relocating }

// Renew implements relocation.Source.
func (s *leaving) Renew(ctx context.Context) (err error) {
	if s.tx != nil {
		if err := s.tx.Rollback(); err != nil {
			return fmt.Errorf("sqlite: %w", err)
		}
	}
	if s.tx, err = s.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}); err != nil {
		return fmt.Errorf("sqlite: %w", err)
	}
	var seen int // the first look is what fixes the moment
	return s.tx.QueryRowContext(ctx, `SELECT count(*) FROM ledger`).Scan(&seen)
}

// Close implements relocation.Source.
func (s *leaving) Close() error {
	err := s.tx.Rollback()
	if errors.Is(err, sql.ErrTxDone) {
		err = nil
	}
	return errors.Join(err, s.db.Close())
}

const (
	tablesThere   = `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'`
	columnsThere  = `SELECT name, type, pk FROM pragma_table_xinfo(?1) ORDER BY cid`
	referredTo    = `SELECT DISTINCT "table" FROM pragma_foreign_key_list(?1)`
	givesNumbers  = `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?1 AND sql LIKE '%AUTOINCREMENT%'`
	lastNumber    = `SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?1), 0)`
	forgetNumber  = `DELETE FROM sqlite_sequence WHERE name = ?1`
	setLastNumber = `INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)`
)

// Tables implements relocation.Side.
func (s *relocating) Tables(ctx context.Context) ([]relocation.Table, error) {
	ours, err := migrations().Tables()
	if err != nil {
		return nil, err
	}
	there, err := sqlkit.Collect(ctx, s.tx, scanName, tablesThere)
	if err != nil {
		return nil, s.file.fault(err)
	}
	var all []relocation.Table
	for _, name := range there {
		if !slices.Contains(ours, name) {
			continue
		}
		t, err := s.table(ctx, name)
		if err != nil {
			return nil, s.file.fault(err)
		}
		all = append(all, t)
	}
	return all, nil
}

func scanName(from sqlkit.Scanner) (name string, err error) {
	err = from.Scan(&name)
	return name, err
}

func (s *relocating) table(ctx context.Context, name string) (t relocation.Table, err error) {
	t.Name = name
	_, err = sqlkit.Collect(ctx, s.tx, func(from sqlkit.Scanner) (struct{}, error) {
		var c relocation.Column
		var declared string
		var key int
		if err := from.Scan(&c.Name, &declared, &key); err != nil {
			return struct{}{}, err
		}
		native, known := map[string]relocation.Native{
			"INTEGER": relocation.Integer, "TEXT": relocation.String, "BLOB": relocation.Binary,
		}[declared]
		if !known {
			return struct{}{}, fmt.Errorf("%s.%s is of type %s, which nothing copies", name, c.Name, declared)
		}
		c.Type = native
		t.Columns = append(t.Columns, c)
		if key > 0 {
			t.Key = append(t.Key, c.Name)
		}
		return struct{}{}, nil
	}, columnsThere, name)
	if err != nil {
		return t, err
	}
	if t.References, err = sqlkit.Collect(ctx, s.tx, scanName, referredTo, name); err != nil {
		return t, err
	}
	var numbers int
	if err := s.tx.QueryRowContext(ctx, givesNumbers, name).Scan(&numbers); err != nil {
		return t, err
	}
	if numbers > 0 {
		t.Numbered = t.Key[0]
	}
	return t, nil
}

// Read implements relocation.Side.
func (s *relocating) Read(ctx context.Context, p relocation.Pair) relocation.Stream {
	return func(yield func([]any) error) (err error) {
		selected, bytes := names(p.From), bytesOf(p)
		for _, i := range bytes {
			selected = append(selected, selected[i]+" IS NOT NULL")
		}
		//nolint:gosec // a table of our migrations and its columns
		found, err := s.tx.QueryContext(ctx, "SELECT "+strings.Join(selected, ", ")+" FROM "+p.From.Name)
		if err != nil {
			return s.file.fault(err)
		}
		defer func() { err = errors.Join(err, found.Close()) }()
		all, into := make([]any, len(selected)), make([]any, len(selected))
		for i := range all {
			into[i] = &all[i]
		}
		row := all[:len(p.Kinds)]
		for found.Next() {
			if err := found.Scan(into...); err != nil {
				return s.file.fault(err)
			}
			for place, i := range bytes {
				if b, _ := all[i].([]byte); len(b) == 0 && all[len(row)+place] == int64(1) {
					all[i] = []byte{} // which the driver gives as nothing
				}
			}
			if err := onItsWay(p, row); err != nil {
				return err
			}
			if err := yield(row); err != nil {
				return err
			}
		}
		if err := found.Err(); err != nil {
			return s.file.fault(err)
		}
		return nil
	}
}

// bytesOf returns the places of a pair's columns of bytes.
func bytesOf(p relocation.Pair) (places []int) {
	for i, kind := range p.Kinds {
		if kind == relocation.Bytes {
			places = append(places, i)
		}
	}
	return places
}

func names(t relocation.Table) []string {
	all := make([]string, 0, len(t.Columns))
	for _, c := range t.Columns {
		all = append(all, `"`+c.Name+`"`)
	}
	return all
}

// onItsWay turns a row as SQLite has it into one as it travels.
func onItsWay(p relocation.Pair, row []any) error {
	for i, kind := range p.Kinds {
		if kind != relocation.Moment || row[i] == nil {
			continue
		}
		text, is := row[i].(string)
		if !is {
			return fmt.Errorf("sqlite: %s.%s is a %T", p.Name(), p.From.Columns[i].Name, row[i])
		}
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return fmt.Errorf("sqlite: %s.%s: %w", p.Name(), p.From.Columns[i].Name, err)
		}
		row[i] = at.UTC().Format(relocation.MomentLayout)
	}
	return nil
}

// Last implements relocation.Side.
func (s *relocating) Last(ctx context.Context, p relocation.Pair) (last int64, err error) {
	if err := s.tx.QueryRowContext(ctx, lastNumber, p.From.Name).Scan(&last); err != nil {
		return 0, s.file.fault(err)
	}
	return last, nil
}
