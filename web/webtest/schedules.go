package webtest

import (
	"context"

	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
	"expense-tracker/core/schedule"
)

// Schedules returns a store of repeats that can be taken away.
func (s *Storage) Schedules() schedule.Store { return schedules{s.DB.Schedules(), s} }

// schedules fails when its storage does.
type schedules struct {
	schedule.Store
	storage *Storage
}

func (s schedules) Create(ctx context.Context, in ledger.ID, entry schedule.Entry) (schedule.Schedule, error) {
	if err := s.storage.err(); err != nil {
		return schedule.Schedule{}, err
	}
	return s.Store.Create(ctx, in, entry)
}

func (s schedules) Get(ctx context.Context, in ledger.ID, id schedule.ID) (schedule.Schedule, error) {
	if err := s.storage.err(); err != nil {
		return schedule.Schedule{}, err
	}
	return s.Store.Get(ctx, in, id)
}

func (s schedules) List(ctx context.Context, in ledger.ID, query schedule.Query) ([]schedule.Schedule, error) {
	if err := s.storage.err(); err != nil {
		return nil, err
	}
	return s.Store.List(ctx, in, query)
}

func (s schedules) Change(ctx context.Context, in ledger.ID, id schedule.ID, basis revision.Basis,
	revise func(schedule.Schedule) (schedule.Schedule, error)) (schedule.Schedule, error) {
	if err := s.storage.err(); err != nil {
		return schedule.Schedule{}, err
	}
	return s.Store.Change(ctx, in, id, basis, revise)
}
