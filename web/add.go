package web

import (
	"context"
	"errors"
	"net/http"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// addExpense answers POST /add.
func (s *Site) addExpense(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	ctx := r.Context()
	if err := s.readForm(r); err != nil {
		s.options.Submitted(ctx, expense.Receipt{}, err)
		return err
	}
	draft := draftOf(r)
	receipt, err := s.service.Add(ctx, actor, draft)
	s.options.Submitted(ctx, receipt, err)
	if err != nil {
		return s.homeAgain(context.WithoutCancel(ctx), actor, draft, explainAdd(err))
	}
	happened := flash{kind: flashAdded, id: int64(receipt.Expense.ID)}
	if receipt.Duplicate {
		happened.kind = flashKnown
	}
	redirect(w, r, "/", happened)
	return nil
}

// explainAdd puts into words what matters to the sender of a form whose outcome is not plain.
func explainAdd(err error) error {
	const op = "web.add"
	switch {
	case errors.Is(err, fault.Conflict):
		return &fault.Error{Kind: fault.Conflict, Op: op, Err: err, Message: "this form had already been sent, with something else in it, and that is stored. " +
			"To store what stands here as well, send it once more"}
	case errors.Is(err, fault.Unavailable):
		return &fault.Error{Kind: fault.Unavailable, Op: op, Err: err, RetryAfter: waitOf(err), Message: reasonOf(err) + "Your expense may not be stored yet. " +
			"What you typed is kept below: send it again in a few seconds, and it will be stored exactly once"}
	}
	return err
}

// explainChange puts into words that the outcome of a change is not known. Nothing is lost by sending it again: a change that was
// stored after all is recognised.
func explainChange(err error) error {
	if !errors.Is(err, fault.Unavailable) {
		return err
	}
	return &fault.Error{Kind: fault.Unavailable, Op: "web.change", Err: err, RetryAfter: waitOf(err), Message: reasonOf(err) + "Your change may or may not be stored. " +
		"Send it again in a few seconds: it is stored once, and nothing that others changed meanwhile is undone"}
}

// reasonOf returns what the storage says of itself, as a sentence before others: "The disk is full. ". Empty if it says nothing.
func reasonOf(err error) string {
	if reason := sentence(fault.MessageOf(err)); reason != "" {
		return reason + " "
	}
	return ""
}
