package sqlmoney

import (
	"context"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/money"
)

// unlearned is the sqlkit.Unlearned of a currency that was not known when the storage was opened.
type unlearned struct {
	code  string
	given money.Currency // of an amount that is to be stored; none for one that is read
	from  *Currencies
}

func (e *unlearned) Error() string { return "currency " + e.code + " is not known yet" }

// Learn finds out what the currency is counted in: the table says it, or else the stored amounts, the amount that is to be stored, or
// the list of today. Then the table says it.
func (e *unlearned) Learn(ctx context.Context) error {
	c := e.from
	if found, err := c.lookUp(ctx, e.code); err != nil || !found.IsZero() {
		return err
	}
	found, err := e.guess(ctx)
	if err != nil {
		return err
	}
	inserting := c.insert(ctx, found)
	if inserting != nil && !e.given.IsZero() {
		return inserting
	}
	if inserting == nil {
		if stored, err := c.lookUp(ctx, e.code); err != nil || !stored.IsZero() {
			return err
		}
	}
	c.known.Store(e.code, found) // a storage that cannot be written to can be read all the same
	return nil
}

func (e *unlearned) guess(ctx context.Context) (money.Currency, error) {
	if query := e.from.StoredDigits(); query != "" {
		found, err := sqlkit.Collect(ctx, e.from.reader, scanCurrency, query, e.code)
		if err != nil || len(found) > 0 {
			return append(found, money.Currency{})[0], err
		}
	}
	if !e.given.IsZero() {
		return e.given, nil
	}
	return money.ParseCurrency(e.code)
}
