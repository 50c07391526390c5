package postgres

import (
	"context"
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

// The name of a machine that is gone may take as long as it likes; the others are asked in time.
func TestANameThatNobodyAnswersForCostsASecondNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h hosts
		asked := 0
		lookup := h.lookup(func(ctx context.Context, host string) ([]string, error) {
			if host != "gone" {
				return []string{"192.0.2.1"}, nil
			}
			asked++
			<-ctx.Done()
			return nil, ctx.Err()
		})
		began := time.Now()
		for range 10 {
			if _, err := lookup(t.Context(), "gone"); err == nil {
				t.Error("a name that nobody answers for is found")
			}
			if found, err := lookup(t.Context(), "there"); err != nil || len(found) != 1 {
				t.Errorf("the other is at %v, %v", found, err)
			}
		}
		if took := time.Since(began); took != lookupTimeout || asked != 1 {
			t.Errorf("ten lookups took %s and asked %d times", took, asked)
		}
		time.Sleep(lookupPause)
		if _, err := lookup(t.Context(), "gone"); err == nil || asked != 2 {
			t.Errorf("later it is asked for again: %v, %d times", err, asked)
		}
	})
}

// A name is not left out because a call had no more time to wait for it, nor when no name is found: the name server may be back.
func TestANameIsLeftOutForItsOwnFaultAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, answers := hosts{count: 2}, false
		lookup := h.lookup(func(ctx context.Context, _ string) ([]string, error) {
			if answers {
				return []string{"192.0.2.1"}, nil
			}
			<-ctx.Done()
			return nil, ctx.Err()
		})
		ends, cancel := context.WithTimeout(t.Context(), lookupTimeout/2)
		defer cancel()
		if _, err := lookup(ends, "a"); err == nil {
			t.Error("a name that nobody answers for is found")
		}
		answers = true
		if _, err := lookup(t.Context(), "a"); err != nil {
			t.Errorf("after a call that ended: %v", err)
		}
		answers = false
		for _, host := range []string{"a", "b"} {
			if _, err := lookup(t.Context(), host); err == nil {
				t.Error("a name that nobody answers for is found")
			}
		}
		answers = true
		for _, host := range []string{"a", "b"} {
			if _, err := lookup(t.Context(), host); err != nil {
				t.Errorf("%s, after no name was found: %v", host, err)
			}
		}
	})
}
