package main

import (
	"context"
	"errors"
	"time"

	"expense-tracker/cmd/bench/internal/report"
	"expense-tracker/cmd/bench/internal/stock"
)

// growthMatters is the size below which the adds of one round change a storage so much that the next round needs a new one.
const growthMatters = 100_000

// settle is how long the program may clean up after its start before it counts as idle.
const settle = 500 * time.Millisecond

// storage measures everything on one storage: starts, then pages on exactly as many expenses as are said, then adds.
func (r *run) storage(ctx context.Context, of stock.Stock) (err error) {
	for _, size := range r.sizes {
		r.say("%s: filling it with %d expenses", of.Name(), size)
		began := time.Now()
		if err := of.Fill(ctx, size); err != nil {
			return err
		}
		if of.Lasts() {
			r.figures.Record(report.Key{Storage: of.Name(), Expenses: size, Task: report.Fill, Subject: report.Program}, report.Took,
				report.Milliseconds(time.Since(began)))
		}
	}
	if of.Lasts() {
		if err := r.starts(ctx, of); err != nil {
			return err
		}
	}
	subjects := make([]*stock.Subject, 0, len(r.sizes))
	defer func() {
		for _, subject := range subjects {
			err = errors.Join(err, subject.Close(ctx))
		}
	}()
	for _, size := range r.sizes {
		subject, err := of.Serve(ctx, size)
		if err != nil {
			return err
		}
		subjects = append(subjects, subject)
	}
	if err := r.pages(ctx, of, subjects); err != nil {
		return err
	}
	if err := r.signedIn(ctx, of, subjects[len(subjects)-1]); err != nil {
		return err
	}
	for len(subjects) > 0 && subjects[0].Size < growthMatters {
		small := subjects[0]
		subjects = subjects[1:]
		if err := small.Close(ctx); err != nil {
			return err
		}
	}
	return r.adds(ctx, of, subjects)
}

// starts measures the time from exec to the first page, and the memory of the program when it then has nothing to do.
func (r *run) starts(ctx context.Context, of stock.Stock) error {
	for round := range r.rounds {
		r.say("%s: starts, round %d of %d", of.Name(), round+1, r.rounds)
		for _, size := range r.sizes {
			key := report.Key{Storage: of.Name(), Expenses: size, Task: report.Start, Subject: report.Program}
			if err := r.start(ctx, of, key); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) start(ctx context.Context, of stock.Stock, key report.Key) (err error) {
	subject, err := of.Serve(ctx, key.Expenses)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, subject.Close(ctx)) }()
	if _, err := fetch(ctx, subject.URL+"/"); err != nil {
		return err
	}
	r.figures.Record(key, report.Took, report.Milliseconds(time.Since(subject.Exec)))
	time.Sleep(settle)
	memory, err := subject.RSS()
	r.figures.Record(key, report.RSS, report.Megabytes(memory))
	return err
}
