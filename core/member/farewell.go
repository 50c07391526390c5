package member

import (
	"context"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// Farewell is what becomes of a user's ledgers when the user goes for good.
type Farewell struct {
	Left   []Membership // others share them, and the user leaves
	Erased []Membership // nobody else is in them, and they are erased
	Stuck  []Membership // others share them, and the user is their last owner, who cannot leave
}

// Farewell returns what becomes of a user's ledgers.
func (s *Service) Farewell(ctx context.Context, user ledger.UserID) (f Farewell, err error) {
	all, err := s.store.Memberships(ctx, user, MaxLedgers)
	if err != nil {
		return Farewell{}, err
	}
	for _, m := range all {
		members, err := s.store.Members(ctx, m.Ledger.ID)
		if err != nil {
			return Farewell{}, err
		}
		switch present, owners := count(members); {
		case present == 1:
			f.Erased = append(f.Erased, m)
		case owners == 1 && m.Role == ledger.Owner:
			f.Stuck = append(f.Stuck, m)
		default:
			f.Left = append(f.Left, m)
		}
	}
	return f, nil
}

// LeaveAll takes a user who goes for good out of all ledgers, and erases those that nobody else is in. While the user is the last owner of
// one that others share, it changes nothing. What breaks off is taken up by another call.
func (s *Service) LeaveAll(ctx context.Context, user ledger.UserID) error {
	const op = "member.LeaveAll"
	f, err := s.Farewell(ctx, user)
	if err != nil {
		return err
	}
	if len(f.Stuck) > 0 {
		return fault.New(fault.Conflict, op, "you are the last owner of “%s”, which others share: make somebody else an owner first",
			f.Stuck[0].Ledger.Name)
	}
	for _, m := range f.Left {
		if err := s.Leave(ctx, m.Actor()); err != nil {
			return err
		}
	}
	for _, m := range f.Erased {
		if err := s.store.Erase(ctx, m.Ledger.ID, user); err != nil {
			return err
		}
	}
	return nil
}

// Sweep removes what was written to ledgers after they had been erased, and returns how many ledgers had something. It asks for nobody:
// what is erased is nobody's.
func (s *Service) Sweep(ctx context.Context) (ledgers int, err error) { return s.store.Sweep(ctx) }
