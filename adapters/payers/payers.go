// Package payers says who can have paid an expense: it fulfils the port expense.Payers with the members of a ledger and the names that
// users have, so that none of those modules knows another.
package payers

import (
	"context"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
)

// Names knows users' names.
type Names interface {
	// Names returns the names of those users that it knows.
	Names(ctx context.Context, users []ledger.UserID) (map[ledger.UserID]string, error)
}

// Directory implements expense.Payers.
type Directory struct {
	members *member.Service
	names   Names
}

var _ expense.Payers = Directory{}

// New returns the directory of the members, whom names knows.
func New(members *member.Service, names Names) Directory { return Directory{members, names} }

// Payers implements expense.Payers.
func (d Directory) Payers(ctx context.Context, actor ledger.Actor) ([]expense.Payer, error) {
	members, err := d.members.Members(ctx, actor)
	if err != nil || len(members) == 0 {
		return nil, err
	}
	users := make([]ledger.UserID, len(members))
	for i, m := range members {
		users[i] = m.User
	}
	names, err := d.names.Names(ctx, users)
	if err != nil {
		return nil, err
	}
	all := make([]expense.Payer, len(users))
	for i, user := range users {
		all[i] = expense.Payer{User: user, Name: names[user]}
	}
	return all, nil
}
