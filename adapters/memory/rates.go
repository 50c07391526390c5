package memory

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
	"expense-tracker/core/rate"
	"expense-tracker/core/revision"
)

// ofRate is the kind of a rate's row among the changes that are noted.
const ofRate = "rate"

// rateStore is a rate.Store.
type rateStore struct{ shelves[rateData] }

var _ rate.Store = (*rateStore)(nil)

// rateData is what one ledger's people entered: each rate, those that were removed too.
type rateData struct {
	rates   map[rate.ID]rate.Rate
	changes changes
}

func newRateData() *rateData {
	return &rateData{rates: make(map[rate.ID]rate.Rate), changes: make(changes)}
}

// newRateStore returns the store of module rate.
func newRateStore(db *DB) *rateStore { return &rateStore{shelves: newShelves(db, newRateData)} }

// Rates returns the store of module rate.
func (db *DB) Rates() rate.Store { return db.rates }

// Newest implements rate.Store.
func (s *rateStore) Newest(
	_ context.Context, in ledger.ID, home string, currencies []string, on civil.Date,
) (found []rate.Rate, err error) {
	newest := map[string]rate.Rate{}
	err = s.read(in, func(d *rateData) error {
		for _, r := range d.rates {
			if r.Removed || r.Home != home || r.Day.Compare(on) > 0 || !slices.Contains(currencies, r.Currency) {
				continue
			}
			if best, ok := newest[r.Currency]; !ok || best.Day.Compare(r.Day) < 0 {
				newest[r.Currency] = r
			}
		}
		return nil
	})
	for _, r := range newest {
		found = append(found, r)
	}
	slices.SortFunc(found, func(x, y rate.Rate) int { return strings.Compare(x.Currency, y.Currency) })
	return found, err
}

// List implements rate.Store.
func (s *rateStore) List(_ context.Context, in ledger.ID, home string, before rate.ID, limit int) (found []rate.Rate, err error) {
	err = s.read(in, func(d *rateData) error {
		for id, r := range d.rates {
			if !r.Removed && r.Home == home && (before == 0 || id < before) {
				found = append(found, r)
			}
		}
		return nil
	})
	slices.SortFunc(found, func(x, y rate.Rate) int { return cmp.Compare(y.ID(), x.ID()) })
	return found[:min(limit, len(found))], err
}

// Get implements rate.Store.
func (s *rateStore) Get(_ context.Context, in ledger.ID, id rate.ID) (found rate.Rate, err error) {
	err = s.read(in, func(d *rateData) error {
		var ok bool
		if found, ok = d.rates[id]; !ok {
			return rate.NoSuchRate("memory.Get")
		}
		return nil
	})
	return found, err
}

// Put implements rate.Store.
func (s *rateStore) Put(_ context.Context, in ledger.ID, basis revision.Basis, given rate.Rate) (now rate.Rate, err error) {
	const op = "memory.Put"
	id := given.ID()
	err = s.write(in, func(d *rateData) error {
		var ok bool
		now, ok = d.rates[id]
		switch {
		case !ok && basis.Revision != 0:
			return rate.NoSuchRate(op)
		case now.Revision != basis.Revision:
			return d.changes.repeated(ofRate, int64(id), basis, rate.Stale(op))
		}
		now = given
		now.Revision = basis.Revision + 1
		d.rates[id] = now
		d.changes.note(ofRate, int64(id), basis)
		return nil
	})
	if err != nil {
		return rate.Rate{}, err
	}
	return now, nil
}
