// Package upgrade_test runs the version before and a version after this one, as real programs, on the storages of this one: at the same
// time, as a rolling deployment does, and one after the other, as a rollback does.
package upgrade_test

import (
	"os"
	"testing"

	"expense-tracker/tests/rig/programtest"
)

func TestMain(m *testing.M) { os.Exit(programtest.Run(m)) }
