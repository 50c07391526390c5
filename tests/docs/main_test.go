// Package docs_test keeps the README and docs in step with the program.
package docs_test

import (
	"os"
	"testing"

	"expense-tracker/tests/rig/programtest"
)

func TestMain(m *testing.M) { os.Exit(programtest.Run(m)) }
