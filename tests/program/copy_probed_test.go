package program_test

import (
	"net/http"
	"testing"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// A program that was started for the first time was asked by its probe, and somebody looked at its first page. That is no content; an
// account is.
func TestACopyReplacesWhatTheProbeAdded(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, to string) {
		settings := programtest.WriteFile(t, "first.yaml", "auth: {mode: password}\nprobe: {secret: "+programtest.ProbeSecret+"}\n")
		p := programtest.Start(t, to, "--config", settings)
		if result := probed(t, p.URL, programtest.ProbeSecret); result.Code != 0 {
			t.Fatalf("%+v", result)
		}
		if page := programtest.Visit(t, p.URL).Get("/login"); page.Status >= http.StatusInternalServerError {
			t.Errorf("the first page: %d", page.Status)
		}
		if err := p.Stop(); err != nil {
			t.Fatal(err)
		}
		from := full(t)
		programtest.Succeed(t, "copy", "--from", from, "--to", to)
		check.Equal(t, "expenses", heldBy(t, to), held(t, from))
		p = programtest.StartGated(t, to)
		if err := p.Stop(); err != nil {
			t.Fatal(err)
		}
		refused(t, "is not empty", "--from", from, "--to", to)
	})
}
