package expense

import (
	"context"

	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// Check understands a draft as Add does, and stores nothing: the entry has no key. It is for what makes expenses later, such as a
// schedule, and is Invalid at every field that Add would refuse. The draft's Payer may stay, or be said anew.
func (s *Service) Check(ctx context.Context, actor ledger.Actor, draft Draft) (Entry, error) {
	const op = "expense.Check"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Entry{}, err
	}
	content, err := s.parse(ctx, op, actor, draft, money.Currency{}, isPayer(draft.Payer))
	if err != nil {
		return Entry{}, err
	}
	if content.anyPayer {
		content.payer = draft.Payer
	}
	return Entry{
		Date: content.date, Category: content.category, Price: content.price, Note: content.note,
		Payee: content.payee, Tags: content.tags, Refund: content.refund,
		PaidBy: content.payer,
	}, nil
}
