package memory

import (
	"context"

	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
)

// Erase implements member.Eraser.
func (s *memberStore) Erase(_ context.Context, in ledger.ID, user ledger.UserID) error {
	return s.write(in, func(d *memberData) error {
		if err := member.CheckAlone("memory.Erase", d.all(), user); err != nil {
			return err
		}
		s.db.expenses.clear(in)
		s.db.schedules.clear(in)
		s.db.budgets.clear(in)
		s.db.rates.clear(in)
		s.db.tokens.clear(in)
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
