// Package schedule plans faults: which, when, on what and how long. The same seed gives the same plan.
package schedule

import (
	"math/rand/v2"
	"time"
)

// Fault is one planned fault.
type Fault struct {
	At       time.Duration // since the beginning of its round
	Kind     string
	Instance int // that it is about, where it is about one
	Lasts    time.Duration
	Draw     uint64 // for what else the fault chooses
}

// Gaps and lengths of faults.
const (
	minGap   = 150 * time.Millisecond
	maxGap   = 1200 * time.Millisecond
	minLasts = 50 * time.Millisecond
	longest  = 2500 * time.Millisecond // longer than the program waits for its storage
)

// Plan returns rounds of faults, count in all, of the kinds in turn in a random order, on the number of instances.
func Plan(seed uint64, count, perRound, instances int, kinds []string) [][]Fault {
	random := rand.New(rand.NewPCG(seed, uint64(instances))) //nolint:gosec // to be repeated, not to be secret
	var rounds [][]Fault
	var bag []string
	for planned := 0; planned < count; {
		var round []Fault
		var at time.Duration
		for ; planned < count && len(round) < perRound; planned++ {
			if len(bag) == 0 {
				for _, i := range random.Perm(len(kinds)) {
					bag = append(bag, kinds[i])
				}
			}
			at += between(random, minGap, maxGap)
			round = append(round, Fault{At: at, Kind: bag[0], Instance: random.IntN(instances), Lasts: lasts(random), Draw: random.Uint64()})
			bag = bag[1:]
		}
		rounds = append(rounds, round)
	}
	return rounds
}

// lasts is mostly short, for most of the trouble is at the edges.
func lasts(random *rand.Rand) time.Duration {
	if random.IntN(4) == 0 {
		return between(random, longest/3, longest)
	}
	return between(random, minLasts, longest/4)
}

func between(random *rand.Rand, low, high time.Duration) time.Duration {
	return low + time.Duration(random.Int64N(int64(high-low)))
}
