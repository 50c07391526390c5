// Package relocation moves all that one storage holds into another, exactly, and compares the two row by row. It knows tables and rows;
// what a table is it reads from the catalogues of both storages, so that a new one is moved without a line here. The storages' packages
// fulfil Source and Target.
package relocation

import "context"

// Kind is how a value is written while it is on its way, whatever storage it comes from or goes to.
type Kind int

// The kinds, and the Go type of each. NULL is nil in all of them.
const (
	Whole   Kind = iota // int64; a truth is 0 or 1
	Text                // string
	Bytes               // []byte
	Day                 // string, YYYY-MM-DD
	Moment              // string, as MomentLayout, in UTC
	Money               // int64, minor units of the row's currency
	Decimal             // string, a decimal as it was stored
)

// MomentLayout is how a Moment is written: to the microsecond, which is what PostgreSQL keeps.
const MomentLayout = "2006-01-02T15:04:05.000000Z"

// Native is what a column is by its storage's own type.
type Native int

// The native types that the program's tables have.
const (
	Integer   Native = iota // of either storage
	Truth                   // PostgreSQL's boolean
	String                  // of either
	Binary                  // of either
	Date                    // PostgreSQL's
	Timestamp               // PostgreSQL's, with a time zone
	Numeric                 // PostgreSQL's
)

// Column is one of a table, as a storage's catalogue has it.
type Column struct {
	Name string
	Type Native
}

// Table is one of a storage, as its catalogue has it.
type Table struct {
	Name       string
	Columns    []Column
	Key        []string // names of the primary key's columns, in its order
	References []string // names of the tables that its rows refer to
	Numbered   string   // the column that the storage gives numbers to; empty if there is none
}

// Stream hands on rows, each as long as it is looked at. A row's values are of the plan's kinds, in the order of its columns.
type Stream func(yield func(row []any) error) error

// Side is a storage, as one transaction sees it.
type Side interface {
	// Tables returns the program's tables.
	Tables(ctx context.Context) ([]Table, error)
	// Read returns the rows of a table in any order.
	Read(ctx context.Context, p Pair) Stream
	// Last returns the last number that was given to a row of a Numbered table, 0 for none.
	Last(ctx context.Context, p Pair) (int64, error)
}

// Source is where everything comes from. Nothing in it is changed.
type Source interface {
	Side
	// Renew lets the next reads see what is there by now.
	Renew(ctx context.Context) error
	// Close lets go of the storage.
	Close() error
}

// Target is where everything goes. Until Commit nobody sees anything of it, and Close without it leaves nothing.
type Target interface {
	Side
	// Clear takes away the rows of a table that has only such as a first start makes.
	Clear(ctx context.Context, p Pair) error
	// Write stores rows and returns how many.
	Write(ctx context.Context, p Pair, rows Stream) (int64, error)
	// SetLast makes the next number one more than last.
	SetLast(ctx context.Context, p Pair, last int64) error
	// Settle makes what follows from the rows, such as indexes. Rows are read and no more written after it.
	Settle(ctx context.Context) error
	// Commit keeps all of it, durably. An error of kind ErrUnknownOutcome says that it may have been kept.
	Commit(ctx context.Context) error
	// Close gives up what was not committed.
	Close() error
}

// Pair is a table that both storages have.
type Pair struct {
	From, To Table // with the columns in the same order
	Kinds    []Kind
}

// Name returns the table's name.
func (p Pair) Name() string { return p.From.Name }

// column returns the place of a column, -1 if there is none.
func (p Pair) column(name string) int {
	for i, c := range p.From.Columns {
		if c.Name == name {
			return i
		}
	}
	return -1
}
