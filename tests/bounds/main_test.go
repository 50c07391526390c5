// Package bounds_test measures what must not grow: with the number of categories, with what other ledgers do. Its tests run one after
// another.
package bounds_test

import (
	"os"
	"testing"

	"expense-tracker/tests/rig/programtest"
)

func TestMain(m *testing.M) { os.Exit(programtest.Run(m)) }
