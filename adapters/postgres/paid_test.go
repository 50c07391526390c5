package postgres_test

import (
	"fmt"
	"testing"

	"expense-tracker/adapters/internal/paidtest"
	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
)

func TestPayersOfALedger(t *testing.T) {
	paidtest.TestPayersOfALedger(t, open(t, postgrestest.Start(t), postgres.Options{}).db)
}

func TestOlderVersionsMoveWhatWasPaid(t *testing.T) {
	database := postgrestest.Start(t)
	paidtest.TestOlderVersionsMoveWhatWasPaid(t, open(t, database, postgres.Options{}).db,
		func(t *testing.T, statements string) { execute(t, database, statements) },
		func(cents int64) string { return fmt.Sprintf("%d * 0.01", cents) })
}
