// Package bounds_test measures what must not grow: with the number of categories, with what other ledgers do. Its tests run one after
// another.
package bounds_test

import (
	"fmt"
	"os"
	"testing"

	"expense-tracker/tests/rig/programtest"
)

func TestMain(m *testing.M) {
	if os.Getenv(serveLedgers) != "" { // this process is another test's server
		if err := serveManyLedgers(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(programtest.Run(m))
}
