package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"expense-tracker/cmd/bench/internal/crowd"
	"expense-tracker/cmd/bench/internal/load"
	"expense-tracker/cmd/bench/internal/report"
	"expense-tracker/cmd/bench/internal/stock"
)

const (
	expensesEach = 1000 // of people who have a ledger of their own
	guessers     = 16   // clients that try to log in
)

// signedIn measures the home page of a ledger for somebody who is signed in, in turns: beside the same page where nobody signs in, and
// while others guess passwords.
func (r *run) signedIn(ctx context.Context, of stock.Stock, local *stock.Subject) (err error) {
	shared, can := of.(stock.Shared)
	if !can || r.people == 0 {
		return nil
	}
	token, err := signInTo(ctx, shared, local.Size)
	if err != nil {
		return err
	}
	gated, err := shared.ServeGated(ctx, shared.Original(local.Size), local.Size)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, gated.Close(ctx)) }()
	home := load.As([]string{token}, load.Page(gated.URL+"/"))
	for round := range r.rounds {
		r.say("%s: signed in, round %d of %d", of.Name(), round+1, r.rounds)
		key := report.Key{Storage: of.Name(), Expenses: local.Size, Task: report.Home, Clients: 1, Subject: report.LocalUser}
		if err := r.measure(ctx, key, local, load.Page(local.URL+"/"), nil); err != nil {
			return err
		}
		key.Subject = report.SignedIn
		if err := r.measure(ctx, key, gated, home, nil); err != nil {
			return err
		}
		key.Subject = report.Flooded
		if err := r.whileLogInsFlood(ctx, gated.URL, func() error { return r.measure(ctx, key, gated, home, nil) }); err != nil {
			return err
		}
	}
	return nil
}

// signInTo makes the first account of an original, which then has what is stored in it.
func signInTo(ctx context.Context, shared stock.Shared, size int) (token string, err error) {
	opened, err := shared.Open(ctx, shared.Original(size))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	return crowd.SignIn(ctx, opened, "first")
}

// whileLogInsFlood measures while clients guess passwords.
func (r *run) whileLogInsFlood(ctx context.Context, url string, measure func() error) error {
	flooding, end := context.WithCancel(ctx)
	defer end()
	flood := make(chan error, 1)
	go func() {
		_, err := load.Run(flooding, url, load.NewGuesses(url), load.Options{Clients: guessers, Duration: time.Minute})
		flood <- err
	}()
	time.Sleep(settle)
	err := measure()
	end()
	if flooded := <-flood; !errors.Is(flooded, context.Canceled) {
		return errors.Join(err, fmt.Errorf("the flood of log-ins ended before: %w", flooded))
	}
	return err
}

// crowded is a program for many people, who are signed in.
type crowded struct {
	counted
	tokens []string
}

// settle makes the people, or returns nil if there shall be none.
func (r *run) settle(ctx context.Context, of stock.Stock) (_ *crowded, err error) {
	shared, can := of.(stock.Shared)
	if !can || r.people == 0 {
		return nil, nil //nolint:nilnil // nothing is wrong
	}
	r.say("%s: %d people with %d expenses each", of.Name(), r.people, expensesEach)
	url, err := shared.Empty(ctx, "people")
	if err != nil {
		return nil, err
	}
	opened, err := shared.Open(ctx, url)
	if err != nil {
		return nil, err
	}
	tokens, err := crowd.Settle(ctx, opened, crowd.Options{People: r.people, Each: expensesEach, Today: r.today})
	if err := errors.Join(err, opened.Close()); err != nil {
		return nil, err
	}
	subject, err := shared.ServeGated(ctx, url, r.people*expensesEach)
	if err != nil {
		return nil, err
	}
	return &crowded{counted{Subject: subject}, tokens}, nil
}

// addByPeople measures adds of many people at once, one after the other to another ledger.
func (r *run) addByPeople(ctx context.Context, of stock.Stock, round int, people *crowded) error {
	key := report.Key{Storage: of.Name(), Task: report.Add, Clients: 32, Subject: report.People}
	adds := load.As(people.tokens, load.NewAdds(people.URL, fmt.Sprint("people-", round), r.today))
	return r.measure(ctx, key, people.Subject, adds, &people.acknowledged)
}
