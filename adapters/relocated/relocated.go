// Package relocated copies one opened storage into another: what the storages' packages bring for it, it puts together.
package relocated

import "expense-tracker/adapters/internal/relocation"

// What the storages give and take.
type (
	Source  = relocation.Source
	Target  = relocation.Target
	Side    = relocation.Side
	Sum     = relocation.Sum
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
