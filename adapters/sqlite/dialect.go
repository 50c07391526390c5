package sqlite

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"expense-tracker/core/money"
)

// dialect implements sqlkit.Dialect and sqlmoney.Dialect.
type dialect struct{}

var placeholder = regexp.MustCompile(`\$[0-9]+`)

// Rebind turns $1 into ?1, or into ? where each argument is asked for once and in order: SQLite looks a placeholder with a number up among
// all of them. No text of SQL has a dollar sign elsewhere.
func (dialect) Rebind(query string) string {
	asked := 0
	inOrder := placeholder.ReplaceAllStringFunc(query, func(found string) string {
		if asked++; found == "$"+strconv.Itoa(asked) {
			return "?"
		}
		return found
	})
	if strings.Contains(inOrder, "$") {
		return strings.ReplaceAll(query, "$", "?")
	}
	return inOrder
}

// Month returns YYYYMM. An index has the same expression.
func (dialect) Month(column string) string {
	return "CAST(replace(substr(" + column + ", 1, 7), '-', '') AS INTEGER)"
}

// Micros reads the text of a moment; SQLite knows it to the millisecond.
func (dialect) Micros(column string) string {
	return "CAST(unixepoch(" + column + ", 'subsec') * 1000000 AS INTEGER)"
}

// ParseAmount reads minor units.
func (dialect) ParseAmount(column string, c money.Currency) (money.Amount, error) {
	minor, err := strconv.ParseInt(column, 10, 64)
	if err != nil {
		return money.Amount{}, fmt.Errorf("minor units: %w", err)
	}
	return money.FromMinor(minor, c), nil
}

// StoredDigits is empty: no amount is stored whose currency is not in its table.
func (dialect) StoredDigits() string { return "" }

// StoreAmount returns minor units.
func (dialect) StoreAmount(a money.Amount) any { return a.Minor() }
