package memory_test

import (
	"testing"

	"expense-tracker/adapters/internal/paidtest"
	"expense-tracker/adapters/memory"
)

func TestPayersOfALedger(t *testing.T) { paidtest.TestPayersOfALedger(t, memory.New()) }
