// Package crowd fills a storage with people who are signed in, each with a ledger. It goes by the use cases that the pages go by, in this
// process: no page could be asked for so often in a bearable time.
package crowd

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/expense/sample"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/core/money"
)

// Storage is what the crowd needs of one.
type Storage interface {
	Accounts() account.Store
	Members() member.Storage
	Expenses() expense.Store
}

// Options say how many people there are, and what each has.
type Options struct {
	People int
	Each   int // expenses of each of them
	Today  time.Time
}

const perDay = 100 // expenses on each day of a ledger, as in one that is filled otherwise

// password is everybody's. Its hash is the password itself: nobody signs in with it through a page.
const password = "seven quiet herons wade"

// sessionEnds are long enough for a benchmark.
func sessionEnds() account.Ends { return account.Ends{Idle: 24 * time.Hour, Max: 24 * time.Hour} }

// crowd has the services that people go by.
type crowd struct {
	accounts *account.Service
	operator *account.Operator
	members  *member.Service
	expenses expense.Store
}

func of(storage Storage) crowd {
	settings := account.Settings{Now: time.Now, Random: random, Ends: sessionEnds()}
	return crowd{
		accounts: account.NewService(storage.Accounts(), plain{}, settings),
		operator: account.NewOperator(storage.Accounts(), plain{}, settings),
		members: member.NewService(storage.Members(), member.Settings{
			Now: time.Now, Random: random, NewKey: func() idempotency.Key { return idempotency.Key(rand.Text()) },
		}),
		expenses: storage.Expenses(),
	}
}

func random(b []byte) { _, _ = rand.Read(b) } // it never fails

// SignIn makes an account, if nobody has its name, and signs it in. It returns the session's token. The first account of a storage has
// what was stored before.
func SignIn(ctx context.Context, storage Storage, name string) (token string, err error) {
	_, token, err = of(storage).signIn(ctx, name)
	return token, err
}

func (c crowd) signIn(ctx context.Context, name string) (account.User, string, error) {
	if _, err := c.operator.Add(ctx, account.Draft{Name: name, Password: password}, false); err != nil {
		return account.User{}, "", err
	}
	opened, err := c.accounts.SignIn(ctx, name, password, account.Client{Network: name})
	return opened.User, opened.Token, err
}

// Settle makes the people and their ledgers, and returns the tokens of their sessions.
func Settle(ctx context.Context, storage Storage, wanted Options) ([]string, error) {
	c := of(storage)
	currency, err := money.ParseCurrency("USD")
	if err != nil {
		return nil, err
	}
	tokens := make([]string, 0, wanted.People)
	for n := range wanted.People {
		name := fmt.Sprintf("person %d", n+1)
		user, token, err := c.signIn(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		made, err := c.members.Create(ctx, user.ID, "", member.Draft{Name: name, Currency: currency.Code()})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		err = c.fill(ctx, made.Ledger.ID, sample.Options{
			Count: wanted.Each, Seed: uint64(n), Currency: currency, Now: wanted.Today,
			From: civil.DateOf(wanted.Today.AddDate(0, 0, -max(1, wanted.Each/perDay)+1)), To: civil.DateOf(wanted.Today),
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		tokens = append(tokens, token)
	}
	return tokens, nil
}

// fill adds made-up expenses to a ledger, in one transaction.
func (c crowd) fill(ctx context.Context, in ledger.ID, options sample.Options) error {
	results, err := c.expenses.AddAll(ctx, in, slices.Collect(sample.Entries(options)))
	for _, result := range results {
		err = errors.Join(err, result.Err)
	}
	return err
}

// plain is a Hasher that costs nothing, for accounts that nobody attacks.
type plain struct{}

func (plain) Hash(_ context.Context, password string) (string, error) {
	return rand.Text() + password, nil
}

func (plain) Verify(_ context.Context, password, hash string) (bool, error) {
	return len(hash) >= len(password) && hash[len(hash)-len(password):] == password, nil
}

func (plain) NeedsRehash(string) bool { return false }

func (plain) Decoy() string { return "" }
