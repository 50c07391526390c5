package expense

import (
	"context"

	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// Check understands a draft as Add does, and stores nothing: the entry has no key. It is for what makes expenses later, such as a
// schedule, and is Invalid at every field that Add would refuse.
func (s *Service) Check(ctx context.Context, actor ledger.Actor, draft Draft) (Entry, error) {
	const op = "expense.Check"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Entry{}, err
	}
	content, err := s.parse(ctx, op, actor.Ledger, draft, money.Currency{})
	if err != nil {
		return Entry{}, err
	}
	return Entry{
		Date: content.date, Category: content.category, Price: content.price, Note: content.note,
		Payee: content.payee, Tags: content.tags, Refund: content.refund,
	}, nil
}
