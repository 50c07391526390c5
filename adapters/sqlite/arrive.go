package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"expense-tracker/adapters/internal/relocation"
	"expense-tracker/adapters/internal/sqlkit"
)

// arriving implements relocation.Target: a file beside its place, which gets its name when it is whole.
type arriving struct {
	relocating
	made     copied
	place    file
	replaces bool // a file that holds nothing
	later    []string
}

// Arrive begins a data file at path, to be filled by a copy. What is there may be nothing, or what a first start leaves; else the error is
// relocation.ErrNotEmpty, ErrInUse, ErrForeign, ErrOlderSchema or ErrNewerSchema. A process that is killed leaves a file beside the place
// that the next copy removes after an hour.
func Arrive(ctx context.Context, path string) (relocation.Target, error) {
	named, err := locate(path)
	if err != nil {
		return nil, err
	}
	place := file(named.target())
	replaces, err := place.isFree(ctx)
	if err != nil {
		return nil, err
	}
	folder := filepath.Dir(string(place))
	if err := os.MkdirAll(folder, folderMode); err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	if err := place.removeLeftovers(folder); err != nil {
		return nil, err
	}
	created, err := os.CreateTemp(folder, place.copyPrefix()+"*.tmp") // of mode 0600
	if err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	s := &arriving{made: copied{file(created.Name())}, place: place, replaces: replaces}
	s.file = s.made.file
	if err := errors.Join(created.Close(), migrate(ctx, s.file, defaultTimeout)); err != nil {
		return nil, errors.Join(place.fault(err), s.made.discard())
	}
	s.db = s.file.openFor(loading)
	if err := s.begin(ctx); err != nil {
		return nil, errors.Join(place.fault(err), s.Close())
	}
	return s, nil
}

// isFree makes sure that nothing is at a place that anybody would miss, and reports whether there is a file.
func (f file) isFree(ctx context.Context) (there bool, err error) {
	info, err := os.Stat(string(f))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, f.checkAlone()
	case err != nil:
		return false, fmt.Errorf("sqlite: %w", err)
	}
	if err := f.checkKind(info); err != nil {
		return false, err
	}
	if err := f.checkUnused(false); err != nil {
		return false, err
	}
	if info.Size() == 0 {
		return true, f.checkAlone()
	}
	if err := f.checkPair(ctx); err != nil {
		return false, err
	}
	db := f.openFor(reading)
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := refuseForeign(ctx, db); err != nil {
		return false, f.fault(err)
	}
	if err := checkVersion(ctx, db); err != nil {
		return false, f.fault(err)
	}
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return false, f.fault(err)
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	side := &relocating{file: f, db: db, tx: tx}
	tables, err := side.Tables(ctx)
	if err != nil {
		return false, err
	}
	pairs, err := relocation.Plan(tables, tables)
	if err != nil {
		return false, err
	}
	return true, relocation.CheckEmpty(ctx, side, pairs)
}

// inTheWay are the triggers and indexes, which cost less when they are made after the rows; and triggers would count rows again.
const inTheWay = `SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'index') AND sql IS NOT NULL ORDER BY rowid`

// begin takes away what is in the way of rows.
func (s *arriving) begin(ctx context.Context) (err error) {
	if s.tx, err = s.db.BeginTx(ctx, nil); err != nil {
		return err
	}
	drops, err := sqlkit.Collect(ctx, s.tx, func(from sqlkit.Scanner) (drop string, err error) {
		var kind, name, text string
		err = from.Scan(&kind, &name, &text)
		s.later = append(s.later, text)
		return "DROP " + kind + " " + name, err
	}, inTheWay)
	if err != nil {
		return err
	}
	for _, drop := range drops {
		if _, err := s.tx.ExecContext(ctx, drop); err != nil {
			return err
		}
	}
	return nil
}

// Clear implements relocation.Target: a new file has what its migrations put there.
func (s *arriving) Clear(ctx context.Context, p relocation.Pair) error {
	if _, err := s.tx.ExecContext(ctx, "DELETE FROM "+p.To.Name); err != nil { //nolint:gosec // a table of our migrations
		return s.place.fault(err)
	}
	return nil
}

// Write implements relocation.Target. What travels is what SQLite keeps.
func (s *arriving) Write(ctx context.Context, p relocation.Pair, rows relocation.Stream) (n int64, err error) {
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(p.Kinds)), ", ")
	//nolint:gosec // a table of our migrations and its columns
	insert, err := s.tx.PrepareContext(ctx, "INSERT INTO "+p.To.Name+" ("+strings.Join(names(p.To), ", ")+") VALUES ("+marks+")")
	if err != nil {
		return 0, s.place.fault(err)
	}
	defer func() { err = errors.Join(err, insert.Close()) }()
	err = rows(func(row []any) error {
		if _, err := insert.ExecContext(ctx, row...); err != nil {
			return s.place.fault(err)
		}
		n++
		return nil
	})
	return n, err
}

// SetLast implements relocation.Target.
func (s *arriving) SetLast(ctx context.Context, p relocation.Pair, last int64) error {
	_, err := s.tx.ExecContext(ctx, forgetNumber, p.To.Name)
	if err == nil && last > 0 {
		_, err = s.tx.ExecContext(ctx, setLastNumber, p.To.Name, last)
	}
	if err != nil {
		return s.place.fault(err)
	}
	return nil
}

// indexTexts is what the trigger on an added expense would have done.
const indexTexts = `INSERT INTO expense_search (rowid, payee, note, tags)
	SELECT id, payee, note, tags FROM expense_entry WHERE note <> '' OR payee <> '' OR tags <> ''`

// Settle implements relocation.Target.
func (s *arriving) Settle(ctx context.Context) error {
	for _, statement := range append(s.later, indexTexts) {
		if _, err := s.tx.ExecContext(ctx, statement); err != nil {
			return s.place.fault(err)
		}
	}
	return nil
}

// Commit implements relocation.Target: the file is examined, every total in it added up, and then it gets its name.
func (s *arriving) Commit(ctx context.Context) error {
	err := s.tx.Commit()
	if err = errors.Join(err, s.db.Close()); err != nil {
		return s.place.fault(err)
	}
	if err := s.made.numberFarAway(ctx); err != nil {
		return s.place.fault(err)
	}
	if _, err := s.made.examine(ctx); err != nil {
		return err
	}
	if !s.replaces {
		return s.made.moveTo(s.place, false)
	}
	if _, err := s.place.isFree(ctx); err != nil { // a program may have been started and stopped meanwhile
		return err
	}
	if _, err := s.place.settle(ctx); err != nil {
		return s.place.fault(err)
	}
	unlock, err := s.place.lockAll()
	if err != nil {
		return err
	}
	if err := s.place.removeBeside(); err != nil {
		return errors.Join(err, unlock())
	}
	return errors.Join(s.made.moveTo(s.place, true), unlock())
}

// Close implements relocation.Target.
func (s *arriving) Close() error {
	var err error
	if s.tx != nil {
		err = s.tx.Rollback()
	}
	if errors.Is(err, sql.ErrTxDone) {
		err = nil
	}
	return errors.Join(err, s.db.Close(), s.made.discard())
}
