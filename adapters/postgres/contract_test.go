package postgres_test

import (
	"testing"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/expense/expensetest"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
)

func TestContract(t *testing.T) {
	expensetest.TestStore(t, func(t *testing.T) expensetest.Store {
		return open(t, postgrestest.Start(t), postgres.Options{}).Store
	})
	ledgertest.TestStore(t, func(t *testing.T) ledger.Store {
		return open(t, postgrestest.Start(t), postgres.Options{}).db.Ledgers()
	})
}
