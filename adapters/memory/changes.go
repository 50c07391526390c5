package memory

import (
	"expense-tracker/core/idempotency"
	"expense-tracker/core/revision"
)

// step is one from a revision of a row to the next. Kind is that of the row, such as "expense".
type step struct {
	kind     string
	row      int64
	revision int
}

// changes are the steps that a ledger's rows have made, with the change that made each.
type changes map[step]idempotency.Fingerprint

// note remembers which change makes the step from the basis.
func (c changes) note(kind string, row int64, basis revision.Basis) {
	c[step{kind, row, basis.Revision}] = basis.Fingerprint
}

// repeated ends a change of a row that is not at the basis any more. It returns errNothingChanged if the step from there was made by this
// very change, which was sent again, and stale if it was made by another.
func (c changes) repeated(kind string, row int64, basis revision.Basis, stale error) error {
	if made, ok := c[step{kind, row, basis.Revision}]; ok && made == basis.Fingerprint {
		return errNothingChanged
	}
	return stale
}
