package evidence_test

import (
	"io"
	"testing"
	"time"

	"expense-tracker/cmd/chaos/internal/evidence"
)

func going() bool { return false }

func TestAcknowledgedWhileNothingCouldBeStored(t *testing.T) {
	now := time.Now()
	at := func(seconds int) time.Time { return now.Add(time.Duration(seconds) * time.Second) }
	for name, c := range map[string]struct {
		firstTry, answered time.Time
		breaches           int
	}{
		"before":                     {at(0), at(9), 0},
		"began before, ended within": {at(9), at(15), 0}, // stored before, and the answer came late
		"within":                     {at(11), at(19), 1},
		"began within, ended after":  {at(19), at(21), 0},
		"after":                      {at(21), at(22), 0},
	} {
		for order, note := range map[string][]int{"told first": {0, 1}, "told afterwards": {1, 0}} {
			t.Run(name+", "+order, func(t *testing.T) {
				record := evidence.NewRecord(io.Discard, going)
				do := []func(){
					func() { record.Impossible(at(10), at(20)) },
					func() { record.Acknowledge("POST /add", c.firstTry, c.answered) },
				}
				for _, n := range note {
					do[n]()
				}
				if breaches, which := record.Breached(); breaches != c.breaches {
					t.Errorf("%d breaches, want %d: %v", breaches, c.breaches, which)
				}
			})
		}
	}
}
