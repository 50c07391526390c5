package sqlkit

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
)

// Values is a statement with rows of VALUES, any number of them. It has a text for some numbers of rows alone, so that a connection
// keeps few prepared: what is more goes in pieces. A text is made when it is first asked for.
type Values struct {
	columns int
	texts   [len(pieces)]func() string // in the order of pieces
}

// pieces are the numbers of rows that have a text, the greatest first.
var pieces = [...]int{32, 24, 16, 12, 8, 6, 5, 4, 3, 2, 1}

// NewValues returns a statement of two texts, with rows of so many columns between them.
func NewValues(rebind func(string) string, before string, columns int, after string) Values {
	v := Values{columns: columns}
	for i, rows := range pieces {
		v.texts[i] = sync.OnceValue(func() string { return rebind(before + placeholders(rows, columns) + after) })
	}
	return v
}

// placeholders returns rows of them: ($1, $2), ($3, $4).
func placeholders(rows, columns int) string {
	var all strings.Builder
	for n := range rows * columns {
		switch {
		case n == 0:
			all.WriteString("(")
		case n%columns == 0:
			all.WriteString("), (")
		default:
			all.WriteString(", ")
		}
		fmt.Fprintf(&all, "$%d", n+1)
	}
	return all.String() + ")"
}

// Each calls do for each piece of rows, which are their columns one after the other.
func (v Values) Each(rows []any, do func(text string, piece []any) error) error {
	for i, size := range pieces {
		for length := size * v.columns; len(rows) >= length; rows = rows[length:] {
			if err := do(v.texts[i](), rows[:length]); err != nil {
				return err
			}
		}
	}
	return nil
}

// Exec runs the statement for all rows.
func (v Values) Exec(ctx context.Context, tx *sql.Tx, rows []any) error {
	return v.Each(rows, func(text string, piece []any) error {
		_, err := tx.ExecContext(ctx, text, piece...)
		return err
	})
}

// CollectEach runs a query of Values for all rows, and scans all that it answers.
func CollectEach[T any](ctx context.Context, on Querier, scan func(Scanner) (T, error), query Values, rows []any) (all []T, err error) {
	err = query.Each(rows, func(text string, piece []any) error {
		some, err := Collect(ctx, on, scan, text, piece...)
		all = append(all, some...)
		return err
	})
	return all, err
}
