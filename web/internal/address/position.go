package address

import (
	"strconv"
	"strings"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
)

// ParsePosition reads a position in a list as addresses write it: 2026-01-31_17. What is no position is NotFound.
func ParsePosition(s string) (*expense.Position, error) {
	day, digits, _ := strings.Cut(s, "_")
	date, err := civil.ParseDate(day)
	if err != nil {
		return nil, NoPlace()
	}
	id, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || id < 1 {
		return nil, NoPlace()
	}
	return &expense.Position{Date: date, ID: expense.ID(id)}, nil
}

// PositionText returns what ParsePosition reads back.
func PositionText(p expense.Position) string {
	return p.Date.String() + "_" + strconv.FormatInt(int64(p.ID), 10)
}

// NoPlace is the fault of an address that names no place in a list.
func NoPlace() error { return fault.New(fault.NotFound, "web.address", "the list has no such place") }
