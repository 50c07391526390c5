package postgres_test

import (
	"testing"

	"expense-tracker/adapters/internal/visittest"
	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/account/accounttest"
	"expense-tracker/core/budget/budgettest"
	"expense-tracker/core/expense/expensetest"
	"expense-tracker/core/member/membertest"
	"expense-tracker/core/rate/ratetest"
	"expense-tracker/core/schedule"
	"expense-tracker/core/schedule/scheduletest"
	"expense-tracker/core/token/tokentest"
)

// Behind a pooler no statement is prepared, so the server learns the kinds of its parameters from the program alone.
func TestContractWithoutPreparedStatements(t *testing.T) {
	migrated := postgrestest.Start(t)
	if err := postgres.Migrate(t.Context(), migrated); err != nil {
		t.Fatal(err)
	}
	fresh := func(t *testing.T) storage {
		return open(t, postgrestest.Copy(t, migrated)+"&default_query_exec_mode=exec", postgres.Options{})
	}
	expensetest.TestStore(t, func(t *testing.T) expensetest.Store { return fresh(t).Store })
	ratetest.TestStore(t, func(t *testing.T) ratetest.Database { return fresh(t).db })
	scheduletest.TestStore(t, func(t *testing.T) schedule.Store { return fresh(t).db.Schedules() })
	budgettest.TestStore(t, func(t *testing.T) budgettest.Database { return fresh(t).db })
	membertest.TestStorage(t, func(t *testing.T) membertest.Database { return fresh(t).db })
	accounttest.TestStore(t, func(t *testing.T) accounttest.Database { return fresh(t).db })
	visittest.TestVisits(t, fresh(t).db)
	tokentest.TestStore(t, func(t *testing.T) tokentest.Database { return fresh(t).db })
}
