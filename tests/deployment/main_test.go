package deployment_test

import (
	"os"
	"testing"

	"expense-tracker/tests/rig/programtest"
)

func TestMain(m *testing.M) { os.Exit(programtest.Run(m)) }
