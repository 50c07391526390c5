package memory

import (
	"context"
	"slices"

	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
)

// Erase implements member.Eraser.
func (s *memberStore) Erase(_ context.Context, in ledger.ID, user ledger.UserID) error {
	return s.write(in, func(d *memberData) error {
		if err := member.CheckAlone("memory.Erase", d.all(), user); err != nil {
			return err
		}
		s.db.clear(in)
		for who, m := range d.members {
			m.Role = 0
			d.members[who] = m
		}
		d.events, d.invitations = nil, nil
		row := s.db.row(in)
		row.ledger = ledger.Ledger{}
		s.db.ledgers[in] = &row
		return nil
	})
}

// Sweep implements member.Eraser.
func (s *memberStore) Sweep(context.Context) (ledgers int, err error) {
	s.db.mu.Lock()
	defer s.db.mu.Unlock()
	for in, d := range s.byLedger {
		isPresent := func(m member.Member) bool { return m.IsPresent() }
		if len(d.members) > 0 && !slices.ContainsFunc(d.all(), isPresent) && s.db.row(in).ledger.Name == "" && s.db.hasRows(in) {
			s.db.clear(in)
			ledgers++
		}
	}
	return ledgers, nil
}

// clear takes away what the other modules keep of a ledger. The caller writes.
func (db *DB) clear(in ledger.ID) {
	db.expenses.clear(in)
	db.schedules.clear(in)
	db.budgets.clear(in)
	db.rates.clear(in)
	db.tokens.clear(in)
}

// hasRows reports whether one of them keeps something. The caller holds the lock.
func (db *DB) hasRows(in ledger.ID) bool {
	return db.expenses.has(in) || db.schedules.has(in) || db.budgets.has(in) || db.rates.has(in) || db.tokens.has(in)
}
