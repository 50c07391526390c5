package expense

import (
	"context"
	"errors"

	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
)

// mergeAttempts is how often an edit is merged with what others make of the expense meanwhile.
const mergeAttempts = 3

// Clash is the Conflict of an edit with what somebody else made of the same fields. What only one of them changed is in both versions.
type Clash struct {
	Fields []string // which both have changed to something else; price goes with currency and refund
	Now    Expense  // as it is stored
	Stored Expense  // with what is stored in the fields
	Mine   Expense  // with what was typed in the fields
	Err    error
}

// Error says what Err says.
func (c *Clash) Error() string { return c.Err.Error() }

// Unwrap returns the Conflict.
func (c *Clash) Unwrap() error { return c.Err }

// mergeEdit saves an edit whose author did not see a change of somebody else. What only one of the two changed is what they made it; a
// field that both changed is a Clash. The failure stays if it is not known what the author saw.
func (s *Service) mergeEdit(
	ctx context.Context, op string, actor ledger.Actor, id ID, saw revision.Seen, mine content, what idempotency.Fingerprint, failure error,
) (Expense, error) {
	for range mergeAttempts {
		now, err := s.store.Get(ctx, actor.Ledger.ID, id)
		if err != nil {
			return Expense{}, err
		}
		base, known, err := s.revisionOf(ctx, actor.Ledger.ID, id, saw.Revision)
		if err != nil {
			return Expense{}, err
		}
		if !known || now.Deleted || now.Revision <= saw.Revision || saw.IsOther(base.Seen()) {
			return Expense{}, failure
		}
		merged, clash := merge(base, now, mine, saw)
		if len(clash.Fields) > 0 {
			clash.Err = failure
			return Expense{}, clash
		}
		if merged == now {
			return now, nil // all of it is there: it was sent again, or both made the same
		}
		changed, err := s.store.Change(ctx, actor.Ledger.ID, id, s.basis(actor, now.Revision, what), func(e Expense) (Expense, error) {
			if e.Deleted || now.Seen().IsOther(e.Seen()) {
				return Expense{}, Stale(op, e)
			}
			return merged, nil
		})
		if !errors.Is(err, fault.Conflict) {
			return changed, err
		}
		failure = err
	}
	return Expense{}, failure
}

// merge puts together what is stored and what was typed, both of which came from base.
func merge(base, now Expense, typed content, saw revision.Seen) (Expense, *Clash) {
	clash := &Clash{Now: now, Stored: now, Mine: now}
	field := func(name string, isMine, isTheirs, same bool, take func(*Expense)) {
		if !isMine || same {
			return // theirs, or both the same
		}
		take(&clash.Mine)
		if isTheirs {
			clash.Fields = append(clash.Fields, name)
		} else {
			take(&clash.Stored)
		}
	}
	keeps := typed.category == base.Category.Name || saw.SawBeside(string(typed.category))
	field(FieldCategory, !keeps, base.Category.ID != now.Category.ID, typed.category.Key() == now.Category.Name.Key(),
		func(e *Expense) { e.Category = Category{Name: typed.category} })
	field(FieldPrice, typed.price != base.Price || typed.refund != base.Refund, base.Price != now.Price || base.Refund != now.Refund,
		typed.price == now.Price && typed.refund == now.Refund, func(e *Expense) { e.Price, e.Refund = typed.price, typed.refund })
	field(FieldDate, typed.date != base.Date, base.Date != now.Date, typed.date == now.Date, func(e *Expense) { e.Date = typed.date })
	field(FieldPayee, typed.payee != base.Payee, base.Payee != now.Payee, typed.payee == now.Payee,
		func(e *Expense) { e.Payee = typed.payee })
	field(FieldPaidBy, !typed.anyPayer && typed.payer != base.PaidBy, base.PaidBy != now.PaidBy, typed.payer == now.PaidBy,
		func(e *Expense) { e.PaidBy = typed.payer })
	field(FieldNote, typed.note != base.Note, base.Note != now.Note, typed.note == now.Note, func(e *Expense) { e.Note = typed.note })
	field(FieldTags, typed.tags != base.Tags, base.Tags != now.Tags, typed.tags == now.Tags, func(e *Expense) { e.Tags = typed.tags })
	return clash.Stored, clash
}
