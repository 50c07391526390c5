// Package sqlmoney keeps what amounts are counted in: the table currency, whose rows never change, with the decimals of each code. Any
// module's SQL that stores amounts asks it. It knows money and no module of the core.
package sqlmoney

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/money"
)

// Dialect is how a database stores amounts.
type Dialect interface {
	// ParseAmount reads CAST(amount AS text), or of a sum of amounts.
	ParseAmount(column string, c money.Currency) (money.Amount, error)
	// StoreAmount returns the value that a column of amounts takes.
	StoreAmount(a money.Amount) any
	// StoredDigits is a query for a code ($1), and the decimals that stored amounts of it have; empty if amounts do not tell.
	StoredDigits() string
}

const (
	allCurrencies = `SELECT code, digits FROM currency`
	currencyOf    = `SELECT code, digits FROM currency WHERE code = $1`

	// The first that writes a code decides, for good. The rows stand between the two.
	insertCurrencies = `INSERT INTO currency (code, digits, scale) VALUES `
	unlessDecided    = ` ON CONFLICT (code) DO NOTHING`
)

// Currencies remembers what the table says. All stores of a storage share it.
type Currencies struct {
	Dialect
	writer, reader *sql.DB
	runner         *sqlkit.Runner
	known          sync.Map // of money.Currency, by code
}

// New returns Currencies that know nothing before Load. It has pools of its own choice, for it looks up outside of what runner runs.
func New(writer, reader *sql.DB, runner *sqlkit.Runner, dialect Dialect) *Currencies {
	return &Currencies{Dialect: dialect, writer: writer, reader: reader, runner: runner}
}

// loadTimeout bounds Load. It belongs to an opening, which may take longer than an operation.
const loadTimeout = 10 * time.Second

// Load adds what the list of today says of codes that the table does not have, and reads the table. A storage calls it when it opens.
func (c *Currencies) Load(ctx context.Context) error {
	const op = "sqlmoney.Load"
	ctx, cancel := context.WithTimeout(ctx, loadTimeout)
	defer cancel()
	stored, err := sqlkit.Collect(ctx, c.reader, scanCurrency, allCurrencies)
	if err != nil {
		return c.runner.Fault(op, err)
	}
	var missing []money.Currency
	for _, code := range money.Codes() {
		if slices.ContainsFunc(stored, func(s money.Currency) bool { return s.Code() == code }) {
			continue
		}
		listed, err := money.ParseCurrency(code)
		if err != nil {
			return fmt.Errorf("%s: %w", op, err)
		}
		missing = append(missing, listed)
	}
	if len(missing) > 0 {
		if err = c.insert(ctx, missing...); err == nil { // another instance, of another version, may have been at it
			stored, err = sqlkit.Collect(ctx, c.reader, scanCurrency, allCurrencies)
		}
	}
	for _, s := range stored {
		c.known.Store(s.Code(), s)
	}
	return c.runner.Fault(op, err)
}

// Find returns the currency of a code as the storage counts it; the zero Currency if it has none.
func (c *Currencies) Find(ctx context.Context, op, code string) (found money.Currency, err error) {
	if known, ok := c.of(code); ok {
		return known, nil
	}
	err = c.runner.Call(ctx, op, func(ctx context.Context) error {
		found, err = c.lookUp(ctx, code)
		return err
	})
	return found, err
}

// Stored returns the currency of a stored amount. An error of a code that is not known yet is sqlkit.Unlearned.
func (c *Currencies) Stored(code string) (money.Currency, error) {
	if known, ok := c.of(code); ok {
		return known, nil
	}
	return money.Currency{}, &unlearned{code: code, from: c}
}

// Counting returns what amounts of a currency's code are counted in, which may have other decimals than the one given. An error of a
// code that is not known yet is sqlkit.Unlearned; what it learns is the given currency, if the storage has no amounts of the code.
func (c *Currencies) Counting(given money.Currency) (money.Currency, error) {
	if known, ok := c.of(given.Code()); ok {
		return known, nil
	}
	return money.Currency{}, &unlearned{code: given.Code(), given: given, from: c}
}

func (c *Currencies) of(code string) (money.Currency, bool) {
	found, ok := c.known.Load(code)
	if !ok {
		return money.Currency{}, false
	}
	return found.(money.Currency), true
}

// lookUp returns what the table says of a code, and remembers it; the zero Currency if it says nothing.
func (c *Currencies) lookUp(ctx context.Context, code string) (money.Currency, error) {
	found, err := sqlkit.Collect(ctx, c.reader, scanCurrency, c.runner.Rebind(currencyOf), code)
	if err != nil || len(found) == 0 {
		return money.Currency{}, err
	}
	c.known.Store(code, found[0])
	return found[0], nil
}

// insert stores in how many decimals each of the currencies is counted, in one statement: a server may be far. It needs one at least.
func (c *Currencies) insert(ctx context.Context, currencies ...money.Currency) error {
	rows := make([]string, len(currencies))
	args := make([]any, 0, 3*len(currencies))
	for i, one := range currencies {
		scale := 1
		for range one.Digits() {
			scale *= 10
		}
		rows[i] = fmt.Sprintf("($%d, $%d, $%d)", 3*i+1, 3*i+2, 3*i+3)
		args = append(args, one.Code(), one.Digits(), scale)
	}
	query := c.runner.Rebind(insertCurrencies + strings.Join(rows, ", ") + unlessDecided)
	if _, err := c.writer.ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("insert %d currencies: %w", len(currencies), err)
	}
	return nil
}

func scanCurrency(from sqlkit.Scanner) (money.Currency, error) {
	var code string
	var digits int
	if err := from.Scan(&code, &digits); err != nil {
		return money.Currency{}, err
	}
	return money.StoredCurrency(code, digits)
}
