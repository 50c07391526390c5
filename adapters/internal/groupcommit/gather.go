package groupcommit

import "time"

// Callers who were answered together come again together. Were the next batch begun with the first of them, it would be a batch of one,
// for which all others wait, and so on in turns; and a commit costs much the same, however many share it. So a lane waits a moment until
// half of those who add now are there: the other half is answered, and comes again, while that half is committed.

// longestGathering bounds what an add may lose by it, should nobody else come.
const longestGathering = 2 * time.Millisecond

// fewest is how many have to add at a time for two batches to take turns.
const fewest = 4

// uneven is what share of those who add has to wait already, lest the lane waits for half of them.
const uneven = 4

// gathering is a lane that waits for adds.
type gathering struct {
	want   int
	enough chan struct{} // closed once so many wait
}

// came tells a lane, if one waits, how many adds wait now.
func (g *gathering) came(queued int) {
	if g != nil && queued == g.want {
		g.want = 0
		close(g.enough)
	}
}

// gatherHalf waits until half of the adds that were committed last or wait now are waiting, or for half of the time that the last batch
// took. The caller holds the lock, which is free meanwhile.
func (a *Adder) gatherHalf(size int, took time.Duration) {
	at := size + a.queued
	if at < fewest || a.queued >= at/uneven || a.closed {
		return
	}
	g := &gathering{want: at / 2, enough: make(chan struct{})}
	a.gather = g
	a.mu.Unlock()
	bound := time.NewTimer(min(took/2, longestGathering))
	select {
	case <-g.enough:
	case <-bound.C:
	}
	bound.Stop()
	a.mu.Lock()
	a.gather = nil
}

// sizeOf counts the adds of a batch.
func sizeOf(batch []share) (n int) {
	for _, one := range batch {
		n += len(one.adds)
	}
	return n
}
