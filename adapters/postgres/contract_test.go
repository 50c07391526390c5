package postgres_test

import (
	"testing"

	"expense-tracker/adapters/internal/visittest"
	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/account/accounttest"
	"expense-tracker/core/budget/budgettest"
	"expense-tracker/core/expense/expensetest"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/member/membertest"
	"expense-tracker/core/rate/ratetest"
	"expense-tracker/core/schedule"
	"expense-tracker/core/schedule/scheduletest"
	"expense-tracker/core/token/tokentest"
)

func TestContract(t *testing.T) {
	// The migrations make the tables once: they would take most of the time.
	migrated := postgrestest.Start(t)
	if err := postgres.Migrate(t.Context(), migrated); err != nil {
		t.Fatal(err)
	}
	expensetest.TestStore(t, func(t *testing.T) expensetest.Store {
		return open(t, postgrestest.Copy(t, migrated), postgres.Options{}).Store
	})
	ledgertest.TestStore(t, func(t *testing.T) ledger.Store {
		return open(t, postgrestest.Copy(t, migrated), postgres.Options{}).db.Ledgers()
	})
	ratetest.TestStore(t, func(t *testing.T) ratetest.Database {
		return open(t, postgrestest.Copy(t, migrated), postgres.Options{}).db
	})
	scheduletest.TestStore(t, func(t *testing.T) schedule.Store {
		return open(t, postgrestest.Copy(t, migrated), postgres.Options{}).db.Schedules()
	})
	budgettest.TestStore(t, func(t *testing.T) budgettest.Database {
		return open(t, postgrestest.Copy(t, migrated), postgres.Options{}).db
	})
	membertest.TestStorage(t, func(t *testing.T) membertest.Database {
		return open(t, postgrestest.Copy(t, migrated), postgres.Options{}).db
	})
	accounttest.TestStore(t, func(t *testing.T) accounttest.Database {
		return open(t, postgrestest.Copy(t, migrated), postgres.Options{}).db
	})
	visittest.TestVisits(t, open(t, postgrestest.Copy(t, migrated), postgres.Options{}).db)
	tokentest.TestStore(t, func(t *testing.T) tokentest.Database {
		return open(t, postgrestest.Copy(t, migrated), postgres.Options{}).db
	})
}
