package postgres_test

import (
	"testing"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/expense"
	"expense-tracker/core/expense/expensetest"
)

func TestContract(t *testing.T) {
	expensetest.TestStore(t, func(t *testing.T) expense.Store {
		return open(t, postgrestest.Start(t), postgres.Options{})
	})
}
