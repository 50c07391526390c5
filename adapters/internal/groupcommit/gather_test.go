package groupcommit_test

import (
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Clients who each add again soon after their answer share batches, rather than one of them having every other commit to itself.
func TestClientsWhoComeAgainShareABatch(t *testing.T) {
	for _, lanes := range []int{1, 3} {
		t.Run(strconv.Itoa(lanes), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const clients, rounds, think = 16, 30, time.Millisecond
				storage := &across{}
				adder := spanning(storage, lanes)
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
				for _, size := range sizes[1:20] { // the first finds nobody, and towards the end fewer come again
					if size < clients/2 {
						t.Fatalf("batches were of %v", sizes)
					}
				}
				// Each commit takes its time, and three of them serve all twice.
				if most := (rounds*3/2 + 3) * (commitTime + think); took > most {
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
		adder := spanning(&across{}, 1)
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
