package memory_test

import (
	"testing"

	"expense-tracker/adapters/internal/visittest"
	"expense-tracker/adapters/memory"
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
	expensetest.TestStore(t, func(*testing.T) expensetest.Store { return expensetest.StoreOf(memory.New()) })
	ledgertest.TestStore(t, func(*testing.T) ledger.Store { return memory.New().Ledgers() })
	ratetest.TestStore(t, func(*testing.T) ratetest.Database { return memory.New() })
	scheduletest.TestStore(t, func(*testing.T) schedule.Store { return memory.New().Schedules() })
	budgettest.TestStore(t, func(*testing.T) budgettest.Database { return memory.New() })
	membertest.TestStorage(t, func(*testing.T) membertest.Database { return memory.New() })
	accounttest.TestStore(t, func(*testing.T) accounttest.Database { return memory.New() })
	visittest.TestVisits(t, memory.New())
	tokentest.TestStore(t, func(*testing.T) tokentest.Database { return memory.New() })
}
