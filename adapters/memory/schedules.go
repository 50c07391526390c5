package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
	"expense-tracker/core/schedule"
)

// scheduleStore is a schedule.Store.
type scheduleStore struct {
	shelves[scheduleData]
	last schedule.ID
}

var _ schedule.Store = (*scheduleStore)(nil)

// scheduleData is what one ledger has of schedules.
type scheduleData struct {
	rows    map[schedule.ID]schedule.Schedule
	byKey   map[idempotency.Key]createdSchedule
	changes changes
}

// createdSchedule is what a key has stored.
type createdSchedule struct {
	id          schedule.ID
	fingerprint idempotency.Fingerprint
}

// ofSchedule is a kind of row whose changes are noted.
const ofSchedule = "schedule"

func newScheduleData() *scheduleData {
	return &scheduleData{
		rows: make(map[schedule.ID]schedule.Schedule), byKey: make(map[idempotency.Key]createdSchedule), changes: make(changes),
	}
}

// Schedules returns the store of module schedule.
func (db *DB) Schedules() schedule.Store { return db.schedules }

// State implements ledger.StateStore.
func (s *scheduleStore) State(ctx context.Context, in ledger.ID) (ledger.State, error) {
	return ledgerStore{s.db}.State(ctx, in)
}

// Create implements schedule.Store.
func (s *scheduleStore) Create(_ context.Context, in ledger.ID, entry schedule.Entry) (created schedule.Schedule, err error) {
	const op = "memory.Create"
	err = s.write(in, func(d *scheduleData) error {
		if known, ok := d.byKey[entry.Key]; ok {
			if known.fingerprint != entry.Fingerprint {
				return schedule.KeyReused(op)
			}
			created = copyOf(d.rows[known.id])
			return errNothingChanged
		}
		if !entry.Schedule.HasEnded() && d.live() >= schedule.MaxLive {
			return schedule.TooMany(op)
		}
		if created, err = s.counted(op, entry.Schedule); err != nil {
			return err
		}
		s.last++
		created.ID, created.Revision = s.last, 1
		d.rows[created.ID] = copyOf(created)
		d.byKey[entry.Key] = createdSchedule{created.ID, entry.Fingerprint}
		return nil
	})
	return created, err
}

// counted returns a schedule with its prices in what their currency is counted in here.
func (s *scheduleStore) counted(op string, given schedule.Schedule) (schedule.Schedule, error) {
	currency := given.Spending.Price.Currency()
	stored, ok := s.db.currencies[currency.Code()]
	if !ok {
		s.db.setCurrency(currency)
		return given, nil
	}
	counted, err := given.Counted(stored)
	return counted, fault.Wrap(fault.Invalid, op, err)
}

// copyOf returns a schedule that shares nothing that changes.
func copyOf(s schedule.Schedule) schedule.Schedule {
	s.Prices, s.Gaps = slices.Clone(s.Prices), slices.Clone(s.Gaps)
	return s
}

// live counts the schedules that have not ended.
func (d *scheduleData) live() (n int) {
	for _, one := range d.rows {
		if !one.HasEnded() {
			n++
		}
	}
	return n
}

// Get implements schedule.Store.
func (s *scheduleStore) Get(_ context.Context, in ledger.ID, id schedule.ID) (found schedule.Schedule, err error) {
	err = s.read(in, func(d *scheduleData) error {
		stored, ok := d.rows[id]
		if !ok {
			return schedule.NoSuchSchedule("memory.Get")
		}
		found = copyOf(stored)
		return nil
	})
	return found, err
}

// List implements schedule.Store.
func (s *scheduleStore) List(_ context.Context, in ledger.ID, query schedule.Query) (listed []schedule.Schedule, err error) {
	err = s.read(in, func(d *scheduleData) error {
		for _, id := range slices.Sorted(maps.Keys(d.rows)) {
			one := d.rows[id]
			next, isDue := one.NextDue()
			if !query.DueBy.IsZero() && (!isDue || next.Compare(query.DueBy) > 0) || one.HasEnded() != query.Ended {
				continue
			}
			listed = append(listed, copyOf(one))
		}
		return nil
	})
	if query.Ended {
		slices.Reverse(listed)
	}
	if !query.DueBy.IsZero() {
		slices.SortStableFunc(listed, func(x, y schedule.Schedule) int {
			xNext, _ := x.NextDue()
			yNext, _ := y.NextDue()
			return cmp.Or(xNext.Compare(yNext), cmp.Compare(x.ID, y.ID))
		})
	}
	return listed[:min(len(listed), query.Limit)], err
}

// Change implements schedule.Store.
func (s *scheduleStore) Change(_ context.Context, in ledger.ID, id schedule.ID, basis revision.Basis,
	revise func(schedule.Schedule) (schedule.Schedule, error)) (changed schedule.Schedule, err error) {
	const op = "memory.Change"
	err = s.write(in, func(d *scheduleData) error {
		before, ok := d.rows[id]
		if !ok {
			return schedule.NoSuchSchedule(op)
		}
		if before.Revision != basis.Revision {
			changed = copyOf(before)
			return d.changes.repeated(ofSchedule, int64(id), basis, schedule.Stale(op))
		}
		after, err := revise(copyOf(before))
		if err != nil {
			return err
		}
		if before.HasEnded() && !after.HasEnded() && d.live() >= schedule.MaxLive {
			return schedule.TooMany(op)
		}
		if after, err = s.counted(op, after); err != nil {
			return err
		}
		after.ID, after.Revision = before.ID, before.Revision+1
		d.rows[id] = after
		d.changes.note(ofSchedule, int64(id), basis)
		changed = copyOf(after)
		return nil
	})
	return changed, err
}

// Advance implements schedule.Store.
func (s *scheduleStore) Advance(_ context.Context, in ledger.ID, id schedule.ID,
	move func(schedule.Schedule) schedule.Progress) (moved schedule.Schedule, err error) {
	err = s.write(in, func(d *scheduleData) error {
		stored, ok := d.rows[id]
		if !ok {
			return schedule.NoSuchSchedule("memory.Advance")
		}
		before := stored.Progress
		stored.Progress = move(copyOf(stored))
		moved = copyOf(stored)
		if stored.Progress == before {
			return errNothingChanged
		}
		d.rows[id] = stored
		return nil
	})
	return moved, err
}
