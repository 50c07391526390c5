package postgres

import (
	"expense-tracker/core/money"
)

// dialect is sqlkit.Dialect and sqlmoney.Dialect for PostgreSQL.
type dialect struct{ wall bool } // what is asked across ledgers is asked of a view

// Rebind returns the query as it is: $1 is how PostgreSQL writes it.
func (dialect) Rebind(query string) string { return query }

// Month returns YYYYMM. An index has the same expression.
func (dialect) Month(column string) string {
	return "(extract(year FROM " + column + ") * 100 + extract(month FROM " + column + "))::integer"
}

// Micros reads a timestamp.
func (dialect) Micros(column string) string {
	return "(extract(epoch FROM " + column + ") * 1000000)::bigint"
}

// ParseAmount reads an amount cast to text: a decimal.
func (dialect) ParseAmount(column string, c money.Currency) (money.Amount, error) {
	return money.FromDecimal(column, c)
}

// StoredDigits asks a price, which has all decimals of its currency.
func (d dialect) StoredDigits() string {
	if d.wall {
		return "SELECT currency, digits FROM " + scaleOfPrices + " WHERE currency = $1 LIMIT 1"
	}
	return `SELECT currency, scale(price) FROM expense_entry WHERE currency = $1 LIMIT 1`
}

// StoreAmount returns a decimal with all of the currency's decimals.
func (dialect) StoreAmount(a money.Amount) any { return a.Decimal() }

// Fault gives an error its kind.
func (dialect) Fault(op string, err error) error { return asFault(op, err) }

// Retryable reports whether a transaction lost against another and was rolled back. One whose connection broke may have been committed.
func (dialect) Retryable(err error) bool {
	return hasState(err, stateSerialization) || hasState(err, stateDeadlock)
}

// ConnectionBroke reports whether another connection may do better, while the server is there.
func (dialect) ConnectionBroke(err error) bool { return worthAnotherTry(err) }
