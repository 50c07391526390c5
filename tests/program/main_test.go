// Package program_test holds the program to what it promises its users and its operator: pages, forms, commands, starts, ends and
// metrics, on every storage.
package program_test

import (
	"os"
	"testing"

	"expense-tracker/tests/rig/programtest"
)

func TestMain(m *testing.M) { os.Exit(programtest.Run(m)) }
