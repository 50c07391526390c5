package memory

import "expense-tracker/core/ledger"

// shelves hold what a module keeps of each ledger.
type shelves[D any] struct {
	db       *DB
	byLedger map[ledger.ID]*D
	empty    func() *D
}

func newShelves[D any](db *DB, empty func() *D) shelves[D] {
	return shelves[D]{db: db, byLedger: make(map[ledger.ID]*D), empty: empty}
}

// read runs f on a ledger's shelf for reading; on an empty one if nothing was ever written to it.
func (s shelves[D]) read(in ledger.ID, f func(*D) error) error {
	s.db.mu.RLock()
	defer s.db.mu.RUnlock()
	return f(s.of(in))
}

// write runs f on a ledger's shelf for writing, as DB.write does. If f returns an error, it must not have changed the data.
func (s shelves[D]) write(in ledger.ID, f func(*D) error) error {
	return s.db.write(in, func() error {
		d := s.of(in)
		err := f(d)
		if err == nil {
			s.byLedger[in] = d
		}
		return err
	})
}

func (s shelves[D]) of(in ledger.ID) *D {
	if d, ok := s.byLedger[in]; ok {
		return d
	}
	return s.empty()
}

// clear takes a ledger's shelf away. The caller writes.
func (s shelves[D]) clear(in ledger.ID) { delete(s.byLedger, in) }

// has reports whether a ledger has a shelf. The caller holds the lock.
func (s shelves[D]) has(in ledger.ID) bool { return s.byLedger[in] != nil }
