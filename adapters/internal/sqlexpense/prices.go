package sqlexpense

import (
	"context"
	"errors"
	"slices"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/money"
)

// counted returns a price in the decimals that its currency is stored with.
func (s *Store) counted(op string, price money.Amount) (money.Amount, error) {
	stored, err := s.currencies.Counting(price.Currency())
	if err != nil {
		return money.Amount{}, err
	}
	if stored == price.Currency() {
		return price, nil
	}
	return expense.Counted(op, price, stored)
}

// AddCounted runs add, a Call, with the entries' prices in the decimals that their currencies are stored with. An entry whose price
// does not fit is not handed on, but gets its fault among the results.
func (s *Store) AddCounted(ctx context.Context, op string, entries []expense.Entry,
	add func(context.Context, []expense.Entry) ([]expense.AddResult, error)) ([]expense.AddResult, error) {
	fitting, refused, err := s.countAll(op, entries)
	if err != nil { // a currency is not known yet
		err = s.runner.Call(ctx, op, func(context.Context) (err error) {
			fitting, refused, err = s.countAll(op, entries)
			return err
		})
	}
	if err != nil {
		return nil, err
	}
	results, err := add(ctx, fitting)
	if err != nil {
		return nil, s.runner.Fault(op, err)
	}
	for i, fault := range refused {
		if fault != nil {
			results = slices.Insert(results, i, expense.AddResult{Err: fault})
		}
	}
	return results, nil
}

// CountsAsGiven reports whether all prices are in the decimals that their currencies are stored with.
func (s *Store) CountsAsGiven(op string, entries []expense.Entry) bool {
	for _, entry := range entries {
		if price, err := s.counted(op, entry.Price); err != nil || price != entry.Price {
			return false
		}
	}
	return true
}

// countAll returns the entries whose prices fit, in their order, and, unless all of them do, the fault of each entry.
func (s *Store) countAll(op string, entries []expense.Entry) (fitting []expense.Entry, refused []error, err error) {
	fitting = entries
	for i, entry := range entries {
		price, err := s.counted(op, entry.Price)
		var unlearned sqlkit.Unlearned
		switch {
		case errors.As(err, &unlearned):
			return nil, nil, err
		case refused == nil && err == nil && price == entry.Price: // as ever
			continue
		case refused == nil:
			refused = make([]error, len(entries))
			fitting = slices.Clone(entries[:i])
		}
		if refused[i] = err; err == nil {
			entry.Price = price
			fitting = append(fitting, entry)
		}
	}
	return fitting, refused, nil
}
