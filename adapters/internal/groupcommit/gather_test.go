package groupcommit_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"expense-tracker/adapters/internal/groupcommit"
)

// Clients who each add again soon after their answer share two batches that take turns, rather than one of them having a commit to itself.
func TestClientsWhoComeAgainTakeTurnsByHalves(t *testing.T) {
	for name, spans := range map[string]bool{"one ledger a batch": false, "several": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const clients, rounds, think = 16, 30, time.Millisecond
				storage := &across{}
				o := options()
				if spans {
					o.Across, o.Lanes = storage.addAcross, 3
				}
				adder := groupcommit.New(storage.addAll, o)
				begun := time.Now()
				var done sync.WaitGroup
				for client := range clients {
					done.Go(func() {
						for round := range rounds {
							if _, err := adder.Add(t.Context(), 1, entry(client*rounds+round)); err != nil {
								t.Error(err)
							}
							time.Sleep(think)
						}
					})
				}
				done.Wait()
				sizes, took := storage.sizes(), time.Since(begun)
				alone := 0
				for _, size := range sizes {
					if size < clients/4 {
						alone++
					}
				}
				if alone > 3 { // at the start, and at the end, when fewer come again
					t.Errorf("%d batches were of few: %v", alone, sizes)
				}
				// Each commit takes its time, and two of them serve all.
				if most := (2*rounds + 3) * (commitTime + think); took > most {
					t.Errorf("took %v, want at most %v", took, most)
				}
				adder.Close()
			})
		})
	}
}

// Whoever comes after many who do not come again waits a moment for others, and no longer.
func TestWhoComesAfterManyWaitsForAMomentAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		adder := groupcommit.New((&disk{}).addAll, options())
		var done sync.WaitGroup
		for n := range 41 {
			done.Go(func() {
				if _, err := adder.Add(t.Context(), 1, entry(n)); err != nil {
					t.Error(err)
				}
			})
		}
		done.Wait()
		begun := time.Now()
		if _, err := adder.Add(t.Context(), 1, entry(41)); err != nil {
			t.Error(err)
		}
		const moment = 2 * time.Millisecond
		if took := time.Since(begun); took > commitTime+moment {
			t.Errorf("the add after them took %v", took)
		}
		begun = time.Now()
		if _, err := adder.Add(t.Context(), 1, entry(42)); err != nil {
			t.Error(err)
		}
		if took := time.Since(begun); took != commitTime {
			t.Errorf("the add after that one took %v, so it waited for others", took)
		}
		adder.Close()
	})
}
