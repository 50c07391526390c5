// Package faults_test takes away what the program stands on: it kills it, freezes or stops the database, fills the disk.
package faults_test

import (
	"os"
	"testing"

	"expense-tracker/tests/rig/programtest"
)

func TestMain(m *testing.M) { os.Exit(programtest.Run(m)) }
