// Package people tells who is behind a user's number, where the site knows that.
package people

import (
	"context"
	"slices"
	"strconv"

	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/words"
)

// People knows users' names.
type People interface {
	// Names returns the names of those users that it knows; an empty one of who has gone for good.
	Names(ctx context.Context, users []ledger.UserID) (map[ledger.UserID]string, error)
}

// Teller tells names. It may know nobody: then one user is all there is, of whom no page needs to say a name.
type Teller struct{ people People }

// NewTeller returns a teller of the names that people knows; nil knows nobody.
func NewTeller(people People) Teller { return Teller{people} }

// IsAlone reports whether one user is all there is.
func (t Teller) IsAlone() bool { return t.people == nil }

// Of returns what users are called. One without a name is called by number.
func (t Teller) Of(ctx context.Context, in *words.Language, users ...ledger.UserID) (func(ledger.UserID) string, error) {
	users = slices.DeleteFunc(slices.Clone(users), func(user ledger.UserID) bool { return user == 0 })
	slices.Sort(users)
	users = slices.Compact(users)
	var known map[ledger.UserID]string
	if !t.IsAlone() && len(users) > 0 {
		var err error
		if known, err = t.people.Names(ctx, users); err != nil {
			return nil, err
		}
	}
	return func(user ledger.UserID) string {
		const (
			somebody words.Phrase = "Person %s"
			left     words.Phrase = "Someone who left"
		)
		switch name, ok := known[user]; {
		case name != "":
			return name
		case ok:
			return in.T(left)
		}
		return in.T(somebody, strconv.FormatInt(int64(user), 10))
	}, nil
}
