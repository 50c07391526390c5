package expense

import (
	"context"
	"errors"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

// Settings are what a Service needs to know of the installation it works for.
type Settings struct {
	Now      func() time.Time       // the clock
	NewKey   func() idempotency.Key // makes the key of an add that brings none
	PageSize int                    // expenses on a page
	Payers   Payers                 // who shares a ledger; nil where one person is all there is
}

// Service holds the use cases of expenses and categories. Each takes an actor and checks its role before anything else.
type Service struct {
	store    Store
	settings Settings
}

// NewService returns a Service on the storage.
func NewService(store Store, settings Settings) *Service {
	return &Service{store: store, settings: settings}
}

// Today returns the day that it is for the people of the actor's ledger.
func (s *Service) Today(actor ledger.Actor) civil.Date { return actor.Ledger.Today(s.settings.Now()) }

// Add stores a draft as a new expense, once for its key. Where the draft has a line, that fills what its fields leave open. It returns an
// Invalid fault that names every wrong field, and a Conflict if the key came with other content before.
func (s *Service) Add(ctx context.Context, actor ledger.Actor, draft Draft) (Receipt, error) {
	const op = "expense.Add"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Receipt{}, err
	}
	filled, err := s.fill(ctx, op, actor.Ledger, draft)
	if err != nil {
		return Receipt{}, err
	}
	content, err := s.parse(ctx, op, actor, filled.Draft, money.Currency{}, nil)
	if err != nil {
		return Receipt{}, filled.atLine(err)
	}
	fingerprint := content.fingerprint(draft)
	if !isBlank(draft.Line) {
		fingerprint = draft.fingerprintTyped()
	}
	key, err := s.keyOf(draft)
	if err != nil {
		return Receipt{}, fault.At(op, FieldKey, err)
	}
	receipt, err := s.store.Add(ctx, actor.Ledger.ID, Entry{
		Key: key, Fingerprint: fingerprint,
		Date: content.date, Category: content.category, Price: content.price, Note: content.note,
		Payee: content.payee, Tags: content.tags, Refund: content.refund,
		CreatedAt: s.settings.Now(), AddedBy: actor.User, PaidBy: content.payer,
	})
	return receipt, filled.atLine(err)
}

// keyOf returns the key by which a draft is stored once: the one that it brings, or else a new one.
func (s *Service) keyOf(draft Draft) (idempotency.Key, error) {
	switch {
	case draft.Derived != "":
		return draft.Derived, nil
	case draft.Key != "":
		return idempotency.ParseKey(draft.Key)
	}
	return s.settings.NewKey(), nil
}

// Get returns an expense, one that was deleted too, so that it can be shown for an undo.
func (s *Service) Get(ctx context.Context, actor ledger.Actor, id ID) (Expense, error) {
	if err := actor.Require(ledger.Viewer, "expense.Get"); err != nil {
		return Expense{}, err
	}
	return s.store.Get(ctx, actor.Ledger.ID, id)
}

// Edit replaces what an expense says by the draft, whose key is not used. It is a Conflict if the expense is not any more
// what the editor saw, unless this very edit brought it on; then it is returned as it is now. But what only one of the two changed is
// merged, and a field that both changed is a Clash. A category whose name is the one that the editor saw stays, whatever it is called by
// now: it may have been renamed or merged.
func (s *Service) Edit(ctx context.Context, actor ledger.Actor, id ID, saw revision.Seen, draft Draft) (Expense, error) {
	const op = "expense.Edit"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Expense{}, err
	}
	has, err := s.currencyOf(ctx, actor.Ledger.ID, id, draft)
	if err != nil {
		return Expense{}, err
	}
	content, err := s.parse(ctx, op, actor, draft, has, s.formerPayer(ctx, actor.Ledger.ID, id, saw.Revision))
	if err != nil {
		return Expense{}, err
	}
	words := []string{"edit"}
	if !content.anyPayer && content.payer == 0 {
		words = append(words, FieldPaidBy) // for it may take a payer away
	}
	what := content.fingerprint(draft, words...)
	changed, err := s.store.Change(ctx, actor.Ledger.ID, id, s.basis(actor, saw.Revision, what), func(e Expense) (Expense, error) {
		if e.Deleted || saw.IsOther(e.Seen()) {
			return Expense{}, Stale(op, e)
		}
		if content.category != e.Category.Name && !saw.SawBeside(string(content.category)) {
			e.Category = Category{Name: content.category}
		}
		e.Price, e.Date, e.Note = content.price, content.date, content.note
		e.Payee, e.Tags, e.Refund = content.payee, content.tags, content.refund
		if !content.anyPayer {
			e.PaidBy = content.payer
		}
		return e, nil
	})
	if errors.Is(err, fault.Conflict) {
		return s.mergeEdit(ctx, op, actor, id, saw, content, what, err)
	}
	return changed, err
}

// Delete takes an expense out of the list and the totals, as the actor saw it. Restore brings it back.
func (s *Service) Delete(ctx context.Context, actor ledger.Actor, id ID, saw revision.Seen) (Expense, error) {
	const op = "expense.Delete"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Expense{}, err
	}
	basis := s.basis(actor, saw.Revision, idempotency.FingerprintOf("delete"))
	return s.store.Change(ctx, actor.Ledger.ID, id, basis, func(e Expense) (Expense, error) {
		if e.Deleted || saw.IsOther(e.Seen()) {
			return Expense{}, Stale(op, e)
		}
		e.Deleted = true
		return e, nil
	})
}

// Restore undoes a Delete, which made what the actor saw. Restoring what is not deleted is a Conflict.
func (s *Service) Restore(ctx context.Context, actor ledger.Actor, id ID, saw revision.Seen) (Expense, error) {
	const op = "expense.Restore"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Expense{}, err
	}
	basis := s.basis(actor, saw.Revision, idempotency.FingerprintOf("restore"))
	return s.store.Change(ctx, actor.Ledger.ID, id, basis, func(e Expense) (Expense, error) {
		if saw.IsOther(e.Seen()) {
			return Expense{}, Stale(op, e)
		}
		if !e.Deleted {
			return Expense{}, fault.New(fault.Conflict, op, "this expense is not deleted")
		}
		e.Deleted = false
		return e, nil
	})
}
