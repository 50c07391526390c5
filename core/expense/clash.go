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

// Clash is the Conflict of an edit with what somebody else made of the same fields. What only one of them changed is in both drafts.
type Clash struct {
	Now    Expense
	Fields []string // which both have changed to something else
	Stored Draft    // with what is stored in those
	Mine   Draft    // with what was typed in those
	Err    error
}

// Error says what Err says.
func (c *Clash) Error() string { return c.Err.Error() }

// Unwrap returns the Conflict.
func (c *Clash) Unwrap() error { return c.Err }

// DraftOf returns the draft that would store e as it is.
func DraftOf(e Expense) Draft {
	return Draft{
		Category: string(e.Category.Name), Price: e.Price.Decimal(), Currency: e.Price.Currency().Code(),
		Date: e.Date.String(), Note: e.Note, Payee: e.Payee, Tags: e.Tags.Typed(), Refund: e.Refund,
	}
}

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
		changed, err := s.store.Change(ctx, actor.Ledger.ID, id, s.basis(now.Revision, what), func(e Expense) (Expense, error) {
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
func merge(base, now Expense, mine content, saw revision.Seen) (Expense, *Clash) {
	merged := now
	clash := &Clash{Now: now}
	stored, typed := DraftOf(now), DraftOf(now)
	field := func(name string, isMine, isTheirs, same bool, take func(), put func()) {
		switch {
		case !isMine || same: // theirs, or both the same
		case !isTheirs:
			take()
			put()
			stored = withField(stored, typed, name)
		default:
			put()
			clash.Fields = append(clash.Fields, name)
		}
	}
	keeps := mine.category == base.Category.Name || saw.SawBeside(string(mine.category))
	field(FieldCategory, !keeps, base.Category.ID != now.Category.ID, mine.category.Key() == now.Category.Name.Key(),
		func() { merged.Category = Category{Name: mine.category} }, func() { typed.Category = string(mine.category) })
	field(FieldPrice, mine.price != base.Price || mine.refund != base.Refund, base.Price != now.Price || base.Refund != now.Refund,
		mine.price == now.Price && mine.refund == now.Refund,
		func() { merged.Price, merged.Refund = mine.price, mine.refund },
		func() {
			typed.Price, typed.Currency, typed.Refund = mine.price.Decimal(), mine.price.Currency().Code(), mine.refund
		})
	field(FieldDate, mine.date != base.Date, base.Date != now.Date, mine.date == now.Date,
		func() { merged.Date = mine.date }, func() { typed.Date = mine.date.String() })
	field(FieldPayee, mine.payee != base.Payee, base.Payee != now.Payee, mine.payee == now.Payee,
		func() { merged.Payee = mine.payee }, func() { typed.Payee = mine.payee })
	field(FieldNote, mine.note != base.Note, base.Note != now.Note, mine.note == now.Note,
		func() { merged.Note = mine.note }, func() { typed.Note = mine.note })
	field(FieldTags, mine.tags != base.Tags, base.Tags != now.Tags, mine.tags == now.Tags,
		func() { merged.Tags = mine.tags }, func() { typed.Tags = mine.tags.Typed() })
	clash.Stored, clash.Mine = stored, typed
	return merged, clash
}

// withField returns a draft with one field as another draft has it. The price goes with its currency and the mark of a refund.
func withField(d, from Draft, name string) Draft {
	switch name {
	case FieldCategory:
		d.Category = from.Category
	case FieldPrice:
		d.Price, d.Currency, d.Refund = from.Price, from.Currency, from.Refund
	case FieldDate:
		d.Date = from.Date
	case FieldPayee:
		d.Payee = from.Payee
	case FieldNote:
		d.Note = from.Note
	case FieldTags:
		d.Tags = from.Tags
	}
	return d
}
