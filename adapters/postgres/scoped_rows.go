package postgres

import (
	"context"
	"database/sql/driver"
	"io"
	"reflect"

	"github.com/jackc/pgx/v5"
)

// batchRows are the rows of a query that was sent behind another statement, in one round trip and one transaction.
type batchRows struct {
	results pgx.BatchResults
	rows    pgx.Rows
	more    bool   // whether there is the row that was read ahead
	ahead   bool   // whether a row was read ahead
	ended   func() // called when all has ended well
}

// queryAfter sends a query behind a statement of one argument, whose answer does not matter.
func queryAfter(
	ctx context.Context, conn *pgx.Conn, statement, value, query string, args []driver.NamedValue,
) (*batchRows, error) {
	batch := &pgx.Batch{}
	batch.Queue(statement, value)
	batch.Queue(query, valuesFrom(args)...)
	r := &batchRows{results: conn.SendBatch(ctx, batch), ahead: true}
	if _, err := r.results.Exec(); err != nil {
		_ = r.results.Close() // which has nothing else to tell
		return nil, err
	}
	var err error
	if r.rows, err = r.results.Query(); err == nil {
		r.more = r.rows.Next() // without it, the columns are not known
		err = r.rows.Err()
	}
	if err != nil {
		_ = r.results.Close() // which has nothing else to tell
		return nil, err
	}
	return r, nil
}

func valuesFrom(args []driver.NamedValue) []any {
	values := make([]any, len(args))
	for i, arg := range args {
		values[i] = arg.Value
	}
	return values
}

// Columns implements driver.Rows.
func (r *batchRows) Columns() []string {
	fields := r.rows.FieldDescriptions()
	names := make([]string, len(fields))
	for i, field := range fields {
		names[i] = field.Name
	}
	return names
}

// Next implements driver.Rows.
func (r *batchRows) Next(dest []driver.Value) error {
	more := r.more
	if !r.ahead {
		more = r.rows.Next()
	}
	r.ahead = false
	if !more {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return io.EOF
	}
	values, err := r.rows.Values()
	if err != nil {
		return err
	}
	for i, value := range values {
		if dest[i], err = driverValue(value); err != nil {
			return err
		}
	}
	return nil
}

// driverValue returns one of the few types that database/sql takes.
func driverValue(value any) (driver.Value, error) {
	switch of := value.(type) {
	case driver.Valuer:
		return of.Value()
	case nil:
		return nil, nil
	}
	switch of := reflect.ValueOf(value); of.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return of.Int(), nil
	default:
		return value, nil
	}
}

// Close implements driver.Rows.
func (r *batchRows) Close() error {
	r.rows.Close()
	err := r.rows.Err()
	if closing := r.results.Close(); err == nil {
		err = closing
	}
	if err == nil && r.ended != nil {
		r.ended()
		r.ended = nil
	}
	return err
}
