package sqlite_test

import (
	"fmt"
	"testing"

	"expense-tracker/adapters/internal/paidtest"
)

func TestPayersOfALedger(t *testing.T) { paidtest.TestPayersOfALedger(t, openPatient(t).db) }

func TestOlderVersionsMoveWhatWasPaid(t *testing.T) {
	path := newPath(t)
	paidtest.TestOlderVersionsMoveWhatWasPaid(t, open(t, path).db, func(t *testing.T, statements string) { execute(t, path, statements) },
		func(cents int64) string { return fmt.Sprint(cents) })
}
