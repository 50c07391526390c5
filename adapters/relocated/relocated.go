// Package relocated copies one opened storage into another: what the storages' packages bring for it, it puts together.
package relocated

import "expense-tracker/adapters/internal/relocation"

type (
	// Source is where everything comes from.
	Source = relocation.Source
	// Target is where everything goes.
	Target = relocation.Target
	// Side is a storage, as one transaction sees it.
	Side = relocation.Side
	// Sum is what rows of a table add up to.
	Sum = relocation.Sum
	// Options are those of a copy.
	Options = relocation.Options
)

// Copy and Compare, and how they fail.
var (
	Copy              = relocation.Copy
	Compare           = relocation.Compare
	ErrNotEmpty       = relocation.ErrNotEmpty
	ErrDiffer         = relocation.ErrDiffer
	ErrMoved          = relocation.ErrMoved
	ErrUnknownOutcome = relocation.ErrUnknownOutcome
)
