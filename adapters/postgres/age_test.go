package postgres

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestEndsOfConnectionsAreSpread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ends := map[time.Time]bool{}
		for range 100 {
			end := endOf(time.Now())
			if life := time.Until(end); life > connectionLife || life < connectionLife*9/10 {
				t.Fatalf("a connection lives %s", life)
			}
			ends[end] = true
		}
		if len(ends) < 50 {
			t.Errorf("%d different ends of 100", len(ends))
		}
	})
}
