package postgres_test

import (
	"net/url"
	"testing"
	"time"

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

// serving returns the URL of the role that serves a database, which the owner's migration makes.
func serving(t testing.TB, owner string) string {
	t.Helper()
	u, err := url.Parse(owner)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword("expense_serving", `it's \ "quoted"`)
	return u.String()
}

// walled migrates an empty database by its owner, and returns its URL as the role that serves.
func walled(t testing.TB, owner string) string {
	t.Helper()
	served := serving(t, owner)
	if err := postgres.MigrateAs(t.Context(), postgres.Owner{URL: owner}, served); err != nil {
		t.Fatal(err)
	}
	return served
}

// As a role that owns nothing, each module does what it does as the owner, though the server shows it one ledger at a time.
func TestContractBehindTheWall(t *testing.T) {
	// For the sessions of a pooler see TestTheWallHoldsBehindPgbouncer.
	migrated := postgrestest.Start(t)
	walled(t, migrated)
	fresh := func(t *testing.T) storage {
		store := open(t, serving(t, postgrestest.Copy(t, migrated)), postgres.Options{OperationTimeout: time.Minute})
		if !store.db.HasWall() {
			t.Fatal("there is no wall")
		}
		return store
	}
	expensetest.TestStore(t, func(t *testing.T) expensetest.Store { return fresh(t).Store })
	ledgertest.TestStore(t, func(t *testing.T) ledger.Store { return fresh(t).db.Ledgers() })
	ratetest.TestStore(t, func(t *testing.T) ratetest.Database { return fresh(t).db })
	scheduletest.TestStore(t, func(t *testing.T) schedule.Store { return fresh(t).db.Schedules() })
	budgettest.TestStore(t, func(t *testing.T) budgettest.Database { return fresh(t).db })
	membertest.TestStorage(t, func(t *testing.T) membertest.Database { return fresh(t).db })
	tokentest.TestStore(t, func(t *testing.T) tokentest.Database { return fresh(t).db })
	accounttest.TestStore(t, func(t *testing.T) accounttest.Database { return fresh(t).db })
	visittest.TestVisits(t, fresh(t).db)
}
