package relocation

import (
	"context"
	"errors"
	"fmt"
)

// ErrNotEmpty is the error for a target that holds something.
var ErrNotEmpty = errors.New("the target is not empty, and nothing is put into what somebody uses: name another, or empty it yourself")

// what a first start makes by itself, and nobody misses: rows of these tables for which the test holds. Of other tables no row may be
// there.
var byItself = map[string]func(row map[string]any) bool{
	first:                func(map[string]any) bool { return true },
	"account_register":   func(row map[string]any) bool { return row["next"] == int64(1) },
	"account_setup_code": func(map[string]any) bool { return true },
	"account_throttle":   func(map[string]any) bool { return true },
	"audit_run":          func(map[string]any) bool { return true },
	"account_attempt":    func(map[string]any) bool { return true },
	"account_begun":      func(row map[string]any) bool { return row["account_id"] == int64(0) }, // who has not signed in
	"account_event":      func(row map[string]any) bool { return row["account_id"] == int64(0) },
	"ledger":             func(row map[string]any) bool { return row["id"] == int64(1) },
	"member":             func(row map[string]any) bool { return row["ledger_id"] == int64(1) && row["user_id"] == int64(1) },
	"ledger_event":       func(row map[string]any) bool { return row["ledger_id"] == int64(1) && row["kind"] == "created" },
}

// ofNobody reports whether a row belongs to a ledger of the program's own, such as what its probe adds.
func ofNobody(table string, row map[string]any) bool {
	column := "ledger_id"
	if table == "ledger" {
		column = "id"
	}
	in, is := row[column].(int64)
	return is && in < 0
}

// CheckEmpty returns ErrNotEmpty if a table has a row that neither a first start nor the program's probe makes.
func CheckEmpty(ctx context.Context, side Side, pairs []Pair) error {
	for _, p := range pairs {
		allowed := byItself[p.Name()]
		err := side.Read(ctx, p)(func(row []any) error {
			named := make(map[string]any, len(row))
			for i, c := range p.From.Columns {
				named[c.Name] = row[i]
			}
			if ofNobody(p.Name(), named) || allowed != nil && allowed(named) {
				return nil
			}
			return fmt.Errorf("%w (%s has rows)", ErrNotEmpty, p.Name())
		})
		if err != nil {
			return err
		}
	}
	return nil
}
