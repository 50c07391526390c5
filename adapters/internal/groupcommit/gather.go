package groupcommit

import "time"

// Callers who were answered together come again together. Were the next batch begun with the first of them, it would be a batch of one,
// for which all others wait, and so on in turns; and a commit costs much the same, however many share it. So a lane waits a moment until
// most of those who add now are there.

// longestGathering bounds what an add may lose by it, should nobody else come.
const longestGathering = 2 * time.Millisecond

// fewest is how many have to add at a time to be waited for.
const fewest = 4

// most is how many of those who add now a lane waits for: not for all, of whom the last may be slow.
func most(adding int) int { return adding - max(1, adding/8) }

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

// gatherMost waits until most of the adds that were committed last or wait now are waiting, or a whole batch of them, or for half of the
// time that the last batch took. If half of them are there already, it does not. The caller holds the lock, which is free meanwhile.
func (a *Adder) gatherMost(size int, took time.Duration) {
	adding := size + a.queued
	if adding < fewest || 2*a.queued >= adding || size >= a.options.MaxBatch || a.closed {
		return // whom a full batch had no room for waits long enough
	}
	g := &gathering{want: min(most(adding), a.options.MaxBatch), enough: make(chan struct{})}
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
