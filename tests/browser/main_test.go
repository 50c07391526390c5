// Package browser_test uses the pages as people do, in a real Chromium: with scripts and without, by mouse and by keyboard, and looks at
// each of them at several widths.
package browser_test

import (
	"os"
	"testing"

	"expense-tracker/tests/rig/programtest"
)

func TestMain(m *testing.M) {
	os.Exit(programtest.Run(m, func() { closeChromium() })) // whatever it is by then
}
