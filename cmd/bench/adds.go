package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"expense-tracker/cmd/bench/internal/limit"
	"expense-tracker/cmd/bench/internal/load"
	"expense-tracker/cmd/bench/internal/report"
	"expense-tracker/cmd/bench/internal/stock"
)

// counted is a subject and the adds that it has acknowledged.
type counted struct {
	*stock.Subject
	acknowledged int64
	categories   []string // addresses of some, once it is furnished
	binned       int      // of them or of those that were there, deleted since; not acknowledged any more
}

// adds measures writing, in turns: pgbench, then the program with each number of expenses. The large storages stay, and grow by
// a little; of the small ones each round has new copies. Afterwards exactly what was acknowledged has to be stored.
func (r *run) adds(ctx context.Context, of stock.Stock, large []*stock.Subject) (err error) {
	var kept []*counted
	for _, subject := range large {
		kept = append(kept, &counted{Subject: subject})
	}
	people, err := r.settle(ctx, of)
	if err != nil {
		return err
	}
	if people != nil {
		defer func() { err = errors.Join(err, people.Close(ctx)) }()
	}
	for round := range r.rounds {
		r.say("%s: adds, round %d of %d", of.Name(), round+1, r.rounds)
		err := r.onCopies(ctx, of, kept, func(subjects []*counted) error { return r.addRound(ctx, of, round, subjects) })
		if err == nil && people != nil {
			err = r.addByPeople(ctx, of, round, people)
		}
		if err != nil {
			return err
		}
	}
	if people != nil {
		r.say("%s: checking %d adds of people", of.Name(), people.acknowledged)
		if err := people.Check(ctx, people.acknowledged); err != nil {
			return err
		}
	}
	if err := r.onCopies(ctx, of, kept, func(subjects []*counted) error { return r.reads(ctx, of, subjects) }); err != nil {
		return err
	}
	for _, subject := range kept {
		r.say("%s: checking %d adds to %d expenses", of.Name(), subject.acknowledged, subject.Size)
		if err := subject.Check(ctx, subject.acknowledged); err != nil {
			return err
		}
	}
	return nil
}

// onCopies serves a new copy of each small storage, and measures them with those that are kept. Then it checks the copies.
func (r *run) onCopies(ctx context.Context, of stock.Stock, kept []*counted, measure func(subjects []*counted) error) (err error) {
	var copies []*counted
	defer func() {
		for _, subject := range copies {
			err = errors.Join(err, subject.Close(ctx))
		}
	}()
	for _, size := range r.sizes {
		if size >= growthMatters {
			continue
		}
		subject, err := of.ServeCopy(ctx, size)
		if err != nil {
			return err
		}
		copies = append(copies, &counted{Subject: subject})
	}
	if err := measure(slices.Concat(copies, kept)); err != nil {
		return err
	}
	for _, subject := range copies {
		if err := subject.Check(ctx, subject.acknowledged); err != nil {
			return err
		}
	}
	return nil
}

// addRound measures every number of clients once.
func (r *run) addRound(ctx context.Context, of stock.Stock, round int, subjects []*counted) error {
	for _, clients := range []int{1, 8, 32} {
		if of.Name() == "postgres" {
			if err := r.inserts(ctx, of, clients); err != nil {
				return err
			}
		}
		for _, subject := range subjects {
			key := report.Key{Storage: of.Name(), Expenses: subject.Size, Task: report.Add, Clients: clients, Subject: report.Program}
			adds := load.NewAdds(subject.URL, fmt.Sprintf("bench-%d-%d", round, clients), r.today)
			if err := r.measure(ctx, key, subject.Subject, adds, &subject.acknowledged); err != nil {
				return err
			}
		}
	}
	return nil
}

// inserts measures what PostgreSQL does without the program.
func (r *run) inserts(ctx context.Context, of stock.Stock, clients int) error {
	for _, limit := range []struct{ subject, script string }{{report.Insert, limit.Plain}, {report.Naive, limit.Naive}} {
		result, err := r.pgbench.Run(ctx, limit.script, clients, r.duration)
		if err != nil {
			return err
		}
		r.figures.RecordLoad(report.Key{Storage: of.Name(), Task: report.Add, Clients: clients, Subject: limit.subject}, result)
	}
	return nil
}
