package memory_test

import (
	"testing"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/expense/expensetest"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
)

func TestContract(t *testing.T) {
	expensetest.TestStore(t, func(*testing.T) expensetest.Store { return expensetest.StoreOf(memory.New()) })
	ledgertest.TestStore(t, func(*testing.T) ledger.Store { return memory.New().Ledgers() })
}
