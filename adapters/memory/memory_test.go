package memory_test

import (
	"testing"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/expense"
	"expense-tracker/core/expense/expensetest"
)

func TestContract(t *testing.T) {
	expensetest.TestStore(t, func(*testing.T) expense.Store { return memory.New() })
}
