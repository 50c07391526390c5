package expense

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/text"
)

// FieldPaidBy is the field of a Draft, and of others, that says who has paid.
const FieldPaidBy = "paid_by"

// MaxPayers is how many payers of a currency a report shows at most. A ledger has fewer members.
const MaxPayers = 200

// Payer is somebody who can have paid.
type Payer struct {
	User ledger.UserID
	Name string // empty if it is not known
}

// Payers is the port to who shares a ledger, as far as this module needs it.
type Payers interface {
	// Payers returns who is in the actor's ledger now. It is asked only where somebody says who has paid, or could.
	Payers(ctx context.Context, actor ledger.Actor) ([]Payer, error)
}

// PayerTotal is what a user has paid, in one currency. What came back to them is taken off.
type PayerTotal struct {
	Payer ledger.UserID
	Total
}

// PayerText returns how a form names a user as the payer: by number, so that a change of the name between two pages does no harm. 0 is
// nobody.
func PayerText(user ledger.UserID) string {
	if user == 0 {
		return ""
	}
	return payerMark + strconv.FormatInt(int64(user), 10)
}

// payerMark stands before a user's number. Somebody whose name looks like that is named by number too.
const payerMark = "#"

// Payers returns who can have paid in the actor's ledger: its members, if it has several. Where one person is all there is, nobody is
// asked who has paid.
func (s *Service) Payers(ctx context.Context, actor ledger.Actor) ([]Payer, error) {
	if err := actor.Require(ledger.Viewer, "expense.Payers"); err != nil {
		return nil, err
	}
	if s.settings.Payers == nil {
		return nil, nil
	}
	all, err := s.settings.Payers.Payers(ctx, actor)
	if err != nil || len(all) < 2 {
		return nil, err
	}
	return all, nil
}

// parsePayer understands who is typed to have paid: a member by name, whatever its case, or by number. Who has left the ledger stays on
// the rows that have them, which former says. It is a refusal, or a fault of the storage's.
func (s *Service) parsePayer(ctx context.Context, actor ledger.Actor, typed string, former func(ledger.UserID) (bool, error)) (
	ledger.UserID, error,
) {
	typed = strings.TrimSpace(text.WithoutDirections(typed))
	if typed == "" {
		return 0, nil
	}
	number := PayerNumber(typed)
	if s.settings.Payers == nil {
		if number != 0 && former != nil {
			if kept, err := former(number); kept || err != nil {
				return number, err
			}
		}
		return 0, fault.Refuse("nobody else is in this ledger: leave it empty")
	}
	if number != 0 && number == actor.User {
		return number, nil // who asks is a member
	}
	all, err := s.settings.Payers.Payers(ctx, actor)
	if err != nil {
		return 0, err
	}
	if number != 0 && slices.ContainsFunc(all, func(p Payer) bool { return p.User == number }) {
		return number, nil
	}
	folded := text.Fold(typed)
	for _, p := range all {
		if p.Name != "" && text.Fold(p.Name) == folded {
			return p.User, nil
		}
	}
	if number != 0 && former != nil {
		if kept, err := former(number); kept || err != nil {
			return number, err
		}
	}
	return 0, fault.Refuse("choose somebody who is in this ledger")
}

// parseSearchedPayer understands whose payments are searched for. By number it may be anybody: who has left the ledger has paid all the
// same, and who was never there has paid nothing.
func (s *Service) parseSearchedPayer(ctx context.Context, actor ledger.Actor, typed string) (ledger.UserID, error) {
	if number := PayerNumber(strings.TrimSpace(typed)); number != 0 {
		return number, nil
	}
	return s.parsePayer(ctx, actor, typed, nil)
}

// PayerNumber returns the number that PayerText has written; 0 if it is none.
func PayerNumber(typed string) ledger.UserID {
	digits, ok := strings.CutPrefix(typed, payerMark)
	number, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || number < 1 {
		return 0
	}
	return ledger.UserID(number)
}

// parseDraftPayer understands who a draft says has paid, and whether it says nothing of it at all.
func (s *Service) parseDraftPayer(ctx context.Context, actor ledger.Actor, draft Draft, former func(ledger.UserID) (bool, error)) (
	payer ledger.UserID, open bool, err error,
) {
	switch {
	case draft.Derived != "":
		return draft.Payer, false, nil // whoever made the other module's row was asked then
	case draft.PaidBy == nil:
		return 0, true, nil
	}
	payer, err = s.parsePayer(ctx, actor, *draft.PaidBy, former)
	return payer, false, err
}

// isPayer reports whether somebody is a payer who may stay.
func isPayer(payer ledger.UserID) func(ledger.UserID) (bool, error) {
	return func(user ledger.UserID) (bool, error) { return user == payer, nil }
}

// formerPayer reports whether an expense has somebody as its payer, now or as an editor saw it.
func (s *Service) formerPayer(ctx context.Context, in ledger.ID, id ID, saw int) func(ledger.UserID) (bool, error) {
	return func(user ledger.UserID) (bool, error) {
		now, err := s.store.Get(ctx, in, id)
		if errors.Is(err, fault.NotFound) {
			return false, nil // which the change will say
		}
		if err != nil || now.PaidBy == user {
			return err == nil, err
		}
		seen, known, err := s.revisionOf(ctx, in, id, saw)
		return known && seen.PaidBy == user, err
	}
}
