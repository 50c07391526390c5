package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/core/money"
)

const (
	allCurrencies = `SELECT code, digits FROM currency`
	currencyOf    = `SELECT code, digits FROM currency WHERE code = $1`

	// The first that writes a code decides, for good. The rows stand between the two.
	insertCurrencies = `INSERT INTO currency (code, digits, scale) VALUES `
	unlessDecided    = ` ON CONFLICT (code) DO NOTHING`
)

// currencies remembers what the table currency says, whose rows never change. Stores on the same tables share it.
type currencies struct {
	writer, reader *sql.DB
	known          sync.Map // of money.Currency, by code
}

func (c *currencies) of(code string) (money.Currency, bool) {
	found, ok := c.known.Load(code)
	if !ok {
		return money.Currency{}, false
	}
	return found.(money.Currency), true
}

// unknownCurrency is why an operation has to start over, once learn has asked what amounts of the code are counted in.
type unknownCurrency struct {
	code  string
	given money.Currency // what a price that is to be stored is counted in; none for one that is read
}

func (e *unknownCurrency) Error() string { return "currency " + e.code + " is not known yet" }

// currency returns the currency of a stored amount.
func (s *Store) currency(code string) (money.Currency, error) {
	if found, ok := s.currencies.of(code); ok {
		return found, nil
	}
	return money.Currency{}, &unknownCurrency{code: code}
}

// Currency implements expense.CurrencyStore.
func (s *Store) Currency(ctx context.Context, code string) (money.Currency, error) {
	const op = "sqlstore.Currency"
	if found, ok := s.currencies.of(code); ok {
		return found, nil
	}
	ctx, cancel := s.Bounded(ctx)
	defer cancel()
	found, err := s.asked(ctx, code)
	if err == nil && found.IsZero() {
		return found, expense.NoSuchCurrency(op, code)
	}
	return found, s.dialect.Fault(op, err)
}

// asked returns what the table says of a code, and remembers it; the zero Currency if it says nothing.
func (s *Store) asked(ctx context.Context, code string) (money.Currency, error) {
	found, err := collect(ctx, s.currencies.reader, scanCurrency, s.sql.currencyOf, code)
	if err != nil || len(found) == 0 {
		return money.Currency{}, err
	}
	s.currencies.known.Store(code, found[0])
	return found[0], nil
}

// loadTimeout bounds LoadCurrencies. It belongs to an opening, which may take longer than an operation.
const loadTimeout = 10 * time.Second

// LoadCurrencies adds what the list of today says of codes that the table does not have, and reads the table. A storage calls it when it opens.
func (s *Store) LoadCurrencies(ctx context.Context) error {
	const op = "sqlstore.LoadCurrencies"
	ctx, cancel := context.WithTimeout(ctx, loadTimeout)
	defer cancel()
	known, err := collect(ctx, s.currencies.reader, scanCurrency, s.sql.allCurrencies)
	if err != nil {
		return s.dialect.Fault(op, err)
	}
	var missing []money.Currency
	for _, code := range money.Codes() {
		if slices.ContainsFunc(known, func(c money.Currency) bool { return c.Code() == code }) {
			continue
		}
		listed, err := money.ParseCurrency(code)
		if err != nil {
			return fmt.Errorf("%s: %w", op, err)
		}
		missing = append(missing, listed)
	}
	if len(missing) > 0 {
		if err = s.insertCurrencies(ctx, missing...); err == nil { // another instance, of another version, may have been at it
			known, err = collect(ctx, s.currencies.reader, scanCurrency, s.sql.allCurrencies)
		}
	}
	for _, c := range known {
		s.currencies.known.Store(c.Code(), c)
	}
	return s.dialect.Fault(op, err)
}

// insertCurrencies stores in how many decimals each of the currencies is counted, in one statement: a server may be far. It needs one at least.
func (s *Store) insertCurrencies(ctx context.Context, currencies ...money.Currency) error {
	rows := make([]string, len(currencies))
	args := make([]any, 0, 3*len(currencies))
	for i, c := range currencies {
		scale := 1
		for range c.Digits() {
			scale *= 10
		}
		rows[i] = fmt.Sprintf("($%d, $%d, $%d)", 3*i+1, 3*i+2, 3*i+3)
		args = append(args, c.Code(), c.Digits(), scale)
	}
	query := s.dialect.Rebind(insertCurrencies + strings.Join(rows, ", ") + unlessDecided)
	if _, err := s.currencies.writer.ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("insert %d currencies: %w", len(currencies), err)
	}
	return nil
}

// learning runs work, and again each time that it met an unknown currency, which it learns first: outside of work's transaction and
// connection, for work may have the only one. Work must set what it returns from scratch.
func (s *Store) learning(ctx context.Context, work func(context.Context) error) error {
	for {
		err := work(ctx)
		var unknown *unknownCurrency
		if !errors.As(err, &unknown) {
			return err
		}
		if err := s.learn(ctx, unknown.code, unknown.given); err != nil {
			return err
		}
	}
}

// learn finds out what a currency is counted in that was not known when the storage was opened: the table says it, or else
// the stored prices, the price that is to be stored, or the list of today. Then the table says it.
func (s *Store) learn(ctx context.Context, code string, given money.Currency) error {
	if found, err := s.asked(ctx, code); err != nil || !found.IsZero() {
		return err
	}
	found, err := s.guess(ctx, code, given)
	if err != nil {
		return err
	}
	inserting := s.insertCurrencies(ctx, found)
	if inserting != nil && !given.IsZero() {
		return inserting
	}
	if inserting == nil {
		if stored, err := s.asked(ctx, code); err != nil || !stored.IsZero() {
			return err
		}
	}
	s.currencies.known.Store(code, found) // a storage that cannot be written to can be read all the same
	return nil
}

func (s *Store) guess(ctx context.Context, code string, given money.Currency) (money.Currency, error) {
	if query := s.dialect.StoredDigits(); query != "" {
		found, err := collect(ctx, s.currencies.reader, scanCurrency, query, code)
		if err != nil || len(found) > 0 {
			return append(found, money.Currency{})[0], err
		}
	}
	if !given.IsZero() {
		return given, nil
	}
	return money.ParseCurrency(code)
}

func scanCurrency(from scanner) (money.Currency, error) {
	var code string
	var digits int
	if err := from.Scan(&code, &digits); err != nil {
		return money.Currency{}, err
	}
	return money.StoredCurrency(code, digits)
}

// counted returns a price in the decimals that its currency is stored with.
func (s *Store) counted(op string, price money.Amount) (money.Amount, error) {
	given := price.Currency()
	stored, ok := s.currencies.of(given.Code())
	switch {
	case !ok:
		return money.Amount{}, &unknownCurrency{code: given.Code(), given: given}
	case stored == given:
		return price, nil
	}
	return expense.Counted(op, price, stored)
}

// AddCounted runs add with the entries' prices in the decimals that their currencies are stored with. An entry whose price does not
// fit is not handed on, but gets its fault among the results.
func (s *Store) AddCounted(ctx context.Context, op string, entries []expense.Entry,
	add func(context.Context, []expense.Entry) ([]expense.AddResult, error)) ([]expense.AddResult, error) {
	var results []expense.AddResult
	err := s.learning(ctx, func(ctx context.Context) error {
		fitting, refused, err := s.countAll(op, entries)
		if err != nil {
			return err
		}
		if results, err = add(ctx, fitting); err != nil {
			return err
		}
		for i, fault := range refused {
			if fault != nil {
				results = slices.Insert(results, i, expense.AddResult{Err: fault})
			}
		}
		return nil
	})
	if err != nil {
		return nil, s.dialect.Fault(op, err)
	}
	return results, nil
}

// countAll returns the entries whose prices fit, in their order, and, unless all of them do, the fault of each entry.
func (s *Store) countAll(op string, entries []expense.Entry) (fitting []expense.Entry, refused []error, err error) {
	fitting = entries
	for i, entry := range entries {
		price, err := s.counted(op, entry.Price)
		var unknown *unknownCurrency
		switch {
		case errors.As(err, &unknown):
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
